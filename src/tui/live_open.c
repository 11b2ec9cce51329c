// SPDX-License-Identifier: Apache-2.0
/* Opening the trace, and what a filter leaves of it, while keys are taken. */
#include "tui/live_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/app.h"
#include "tui/script.h"

bool
live_start_loading(struct live *live, struct error *err)
{
    live->loading_ns = clock_monotonic_ns();
    live->interrupt_ns = 0;
    return loader_start(&live->loader, live->options->load,
                        live->options->context, err);
}

static bool
make_left(void *context, struct trace_model **out, struct progress progress,
          struct error *err)
{
    struct live *live = context;

    return live->filters.filter(live->filters.context, live->filters.whole,
                                live->filter, out, progress, err);
}

/* Begin to make what a filter leaves. */
bool
live_start_filtering(struct live *live, const char *filter, struct error *err)
{
    if (filter[0] == '\0') {
        return filter_host_show(&live->filters, live->app, NULL, filter, err);
    }
    live->filter = strdup(filter);
    if (live->filter == NULL) {
        return error_set_no_memory(err);
    }
    live->loading_ns = clock_monotonic_ns();
    live->interrupt_ns = 0;
    return loader_start(&live->loader, make_left, live, err);
}

/* The words may hold a size, which is not this one. */
static bool
press_first_keys(struct live *live, struct error *err)
{
    live->has_begun = true;
    return live->options->keys == NULL
           || (script_run_with(live->app, live->options->keys, &live->filters,
                               err)
               && app_resize(live->app, live->screen.width, live->screen.height,
                             err));
}

static bool
make_app(struct live *live, struct trace_model *model, struct error *err)
{
    const struct app_options options = {
        .is_ascii = live->options->is_ascii,
        .state_folder = live->options->state_folder,
        .config_folder = live->options->config_folder,
        .colour_count = live->colour_count,
        .is_light = live->options->is_light,
        .title = live->options->title,
        .is_live = true,
    };
    bool has_filter;

    live->model = model;
    has_filter = live->options->first_filter != NULL
                 && live->options->first_filter[0] != '\0';
    live->filters = (struct filter_host){.filter = live->options->filter,
                                         .context = live->options->context,
                                         .whole = model};
    return app_new(&live->app, model, &options, live->screen.width,
                   live->screen.height, err)
           && app_begin(live->app, &live->options->start, err)
           && (has_filter ? live_start_filtering(
                   live, live->options->first_filter, err)
                          : press_first_keys(live, err));
}

/* It is made, or not. */
static bool
end_filtering(struct live *live, struct error *err)
{
    struct trace_model *left = NULL;
    struct error failure = {0};
    bool was_cancelled = loader_is_cancelled(live->loader);
    bool is_made = loader_finish(live->loader, &left, &failure);
    bool is_ok = true;

    live->loader = NULL;
    live_touch(live);
    if (is_made && !was_cancelled) {
        is_ok = filter_host_show(&live->filters, live->app, left, live->filter,
                                 err);
    } else {
        trace_model_close(left);
        app_keep_filter(live->app, was_cancelled
                                       ? "stopped; the filter is as it was"
                                       : failure.message);
    }
    free(live->filter);
    live->filter = NULL;
    return is_ok && (live->has_begun || press_first_keys(live, err));
}

/* Show the new model where the old one was shown; what was filtered is, again.
 */
static bool
reload_app(struct live *live, struct trace_model *model, struct error *err)
{
    char *filter = strdup(app_filter(live->app));
    bool is_ok = true;

    if (filter == NULL || !app_reload(live->app, model, err)) {
        free(filter);
        trace_model_close(model);
        return filter != NULL ? false : error_set_no_memory(err);
    }
    filter_host_reset(&live->filters, model);
    trace_model_close(live->model);
    live->model = model;
    app_say(live->app, "opened again");
    if (filter[0] != '\0') {
        is_ok = live_start_filtering(live, filter, err);
    }
    free(filter);
    return is_ok;
}

/* The loader is done: with it there is a trace, or none. */
bool
live_end_loading(struct live *live, struct error *err)
{
    struct trace_model *model = NULL;
    struct error failure = {0};
    bool was_cancelled = loader_is_cancelled(live->loader);
    bool is_ok;

    if (live->filter != NULL) {
        return end_filtering(live, err);
    }
    is_ok = loader_finish(live->loader, &model, &failure);
    live->loader = NULL;
    live_touch(live);
    if (live->app != NULL && was_cancelled) {
        trace_model_close(model);
        app_say(live->app, "stopped; this is the trace as it was");
        return true;
    }
    if (is_ok) {
        return live->app == NULL ? make_app(live, model, err)
                                 : reload_app(live, model, err);
    }
    if (live->app != NULL) {
        app_say(live->app, failure.message);
        return true;
    }
    if (live->has_ended) {
        return true; /* it was stopped for the end */
    }
    *err = failure;
    return false;
}
