// SPDX-License-Identifier: Apache-2.0
/*
 * A filter is set in two steps: the host makes what it leaves of the trace, and
 * then the views move there. A view that undo goes back to belongs to what its
 * own filter leaves; that is made again when it is needed, always the same.
 */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "tui/app_parts.h"
#include "tui/compare.h"
#include "tui/job_scope.h"

bool
app_ask_filter(struct app *app, const char *filter, struct error *err)
{
    return viewer_request(&app->viewer, APP_REQUEST_FILTER, filter, 0, err);
}

const char *
app_filter(const struct app *app)
{
    return app->viewer.filter;
}

bool
app_take_scope(const struct app *app, struct job_scope *scope,
               struct error *err)
{
    return job_scope_take(scope, &app->viewer, err);
}

void
app_keep_filter(struct app *app, const char *reason)
{
    app->waiting = ACTION_COUNT;
    viewer_say(&app->viewer, "%s", reason);
}

/* The one function that is searched for, in another model. */
static bool
find_only(const struct viewer *viewer, const struct trace_model *model,
          struct search_terms *terms)
{
    return terms->only == SEARCH_ALL
           || trace_model_find_function(
               model, search_function(viewer->model, terms->only),
               &terms->only);
}

/* What is searched for stays, as far as it is there. */
static bool
move_search(struct viewer *viewer, const struct trace_model *model,
            struct error *err)
{
    struct search_terms terms = viewer->search.terms;
    bool is_on =
        search_is_on(&viewer->search) && find_only(viewer, model, &terms);

    search_clear(&viewer->search);
    return !is_on || search_set(&viewer->search, model, &terms, err);
}

/* How much is left. */
static void
say_what_is_left(struct viewer *viewer)
{
    uint64_t all = trace_model_summary(viewer->whole).call_count;
    uint64_t left = trace_model_summary(viewer->model).call_count;
    char left_text[TEXT_NUMBER_SIZE];
    char all_text[TEXT_NUMBER_SIZE];

    (void)text_grouped(left_text, sizeof left_text, left);
    (void)text_grouped(all_text, sizeof all_text, all);
    if (viewer->filter[0] == '\0') {
        viewer_say(viewer, "the filter is off: all %s calls are shown again",
                   all_text);
    } else if (left == 0) {
        viewer_say(viewer,
                   "no call matches the filter: & widens it, Esc takes it off");
    } else {
        viewer_say(viewer, "%s of %s calls match; Esc takes the filter off",
                   left_text, all_text);
    }
}

/* What was compared, in the model that is shown now, which has the same
 * tracks. */
static void
compare_again(struct viewer *viewer, struct compare_side sides[2])
{
    struct error failure = {0};

    if (!compare_start(viewer, sides, &failure)) {
        viewer_say(viewer, "it is not compared any more: %s", failure.message);
    }
}

bool
app_set_filter(struct app *app, const struct trace_model *model,
               const char *filter, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    struct history_stage stage = app_stage(app);
    const struct trace_model *old = viewer->model;
    bool is_redo = app->waiting == ACTION_REDO;
    const struct history_view *next =
        app->waiting == ACTION_COUNT ? NULL
                                     : history_next(&app->history, is_redo);
    struct history_view shown = {0};
    struct compare_side sides[2] = {0};
    bool is_compared;

    app_leave_model(app);
    if (!history_view_take(&shown, &stage,
                           next != NULL ? next->id : viewer->active, err)
        || !move_search(viewer, model, err)) {
        history_view_release(&shown);
        return false;
    }
    is_compared = compare_take_sides(viewer, sides);
    compare_free(viewer->compare);
    viewer->compare = NULL;
    viewer->model = model;
    tags_move(viewer, old);
    viewer->scope_number++;
    if (!app_reload_views(app, err)) {
        viewer->model = old;
        compare_side_release(&sides[0]);
        compare_side_release(&sides[1]);
        history_view_release(&shown);
        return false;
    }
    (void)snprintf(viewer->filter, sizeof viewer->filter, "%s", filter);
    if (next != NULL) {
        history_travel(&app->history, &stage, is_redo, &shown);
    } else if (!history_view_is_shown(&shown, &stage)) {
        history_push(&app->history, &shown);
    }
    history_view_release(&shown);
    app->last_action = ACTION_COUNT;
    say_what_is_left(viewer);
    if (is_compared) {
        compare_again(viewer, sides);
    }
    return true;
}
