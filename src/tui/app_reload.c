// SPDX-License-Identifier: Apache-2.0
/* Another model in the place of the one that is shown: more of the same trace,
 * or the same file at another time. */
#include "tui/app_parts.h"

#include "base/error.h"
#include "model/trace_model.h"
#include "tui/compare.h"
#include "tui/marks.h"

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

/* Undo goes back to what was shown of the model before. What a filter left of
 * that, and what was done to it, is forgotten. */
static bool
carry_history(struct app *app, const struct trace_model *from,
              struct error *err)
{
    struct history_stage stage = app_stage(app);

    if (app->viewer.filter[0] == '\0'
        && history_carry(&app->history, &stage, from, err)) {
        return true;
    }
    history_release(&app->history);
    return app->viewer.filter[0] != '\0';
}

bool
app_reload(struct app *app, const struct trace_model *model, struct error *err)
{
    const struct trace_model *old = app->viewer.model;
    struct error failure = {0};

    app_leave_model(app);
    compare_free(app->viewer.compare);
    app->viewer.compare = NULL;
    app->viewer.shift_ns = find_shift(old, model);
    if (!viewer_scope_carry(&app->viewer.scope, old, model,
                            app->viewer.shift_ns, err)) {
        return false;
    }
    if (!marks_move(app->viewer.marks, app->viewer.state_folder, model,
                    app->viewer.shift_ns, &failure)) {
        viewer_say(&app->viewer, "marks: %s", failure.message);
    }
    app->viewer.scope_number++;
    app->viewer.model = model;
    if (!carry_history(app, old, err)) {
        app->viewer.model = old;
        return false;
    }
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
