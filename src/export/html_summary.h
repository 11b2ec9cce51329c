// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_summary.h - what a report page says beside its timeline, as one
 * JSON text: the trace, its processes, tracks and functions, and what the page
 * leaves out. Times are integers in ns.
 */
#ifndef EXPORT_HTML_SUMMARY_H
#define EXPORT_HTML_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct html_points;
struct html_sink;
struct html_sums;

/* What the timeline has room for. */
struct html_room {
    uint64_t least_ns;    /* shorter calls are left out */
    uint64_t slice_count; /* that are on it */
};

/* Write the JSON text, its size in front. */
bool html_summary_write(struct html_sink *sink, const struct html_sums *sums,
                        const struct html_room *room,
                        const struct html_points *points, struct error *err);

#endif
