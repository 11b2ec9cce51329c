// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_sink.h - where the data of a report page goes: the bytes that
 * export/html_report.h draws. Private to the files html_*.c.
 *
 * Numbers have 7 bits a byte, low bits first, and the high bit in all bytes
 * but the last. A text is its size and its bytes.
 */
#ifndef EXPORT_HTML_SINK_H
#define EXPORT_HTML_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"

struct deflate_text;
struct error;
struct export_options;
struct trace_model;

struct html_sink {
    const struct trace_model *model;
    const struct export_options *options;
    struct deflate_text *text;
    uint64_t base_ns;    /* CLOCK_MONOTONIC at time 0 of the model */
    struct buffer bytes; /* owned; not yet given to text */
};

/* Whether what begins at this time of the model is to be written; *end_ns (may
 * be NULL) gets where that ends at the latest. */
bool html_sink_wants(const struct html_sink *sink, uint64_t time_ns,
                     uint64_t *end_ns);

/* Append a number to any buffer. */
void html_append_number(struct buffer *bytes, uint64_t value);

/* Append a text. */
void html_sink_text(struct html_sink *sink, const char *text, size_t size);

/* Give on what is pending, if that is much. */
bool html_sink_step(struct html_sink *sink, struct error *err);

/* Give on what is pending. */
bool html_sink_flush(struct html_sink *sink, struct error *err);

/* Tell the progress; false and ERROR_CANCELLED when it wants no more. */
bool html_sink_report(const struct html_sink *sink, uint64_t done,
                      uint64_t total, struct error *err);

#endif
