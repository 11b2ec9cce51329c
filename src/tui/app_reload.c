// SPDX-License-Identifier: Apache-2.0
/* Another model in the place of the one that is shown: more of the same trace,
 * or the same file at another time. */
#include "tui/app_parts.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/compare.h"
#include "tui/marks.h"

static bool
is_same_track(const struct trace_model *a, size_t a_track,
              const struct trace_model *b, size_t b_track)
{
    const struct model_track *one = trace_model_track(a, a_track);
    const struct model_track *other = trace_model_track(b, b_track);

    return one->thread_id == other->thread_id && one->kind == other->kind
           && trace_model_process(a, one->process)->section_id
                  == trace_model_process(b, other->process)->section_id;
}

/* The tracks of the scope, in another model; NULL when none of them is there.
 * Tracks are in the same order there, with others between them. */
static uint8_t *
find_tracks(const struct viewer *viewer, const struct trace_model *model,
            struct error *err)
{
    size_t count = trace_model_track_count(model);
    size_t old_count = trace_model_track_count(viewer->model);
    uint8_t *tracks = array_new(count, sizeof *tracks, err);
    size_t next = 0;
    bool has_any = false;

    for (size_t i = 0; tracks != NULL && i < count; i++) {
        size_t old = next;

        while (old < old_count
               && !is_same_track(viewer->model, old, model, i)) {
            old++;
        }
        if (old < old_count) {
            next = old + 1;
            tracks[i] = viewer->scope.tracks[old];
            has_any |= tracks[i] != 0;
        }
    }
    if (!has_any) {
        free(tracks);
        return NULL;
    }
    return tracks;
}

static uint64_t
shifted(uint64_t time_ns, int64_t shift_ns)
{
    return shift_ns < 0 && time_ns < (uint64_t)-shift_ns
               ? 0
               : time_ns + (uint64_t)shift_ns;
}

/* What the scope means in another model; when that is nothing, there is none
 * any more. */
static bool
move_scope(struct viewer *viewer, const struct trace_model *model,
           struct error *err)
{
    struct viewer_scope *scope = &viewer->scope;
    struct error failure = {0};

    if (!scope->is_set) {
        return true;
    }
    scope->start_ns = shifted(scope->start_ns, viewer->shift_ns);
    if (scope->end_ns != UINT64_MAX) {
        scope->end_ns = shifted(scope->end_ns, viewer->shift_ns);
    }
    if (scope->tracks != NULL) {
        uint8_t *tracks = find_tracks(viewer, model, &failure);

        free(scope->tracks);
        scope->tracks = tracks;
        if (tracks == NULL) {
            viewer_clear_scope(viewer);
        }
    }
    if (failure.code != ERROR_NONE) {
        *err = failure;
    }
    return failure.code == ERROR_NONE;
}

/* By how much times are later in a model of more of the same trace. */
static int64_t
find_shift(const struct trace_model *old, const struct trace_model *model)
{
    size_t count = trace_model_process_count(old) > 0
                       ? trace_model_process_count(model)
                       : 0;

    for (size_t i = 0; i < count; i++) {
        if (trace_model_process(model, i)->section_id
            == trace_model_process(old, 0)->section_id) {
            return (int64_t)(trace_model_summary(old).start_monotonic_ns
                             - trace_model_summary(model).start_monotonic_ns);
        }
    }
    return 0;
}

/* The same words, among the functions of this model. One function or track
 * that was searched for by itself may have another number there. */
static bool
search_again(struct viewer *viewer, struct error *err)
{
    struct search_terms terms = viewer->search.terms;

    search_clear(&viewer->search);
    if (terms.text[0] == '\0' || terms.only != SEARCH_ALL
        || terms.track != SEARCH_ALL) {
        return true;
    }
    return search_set(&viewer->search, viewer->model, &terms, err);
}

bool
app_reload(struct app *app, const struct trace_model *model, struct error *err)
{
    const struct trace_model *old = app->viewer.model;
    struct error failure = {0};

    app_leave_model(app);
    compare_free(app->viewer.compare);
    app->viewer.compare = NULL;
    history_release(&app->history);
    app->viewer.shift_ns = find_shift(old, model);
    if (!move_scope(&app->viewer, model, err)) {
        return false;
    }
    if (!marks_move(app->viewer.marks, app->viewer.state_folder, model,
                    app->viewer.shift_ns, &failure)) {
        viewer_say(&app->viewer, "marks: %s", failure.message);
    }
    app->viewer.scope_number++;
    app->viewer.model = model;
    tags_move(&app->viewer, old);
    if (!search_again(&app->viewer, err)) {
        app->viewer.model = old;
        return false;
    }
    if (!app_reload_views(app, err)) {
        app->viewer.model = old;
        return false;
    }
    app->viewer.shift_ns = 0;
    app->viewer.whole = model;
    app->viewer.filter[0] = '\0';
    return true;
}
