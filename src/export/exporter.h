// SPDX-License-Identifier: Apache-2.0
/*
 * export/exporter.h - the table of output formats.
 *
 * A new format is one file that fills in a struct exporter and one line in the
 * table of exporter.c.
 */
#ifndef EXPORT_EXPORTER_H
#define EXPORT_EXPORTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/trace_model.h"
#include "model/trace_scope.h"

struct error;
struct output_file;
struct output_format;

/* Nanoseconds of CLOCK_MONOTONIC; the end is not in it. */
struct export_interval {
    uint64_t start_ns;
    uint64_t end_ns;
};

struct export_options {
    bool has_file_info;     /* sources of the functions go into the report */
    bool opens_flame_graph; /* a page is to show that first */
    bool ends_open_calls;   /* JSON: no call is written as still open */
    /* What begins in none of these is left out; ascending, without overlaps.
     * None = everything. A call that ends behind its interval is written as
     * one that is still open there. */
    const struct export_interval *intervals;
    size_t interval_count;
    uint64_t *event_count; /* NULL, or gets how many events were written */
    struct progress progress;
};

/* Whether what begins at this time of CLOCK_MONOTONIC is to be written;
 * *end_ns gets where that ends at the latest, UINT64_MAX = nowhere. */
bool export_options_want(const struct export_options *options,
                         uint64_t monotonic_ns, uint64_t *end_ns);

/* The part of the model's time from the first interval to the last. */
struct trace_scope export_options_scope(const struct export_options *options,
                                        const struct trace_model *model);

struct exporter {
    const char *name;    /* "json" */
    const char *suffix;  /* ".json": what the output's name ends in */
    const char *summary; /* one line for --help */
    const char *hint;    /* what to do with the output, "open it in ..."; NULL =
                            nothing to be said */
    bool has_gzip;       /* the suffix may be followed by ".gz" */
    bool is_whole;       /* it holds all that a recording has, but for what
                            export_options leave out */
    bool has_flame_graph;
    bool is_binary; /* no text */
    /* Whether this build has it, else what to do about that; NULL = yes. */
    bool (*check)(struct error *err);
    bool (*write)(struct output_file *file, const struct trace_model *model,
                  const struct export_options *options, struct error *err);
};

size_t exporter_count(void);
const struct exporter *exporter_at(size_t index);

/* Whether an output of this format shows a flame graph; *err says what does. */
bool exporter_check_flame_graph(const struct output_format *format,
                                const char *path, struct error *err);

/* Write the model to path, in the format that its name says, which is no
 * trace. The output appears only when it is whole. */
bool export_trace(const struct trace_model *model, const char *path,
                  const struct export_options *options, struct error *err);

/* The same in a format that is no trace, whatever the name. */
bool export_trace_as(const struct trace_model *model, const char *path,
                     const struct output_format *format,
                     const struct export_options *options, struct error *err);

#endif
