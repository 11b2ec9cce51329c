// SPDX-License-Identifier: Apache-2.0
/*
 * unit/export/report_file.h - exported reports, as tests look at them.
 *
 * Whatever fails is a failure of the running test.
 */
#ifndef UNIT_EXPORT_REPORT_FILE_H
#define UNIT_EXPORT_REPORT_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include <cJSON.h>

struct buffer;
struct trace_builder;
struct trace_model;

/* All of a file, plain or compressed. */
void report_read_file(const char *path, struct buffer *text);

/* The document of a file; the caller deletes it. */
cJSON *report_read(const char *path);

struct trace_model *report_open_model(const char *path);

/* Export a trace with all options. */
void report_write(const char *trace, const char *output);

/* The same, and read it back. */
cJSON *report_export(const char *trace, const char *output);

/* Finish a built trace, export it and delete it. */
cJSON *report_export_built(struct trace_builder *builder, const char *output);

/* The array of events. */
cJSON *report_events(cJSON *document);

/* The n-th event of one of these phases; NULL behind the last. */
cJSON *report_find(cJSON *document, const char *phases, unsigned n);

unsigned report_count(cJSON *document, const char *phases);

char *event_text(const cJSON *event, const char *key);
double event_number(const cJSON *event, const char *key);
/* A time, which stands there in microseconds. */
uint64_t event_ns(const cJSON *event, const char *key);
bool event_is_phase(const cJSON *event, const char *phases);

#endif
