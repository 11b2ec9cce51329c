// SPDX-License-Identifier: Apache-2.0
#include "tui/events.h"

#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/events_kinds.h"
#include "tui/events_pane.h"
#include "tui/events_text.h"
#include "tui/mouse.h"
#include "tui/viewer.h"

#define DOUBLE_CLICK_NS UINT64_C(400000000)

enum {
    WHEEL_ROWS = 3,
    SAME_TIME_MAX = 4096, /* rows of one time that are looked at for a call */
    PANE_SHARE = 3,       /* a third of the rows */
    PANE_MIN = 4,
    PANE_MAX = 14,
};

unsigned
events_height(const struct events *events)
{
    return events->layout.track_height;
}

/* The pane takes some rows, where there are enough. */
void
events_resize(struct events *events, unsigned width, unsigned height)
{
    struct layout layout = layout_of(width, height);
    unsigned rows = layout.track_height / PANE_SHARE;

    rows = rows > PANE_MAX ? PANE_MAX : rows;
    if (!layout.is_too_small && !events->state.is_pane_closed
        && rows >= PANE_MIN) {
        layout.details_height = rows;
        layout.track_height -= rows;
        layout.details_row = layout.status_row - (int)rows;
    } else {
        events->pane.has_focus = false;
    }
    events->layout = layout;
}

static bool
is_call(const struct moment *moment)
{
    return moment->source == MOMENT_OF_CALL
           || moment->source == MOMENT_OF_UNFINISHED;
}

static bool
is_same_slice(const struct slice *a, const struct slice *b)
{
    return a->track == b->track && a->depth == b->depth
           && a->start_ns == b->start_ns;
}

/* What tells it from others of its time, in any list and any model. */
static uint64_t
hash_words(const struct events *events, const struct moment *moment)
{
    static const enum events_column columns[] = {EVENTS_KIND, EVENTS_WHERE,
                                                 EVENTS_NAME, EVENTS_VALUE};
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    char text[EVENTS_TEXT_SIZE];

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        (void)events_cell(events, moment, columns[i], text);
        for (const char *at = text; *at != '\0'; at++) {
            hash = (hash ^ (unsigned char)*at) * UINT64_C(1099511628211);
        }
    }
    return hash;
}

/* Events have other numbers in another model, calls also in another list: they
 * are known by their time and words. */
static bool
find_alike(struct events *events, size_t *row, struct error *err)
{
    struct events_state *state = &events->state;
    size_t first = moment_list_find_time(events->list, state->cursor.time_ns);
    struct moment moment;
    size_t taken;

    *row = SIZE_MAX;
    for (size_t i = first; i < first + SAME_TIME_MAX; i++) {
        if (!moment_list_rows(events->list, i, 1, &moment, &taken, err)) {
            return false;
        }
        if (taken == 0 || moment.time_ns != state->cursor.time_ns) {
            break;
        }
        if (moment.source == state->cursor.source
            && (!is_call(&moment)
                || is_same_slice(moment_list_slice(events->list, &moment),
                                 &state->slice))
            && hash_words(events, &moment) == state->words) {
            state->cursor = moment;
            *row = i;
            break;
        }
    }
    return true;
}

static bool
take_row(struct events *events, size_t row, struct error *err)
{
    struct events_state *state = &events->state;
    size_t taken;

    if (!moment_list_rows(events->list, row, 1, &state->cursor, &taken, err)) {
        return false;
    }
    events->row = row;
    state->offset = row < events->top ? 0 : row - events->top;
    if (state->offset >= events_height(events)) {
        state->offset = events_height(events) - 1;
    }
    state->has_cursor = taken > 0;
    if (taken > 0) {
        state->words = hash_words(events, &state->cursor);
    }
    if (taken > 0 && is_call(&state->cursor)) {
        state->slice = *moment_list_slice(events->list, &state->cursor);
    }
    return true;
}

/* The cursor's row: that of its event, or the first one that is not before it
 * when it is not in the list. */
static bool
find_cursor(struct events *events, struct error *err)
{
    size_t count = moment_list_count(events->list);
    const struct moment *cursor = &events->state.cursor;
    size_t row;

    if (count == 0) {
        events->row = 0;
        return true;
    }
    if (!events->state.has_cursor) {
        return take_row(events, 0, err);
    }
    row = is_call(cursor) ? SIZE_MAX : moment_list_find(events->list, cursor);
    if ((row == SIZE_MAX || hash_words(events, cursor) != events->state.words)
        && !find_alike(events, &row, err)) {
        return false;
    }
    if (row == SIZE_MAX) {
        row = moment_list_find_time(events->list, cursor->time_ns);
    }
    events->row = row < count ? row : count - 1;
    return true;
}

/* Keep the cursor where it was on the screen, as far as there are rows. */
static void
follow_cursor(struct events *events)
{
    size_t height = events_height(events);
    size_t count = moment_list_count(events->list);
    size_t offset =
        events->state.offset < height ? events->state.offset : height - 1;

    events->top = events->row > offset ? events->row - offset : 0;
    if (events->top + height > count) {
        events->top = count > height ? count - height : 0;
    }
}

bool
events_prepare(struct events *events, struct error *err)
{
    if (!events_ask(events, err)) {
        return false;
    }
    events_resize(events, events->layout.width, events->layout.height);
    if (events->list == NULL || events->layout.is_too_small) {
        return true;
    }
    if (!events->is_placed && !find_cursor(events, err)) {
        return false;
    }
    events->is_placed = true;
    follow_cursor(events);
    return true;
}

bool
events_is_hit(const struct events *events, const struct moment *moment)
{
    return events->hits != NULL
           && moment_list_find(events->hits, moment) != SIZE_MAX;
}

static bool
move(struct events *events, ptrdiff_t rows, struct error *err)
{
    size_t last = moment_list_count(events->list) - 1;
    size_t row = events->row;

    if (rows < 0) {
        row = row < (size_t)-rows ? 0 : row - (size_t)-rows;
    } else {
        row = last - row < (size_t)rows ? last : row + (size_t)rows;
    }
    if (row == events->row) {
        viewer_say(events->viewer, rows < 0 ? "this is the first event"
                                            : "this is the last event");
    }
    return take_row(events, row, err);
}

static void
scroll_columns(struct events *events, int direction)
{
    unsigned *first = &events->state.first;

    if (direction < 0 ? *first == 0 : *first == EVENTS_VALUE) {
        viewer_say(events->viewer, direction < 0 ? "this is the first column"
                                                 : "this is the last column");
        return;
    }
    *first = direction < 0 ? *first - 1 : *first + 1;
}

/* The next (1) or previous (-1) event that is searched for, around the
 * list. */
static bool
go_to_hit(struct events *events, int direction, struct error *err)
{
    struct viewer *viewer = events->viewer;
    const struct moment *cursor = &events->state.cursor;
    size_t count = events->hits == NULL ? 0 : moment_list_count(events->hits);
    char rank[TEXT_NUMBER_SIZE];
    char of[TEXT_NUMBER_SIZE];
    struct moment moment;
    bool is_wrapped = false;
    size_t taken;
    size_t hit;

    if (!search_is_on(&viewer->search)) {
        viewer_say(viewer, "nothing is searched for; / begins");
        return true;
    }
    if (count == 0) {
        viewer_say(viewer, "no event of the list matches");
        return true;
    }
    hit = moment_list_before(events->hits, cursor);
    if (direction > 0) {
        hit += moment_list_find(events->hits, cursor) != SIZE_MAX;
        is_wrapped = hit == count;
        hit = is_wrapped ? 0 : hit;
    } else {
        is_wrapped = hit == 0;
        hit = is_wrapped ? count - 1 : hit - 1;
    }
    if (!moment_list_rows(events->hits, hit, 1, &moment, &taken, err)) {
        return false;
    }
    viewer_say(viewer, "match %s of %s%s",
               text_grouped(rank, sizeof rank, hit + 1),
               text_grouped(of, sizeof of, count),
               !is_wrapped     ? ""
               : direction > 0 ? ", wrapped: from the start"
                               : ", wrapped: from the end");
    return take_row(events, moment_list_find(events->list, &moment), err);
}

/* Show the event on the timeline. */
static bool
open_event(struct events *events, struct error *err)
{
    const struct moment *moment = &events->state.cursor;
    struct viewer_goal goal = {.has_time = true, .time_ns = moment->time_ns};

    if (!take_row(events, events->row, err)) {
        return false;
    }
    goal.time_ns = moment->time_ns;
    switch (moment->source) {
    case MOMENT_OF_INSTANT:
        goal.kind = GOAL_INSTANTS;
        goal.index = events_process(events, moment);
        break;
    case MOMENT_OF_POINT:
        goal.kind = GOAL_COUNTER;
        goal.index = moment->owner;
        break;
    case MOMENT_OF_GAP:
        goal.kind = GOAL_TRACK;
        goal.index = moment->owner;
        break;
    case MOMENT_OF_END:
        goal.kind = GOAL_PROCESS;
        goal.index = moment->owner;
        break;
    case MOMENT_OF_UNFINISHED:
    case MOMENT_OF_CALL:
        viewer_jump(events->viewer, &events->state.slice);
        return true;
    }
    viewer_go(events->viewer, &goal);
    return true;
}

static bool
edit(struct events *events, struct error *err)
{
    const struct events_state *state = &events->state;
    const struct model_function *function;

    if (!is_call(&state->cursor)) {
        viewer_say(events->viewer, "only calls have a source file");
        return true;
    }
    function = search_function(events->viewer->model, state->slice.function);
    if (function->file[0] == '\0') {
        viewer_say(events->viewer, "there is no source file of this");
        return true;
    }
    return viewer_request(events->viewer, APP_REQUEST_EDIT, function->file,
                          function->line, err);
}

static bool
carry_out(struct events *events, enum action_id action, bool *is_done,
          struct error *err)
{
    ptrdiff_t page = (ptrdiff_t)events_height(events);

    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        return move(events, action == ACTION_UP ? -1 : 1, err);
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        return move(events, action == ACTION_PAGE_UP ? -page : page, err);
    case ACTION_HALF_UP:
    case ACTION_HALF_DOWN:
        page = page / 2 + 1;
        return move(events, action == ACTION_HALF_UP ? -page : page, err);
    case ACTION_FIRST:
    case ACTION_LAST:
        return move(events, action == ACTION_FIRST ? -PTRDIFF_MAX : PTRDIFF_MAX,
                    err);
    case ACTION_LEFT:
    case ACTION_RIGHT:
        scroll_columns(events, action == ACTION_LEFT ? -1 : 1);
        return true;
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        return go_to_hit(events, action == ACTION_SEARCH_NEXT ? 1 : -1, err);
    case ACTION_OPEN_EVENT:
        return open_event(events, err);
    case ACTION_EVENT_KIND:
        events_kinds_toggle_one(events);
        return true;
    case ACTION_EDIT:
        return edit(events, err);
    default: /* the others are the viewer's, or not of this view */
        *is_done = false;
        return true;
    }
}

/* What can be done without an event. */
static bool
do_without(struct events *events, enum action_id action, bool *is_done,
           struct error *err)
{
    *is_done = true;
    switch (action) {
    case ACTION_EVENT_KINDS:
        return events_kinds_run(events, err);
    case ACTION_EVENT_KIND:
        events_kinds_toggle_one(events);
        return true;
    case ACTION_OPEN_EVENT:
        if (events->list == NULL
            && !jobs_is_busy(events->viewer->jobs, JOB_EVENTS)) {
            events_forget(events); /* and ask again */
        }
        return true;
    default:
        *is_done = false;
        return true;
    }
}

bool
events_command(struct events *events, enum action_id action, bool *is_done,
               struct error *err)
{
    bool has_rows;

    if (!events_prepare(events, err)) {
        return false;
    }
    *is_done = true;
    if (events_pane_command(events, action)) {
        return events_prepare(events, err);
    }
    has_rows = events->list != NULL && moment_list_count(events->list) > 0
               && !events->layout.is_too_small;
    if (!has_rows || action == ACTION_EVENT_KINDS) {
        return do_without(events, action, is_done, err);
    }
    return carry_out(events, action, is_done, err)
           && events_prepare(events, err);
}

static bool
click_row(struct events *events, size_t row, struct error *err)
{
    uint64_t now_ns = events->viewer->now_ns;
    bool is_second = events->click_ns != 0 && events->click_row == row
                     && now_ns - events->click_ns <= DOUBLE_CLICK_NS;

    if (row >= moment_list_count(events->list)) {
        return true;
    }
    events->click_row = row;
    events->click_ns = is_second ? 0 : now_ns;
    return take_row(events, row, err)
           && (!is_second || open_event(events, err));
}

static bool
is_on_pane(const struct events *events, unsigned y)
{
    const struct layout *layout = &events->layout;

    return layout->details_row != LAYOUT_NONE && (int)y >= layout->details_row
           && (int)y < layout->status_row;
}

bool
events_mouse(struct events *events, const struct mouse_event *event,
             struct error *err)
{
    const struct layout *layout = &events->layout;
    bool is_press =
        event->kind == MOUSE_PRESS && event->button == MOUSE_BUTTON_LEFT;
    unsigned first = (unsigned)layout->tracks_row;
    bool is_ok = true;

    if (!events_prepare(events, err)) {
        return false;
    }
    if (events->list == NULL || layout->is_too_small) {
        return true;
    }
    if (is_on_pane(events, event->y)) {
        scroll_mouse(&events->pane.scroll, event);
        return true;
    }
    if (is_press && (int)event->y == layout->ruler_row) {
        return events_kinds_run(events, err);
    }
    if (moment_list_count(events->list) == 0) {
        return true;
    }
    if (event->kind == MOUSE_WHEEL_UP || event->kind == MOUSE_WHEEL_DOWN) {
        is_ok =
            move(events,
                 event->kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS, err);
    } else if (is_press && event->y >= first
               && event->y - first < events_height(events)) {
        is_ok = click_row(events, events->top + event->y - first, err);
    }
    return is_ok && events_prepare(events, err);
}
