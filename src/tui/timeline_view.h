// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_view.h - the timeline as one of the views.
 */
#ifndef TUI_TIMELINE_VIEW_H
#define TUI_TIMELINE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "model/span_query.h"
#include "model/timeline_query.h"
#include "tui/view.h"

struct call_facts;
struct error;
struct viewer_goal;

extern const struct view_class timeline_view;

/* Where the timeline is. */
struct timeline_place {
    bool has_track; /* otherwise the cursor is on another kind of row */
    uint32_t track;
    uint64_t time_ns;
    bool has_slice;
    struct slice slice;       /* that is selected */
    uint64_t window_start_ns; /* what is shown: [start, end) */
    uint64_t window_end_ns;
    struct timeline_grid overview; /* the columns of the whole trace */
};

void timeline_view_place(const void *view, struct timeline_place *place);

/* Go to a time or row, see viewer_go. */
bool timeline_view_go(void *view, const struct viewer_goal *goal,
                      struct error *err);

/* Show a stretch of time, with the cursor where it begins. */
bool timeline_view_show_range(void *view, uint64_t start_ns, uint64_t end_ns,
                              struct error *err);

/* What is known about calls; all views share it. */
struct call_facts *timeline_view_facts(void *view);

/* Select a slice of the model and bring it into view. */
bool timeline_view_jump(void *view, const struct slice *slice,
                        struct error *err);

/* The same with the cursor at a time in it. */
bool timeline_view_follow(void *view, const struct slice *slice,
                          uint64_t time_ns, struct error *err);

#endif
