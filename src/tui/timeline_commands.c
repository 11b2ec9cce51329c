// SPDX-License-Identifier: Apache-2.0
/* What each action does to the timeline. */
#include "tui/timeline.h"

#include "tui/details.h"
#include "tui/timeline_area.h"
#include "tui/timeline_compare.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_flow.h"
#include "tui/timeline_marks.h"
#include "tui/timeline_order.h"
#include "tui/timeline_tracks.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

#define NS_PER_MS UINT64_C(1000000)

enum {
    ZOOM_STEPS = 3, /* of the ladder: a factor of two */
    PAN_PART = 10,  /* of the width */

    /* A key comes again this soon when it is held. */
    REPEAT_MS = 100,
    FASTER_AFTER_MS = 500,
    FASTEST_AFTER_MS = 1500,
};

static int64_t
pan_columns(const struct timeline *timeline)
{
    unsigned width = timeline->layout.track_width;

    return width < PAN_PART ? 1 : width / PAN_PART;
}

/*
 * A key that is held pans faster: two steps at once after half a second of
 * repeats, four after one and a half. Keys that are pressed one by one, and
 * those without a clock, are one step each.
 */
static int64_t
pan_steps(struct timeline *timeline, enum action_id action)
{
    struct key_run *run = &timeline->pan_run;
    uint64_t now_ns = timeline->viewer->now_ns;
    bool is_repeat = now_ns != 0 && run->action == action && run->last_ns != 0
                     && now_ns - run->last_ns <= REPEAT_MS * NS_PER_MS;
    uint64_t held_ms;

    run->action = action;
    run->last_ns = now_ns;
    if (!is_repeat) {
        run->start_ns = now_ns;
        return 1;
    }
    held_ms = (now_ns - run->start_ns) / NS_PER_MS;
    return held_ms >= FASTEST_AFTER_MS ? 4 : held_ms >= FASTER_AFTER_MS ? 2 : 1;
}

static void
change_window(struct timeline *timeline, enum action_id action)
{
    int64_t pan = pan_columns(timeline);
    int64_t page = timeline->layout.track_width;

    if (action == ACTION_ZOOM_IN) {
        timeline_zoom(timeline, -ZOOM_STEPS);
    } else if (action == ACTION_ZOOM_OUT) {
        timeline_zoom(timeline, ZOOM_STEPS);
    } else if (action == ACTION_ZOOM_IN_STEP) {
        timeline_zoom(timeline, -1);
    } else if (action == ACTION_ZOOM_OUT_STEP) {
        timeline_zoom(timeline, 1);
    } else if (action == ACTION_PAN_LEFT || action == ACTION_PAN_RIGHT) {
        pan *= pan_steps(timeline, action);
        timeline_pan(timeline, action == ACTION_PAN_LEFT ? -pan : pan);
    } else {
        timeline_pan(timeline, action == ACTION_PAGE_LEFT ? -page : page);
    }
}

static bool
carry_out(struct timeline *timeline, enum action_id action, bool *is_done,
          struct error *err)
{
    switch (action) {
    case ACTION_ZOOM_IN:
    case ACTION_ZOOM_OUT:
    case ACTION_ZOOM_IN_STEP:
    case ACTION_ZOOM_OUT_STEP:
    case ACTION_PAN_LEFT:
    case ACTION_PAN_RIGHT:
    case ACTION_PAGE_LEFT:
    case ACTION_PAGE_RIGHT:
        change_window(timeline, action);
        return true;
    case ACTION_FIT:
        timeline_fit(timeline);
        return true;
    case ACTION_FOCUS:
        timeline_focus(timeline);
        return true;
    case ACTION_START:
        return timeline_move_to_start(timeline, err);
    case ACTION_END:
        return timeline_move_to_end(timeline, err);
    case ACTION_LEFT:
        return timeline_move_left(timeline, err);
    case ACTION_RIGHT:
        return timeline_move_right(timeline, err);
    case ACTION_UP:
        return timeline_move_up(timeline, err);
    case ACTION_DOWN:
        return timeline_move_down(timeline, err);
    case ACTION_PREVIOUS:
        return timeline_move_previous(timeline, err);
    case ACTION_NEXT:
        return timeline_move_next(timeline, err);
    case ACTION_PREVIOUS_TRACK:
        return timeline_move_previous_track(timeline, err);
    case ACTION_NEXT_TRACK:
        return timeline_move_next_track(timeline, err);
    case ACTION_FIRST_TRACK:
        return timeline_move_first_item(timeline, err);
    case ACTION_LAST_TRACK:
        return timeline_move_last_item(timeline, err);
    case ACTION_OTHER_END:
        return timeline_move_other_end(timeline, err);
    case ACTION_FLOW_BACK:
    case ACTION_FLOW_FORWARD:
        return timeline_follow_flow(timeline, action, err);
    case ACTION_MARK:
        return timeline_set_mark(timeline, err);
    case ACTION_JUMP:
        return timeline_jump_to_mark(timeline, err);
    case ACTION_COMPARE:
        return timeline_compare(timeline, err);
    default:
        return timeline_tracks_run(timeline, action, is_done, err)
               && (*is_done
                   || timeline_order_run(timeline, action, is_done, err))
               && (*is_done
                   || timeline_area_run(timeline, action, is_done, err));
    }
}

/* Enter opens the details, but first it finishes an area. */
static bool
ends_area(const struct timeline *timeline, enum action_id action)
{
    return action == ACTION_OPEN_DETAILS && timeline->state.area.is_open;
}

void
timeline_begin_change(struct timeline *timeline)
{
    timeline->state.grid = timeline_grid(timeline);
    timeline->state.width = timeline->layout.track_width;
    timeline->state.left = (struct left_window){0};
    timeline->before = timeline->state.grid;
}

bool
timeline_end_change(struct timeline *timeline, struct error *err)
{
    timeline_note_jump(timeline, &timeline->before);
    timeline_plan(timeline);
    if (!timeline_leave_hidden_item(timeline, err)) {
        return false;
    }
    timeline_area_follow(timeline);
    timeline_plan(timeline);
    timeline->state.top_row = timeline_top_row(timeline);
    return true;
}

bool
timeline_command(struct timeline *timeline, enum action_id action,
                 bool *is_done, struct error *err)
{
    struct view_state *state = &timeline->state;

    *is_done = true;
    if (timeline->layout.is_too_small) {
        *is_done = false;
        return true; /* nothing can be seen, so nothing can be meant */
    }
    timeline_begin_change(timeline);
    if (action != ACTION_FOCUS) {
        state->focus_stage = 0;
    }
    if (action != ACTION_SLOWER && action != ACTION_FASTER) {
        details_stay(timeline);
    }
    if (action != ACTION_FLOW_BACK && action != ACTION_FLOW_FORWARD) {
        timeline->flow_run = (struct flow_run){0};
    }
    if (!(!ends_area(timeline, action) && details_take(timeline, action)
              ? details_command(timeline, action, is_done, err)
              : carry_out(timeline, action, is_done, err))) {
        return false;
    }
    return timeline_end_change(timeline, err);
}
