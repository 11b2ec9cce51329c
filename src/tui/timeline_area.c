// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_area.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/scope_profile.h"
#include "model/trace_model.h"
#include "tui/pieces.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

bool
timeline_area_is_same(const struct view_area *a, const struct view_area *b)
{
    return a->is_set == b->is_set && a->is_open == b->is_open
           && (!a->is_set
               || (a->items[0] == b->items[0] && a->items[1] == b->items[1]
                   && a->times_ns[0] == b->times_ns[0]
                   && a->times_ns[1] == b->times_ns[1]));
}

int64_t
timeline_area_start(const struct view_area *area)
{
    return area->times_ns[0] < area->times_ns[1] ? area->times_ns[0]
                                                 : area->times_ns[1];
}

int64_t
timeline_area_end(const struct view_area *area)
{
    return 1
           + (area->times_ns[0] < area->times_ns[1] ? area->times_ns[1]
                                                    : area->times_ns[0]);
}

static bool
is_between(const struct timeline *timeline, const struct view_area *area,
           size_t item)
{
    const size_t *positions = timeline->plan.positions;
    size_t a = positions[area->items[0]];
    size_t b = positions[area->items[1]];
    size_t at = positions[item];

    return a < b ? at >= a && at <= b : at >= b && at <= a;
}

/* Whether a heading is there for all that it holds. */
static bool
stands_for_tracks(const struct timeline *timeline, const struct view_area *area,
                  size_t heading)
{
    return is_between(timeline, area, heading)
           && (timeline_is_folded(timeline, heading)
               || area->items[0] == area->items[1]);
}

static bool
has_item(const struct timeline *timeline, const struct view_area *area,
         size_t item)
{
    unsigned flags = timeline->flags[item];
    size_t group = timeline->list.items[item].group;
    size_t process;
    size_t file;

    if (!area->is_set || (flags & ITEM_HIDDEN) != 0) {
        return false;
    }
    if (row_plan_height(&timeline->plan, item) > 0
        && is_between(timeline, area, item)) {
        return true;
    }
    process = track_list_process(&timeline->list, item);
    file = track_list_file(&timeline->list, item);
    return (flags & ITEM_PINNED) == 0
           && ((process != SIZE_MAX
                && stands_for_tracks(timeline, area, process))
               || (group != SIZE_MAX
                   && stands_for_tracks(timeline, area, group))
               || (file != SIZE_MAX
                   && stands_for_tracks(timeline, area, file)));
}

bool
timeline_area_has_item(const struct timeline *timeline, size_t item)
{
    return has_item(timeline, &timeline->state.area, item);
}

static bool
finish(struct timeline *timeline)
{
    struct view_area *area = &timeline->state.area;

    if (!area->is_open) {
        return false;
    }
    area->is_open = false;
    return true;
}

static void
toggle(struct timeline *timeline)
{
    struct view_state *state = &timeline->state;

    if (finish(timeline) || timeline->list.count == 0) {
        return;
    }
    state->area = (struct view_area){
        .is_set = true,
        .is_open = true,
        .items = {state->item, state->item},
        .times_ns = {state->time_ns, state->time_ns},
    };
    viewer_say(timeline->viewer, "an area: go to its other end, then v; Esc "
                                 "gives it up");
}

static bool
swap_ends(struct timeline *timeline, struct error *err)
{
    struct view_state *state = &timeline->state;
    struct view_area *area = &state->area;

    if (!area->is_set) {
        viewer_say(timeline->viewer, "there is no area; v starts one");
        return true;
    }
    *area = (struct view_area){
        .is_set = true,
        .is_open = true,
        .items = {area->items[1], area->items[0]},
        .times_ns = {area->times_ns[1], area->times_ns[0]},
    };
    state->item = area->items[1];
    state->time_ns = area->times_ns[1];
    timeline_follow(timeline, state->time_ns);
    return timeline_select_here(timeline, err);
}

static void
take_slice(struct timeline *timeline)
{
    struct view_state *state = &timeline->state;
    int64_t start_ns = time_limit(state->slice.start_ns);
    int64_t end_ns = time_limit(state->slice.end_ns);

    if (!state->has_slice) {
        viewer_say(timeline->viewer, "there is no slice here; v starts an area "
                                     "at the cursor");
        return;
    }
    state->area = (struct view_area){
        .is_set = true,
        .items = {state->item, state->item},
        .times_ns = {start_ns, end_ns > start_ns ? end_ns - 1 : start_ns},
    };
}

static bool
clear(struct timeline *timeline)
{
    bool was_set = timeline->state.area.is_set;

    timeline->state.area = (struct view_area){0};
    return was_set;
}

void
timeline_area_follow(struct timeline *timeline)
{
    struct view_state *state = &timeline->state;

    if (state->area.is_open) {
        state->area.items[1] = state->item;
        state->area.times_ns[1] = state->time_ns;
    }
}

size_t
timeline_area_tracks(const struct timeline *timeline,
                     const struct view_area *area, uint8_t *tracks)
{
    size_t count = 0;

    memset(tracks, 0, trace_model_track_count(timeline->model));
    for (size_t i = 0; i < timeline->list.count; i++) {
        const struct track_item *item = &timeline->list.items[i];

        if (item->kind == ITEM_TRACK && has_item(timeline, area, i)) {
            tracks[item->index] = 1;
            count++;
        }
    }
    return count;
}

static uint64_t
from_zero(int64_t time_ns)
{
    return time_ns < 0 ? 0 : (uint64_t)time_ns;
}

static bool
make_scope(struct timeline *timeline, struct error *err)
{
    struct view_area *area = &timeline->state.area;
    uint8_t *tracks;
    bool is_ok = true;

    if (!area->is_set) {
        viewer_say(timeline->viewer,
                   "there is no area: v starts one, R takes the slice");
        return true;
    }
    tracks = array_new(trace_model_track_count(timeline->model), sizeof *tracks,
                       err);
    if (tracks == NULL) {
        return false;
    }
    area->is_open = false;
    if (timeline_area_tracks(timeline, area, tracks) == 0) {
        viewer_say(timeline->viewer, "the area holds no thread");
    } else {
        is_ok = viewer_set_scope(
            timeline->viewer, from_zero(timeline_area_start(area)),
            from_zero(timeline_area_end(area)), tracks, err);
        viewer_say(timeline->viewer,
                   "all views cover this area now; Esc goes back by one step");
    }
    free(tracks);
    return is_ok;
}

bool
timeline_area_run(struct timeline *timeline, enum action_id action,
                  bool *is_done, struct error *err)
{
    *is_done = true;
    switch (action) {
    case ACTION_AREA:
        toggle(timeline);
        return true;
    case ACTION_AREA_SWAP:
        return swap_ends(timeline, err);
    case ACTION_AREA_SLICE:
        take_slice(timeline);
        return true;
    case ACTION_SCOPE:
        return make_scope(timeline, err);
    case ACTION_OPEN_DETAILS:
        *is_done = finish(timeline);
        return true;
    case ACTION_CANCEL:
        *is_done = clear(timeline);
        return true;
    default: /* the others are for others */
        *is_done = false;
        return true;
    }
}

/* The columns of the area in a grid; false = it is out of view. */
static bool
columns_of(const struct timeline *timeline, const struct time_grid *grid,
           int64_t *first, int64_t *last)
{
    const struct view_area *area = &timeline->state.area;

    *first = time_grid_column(grid, timeline_area_start(area));
    *last = time_grid_column(grid, timeline_area_end(area) - 1);
    return area->is_set && *last >= 0
           && *first < (int64_t)timeline->layout.track_width;
}

static void
restyle(const struct timeline *timeline, int64_t first, int64_t last, int y,
        struct screen *screen)
{
    const struct theme *theme = &timeline->viewer->theme;
    int64_t width = timeline->layout.track_width;
    unsigned gutter = timeline->layout.gutter;

    last = last < width ? last : width - 1;
    for (int64_t i = first < 0 ? 0 : first; i <= last; i++) {
        unsigned x = gutter + (unsigned)i;
        struct screen_style style = screen_at(screen, x, (unsigned)y)->style;

        screen_restyle(screen, (int)x, y, 1, theme_area_style(theme, style));
    }
}

void
timeline_draw_area_row(const struct timeline *timeline, size_t item,
                       struct screen *screen, int y)
{
    struct time_grid grid = timeline_grid(timeline);
    int64_t first;
    int64_t last;

    if (columns_of(timeline, &grid, &first, &last)
        && timeline_area_has_item(timeline, item)) {
        restyle(timeline, first, last, y, screen);
    }
}

static void
draw_edge(const struct timeline *timeline, int64_t column, int y,
          enum theme_glyph glyph, struct screen *screen)
{
    const struct theme *theme = &timeline->viewer->theme;

    if (column >= 0 && column < timeline->layout.track_width) {
        screen_put(screen, (int)(timeline->layout.gutter + column), y,
                   theme_glyph(theme, glyph), theme_style(theme, PART_AREA));
    }
}

static bool
is_of_label(const struct timeline *timeline, const struct screen *screen,
            int64_t column, int y)
{
    const struct theme *theme = &timeline->viewer->theme;
    uint32_t character;

    if (column < 0 || column >= timeline->layout.track_width) {
        return false;
    }
    character = screen_at(screen, timeline->layout.gutter + (unsigned)column,
                          (unsigned)y)
                    ->character[0];
    return character != ' ' && character != theme_glyph(theme, GLYPH_TICK)
           && character != theme_glyph(theme, GLYPH_TICK_MINOR)
           && character != theme_glyph(theme, GLYPH_CURSOR);
}

/* A label that an edge would cut is not drawn. */
static void
drop_label(const struct timeline *timeline, int64_t column, int y,
           struct screen *screen)
{
    int64_t first = column;
    int64_t last = column;

    if (!is_of_label(timeline, screen, column, y)) {
        return;
    }
    while (is_of_label(timeline, screen, first - 1, y)) {
        first--;
    }
    while (is_of_label(timeline, screen, last + 1, y)) {
        last++;
    }
    for (; first <= last; first++) {
        unsigned x = timeline->layout.gutter + (unsigned)first;

        screen_put(screen, (int)x, y, ' ',
                   screen_at(screen, x, (unsigned)y)->style);
    }
}

void
timeline_draw_area_ruler(const struct timeline *timeline, struct screen *screen)
{
    struct time_grid grid = timeline_grid(timeline);
    int y = timeline->layout.ruler_row;
    int64_t first;
    int64_t last;

    if (columns_of(timeline, &grid, &first, &last)) {
        drop_label(timeline, first, y, screen);
        drop_label(timeline, last, y, screen);
        restyle(timeline, first, last, y, screen);
        draw_edge(timeline, last, y, GLYPH_AREA_END, screen);
        draw_edge(timeline, first, y, GLYPH_AREA_START, screen);
    }
}

void
timeline_draw_area_overview(const struct timeline *timeline,
                            struct screen *screen)
{
    struct time_grid whole = time_grid_fit(0, timeline_end_ns(timeline),
                                           timeline->layout.track_width);
    int64_t first;
    int64_t last;

    if (columns_of(timeline, &whole, &first, &last)) {
        restyle(timeline, first, last, timeline->layout.overview_row, screen);
    }
}

/* The job that counts. */
struct area_task {
    struct timeline *timeline;
    struct trace_scope scope;
    uint8_t *tracks; /* owned */
    struct scope_profile profile;
};

static bool
run_count(void *task, const struct progress *progress, struct error *err)
{
    struct area_task *count = task;
    struct scope_profile_options options = {
        .has_no_tree = true,
        .progress = *progress,
    };

    return scope_profile_build(&count->profile, count->timeline->model,
                               &count->scope, &options, err);
}

static bool
finish_count(void *task, const struct error *failure, struct error *err)
{
    struct area_task *count = task;
    struct area_sum *sum = &count->timeline->area_sum;

    (void)err;
    if (failure != NULL) {
        viewer_say(count->timeline->viewer, "the area: %s", failure->message);
        return true;
    }
    sum->is_known = true;
    sum->call_count = count->profile.call_count;
    sum->busy_ns = count->profile.total_ns;
    return true;
}

static void
free_count(void *task)
{
    struct area_task *count = task;

    scope_profile_release(&count->profile);
    free(count->tracks);
    free(count);
}

static const struct job_class count_class = {
    .run = run_count,
    .done = finish_count,
    .free = free_count,
};

void
timeline_area_release(struct area_sum *sum)
{
    free(sum->tracks);
    *sum = (struct area_sum){0};
}

/* Takes the tracks. */
static bool
start_count(struct timeline *timeline, uint8_t *tracks, struct error *err)
{
    struct area_sum *sum = &timeline->area_sum;
    size_t track_count = trace_model_track_count(timeline->model);
    struct area_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        free(tracks);
        return false;
    }
    task->timeline = timeline;
    task->tracks = array_new(track_count, sizeof *task->tracks, err);
    if (task->tracks == NULL) {
        free(tracks);
        free(task);
        return false;
    }
    memcpy(task->tracks, tracks, track_count);
    task->scope = (struct trace_scope){
        .start_ns = from_zero(timeline_area_start(&timeline->state.area)),
        .end_ns = from_zero(timeline_area_end(&timeline->state.area)),
        .tracks = task->tracks,
    };
    timeline_area_release(sum);
    *sum = (struct area_sum){
        .is_wanted = true,
        .start_ns = task->scope.start_ns,
        .end_ns = task->scope.end_ns,
        .tracks = tracks,
    };
    return jobs_start(timeline->viewer->jobs, JOB_AREA, &count_class, task,
                      err);
}

static bool
is_counted(const struct timeline *timeline, const uint8_t *tracks)
{
    const struct area_sum *sum = &timeline->area_sum;
    const struct view_area *area = &timeline->state.area;

    return sum->is_wanted
           && sum->start_ns == from_zero(timeline_area_start(area))
           && sum->end_ns == from_zero(timeline_area_end(area))
           && memcmp(sum->tracks, tracks,
                     trace_model_track_count(timeline->model))
                  == 0;
}

static void
add_sum(struct pieces *pieces, const struct timeline *timeline,
        size_t track_count, uint64_t length_ns)
{
    const struct area_sum *sum = &timeline->area_sum;
    char text[TEXT_NUMBER_SIZE];

    if (!sum->is_known) {
        pieces_add(pieces, 3, false, PART_STATUS, "counting");
        return;
    }
    pieces_add(pieces, 3, false, PART_STATUS, "%s %s",
               text_count(text, sizeof text, sum->call_count),
               sum->call_count == 1 ? "call" : "calls");
    if (track_count > 0 && length_ns > 0) {
        pieces_add(pieces, 4, false, PART_STATUS, "busy %.0f%%",
                   (double)sum->busy_ns * 100
                       / ((double)length_ns * (double)track_count));
    }
}

bool
timeline_add_area(struct pieces *pieces, struct timeline *timeline,
                  struct error *err)
{
    const struct view_area *area = &timeline->state.area;
    size_t all = trace_model_track_count(timeline->model);
    uint8_t *tracks = array_new(all, sizeof *tracks, err);
    uint64_t length_ns =
        from_zero(timeline_area_end(area) - timeline_area_start(area));
    char text[TEXT_NUMBER_SIZE];
    size_t count;

    if (tracks == NULL) {
        return false;
    }
    count = timeline_area_tracks(timeline, area, tracks);
    if (is_counted(timeline, tracks)) {
        free(tracks);
    } else if (!start_count(timeline, tracks, err)) {
        return false;
    }
    pieces_add(pieces, 1, false, PART_STATUS, "area %s",
               text_duration(text, sizeof text, length_ns,
                             timeline->viewer->theme.is_ascii));
    pieces_add(pieces, 2, false, PART_STATUS, "%zu of %zu thread%s", count, all,
               all == 1 ? "" : "s");
    add_sum(pieces, timeline, count, length_ns);
    pieces_add(pieces, 5, false, PART_STATUS, "%s",
               area->is_open ? "v ends it" : "S makes it the scope");
    return true;
}
