// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_slices.h - the calls of the timeline of a report page.
 *
 * Track after track, in the model's order: groups of at most
 * HTML_GROUP_SIZE calls by start, callers first, and a group of none at the
 * end of the track. A group is the number of its calls, then a column each of
 *
 *     depth                 from 0
 *     start                 ns since the call before, of the track
 *     duration              ns
 *     time in callees       ns
 *     function              index + 1; 0 = unknown
 *     flags                 enum slice_flag
 *
 * so that like stands by like, which compresses best, and then the arguments:
 * how many calls of the group have some, and for each how many calls of the
 * group stand between it and the one before, and a text. An unfinished call
 * ends where its process does. Behind the last group of a track stands what is
 * left out of it (html_left_out.h); behind the last track the number of calls
 * whose arguments are cut short or left out.
 */
#ifndef EXPORT_HTML_SLICES_H
#define EXPORT_HTML_SLICES_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct html_sink;

enum { HTML_GROUP_SIZE = 16 * 1024 };

/* Of what is written, the shortest duration, ns. */
struct html_limits {
    uint64_t least_ns;      /* of calls */
    uint64_t args_least_ns; /* of calls with their arguments */
};

/* Write the calls that take so long. What is left out lies in no call that is
 * written, or all of its callees are left out with it. */
bool html_slices_write(struct html_sink *sink, const struct html_limits *limits,
                       struct error *err);

#endif
