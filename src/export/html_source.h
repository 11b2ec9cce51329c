// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_source.h - the source text of a report page: of each file the
 * lines around the definitions of functions that were called.
 *
 *     files left out   that had no room
 *     files            number of them, then each: path (a text), number of
 *                      pieces, and each piece: number of its first line, from
 *                      1, and its lines (a text, UTF-8)
 *
 * Only text that the trace holds: what lies on the disk of whoever makes the
 * page is no part of the recording.
 */
#ifndef EXPORT_HTML_SOURCE_H
#define EXPORT_HTML_SOURCE_H

#include <stdbool.h>

struct error;
struct html_sink;
struct html_sums;

enum {
    HTML_SOURCE_BEFORE = 3,            /* lines before a definition */
    HTML_SOURCE_AFTER = 60,            /* and from it on */
    HTML_SOURCE_SIZE_MAX = 3000 * 1000 /* bytes of all pieces */
};

/* Write the files by how long their functions took, those that took most
 * first, as far as there is room; none when the options want no source. */
bool html_source_write(struct html_sink *sink, const struct html_sums *sums,
                       struct error *err);

#endif
