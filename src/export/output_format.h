// SPDX-License-Identifier: Apache-2.0
/*
 * export/output_format.h - what an output is: one of the exporters, or a trace.
 *
 * The name of a file says it by its suffix; or it is called by its own name,
 * which is that of an exporter ("json") or "vzt", with ".gz" behind it when it
 * is to be compressed.
 */
#ifndef EXPORT_OUTPUT_FORMAT_H
#define EXPORT_OUTPUT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;
struct exporter;

struct output_format {
    const struct exporter *exporter; /* NULL = a trace, see trace_pack.h */
    bool is_gzip;
};

/* ERROR_USAGE lists the suffixes that are known; ERROR_UNSUPPORTED when this
 * build was made without the format. */
bool output_format_of_path(struct output_format *format, const char *path,
                           struct error *err);

/* The same by name: "json", "json.gz", "vzt". A suffix is a name, too. */
bool output_format_of_name(struct output_format *format, const char *name,
                           struct error *err);

/* A trace, not an export of one. */
static inline bool
output_format_is_trace(const struct output_format *format)
{
    return format->exporter == NULL;
}

/* No text: a terminal is no place for it. */
bool output_format_is_binary(const struct output_format *format);

/* ".json", without ".gz". */
const char *output_format_suffix(const struct output_format *format);

/* How many of the last bytes of path say its format; 0 = none do. */
size_t output_format_suffix_size(const char *path);

/* Append all suffixes: ".vzt[.gz], .json[.gz], .html, ...". */
void output_format_list_suffixes(struct buffer *text);

#endif
