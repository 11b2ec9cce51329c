// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_left_out.h - where the calls of a track are that a report page
 * has no room for. Private to html_slices.c.
 *
 *     calls      that have some in them which stand in no other call of the
 *                page: number of them, then each: calls of the page since the
 *                one before (of the first, since the track's first), how many
 *                are left out
 *     stretches  of calls left out that stand in no call of the page, between
 *                two outermost ones that do: number of them, then each: ns
 *                from the end of the one before to its start, its length in
 *                ns, how many
 */
#ifndef EXPORT_HTML_LEFT_OUT_H
#define EXPORT_HTML_LEFT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct error;
struct slice;

/* A call of the page that is open. */
struct left_out_caller {
    uint32_t depth;
    uint64_t end_ns;
    size_t row; /* of the track */
};

struct left_out_stretch {
    uint64_t start_ns;
    uint64_t end_ns;
    uint64_t count;
};

/* {0} is the beginning of a track. */
struct html_left_out {
    uint32_t *counts; /* by row; owned */
    size_t row_count;
    size_t row_capacity;
    struct left_out_caller *callers; /* outermost first; owned */
    size_t caller_count;
    size_t caller_capacity;
    struct left_out_stretch *stretches; /* owned */
    size_t stretch_count;
    size_t stretch_capacity;
    bool is_in_stretch; /* the last one goes on */
};

/* The calls of a track, by start and callers first: one that is on the page,
 * or one that is not. */
bool html_left_out_keep(struct html_left_out *left, const struct slice *slice,
                        struct error *err);
bool html_left_out_skip(struct html_left_out *left, const struct slice *slice,
                        struct error *err);

/* Append what was found in the track, and go on to the next one. */
void html_left_out_finish(struct html_left_out *left, struct buffer *bytes);

void html_left_out_release(struct html_left_out *left);

#endif
