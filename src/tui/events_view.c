// SPDX-License-Identifier: Apache-2.0
#include "tui/events_view.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "format/sanitise.h"
#include "tui/events.h"
#include "tui/events_pane.h"
#include "tui/events_text.h"
#include "tui/jobs.h"
#include "tui/viewer.h"

static bool
events_open(void **out, struct viewer *viewer, struct error *err)
{
    struct events *events = array_new(1, sizeof *events, err);

    if (events == NULL) {
        return false;
    }
    events->viewer = viewer;
    events->state.kinds = MOMENT_KINDS_ALL;
    viewer->events = events;
    *out = events;
    return true;
}

static void
events_close(void *view)
{
    events_forget(view);
    events_pane_release(view);
    free(view);
}

static bool
resize(void *view, unsigned width, unsigned height, struct error *err)
{
    (void)err;
    events_resize(view, width, height);
    return true;
}

VIEW_FORWARDS(events)

static void *
take(const void *view, struct error *err)
{
    const struct events *events = view;

    return view_copy_state(&events->state, sizeof events->state, err);
}

static bool
is_same_moment(const struct moment *a, const struct moment *b)
{
    return a->time_ns == b->time_ns && a->source == b->source
           && a->owner == b->owner && a->index == b->index;
}

static bool
is_shown(const void *view, const void *copy)
{
    const struct events *events = view;
    const struct events_state *a = copy;
    const struct events_state *b = &events->state;

    return a->kinds == b->kinds && a->is_pane_closed == b->is_pane_closed
           && a->first == b->first && a->has_cursor == b->has_cursor
           && is_same_moment(&a->cursor, &b->cursor);
}

static void
restore(void *view, const void *copy)
{
    struct events *events = view;

    events->state = *(const struct events_state *)copy;
    events->is_placed = false;
}

static bool
carry(void *view, void *const *copies, size_t count,
      const struct trace_model *from, struct error *err)
{
    const struct events *events = view;

    (void)from;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        struct events_state *state = copies[i];

        /* It is found again by its time and words. */
        state->cursor.time_ns += (uint64_t)events->viewer->shift_ns;
    }
    return true;
}

/* The cursor is found again by its time and words. */
static bool
reload(void *view, struct error *err)
{
    struct events *events = view;

    (void)err;
    events_forget(events);
    events->is_placed = false;
    return true;
}

static bool
add_number(struct cJSON *object, const char *name, double value)
{
    return cJSON_AddNumberToObject(object, name, value) != NULL;
}

static bool
add_cell(struct cJSON *object, const char *name, const struct events *events,
         const struct moment *moment, enum events_column column)
{
    char text[EVENTS_TEXT_SIZE];
    char clean[EVENTS_TEXT_SIZE];

    (void)events_cell(events, moment, column, text);
    (void)sanitise_text(clean, sizeof clean, text, strlen(text));
    return cJSON_AddStringToObject(object, name, clean) != NULL;
}

static bool
add_row(struct cJSON *object, const struct events *events)
{
    struct moment moment;
    size_t taken;

    return moment_list_rows(events->list, events->row, 1, &moment, &taken, NULL)
           && add_number(object, "row", (double)events->row)
           && add_number(object, "time_ns", (double)moment.time_ns)
           && add_cell(object, "kind", events, &moment, EVENTS_KIND)
           && add_cell(object, "where", events, &moment, EVENTS_WHERE)
           && add_cell(object, "name", events, &moment, EVENTS_NAME)
           && add_cell(object, "value", events, &moment, EVENTS_VALUE);
}

/* "cursor" {"x", "y"}, "view" {"rows", "kinds", "selected"}; null without
 * rows. */
static bool
json(const void *view, struct cJSON *object)
{
    const struct events *events = view;
    struct cJSON *place;
    struct cJSON *cursor;
    struct cJSON *selected;

    if (events->list == NULL || moment_list_count(events->list) == 0) {
        return cJSON_AddNullToObject(object, "cursor") != NULL
               && cJSON_AddNullToObject(object, "view") != NULL;
    }
    cursor = cJSON_AddObjectToObject(object, "cursor");
    place = cJSON_AddObjectToObject(object, "view");
    selected = cJSON_AddObjectToObject(place, "selected");
    return cursor != NULL && selected != NULL && add_number(cursor, "x", 0)
           && add_number(cursor, "y",
                         events->layout.tracks_row
                             + (double)(events->row - events->top))
           && add_number(place, "rows", (double)moment_list_count(events->list))
           && add_number(place, "kinds", events->state.kinds)
           && add_row(selected, events);
}

static void
subject(const void *view, struct viewer_subject *subject)
{
    const struct events *events = view;
    const struct events_state *state = &events->state;

    if (!state->has_cursor
        || (state->cursor.source != MOMENT_OF_CALL
            && state->cursor.source != MOMENT_OF_UNFINISHED)) {
        return;
    }
    *subject = (struct viewer_subject){
        .has_function = true,
        .function = state->slice.function,
        .has_slice = true,
        .slice = state->slice,
    };
}

static bool
awaits(void *view, bool *is_awaiting, struct error *err)
{
    struct events *events = view;

    if (!events_prepare(events, err)) {
        return false;
    }
    *is_awaiting =
        events->list == NULL && jobs_is_busy(events->viewer->jobs, JOB_EVENTS);
    return true;
}

const struct view_class events_view = {
    .open = events_open,
    .close = events_close,
    .resize = resize,
    .command = command,
    .awaits = awaits,
    .mouse = mouse,
    .draw = draw,
    .take = take,
    .is_shown = is_shown,
    .restore = restore,
    .drop = free,
    .carry = carry,
    .reload = reload,
    .json = json,
    .subject = subject,
};
