// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "tui/details.h"
#include "tui/timeline.h"
#include "tui/timeline_carry.h"
#include "tui/timeline_json.h"
#include "tui/viewer.h"

/* What undo restores. */
static bool
timeline_open(void **out, struct viewer *viewer, struct error *err)
{
    struct timeline *timeline = array_new(1, sizeof *timeline, err);

    if (timeline == NULL) {
        return false;
    }
    if (!timeline_init(timeline, viewer, err)) {
        free(timeline);
        return false;
    }
    *out = timeline;
    return true;
}

static void
timeline_close(void *view)
{
    timeline_release(view);
    free(view);
}

static bool
resize(void *view, unsigned width, unsigned height, struct error *err)
{
    return timeline_resize(view, width, height, err);
}

VIEW_FORWARDS(timeline)

static void
drop(void *copy)
{
    struct timeline_copy *timeline_copy = copy;

    free(timeline_copy->flags);
    free(timeline_copy->sequence);
    free(timeline_copy);
}

/* The state as the next command finds it: a command that changes nothing else
 * is no step of undo. */
static struct view_state
state_now(const struct timeline *timeline)
{
    struct view_state state = timeline->state;

    state.grid = timeline_grid(timeline);
    state.width = timeline->layout.track_width;
    state.top_row = timeline_top_row(timeline);
    return state;
}

static void *
take(const void *view, struct error *err)
{
    const struct timeline *timeline = view;
    struct timeline_copy *copy = array_new(1, sizeof *copy, err);

    if (copy == NULL) {
        return NULL;
    }
    copy->state = state_now(timeline);
    copy->flags = array_new(timeline->list.count, sizeof *copy->flags, err);
    copy->sequence =
        array_new(timeline->list.count, sizeof *copy->sequence, err);
    if (copy->flags == NULL || copy->sequence == NULL) {
        drop(copy);
        return NULL;
    }
    memcpy(copy->flags, timeline->flags, timeline->list.count);
    memcpy(copy->sequence, timeline->sequence,
           timeline->list.count * sizeof *copy->sequence);
    return copy;
}

static bool
is_same_window(const struct view_state *a, const struct view_state *b)
{
    return a->grid.origin_ns == b->grid.origin_ns
           && a->grid.column_ns == b->grid.column_ns && a->width == b->width
           && a->is_fit == b->is_fit;
}

static bool
is_same_cursor(const struct view_state *a, const struct view_state *b)
{
    return a->item == b->item && a->depth == b->depth
           && a->time_ns == b->time_ns && a->has_slice == b->has_slice
           && (!a->has_slice || a->slice.start_ns == b->slice.start_ns);
}

static bool
is_same_place(const struct details_place *a, const struct details_place *b)
{
    return a->has_focus == b->has_focus && a->column == b->column
           && memcmp(a->chosen, b->chosen, sizeof a->chosen) == 0
           && memcmp(a->top, b->top, sizeof a->top) == 0;
}

static bool
is_shown(const void *view, const void *copy)
{
    const struct timeline *timeline = view;
    const struct timeline_copy *timeline_copy = copy;
    const struct view_state *a = &timeline_copy->state;
    const struct view_state now = state_now(timeline);
    const struct view_state *b = &now;

    return is_same_window(a, b) && is_same_cursor(a, b)
           && a->top_row == b->top_row && a->is_pinned_only == b->is_pinned_only
           && a->has_details == b->has_details
           && is_same_place(&a->details_place, &b->details_place)
           && timeline_area_is_same(&a->area, &b->area)
           && memcmp(timeline_copy->flags, timeline->flags,
                     timeline->list.count)
                  == 0
           && memcmp(timeline_copy->sequence, timeline->sequence,
                     timeline->list.count * sizeof *timeline->sequence)
                  == 0;
}

static void
restore(void *view, const void *copy)
{
    const struct timeline_copy *timeline_copy = copy;

    timeline_restore(view, &timeline_copy->state, timeline_copy->flags,
                     timeline_copy->sequence);
}

static bool
json(const void *view, struct cJSON *object)
{
    return timeline_json(view, object);
}

static bool
carry(void *view, void *const *copies, size_t count,
      const struct trace_model *from, struct error *err)
{
    (void)from;
    return timeline_carry(view, copies, count, err);
}

static bool
reload(void *view, struct error *err)
{
    return timeline_reload(view, err);
}

void
timeline_view_place(const void *view, struct timeline_place *place)
{
    timeline_place(view, place);
}

struct call_facts *
timeline_view_facts(void *view)
{
    const struct timeline *timeline = view;

    return details_facts(timeline->details);
}

bool
timeline_view_go(void *view, const struct viewer_goal *goal, struct error *err)
{
    return timeline_go(view, goal, err);
}

bool
timeline_view_show_range(void *view, uint64_t start_ns, uint64_t end_ns,
                         struct error *err)
{
    return timeline_show_range(view, start_ns, end_ns, err);
}

bool
timeline_view_jump(void *view, const struct slice *slice, struct error *err)
{
    return timeline_jump(view, slice, err);
}

bool
timeline_view_follow(void *view, const struct slice *slice, uint64_t time_ns,
                     struct error *err)
{
    return timeline_jump_to(view, slice, time_ns, err);
}

static void
subject_of(const void *view, struct viewer_subject *subject)
{
    const struct timeline *timeline = view;

    if (timeline->state.has_slice) {
        *subject = (struct viewer_subject){
            .has_function = true,
            .function = timeline->state.slice.function,
            .has_slice = true,
            .slice = timeline->state.slice,
        };
    }
}

const struct view_class timeline_view = {
    .open = timeline_open,
    .close = timeline_close,
    .resize = resize,
    .command = command,
    .mouse = mouse,
    .draw = draw,
    .take = take,
    .is_shown = is_shown,
    .restore = restore,
    .drop = drop,
    .carry = carry,
    .reload = reload,
    .json = json,
    .subject = subject_of,
};
