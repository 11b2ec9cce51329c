// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline.h - the timeline: every process and thread below each other on
 * one time axis.
 *
 * What is on screen is a pure function of the model, the size and the view
 * state. The state keeps the grid as it was at the width of the last command;
 * other widths derive theirs from it, so that a resize loses nothing.
 */
#ifndef TUI_TIMELINE_H
#define TUI_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"
#include "model/timeline_query.h"
#include "tui/action.h"
#include "tui/cell_cache.h"
#include "tui/details_place.h"
#include "tui/layout.h"
#include "tui/marks.h"
#include "tui/row_cells.h"
#include "tui/row_plan.h"
#include "tui/theme.h"
#include "tui/time_grid.h"
#include "tui/time_text.h"
#include "tui/timeline_area.h"
#include "tui/timeline_flow.h"
#include "tui/timeline_mouse.h"
#include "tui/timeline_window.h"
#include "tui/track_list.h"

struct details;
struct error;
struct screen;
struct timeline_place;
struct trace_model;
struct viewer;
struct viewer_goal;

/* All that a key may change and undo restores, except the flags. */
struct view_state {
    struct time_grid grid; /* at width columns */
    unsigned width;
    bool is_fit; /* whatever the width, all of the trace is shown */

    /* The cursor. A slice is selected, or there is none at that time. */
    size_t item;
    uint32_t depth;
    int64_t time_ns;
    bool has_slice;
    struct slice slice;

    size_t top_row;
    bool is_pinned_only; /* tracks that are not pinned have no rows */
    bool has_details;    /* the pane is open */
    struct details_place details_place;
    struct view_area area;
    struct left_window left; /* before a jump, until the next command */

    /* What pressing "focus" again does. */
    unsigned focus_stage;
    struct time_grid focus_back_grid;
};

/* Presses of one key so close to each other that it is held. */
struct key_run {
    enum action_id action;
    uint64_t start_ns; /* of the first one */
    uint64_t last_ns;
};

/* Opaque by convention: the files timeline_*.c share it, others only call. */
struct timeline {
    struct viewer *viewer;
    const struct trace_model *model; /* the viewer's */
    struct span_scratch *scratch;
    struct track_list list;
    uint8_t *flags;     /* per item: enum item_flag */
    uint32_t *sequence; /* all items in the order that the user gave them */
    struct row_plan plan;
    struct layout layout;
    struct view_state state;
    struct details *details; /* owned */
    struct area_sum area_sum;
    struct timeline_drag drag;
    struct key_run pan_run;
    struct flow_run flow_run;
    bool has_back;           /* a jump to a mark was made */
    struct mark back;        /* where it started */
    struct time_grid before; /* a change that goes on */
    bool is_blank;           /* no slice was drawn in this frame so far */

    /* Re-used from frame to frame; grown by timeline_reserve. */
    struct timeline_cell *cells;
    size_t cell_capacity;
    struct cell_cache cell_cache;       /* of earlier frames */
    struct timeline_request *estimated; /* rows of this frame to be exact */
    size_t estimated_count;
    size_t estimated_capacity;
    struct timeline_request *awaited; /* what the job was started for */
    size_t awaited_count;
    size_t awaited_capacity;
    size_t frame_decode_limit; /* blocks that one frame may decode */
    uint64_t frame_start_ns;
    size_t decode_left;  /* and those that this one still may */
    bool is_after_exact; /* the exact cells have just come */
    struct row_cell *row_cells;
    size_t row_cell_capacity;
    float *overview;
    struct timeline_grid overview_grid; /* that it is of */
    size_t overview_capacity;
};

/* The viewer, and its model, must outlive it. {0} is an empty timeline. */
bool timeline_init(struct timeline *timeline, struct viewer *viewer,
                   struct error *err);
void timeline_release(struct timeline *timeline);

/* Lay out for another size. */
bool timeline_resize(struct timeline *timeline, unsigned width, unsigned height,
                     struct error *err);

/* Carry out a command of its own; see view_class.command. */
bool timeline_command(struct timeline *timeline, enum action_id action,
                      bool *is_done, struct error *err);

/* Where it is, see timeline_view.h. */
void timeline_place(const struct timeline *timeline,
                    struct timeline_place *place);

/* The columns of the overview. */
struct timeline_grid timeline_overview_grid(const struct timeline *timeline);

/* Go to a time or row, see viewer_go. */
bool timeline_go(struct timeline *timeline, const struct viewer_goal *goal,
                 struct error *err);
bool timeline_show_range(struct timeline *timeline, uint64_t start_ns,
                         uint64_t end_ns, struct error *err);

/* Before and after anything that changes the view: the grid is that of the
 * present width, the rows are shared again. */
void timeline_begin_change(struct timeline *timeline);
bool timeline_end_change(struct timeline *timeline, struct error *err);

/* The item of a track of the model; SIZE_MAX = there is none. */
size_t timeline_item_of_track(const struct timeline *timeline, uint32_t track);

/* Select a slice and bring it into view. */
bool timeline_jump(struct timeline *timeline, const struct slice *slice,
                   struct error *err);

/* The same, with the cursor at a time in it. */
bool timeline_jump_to(struct timeline *timeline, const struct slice *slice,
                      uint64_t time_ns, struct error *err);

/* The viewer has another model: start on it at the same time, track, zoom. On
 * failure nothing changes. */
bool timeline_reload(struct timeline *timeline, struct error *err);

/* Draw everything on a blank screen of the layout's size. */
bool timeline_draw(struct timeline *timeline, struct screen *screen,
                   struct error *err);

/* Go back to a state, flags and order of this timeline. */
void timeline_restore(struct timeline *timeline, const struct view_state *state,
                      const uint8_t *flags, const uint32_t *sequence);

/* Whether an item shows its outermost level only. */
bool timeline_is_folded(const struct timeline *timeline, size_t item);

/* Whether two levels of a track can be shown in one row. */
bool timeline_has_halves(const struct timeline *timeline);

/* Share the screen again, after the pane was opened or closed. */
void timeline_layout(struct timeline *timeline);

/* Share the rows again, after the cursor or a fold has changed. */
void timeline_plan(struct timeline *timeline);

/* The grid that is shown at the width there is. */
struct time_grid timeline_grid(const struct timeline *timeline);

/* By how many rows the list is scrolled. */
size_t timeline_top_row(const struct timeline *timeline);

/* The row of a line of the tracks (may be behind the last row), and the line
 * of a row; -1 = it is scrolled out of view. */
size_t timeline_row_of_line(const struct timeline *timeline, unsigned line);
int timeline_line_of_row(const struct timeline *timeline, size_t row);

/* Columns of a row of cells: those on screen and the margins. */
unsigned timeline_stride(const struct timeline *timeline);

/* Time of the end of the trace. */
int64_t timeline_end_ns(const struct timeline *timeline);

#endif
