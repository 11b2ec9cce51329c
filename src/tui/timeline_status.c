// SPDX-License-Identifier: Apache-2.0
/* The status line: what the cursor is on, in words and numbers. */
#include "tui/timeline_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/chrome.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/place_text.h"
#include "tui/screen.h"
#include "tui/slice_flags.h"
#include "tui/timeline.h"
#include "tui/timeline_cells.h"
#include "tui/timeline_points.h"
#include "tui/timeline_tracks.h"
#include "tui/viewer.h"

enum {
    CLOCK_STEP_NS = 1000,
};

static const char *
duration(const struct timeline *timeline, char text[TEXT_NUMBER_SIZE],
         uint64_t ns)
{
    return text_duration(text, TEXT_NUMBER_SIZE, ns,
                         timeline->viewer->theme.is_ascii);
}

static void
add_time(struct pieces *pieces, const struct timeline *timeline,
         uint64_t time_ns)
{
    struct trace_summary summary = trace_model_summary(timeline->model);
    char text[TIME_TEXT_SIZE];

    switch (timeline->viewer->look.time_display) {
    case TIME_OF_CLOCK:
        pieces_add(pieces, 6, false, PART_STATUS, "at %s",
                   time_text_clock(text, summary.start_realtime_ns + time_ns,
                                   CLOCK_STEP_NS));
        return;
    case TIME_IN_NS:
        pieces_add(pieces, 6, false, PART_STATUS, "at %" PRIu64 " ns", time_ns);
        return;
    case TIME_FROM_START:
    case TIME_FROM_CURSOR:
    case TIME_DISPLAY_COUNT:
        break;
    }
    pieces_add(pieces, 6, false, PART_STATUS, "at %s",
               duration(timeline, text, time_ns));
}

/* Room for one; that a call was resumed is not worth it. */
static void
add_slice_flags(struct pieces *pieces, uint32_t flags)
{
    const char *words;

    flags &= ~(uint32_t)SLICE_RESUMED;
    words = slice_flags_take(&flags);
    if (words != NULL) {
        pieces_add(pieces, 3, false, PART_STATUS, "%s", words);
    }
}

static bool
add_self(struct pieces *pieces, struct timeline *timeline, struct error *err)
{
    const struct slice *slice = &timeline->state.slice;
    uint64_t whole = slice->end_ns - slice->start_ns;
    uint64_t self;

    if (!timeline_self_time(timeline, &self, err)) {
        return false;
    }
    if (whole > 0) {
        pieces_add(pieces, 5, false, PART_STATUS, "self %.1f%%",
                   (double)self / (double)whole * 100);
    }
    return true;
}

/* A long name leaves a third of the line to the other facts. */
static void
add_name(struct pieces *pieces, const struct timeline *timeline,
         const struct model_function *function)
{
    char name[LABEL_SIZE];
    unsigned width = timeline->layout.width;

    pieces_add(pieces, 1, false, PART_STATUS, "%s",
               label_cut(name, &timeline->viewer->theme,
                         function == NULL ? "?" : function->name,
                         width * 2 / 3));
}

static bool
add_slice(struct pieces *pieces, struct timeline *timeline, struct error *err)
{
    const struct slice *slice = &timeline->state.slice;
    const struct model_function *function =
        timeline_function(timeline, slice->function);
    bool is_wide = timeline->layout.width >= WIDE_SCREEN;
    char text[TEXT_NUMBER_SIZE];

    add_name(pieces, timeline, function);
    if (function != NULL && function->file[0] != '\0') {
        pieces_add(pieces, 4, false, PART_STATUS, "%s:%" PRIu32,
                   is_wide ? function->file : label_base_name(function->file),
                   function->line);
    }
    pieces_add(pieces, 2, false, PART_STATUS, "%s",
               duration(timeline, text, slice->end_ns - slice->start_ns));
    add_slice_flags(pieces, slice->flags);
    if (!add_self(pieces, timeline, err)) {
        return false;
    }
    add_time(pieces, timeline, slice->start_ns);
    pieces_add(pieces, 8, false, PART_STATUS, "depth %" PRIu32,
               slice->depth + 1);
    return true;
}

bool
timeline_write_nearest(struct timeline *timeline, int64_t from_ns,
                       int64_t to_ns, char *text, char *key, struct error *err)
{
    const struct view_state *state = &timeline->state;
    uint32_t track = timeline->list.items[state->item].index;
    uint64_t from = (uint64_t)from_ns;
    uint64_t to = (uint64_t)to_ns;
    struct slice before = {0};
    struct slice after = {0};
    bool has_before;
    bool has_after;
    uint64_t to_left;
    uint64_t to_right;
    char number[TEXT_NUMBER_SIZE];

    if (!span_previous(timeline->model, track, state->depth, from,
                       timeline->scratch, &before, &has_before, err)
        || !span_next(timeline->model, track, state->depth, to > 0 ? to - 1 : 0,
                      timeline->scratch, &after, &has_after, err)) {
        return false;
    }
    to_left = before.end_ns < from ? from - before.end_ns : 0;
    to_right = after.start_ns > to ? after.start_ns - to : 0;
    if (!has_before && !has_after) {
        *key = '\0';
        (void)snprintf(text, PIECE_SIZE, "nothing here: no slice in this row");
        return true;
    }
    *key = has_before && (!has_after || to_left <= to_right) ? ',' : '.';
    (void)snprintf(text, PIECE_SIZE, "nothing here: nearest slice %s to the %s",
                   duration(timeline, number, *key == ',' ? to_left : to_right),
                   *key == ',' ? "left" : "right");
    return true;
}

/* An empty place says where the next slice is, and which key goes there. */
/* The stretch of the cursor's track that holds a time and in which calls are
 * missing; NULL = there is none. */
static const struct model_gap *
gap_at(const struct timeline *timeline, uint64_t time_ns)
{
    uint32_t track = timeline->list.items[timeline->state.item].index;
    const struct model_gap *gaps = trace_model_gaps(timeline->model, track);
    size_t count = trace_model_track(timeline->model, track)->gap_count;

    for (size_t i = 0; i < count; i++) {
        if (gaps[i].start_ns <= time_ns && time_ns < gaps[i].end_ns) {
            return &gaps[i];
        }
    }
    return NULL;
}

static void
add_gap(struct pieces *pieces, const struct timeline *timeline)
{
    const struct model_gap *gap =
        gap_at(timeline, (uint64_t)timeline->state.time_ns);
    char text[TEXT_NUMBER_SIZE];

    if (gap != NULL) {
        pieces_add(pieces, 1, false, PART_STATUS, "%s for %s",
                   gap->is_pause ? "not recording" : "calls are missing",
                   duration(timeline, text, gap->end_ns - gap->start_ns));
    }
}

static bool
add_nearest(struct pieces *pieces, struct timeline *timeline, struct error *err)
{
    const struct view_state *state = &timeline->state;
    char name[PIECE_SIZE];
    char text[PIECE_SIZE];
    char key;

    if (!timeline_write_nearest(timeline, state->time_ns, state->time_ns, text,
                                &key, err)) {
        return false;
    }
    pieces_add(pieces, 2, false, PART_STATUS, "%s",
               timeline_item_name(timeline, state->item, name));
    add_gap(pieces, timeline);
    if (key == '\0') {
        pieces_add(pieces, 1, false, PART_STATUS, "%s", text);
    } else {
        pieces_add(pieces, 1, false, PART_STATUS, "%s (%c)", text, key);
    }
    return true;
}

static void
add_process(struct pieces *pieces, const struct timeline *timeline)
{
    const struct model_process *process = trace_model_process(
        timeline->model, timeline->list.items[timeline->state.item].process);
    size_t note_count = trace_model_note_count(timeline->model);

    place_add_pid(pieces, 1, PART_STATUS, process);
    pieces_add(pieces, 3, false, PART_STATUS, "%s", process->name);
    pieces_add(pieces, 2, false, PART_STATUS, "%s", process->end_text);
    for (size_t i = 0; i < note_count; i++) {
        pieces_add(pieces, i == 0 ? 2 : 7, false, PART_STATUS, "%s",
                   trace_model_note(timeline->model, i));
    }
}

static void
add_file(struct pieces *pieces, const struct timeline *timeline)
{
    size_t input = timeline->list.items[timeline->state.item].index;
    struct timeline_file_facts facts;
    char text[TEXT_NUMBER_SIZE];

    timeline_file_facts(timeline, input, &facts);
    pieces_add(pieces, 1, false, PART_STATUS, "%s",
               trace_model_input_name(timeline->model, input));
    pieces_add(pieces, 2, false, PART_STATUS, "from %s",
               duration(timeline, text, facts.start_ns));
    pieces_add(pieces, 2, false, PART_STATUS, "to %s",
               duration(timeline, text, facts.end_ns));
    pieces_add(pieces, 3, false, PART_STATUS, "%s %s",
               text_count(text, sizeof text, facts.call_count),
               facts.call_count == 1 ? "call" : "calls");
}

static void
add_instant(struct pieces *pieces, const struct timeline *timeline)
{
    struct model_instant instant;
    char title[PIECE_SIZE];

    if (!timeline_instant_here(timeline, &instant)) {
        pieces_add(pieces, 1, false, PART_STATUS,
                   "no instant here: go to the next one (.) or the one "
                   "before (,)");
        return;
    }
    pieces_add(pieces, 1, false, PART_STATUS, "%s",
               timeline_instant_title(&instant, title, sizeof title));
    pieces_add(pieces, 3, false, PART_STATUS, "%.*s",
               instant.args_size < PIECE_SIZE ? (int)instant.args_size
                                              : PIECE_SIZE - 1,
               instant.args);
    add_time(pieces, timeline, instant.time_ns);
    if (instant.phase != 0) {
        pieces_add(pieces, 5, false, PART_STATUS, "object %.*s",
                   instant.id_size < PIECE_SIZE ? (int)instant.id_size
                                                : PIECE_SIZE - 1,
                   instant.id);
    } else {
        pieces_add(pieces, 7, false, PART_STATUS, "%s",
                   timeline_scope_name(instant.scope));
    }
    pieces_add(pieces, 4, false, PART_STATUS, "%s",
               trace_model_track(timeline->model, instant.track)->name);
}

static void
add_counter(struct pieces *pieces, const struct timeline *timeline)
{
    const struct view_state *state = &timeline->state;
    uint32_t index = timeline->list.items[state->item].index;
    const struct model_counter *counter =
        trace_model_counter(timeline->model, index);
    char name[PIECE_SIZE];
    double value;

    pieces_add(pieces, 1, false, PART_STATUS, "%s",
               timeline_item_name(timeline, state->item, name));
    if (timeline_counter_at(timeline, index, state->time_ns, &value)) {
        pieces_add(pieces, 2, false, PART_STATUS, "%.6g", value);
    }
    if (isfinite(counter->min) && isfinite(counter->max)) {
        pieces_add(pieces, 3, false, PART_STATUS, "from %.6g to %.6g",
                   counter->min, counter->max);
    }
    pieces_add(pieces, 5, false, PART_STATUS, "%zu %s", counter->point_count,
               counter->point_count == 1 ? "point" : "points");
    add_time(pieces, timeline, (uint64_t)state->time_ns);
}

/* What is not shown, or not as usual. */
static void
add_look(struct pieces *pieces, const struct timeline *timeline)
{
    enum colour_mode mode = timeline->viewer->look.colour_mode;
    size_t hidden = timeline_hidden_count(timeline);

    if (timeline->state.is_pinned_only) {
        pieces_add(pieces, 4, true, PART_STATUS, "pinned only (P)");
    }
    if (hidden > 0) {
        pieces_add(pieces, 4, true, PART_STATUS, "%zu hidden (X)", hidden);
    }
    if (mode != COLOUR_BY_NAME) {
        pieces_add(pieces, 6, true, PART_STATUS, "by %s",
                   colour_mode_name(mode));
    }
}

/* How much of the trace is shown, and how fine. */
static void
add_window(struct pieces *pieces, const struct timeline *timeline)
{
    struct time_grid grid = timeline_grid(timeline);
    int64_t whole_ns = timeline_end_ns(timeline);
    int64_t shown_ns = grid.column_ns * timeline->layout.track_width;
    char shown[TEXT_NUMBER_SIZE];
    char text[TEXT_NUMBER_SIZE];

    if (shown_ns < whole_ns) {
        (void)duration(timeline, shown, (uint64_t)shown_ns);
        pieces_add(pieces, 7, true, PART_STATUS, "%s of %s", shown,
                   duration(timeline, text, (uint64_t)whole_ns));
    }
    pieces_add(pieces, 7, true, PART_STATUS, "%s/col",
               duration(timeline, text, (uint64_t)grid.column_ns));
}

static void
add_async(struct pieces *pieces, const struct timeline *timeline)
{
    size_t track_count;
    char number[TEXT_NUMBER_SIZE];
    uint64_t calls =
        timeline_async_calls(timeline, timeline->state.item, &track_count);

    pieces_add(pieces, 1, false, PART_STATUS, "%s asynchronous %s",
               text_grouped(number, sizeof number, calls),
               calls == 1 ? "call" : "calls");
    pieces_add(pieces, 2, false, PART_STATUS, "%zu %s", track_count,
               track_count == 1 ? "track" : "tracks");
}

static bool
add_cursor(struct pieces *pieces, struct timeline *timeline, struct error *err)
{
    const struct view_state *state = &timeline->state;

    if (timeline->list.count == 0) {
        pieces_add(pieces, 1, false, PART_STATUS,
                   "there is nothing in this trace");
        return true;
    }
    switch (timeline->list.items[state->item].kind) {
    case ITEM_FILE:
        add_file(pieces, timeline);
        return true;
    case ITEM_PROCESS:
        add_process(pieces, timeline);
        return true;
    case ITEM_ASYNC:
        add_async(pieces, timeline);
        return true;
    case ITEM_INSTANTS:
        add_instant(pieces, timeline);
        return true;
    case ITEM_COUNTER:
        add_counter(pieces, timeline);
        return true;
    case ITEM_TRACK:
        break;
    }
    return state->has_slice ? add_slice(pieces, timeline, err)
                            : add_nearest(pieces, timeline, err);
}

bool
timeline_draw_status(struct timeline *timeline, struct screen *screen,
                     struct error *err)
{
    struct pieces pieces = {0};

    if (timeline->state.area.is_set ? !timeline_add_area(&pieces, timeline, err)
                                    : !add_cursor(&pieces, timeline, err)) {
        return false;
    }
    add_look(&pieces, timeline);
    add_window(&pieces, timeline);
    chrome_draw_status(timeline->viewer, &pieces, screen,
                       timeline->layout.status_row);
    return true;
}
