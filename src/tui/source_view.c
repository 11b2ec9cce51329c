// SPDX-License-Identifier: Apache-2.0
#include "tui/source_view.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "format/sanitise.h"
#include "model/trace_model.h"
#include "tui/jobs.h"
#include "tui/label.h"
#include "tui/source.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

static bool
source_open(void **out, struct viewer *viewer, struct error *err)
{
    struct source *source = array_new(1, sizeof *source, err);

    if (source == NULL) {
        return false;
    }
    source->viewer = viewer;
    source->state.moment = SOURCE_NO_MOMENT;
    *out = source;
    return true;
}

static void
source_close(void *view)
{
    struct source *source = view;

    source_forget(source);
    details_lines_release(&source->pane);
    free(source->moments);
    free(source);
}

static bool
resize(void *view, unsigned width, unsigned height, struct error *err)
{
    struct source *source = view;

    (void)err;
    source->layout = layout_of(width, height);
    return true;
}

VIEW_FORWARDS(source)

static void *
take(const void *view, struct error *err)
{
    return source_take(view, err);
}

static bool
is_shown(const void *view, const void *copy)
{
    const struct source *source = view;
    const struct source_state *a = copy;
    const struct source_state *b = &source->state;

    return a->has_function == b->has_function && a->function == b->function
           && a->moment == b->moment && a->line == b->line && a->left == b->left
           && a->has_focus == b->has_focus && a->chosen == b->chosen;
}

static void
restore(void *view, const void *copy)
{
    struct source *source = view;
    size_t moment = source->state.moment;

    source->state = *(const struct source_state *)copy;
    if (source->state.model_number != source->model_number) {
        source->state.model_number = source->model_number;
        source->state.moment = SOURCE_NO_MOMENT;
    }
    source->guess = 0;
    source->waiting_count = 0;
    (void)jobs_cancel(source->viewer->jobs, JOB_SOURCE_STEP);
    if (source->state.moment != moment) {
        source_lead_timeline(source);
    }
}

static bool
carry(void *view, void *const *copies, size_t count,
      const struct trace_model *from, struct error *err)
{
    const struct source *source = view;

    (void)err;
    for (size_t i = 0; i < count; i++) {
        struct source_state *state = copies[i];

        state->has_function =
            state->has_function
            && state->function < trace_model_function_count(from)
            && trace_model_find_function(
                source->viewer->model,
                trace_model_function(from, state->function), &state->function);
    }
    return true;
}

/* The function stays, when it is there; moments are places of the old model. */
static bool
reload(void *view, struct error *err)
{
    struct source *source = view;
    struct source_state *state = &source->state;

    (void)err;
    state->moment = SOURCE_NO_MOMENT;
    state->has_focus = false;
    source->moment_count = 0;
    state->model_number = ++source->model_number;
    source_forget(source);
    state->has_function =
        state->has_function && source->model != NULL
        && state->function < trace_model_function_count(source->model)
        && trace_model_find_function(
            source->viewer->model,
            trace_model_function(source->model, state->function),
            &state->function);
    return true;
}

static bool
is_same_call(const struct slice *a, const struct slice *b)
{
    return a->track == b->track && a->depth == b->depth
           && a->start_ns == b->start_ns && a->end_ns == b->end_ns
           && a->function == b->function;
}

/* The call or function that the view before is at; its own place when that is
 * where it is already, or when there is none. */
static bool
enter(void *view, const struct viewer_subject *subject, struct error *err)
{
    struct source *source = view;
    struct viewer_subject chosen = *subject;
    const struct source_moment *now = source_now(source);

    source_ask_again(source);
    if (!chosen.has_function && !source->state.has_function) {
        struct timeline_place place;

        timeline_view_place(source->viewer->timeline, &place);
        if (!place.has_slice) {
            return true;
        }
        chosen = (struct viewer_subject){
            .has_function = true,
            .function = place.slice.function,
            .has_slice = true,
            .slice = place.slice,
        };
    }
    if (!chosen.has_function
        || (chosen.has_slice && now != NULL
            && is_same_call(&chosen.slice, &now->at.call.slice))
        || (!chosen.has_slice && source->state.has_function
            && chosen.function == source->state.function)) {
        return true;
    }
    if (chosen.has_slice) {
        return source_step_to_call(source, &chosen.slice, true, err);
    }
    source->state.moment = SOURCE_NO_MOMENT;
    source_show(source, chosen.function);
    return true;
}

static void
subject_of(const void *view, struct viewer_subject *subject)
{
    const struct source *source = view;
    const struct source_moment *now = source_now(source);

    if (!source->state.has_function) {
        return;
    }
    subject->has_function = true;
    subject->function = source_line_function(source);
    if (now != NULL && now->at.call.slice.function == subject->function) {
        subject->has_slice = true;
        subject->slice = now->at.call.slice;
    }
}

/* The cursor's line, or all of the text; the name of what has none. */
static bool
copy_text(const void *view, bool is_all, struct buffer *out, struct error *err)
{
    const struct source *source = view;
    const struct source_page *page = &source->page;
    uint32_t line = source->state.line;

    if (!source->has_page || line == 0 || page->outline.line_count == 0) {
        if (source->state.has_function) {
            buffer_append_text(out,
                               source_name(source, source->state.function));
        }
    } else if (is_all) {
        buffer_append(out, page->file.text.data, page->file.text.size);
    } else {
        size_t size;
        const char *text = source_outline_line(
            &page->outline, page->file.text.data, line, &size);

        buffer_append(out, text, size);
        buffer_append_char(out, '\n');
    }
    return buffer_is_ok(out) || error_set_no_memory(err);
}

static bool
add_number(struct cJSON *object, const char *name, double value)
{
    return cJSON_AddNumberToObject(object, name, value) != NULL;
}

static bool
add_moment(struct cJSON *place, const struct source *source)
{
    const struct source_moment *now = source_now(source);
    struct cJSON *moment;

    if (now == NULL) {
        return cJSON_AddNullToObject(place, "moment") != NULL;
    }
    moment = cJSON_AddObjectToObject(place, "moment");
    return moment != NULL
           && add_number(moment, "track", now->at.call.slice.track)
           && add_number(moment, "depth", now->at.call.slice.depth)
           && add_number(moment, "start_ns",
                         (double)now->at.call.slice.start_ns)
           && add_number(moment, "time_ns",
                         (double)call_position_time(&now->at))
           && add_number(moment, "line", source_moment_line(source));
}

/* "cursor" {"x", "y"}, "view" {"name", "line", "lines", "moment"}; null when
 * no function is chosen. */
static bool
json(const void *view, struct cJSON *object)
{
    const struct source *source = view;
    const struct source_state *state = &source->state;
    char name[LABEL_SIZE];
    struct cJSON *cursor;
    struct cJSON *place;

    if (!state->has_function) {
        return cJSON_AddNullToObject(object, "cursor") != NULL
               && cJSON_AddNullToObject(object, "view") != NULL;
    }
    (void)sanitise_text(name, sizeof name, source_name(source, state->function),
                        strlen(source_name(source, state->function)));
    cursor = cJSON_AddObjectToObject(object, "cursor");
    place = cJSON_AddObjectToObject(object, "view");
    return cursor != NULL && place != NULL && add_number(cursor, "x", 0)
           && add_number(cursor, "y",
                         source->layout.tracks_row + (double)state->line
                             - (double)state->top)
           && cJSON_AddStringToObject(place, "name", name) != NULL
           && add_number(place, "line", state->line)
           && add_number(place, "lines",
                         (double)source->page.outline.line_count)
           && add_moment(place, source);
}

static bool
awaits(void *view, bool *is_awaiting, struct error *err)
{
    struct source *source = view;

    if (!source_prepare(source, err)) {
        return false;
    }
    *is_awaiting = source->state.has_function && !source->has_page
                   && jobs_is_busy(source->viewer->jobs, JOB_SOURCE_TEXT);
    return true;
}

const struct view_class source_view = {
    .open = source_open,
    .close = source_close,
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
    .subject = subject_of,
    .copy = copy_text,
    .enter = enter,
};
