// SPDX-License-Identifier: Apache-2.0
/*
 * report/report_format.h - a document as text, Markdown, JSON or CSV.
 *
 * All names are sanitised, as a report is read in a terminal. Numbers are for
 * people in text and Markdown, and plain in JSON and CSV: nanoseconds, counts,
 * percents.
 */
#ifndef REPORT_REPORT_FORMAT_H
#define REPORT_REPORT_FORMAT_H

#include <stdbool.h>

struct buffer;
struct error;
struct report_document;

enum report_format {
    REPORT_FORMAT_TEXT,
    REPORT_FORMAT_MARKDOWN,
    REPORT_FORMAT_JSON, /* one object: headline, facts, tables by their keys */
    REPORT_FORMAT_CSV,  /* RFC 4180: the first table, with its keys */
};

/* Append the document; is_ascii as for text_duration. */
bool report_format(struct buffer *out, const struct report_document *document,
                   enum report_format format, bool is_ascii, struct error *err);

#endif
