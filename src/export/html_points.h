// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_points.h - the instants and counters of a report page.
 *
 *     instants   number of them, then each: track, ns since the one before,
 *                scope (enum vzt_scope), phase (enum vzt_object_phase, 0 =
 *                no object), of an object its id (a text), name (a text),
 *                arguments (a text)
 *     counters   number of series, then each: process, name, key (texts),
 *                1 if all values are integers else 0, number of points, ns
 *                since the point before of each, the value of each (8 bytes,
 *                a double, low byte first)
 */
#ifndef EXPORT_HTML_POINTS_H
#define EXPORT_HTML_POINTS_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct html_sink;

/* Bounds that keep a page usable. */
enum {
    HTML_INSTANTS_MAX = 50 * 1000,
    HTML_ARGUMENTS_MAX = 16 * 1000,           /* bytes of one instant */
    HTML_ALL_ARGUMENTS_MAX = 4 * 1000 * 1000, /* of all, as far as 32 bytes of
                                                 each allow */
    HTML_SERIES_POINTS_MAX = 50 * 1000,
    HTML_ALL_POINTS_MAX = 400 * 1000, /* of all series, as far as 100 points
                                         of each allow */
};

/* How much of the instants and counters is on the page. */
struct html_points {
    uint64_t instant_count;  /* that the sink wants */
    uint64_t point_count;    /* of counters, likewise */
    uint64_t instant_step;   /* every which of them is written */
    uint64_t arguments_max;  /* bytes of one instant */
    uint64_t cut_arguments;  /* instants whose arguments are cut short */
    uint64_t series_max;     /* points of one counter */
    uint64_t thinned_series; /* counters of which least and largest values of
                                each stretch stand for all */
};

void html_points_plan(struct html_points *points, const struct html_sink *sink);

bool html_points_write(struct html_sink *sink, const struct html_points *points,
                       struct error *err);

#endif
