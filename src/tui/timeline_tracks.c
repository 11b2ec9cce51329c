// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_tracks.h"

#include <stdio.h>

#include "tui/key.h"
#include "tui/menu.h"
#include "tui/pieces.h"
#include "tui/timeline.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_parts.h"
#include "tui/viewer.h"

static bool
has_flag(const struct timeline *timeline, size_t item, enum item_flag flag)
{
    return (timeline->flags[item] & flag) != 0;
}

static void
set_flag(struct timeline *timeline, size_t item, enum item_flag flag,
         bool is_set)
{
    timeline->flags[item] &= (uint8_t)~flag;
    timeline->flags[item] |= (uint8_t)(is_set ? flag : 0);
}

static void
fold_here(struct timeline *timeline, enum action_id action)
{
    size_t item = timeline->state.item;

    if (timeline->list.count == 0) {
        return;
    }
    switch (timeline->list.items[item].kind) {
    case ITEM_FILE:
    case ITEM_PROCESS:
    case ITEM_ASYNC:
    case ITEM_TRACK:
        set_flag(timeline, item, ITEM_FOLDED,
                 action == ACTION_FOLD ? !timeline_is_folded(timeline, item)
                                       : action == ACTION_FOLD_CLOSE);
        return;
    case ITEM_INSTANTS:
    case ITEM_COUNTER:
        viewer_say(timeline->viewer, "there is nothing to fold in this row");
        return;
    }
}

static void
fold_all(struct timeline *timeline, bool is_folded)
{
    for (size_t i = 0; i < timeline->list.count; i++) {
        if (timeline->list.items[i].kind == ITEM_TRACK || !is_folded) {
            set_flag(timeline, i, ITEM_FOLDED, is_folded);
        }
    }
}

/* The cursor's track, or all tracks of its process. */
static bool
is_meant(const struct timeline *timeline, size_t item, bool is_for_all)
{
    const struct track_item *here = &timeline->list.items[timeline->state.item];
    const struct track_item *what = &timeline->list.items[item];

    return what->kind == ITEM_TRACK
           && (is_for_all || item == timeline->state.item
               || what->group == timeline->state.item
               || (here->kind == ITEM_FILE && here->input == what->input)
               || (here->kind == ITEM_PROCESS
                   && here->process == what->process));
}

/* Two levels in a row, or one again when all that are meant have two. */
static void
toggle_half_height(struct timeline *timeline, bool is_for_all)
{
    size_t meant = 0;
    size_t halves = 0;

    if (!timeline_has_halves(timeline)) {
        viewer_say(timeline->viewer,
                   "half height needs colours and block characters: each row "
                   "shows one level here");
        return;
    }
    for (size_t i = 0; i < timeline->list.count; i++) {
        meant += is_meant(timeline, i, is_for_all);
        halves += is_meant(timeline, i, is_for_all)
                  && has_flag(timeline, i, ITEM_HALF);
    }
    for (size_t i = 0; i < timeline->list.count; i++) {
        if (is_meant(timeline, i, is_for_all)) {
            set_flag(timeline, i, ITEM_HALF, halves < meant);
        }
    }
    if (meant == 0) {
        viewer_say(timeline->viewer, "there are no levels in this row");
    }
}

static size_t
pinned_count(const struct timeline *timeline)
{
    size_t count = 0;

    for (size_t i = 0; i < timeline->list.count; i++) {
        count += has_flag(timeline, i, ITEM_PINNED)
                 && !has_flag(timeline, i, ITEM_HIDDEN);
    }
    return count;
}

static void
pin(struct timeline *timeline)
{
    struct view_state *state = &timeline->state;
    size_t item = state->item;
    char name[PIECE_SIZE];

    if (timeline->list.count == 0
        || track_item_is_heading(&timeline->list.items[item])) {
        viewer_say(timeline->viewer,
                   "tracks can be pinned, a heading cannot; go to a track");
        return;
    }
    (void)timeline_item_name(timeline, item, name);
    timeline->flags[item] ^= ITEM_PINNED;
    if (has_flag(timeline, item, ITEM_PINNED)) {
        viewer_say(timeline->viewer,
                   "%s is pinned to the top; p unpins, P shows only what is "
                   "pinned",
                   name);
        return;
    }
    if (pinned_count(timeline) == 0 && state->is_pinned_only) {
        state->is_pinned_only = false;
        viewer_say(timeline->viewer,
                   "%s is not pinned any more; all tracks are shown", name);
        return;
    }
    viewer_say(timeline->viewer, "%s is not pinned any more", name);
}

static void
toggle_pinned_only(struct timeline *timeline)
{
    struct view_state *state = &timeline->state;
    size_t count = pinned_count(timeline);

    if (state->is_pinned_only) {
        state->is_pinned_only = false;
        viewer_say(timeline->viewer, "all tracks are shown");
    } else if (count == 0) {
        viewer_say(timeline->viewer, "nothing is pinned; p pins a track");
    } else {
        state->is_pinned_only = true;
        viewer_say(timeline->viewer,
                   "only %zu pinned %s shown; P shows all tracks", count,
                   count == 1 ? "track is" : "tracks are");
    }
}

static bool
is_group_hidden(const struct timeline *timeline, size_t item)
{
    size_t group = timeline->list.items[item].group;

    return group != SIZE_MAX && has_flag(timeline, group, ITEM_HIDDEN);
}

size_t
timeline_hidden_count(const struct timeline *timeline)
{
    bool is_file_hidden = false;
    bool is_process_hidden = false;
    size_t count = 0;

    for (size_t i = 0; i < timeline->list.count; i++) {
        bool is_hidden = has_flag(timeline, i, ITEM_HIDDEN);

        if (timeline->list.items[i].kind == ITEM_FILE) {
            is_file_hidden = is_hidden;
        } else if (timeline->list.items[i].kind == ITEM_PROCESS) {
            is_process_hidden = is_hidden || is_file_hidden;
        } else if (timeline->list.items[i].kind != ITEM_ASYNC) {
            count += is_hidden
                     || ((is_process_hidden || is_group_hidden(timeline, i))
                         && !has_flag(timeline, i, ITEM_PINNED));
        }
    }
    return count;
}

static size_t
shown_count(const struct timeline *timeline)
{
    size_t count = 0;

    for (size_t i = 0; i < timeline->list.count; i++) {
        count += row_plan_height(&timeline->plan, i) > 0;
    }
    return count;
}

static void
hide(struct timeline *timeline)
{
    size_t item = timeline->state.item;
    size_t count;

    if (timeline->list.count == 0) {
        return;
    }
    set_flag(timeline, item, ITEM_HIDDEN, true);
    timeline_plan(timeline);
    if (shown_count(timeline) == 0) {
        set_flag(timeline, item, ITEM_HIDDEN, false);
        viewer_say(timeline->viewer,
                   "this cannot be hidden: nothing else is shown");
        return;
    }
    count = timeline_hidden_count(timeline);
    viewer_say(timeline->viewer, "%zu %s hidden; X lists them", count,
               count == 1 ? "track" : "tracks");
}

/* A heading (SIZE_MAX = there is none) that shows an item below it. */
static void
open_heading(struct timeline *timeline, size_t heading, size_t item)
{
    if (heading != SIZE_MAX) {
        set_flag(timeline, heading, ITEM_HIDDEN, false);
        set_flag(timeline, heading, ITEM_FOLDED,
                 heading == item && timeline_is_folded(timeline, heading));
    }
}

void
timeline_reveal(struct timeline *timeline, size_t item)
{
    size_t process = track_list_process(&timeline->list, item);
    bool is_pinned = has_flag(timeline, item, ITEM_PINNED);
    char name[PIECE_SIZE];

    timeline_plan(timeline);
    if (row_plan_height(&timeline->plan, item) > 0) {
        return;
    }
    set_flag(timeline, item, ITEM_HIDDEN, false);
    if (!is_pinned) {
        timeline->state.is_pinned_only = false;
        open_heading(timeline, process, item);
        open_heading(timeline, timeline->list.items[item].group, item);
        open_heading(timeline, track_list_file(&timeline->list, item), item);
    }
    viewer_say(timeline->viewer, "%s is shown again",
               timeline_item_name(timeline, item, name));
    timeline_plan(timeline);
}

/* "pid 12 name: MainThread" where there are several processes. */
static void
write_full_name(const struct timeline *timeline, size_t item,
                char text[2 * PIECE_SIZE])
{
    size_t process = track_list_process(&timeline->list, item);
    char name[PIECE_SIZE];
    char of[PIECE_SIZE];

    (void)timeline_item_name(timeline, item, name);
    if (process == SIZE_MAX || process == item) {
        (void)snprintf(text, 2 * PIECE_SIZE, "%s", name);
    } else {
        (void)snprintf(text, 2 * PIECE_SIZE, "%s: %s",
                       timeline_item_name(timeline, process, of), name);
    }
}

static bool
add_hidden(struct menu *menu, const struct timeline *timeline, size_t *count,
           struct error *err)
{
    for (size_t i = 0; i < timeline->list.count; i++) {
        char text[2 * PIECE_SIZE];

        if (!has_flag(timeline, i, ITEM_HIDDEN)) {
            continue;
        }
        write_full_name(timeline, i, text);
        if (!menu_add_choice(menu, ACTION_HIDDEN, i, KEY_NONE, text, err)) {
            return false;
        }
        ++*count;
    }
    return true;
}

static bool
list_hidden(struct timeline *timeline, struct error *err)
{
    struct menu_options options = {.title = "Hidden: Enter shows it again"};
    struct menu *menu;
    size_t count = 0;

    if (!menu_new(&menu, timeline->viewer, &options, err)) {
        return false;
    }
    if (!add_hidden(menu, timeline, &count, err)) {
        menu_free(menu);
        return false;
    }
    if (count == 0) {
        menu_free(menu);
        viewer_say(timeline->viewer, "nothing is hidden; x hides a track");
        return true;
    }
    menu_open(menu);
    return true;
}

static bool
run_hidden(struct timeline *timeline, struct error *err)
{
    size_t item = timeline->viewer->choice;

    if (item == VIEWER_NO_CHOICE) {
        return list_hidden(timeline, err);
    }
    if (item < timeline->list.count) {
        timeline_reveal(timeline, item);
        return timeline_go_to_item(timeline, item, err);
    }
    return true;
}

bool
timeline_leave_hidden_item(struct timeline *timeline, struct error *err)
{
    const struct row_plan *plan = &timeline->plan;
    size_t count = timeline->list.count;
    size_t position;

    if (count == 0 || row_plan_height(plan, timeline->state.item) > 0) {
        return true;
    }
    position = plan->positions[timeline->state.item];
    for (size_t i = position; i < count; i++) {
        if (row_plan_height(plan, plan->order[i]) > 0) {
            return timeline_go_to_item(timeline, plan->order[i], err);
        }
    }
    for (size_t i = position; i > 0; i--) {
        if (row_plan_height(plan, plan->order[i - 1]) > 0) {
            return timeline_go_to_item(timeline, plan->order[i - 1], err);
        }
    }
    return true;
}

bool
timeline_move_rows(struct timeline *timeline, int64_t rows, struct error *err)
{
    struct view_state *state = &timeline->state;
    int64_t last = (int64_t)row_plan_count(&timeline->plan) - 1;
    int64_t row =
        (int64_t)row_plan_find(&timeline->plan, state->item, state->depth);
    int64_t wanted = row + rows;
    int64_t top = (int64_t)timeline_top_row(timeline) + rows;

    wanted = wanted < 0 ? 0 : wanted > last ? last : wanted;
    if (timeline->list.count == 0 || wanted == row) {
        viewer_say(timeline->viewer,
                   rows < 0 ? "this is the first row" : "this is the last row");
        return true;
    }
    state->top_row = top < 0 ? 0 : (size_t)top;
    return timeline_go_to_row(timeline, (size_t)wanted, err);
}

/* All rows of an item are seen when the list is scrolled to top. */
static bool
is_whole_at(const struct timeline *timeline, size_t item, size_t top)
{
    const struct row_plan *plan = &timeline->plan;
    unsigned height = timeline->layout.track_height;
    unsigned sticky = row_plan_sticky(plan, height);
    size_t first = row_plan_first(plan, item);
    size_t end = first + row_plan_height(plan, item);

    return end > first
           && (end <= sticky || (first >= top + sticky && end <= top + height));
}

/* The item nearest to the cursor's that is seen as a whole; where there is
 * none, that of the first row. */
static size_t
nearest_item(const struct timeline *timeline, size_t top, bool is_down)
{
    const struct row_plan *plan = &timeline->plan;
    size_t count = timeline->list.count;
    unsigned sticky = row_plan_sticky(plan, timeline->layout.track_height);

    for (size_t i = plan->positions[timeline->state.item]; i < count;
         i = is_down ? i + 1 : i - 1) { /* below 0 it is beyond count */
        if (is_whole_at(timeline, plan->order[i], top)) {
            return plan->order[i];
        }
    }
    return row_plan_at(plan, top + sticky).item;
}

bool
timeline_scroll(struct timeline *timeline, int64_t rows, struct error *err)
{
    const struct row_plan *plan = &timeline->plan;
    struct view_state *state = &timeline->state;
    unsigned height = timeline->layout.track_height;
    unsigned sticky = row_plan_sticky(plan, height);
    int64_t last = (int64_t)row_plan_count(plan) - height;
    int64_t top = (int64_t)timeline_top_row(timeline) + rows;
    struct plan_row first;

    if (last <= 0 || rows == 0) {
        return true;
    }
    top = top < 0 ? 0 : top > last ? last : top;
    state->top_row = (size_t)top;
    if (is_whole_at(timeline, state->item, (size_t)top)) {
        return true;
    }
    /* Another cursor has other rows: what is at the top stays there. */
    first = row_plan_at(plan, (size_t)top + sticky);
    if (!timeline_go_to_item(
            timeline, nearest_item(timeline, (size_t)top, rows > 0), err)) {
        return false;
    }
    timeline_plan(timeline);
    sticky = row_plan_sticky(plan, height);
    state->top_row = row_plan_first(plan, first.item) + first.index;
    state->top_row -= state->top_row < sticky ? state->top_row : sticky;
    return true;
}

static void
centre_row(struct timeline *timeline)
{
    struct view_state *state = &timeline->state;
    size_t row = row_plan_find(&timeline->plan, state->item, state->depth);
    size_t half = timeline->layout.track_height / 2;

    state->top_row = row < half ? 0 : row - half;
    if (row_plan_count(&timeline->plan) <= timeline->layout.track_height) {
        viewer_say(timeline->viewer, "all rows are on the screen");
    }
}

/* A page leaves one row of the one before. */
static bool
move_page(struct timeline *timeline, enum action_id action, struct error *err)
{
    unsigned height = timeline->layout.track_height;
    bool is_half = action == ACTION_HALF_UP || action == ACTION_HALF_DOWN;
    int64_t rows = is_half ? height / 2 : height - 1;

    rows = rows < 1 ? 1 : rows;
    return timeline_move_rows(
        timeline,
        action == ACTION_PAGE_UP || action == ACTION_HALF_UP ? -rows : rows,
        err);
}

bool
timeline_tracks_run(struct timeline *timeline, enum action_id action,
                    bool *is_done, struct error *err)
{
    *is_done = true;
    switch (action) {
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
    case ACTION_HALF_UP:
    case ACTION_HALF_DOWN:
        return move_page(timeline, action, err);
    case ACTION_FOLD:
    case ACTION_FOLD_OPEN:
    case ACTION_FOLD_CLOSE:
        fold_here(timeline, action);
        return true;
    case ACTION_FOLD_ALL:
    case ACTION_UNFOLD_ALL:
        fold_all(timeline, action == ACTION_FOLD_ALL);
        return true;
    case ACTION_HALF_HEIGHT:
    case ACTION_HALF_HEIGHT_ALL:
        toggle_half_height(timeline, action == ACTION_HALF_HEIGHT_ALL);
        return true;
    case ACTION_CENTRE_ROW:
        centre_row(timeline);
        return true;
    case ACTION_PIN:
        pin(timeline);
        return true;
    case ACTION_PINNED_ONLY:
        toggle_pinned_only(timeline);
        return true;
    case ACTION_HIDE:
        hide(timeline);
        return true;
    case ACTION_HIDDEN:
        return run_hidden(timeline, err);
    default: /* the others are for others */
        *is_done = false;
        return true;
    }
}
