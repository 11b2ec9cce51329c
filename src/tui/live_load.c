// SPDX-License-Identifier: Apache-2.0
/*
 * Opening a trace, and writing it, beside what is shown.
 *
 * A trace that takes longer than a moment is shown as far as it was read in
 * that moment, with the rest of it as a gap; meanwhile it is opened once more,
 * whole, and takes the place of the part when nobody is in the middle of
 * something.
 */
#include "tui/live_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/app.h"
#include "tui/key.h"
#include "tui/loading_screen.h"
#include "tui/screen.h"
#include "tui/script.h"

enum { TITLE_SIZE = 512 };

#define FRACTION_MIN 0.001

enum {
    FIRST_LOOK_MS = 30,
    LATER_LOOK = 10,      /* times as long as the one before, while there is */
    LATER_LOOK_WORTH = 4, /* more than so many times that to be waited for */
    LOADING_MS = 100,     /* until the picture of it is shown */
    QUIT_AGAIN_MS = 1000, /* between two interrupts that quit */
    PERCENT = 100,
};

static bool
start(struct live *live, enum live_work work, unsigned patience_ms,
      struct error *err)
{
    live->work = work;
    live->patience_ms = patience_ms;
    live->loading_ns = clock_monotonic_ns();
    live->interrupt_ns = 0;
    return loader_start(&live->loader, live->options->load,
                        live->options->context, patience_ms, err);
}

/* Whether the command line says what is to be shown. */
static bool
says_where(const struct live_options *options)
{
    return options->keys != NULL || options->first_filter != NULL
           || options->start.has_range || options->start.has_time
           || options->start.track != NULL
           || options->start.view != VIEW_TIMELINE;
}

/* Where nothing depends on the clock, and where something is to be done first,
 * there is no first look. */
bool
live_wants_whole(const struct live_options *options)
{
    return options->has_marks || says_where(options);
}

bool
live_start_loading(struct live *live, struct error *err)
{
    return live->app != NULL
               ? start(live, LIVE_RELOADS, 0, err)
               : start(live, LIVE_OPENS,
                       live_wants_whole(live->options) ? 0 : FIRST_LOOK_MS,
                       err);
}

static bool
make_left(void *context, struct trace_model **out, struct progress progress,
          struct error *err)
{
    struct live *live = context;

    return live->filters.filter(live->filters.context, live->filters.whole,
                                live->filter, out, progress, err);
}

static bool
begin_filtering(struct live *live, const char *filter, struct error *err)
{
    live->filter = strdup(filter);
    if (live->filter == NULL) {
        return error_set_no_memory(err);
    }
    live->work = LIVE_FILTERS;
    live->loading_ns = clock_monotonic_ns();
    live->interrupt_ns = 0;
    return loader_start(&live->loader, make_left, live, 0, err);
}

bool
live_start_filtering(struct live *live, const char *filter, struct error *err)
{
    if (!live_take_grown(live, err)) {
        return false;
    }
    if (live->loader != NULL || live->grown != NULL) {
        app_keep_filter(live->app, live->work == LIVE_WRITES
                                       ? "a file is being written; ^C stops "
                                         "that"
                                       : "the trace is not all there yet");
        return true;
    }
    return filter[0] == '\0'
               ? filter_host_show(&live->filters, live->app, NULL, filter, err)
               : begin_filtering(live, filter, err);
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
    const char *filter = live->options->first_filter;
    const struct app_options options = {
        .is_ascii = live->options->is_ascii,
        .state_folder = live->options->state_folder,
        .config_folder = live->options->config_folder,
        .colour_count = live->colour_count,
        .is_light = live->is_light,
        .title = live->options->title,
        .is_live = true,
    };

    live->model = model;
    live->filters = (struct filter_host){.filter = live->options->filter,
                                         .context = live->options->context,
                                         .whole = model};
    return app_new(&live->app, model, &options, live->screen.width,
                   live->screen.height, err)
           && (says_where(live->options) || app_load_view(live->app, err))
           && app_begin(live->app, &live->options->start, err)
           && (filter != NULL && filter[0] != '\0'
                   ? begin_filtering(live, filter, err)
                   : press_first_keys(live, err));
}

/* It is made, or not. */
static bool
end_filtering(struct live *live, struct trace_model *left, bool was_stopped,
              const struct error *failure, struct error *err)
{
    bool is_ok = true;

    if (left != NULL && !was_stopped) {
        is_ok = filter_host_show(&live->filters, live->app, left, live->filter,
                                 err);
    } else {
        trace_model_close(left);
        app_keep_filter(live->app, was_stopped
                                       ? "stopped; the filter is as it was"
                                       : failure->message);
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
        is_ok = filter == NULL ? error_set_no_memory(err) : false;
        free(filter);
        trace_model_close(model);
        return is_ok;
    }
    filter_host_reset(&live->filters, model);
    trace_model_close(live->model);
    live->model = model;
    if (filter[0] != '\0') {
        is_ok = begin_filtering(live, filter, err);
    }
    free(filter);
    return is_ok;
}

/* How long the next look may take, after one that saw that fraction: each is
 * made from the beginning, so they are few. */
static unsigned
next_patience_ms(const struct live *live, double fraction)
{
    unsigned patience_ms = live->patience_ms * LATER_LOOK;
    double all_ms =
        live->patience_ms / (fraction > FRACTION_MIN ? fraction : FRACTION_MIN);

    return all_ms > (double)patience_ms * LATER_LOOK_WORTH ? patience_ms : 0;
}

/* What was seen so far is shown, and looking goes on. */
static bool
show_part(struct live *live, struct trace_model *model, double fraction,
          struct error *err)
{
    unsigned patience_ms = next_patience_ms(live, fraction);

    if (live->app == NULL) {
        if (!make_app(live, model, err)) {
            return false;
        }
    } else {
        trace_model_close(live->grown);
        live->grown = model;
        if (!live_take_grown(live, err)) {
            return false;
        }
    }
    return start(live, LIVE_GROWS, patience_ms, err);
}

static void
end_writing(struct live *live, bool is_ok, bool was_stopped,
            const struct error *failure)
{
    job_scope_release(&live->write_scope);
    if (is_ok) {
        app_say_format(live->app, "wrote %s%s%s", live->write_path,
                       live->write_limit,
                       was_stopped ? "; too late to stop that" : "");
    } else {
        app_say(live->app, failure->code == ERROR_CANCELLED
                               ? "stopped; nothing was written"
                               : failure->message);
    }
}

/* What the loader gave belongs where? The model is this function's. */
static bool
end_work(struct live *live, struct trace_model *model, bool was_stopped,
         struct error *err)
{
    switch (live->work) {
    case LIVE_OPENS:
        return make_app(live, model, err);
    case LIVE_GROWS:
        trace_model_close(live->grown);
        live->grown = model;
        if (was_stopped) {
            app_say(live->app, "stopped; this is what was loaded");
        }
        return live_take_grown(live, err);
    case LIVE_RELOADS:
        if (was_stopped) {
            trace_model_close(model);
            app_say(live->app, "stopped; this is the trace as it was");
            return true;
        }
        app_say(live->app, "opened again");
        return reload_app(live, model, err);
    case LIVE_WRITES:
    case LIVE_FILTERS:
        break;
    }
    return true;
}

static bool
is_growing(const struct live *live)
{
    const struct live_options *options = live->options;

    return live->work != LIVE_WRITES && live->work != LIVE_FILTERS
           && options->is_growing != NULL
           && options->is_growing(options->context);
}

/* The look was too short for anything that can be shown. */
static bool
look_again(struct live *live, bool was_stopped, struct error *err)
{
    if (!start(live, live->work, live->patience_ms * LATER_LOOK, err)) {
        return false;
    }
    if (was_stopped) {
        live_stop_loader(live, false);
    }
    return true;
}

bool
live_end_loading(struct live *live, struct error *err)
{
    struct trace_model *model = NULL;
    struct error failure = {0};
    bool was_stopped = loader_is_cancelled(live->loader);
    bool was_cut = loader_is_cut(live->loader);
    bool is_part = !was_stopped && (was_cut || is_growing(live));
    double fraction = loader_fraction(live->loader);
    bool is_ok = loader_finish(live->loader, &model, &failure);

    live->loader = NULL;
    live_touch(live);
    if (live->work == LIVE_WRITES) {
        end_writing(live, is_ok, was_stopped, &failure);
        return true;
    }
    if (live->work == LIVE_FILTERS) {
        return end_filtering(live, model, was_stopped, &failure, err);
    }
    if (is_ok) {
        return is_part ? show_part(live, model, fraction, err)
                       : end_work(live, model, was_stopped, err);
    }
    if (was_cut && failure.code == ERROR_CANCELLED && !live->has_ended) {
        return look_again(live, was_stopped, err);
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

bool
live_take_grown(struct live *live, struct error *err)
{
    struct trace_model *model = live->grown;

    if (model == NULL || app_has_overlay(live->app)) {
        return true;
    }
    live->grown = NULL;
    live_touch(live);
    return reload_app(live, model, err);
}

void
live_stop_loader(struct live *live, bool is_unwanted)
{
    const struct live_options *options = live->options;

    if (options->stop != NULL && live->work != LIVE_WRITES
        && live->work != LIVE_FILTERS) {
        options->stop(options->context, is_unwanted);
    }
    loader_cancel(live->loader);
}

/* Esc and ^C stop, q and a second ^C quit. */
void
live_key_while_loading(struct live *live, unsigned key)
{
    uint64_t now_ns = clock_monotonic_ns();

    if (key == 'q' || key == 'Q'
        || (key == (KEY_CONTROL | 'c') && live->interrupt_ns != 0
            && now_ns - live->interrupt_ns
                   <= (uint64_t)QUIT_AGAIN_MS * LIVE_NS_PER_MS)) {
        live_end_as(live, LIVE_QUIT);
    }
    if (key == (KEY_CONTROL | 'c')) {
        live->interrupt_ns = now_ns;
    }
    if (live->has_ended || key == KEY_ESCAPE || key == (KEY_CONTROL | 'c')) {
        live_stop_loader(live, live->has_ended);
        live->needs_frame = true;
    } else if (live->ahead_count < LIVE_AHEAD_MAX) {
        live->ahead[live->ahead_count++] = key;
    }
}

bool
live_take_ahead(struct live *live, bool *has_quit, struct error *err)
{
    size_t count = live->ahead_count;

    live->ahead_count = 0;
    for (size_t i = 0; i < count && !*has_quit; i++) {
        if (!app_key(live->app, live->ahead[i], has_quit, err)) {
            return false;
        }
    }
    return true;
}

bool
live_paint_loading(struct live *live, struct error *err)
{
    char title[TITLE_SIZE];

    if (clock_monotonic_ns() - live->loading_ns
        < (uint64_t)LOADING_MS * LIVE_NS_PER_MS) {
        return true;
    }
    if (live->loading == NULL
            ? !screen_new(&live->loading, live->screen.width,
                          live->screen.height, err)
            : !screen_resize(live->loading, live->screen.width,
                             live->screen.height, err)) {
        return false;
    }
    screen_set_ascii(live->loading, live->options->is_ascii);
    (void)snprintf(title, sizeof title, "%s%s%s", live->options->title,
                   live->filter == NULL ? "" : ", only ",
                   live->filter == NULL ? "" : live->filter);
    loading_screen_draw(live->loading, title, loader_fraction(live->loader),
                        loader_is_cancelled(live->loader),
                        live->options->is_ascii);
    return live_screen_draw(&live->screen, live->loading, err);
}

bool
live_shows_picture(const struct live *live)
{
    return live->app == NULL
           || (live->loader != NULL && live->work == LIVE_FILTERS);
}

void
live_show_work(struct live *live)
{
    bool is_busy = live->loader != NULL || live->grown != NULL;
    double fraction = live->loader != NULL ? loader_fraction(live->loader) : 1;

    app_set_activity(live->app,
                     !is_busy                    ? NULL
                     : live->work == LIVE_WRITES ? "write"
                                                 : "load",
                     fraction < 0 ? -1 : (int)(fraction * PERCENT));
}

/* On the loader's thread; the model is not closed before it has ended. */
static bool
write_file(void *context, struct trace_model **out, struct progress progress,
           struct error *err)
{
    const struct live *live = context;

    (void)out;
    return live->options->write(live->options->context, &live->written,
                                progress, err);
}

/* What is shown now: that of the scope which the filter leaves. */
static bool
choose_written(struct live *live, bool is_over, struct error *err)
{
    const struct trace_model *left = live->filters.left;
    bool has_scope;

    if (!app_take_scope(live->app, &live->write_scope, err)) {
        return false;
    }
    has_scope = !trace_scope_is_whole(&live->write_scope.scope, live->model);
    live->written = (struct live_written){
        .model = left != NULL ? left : live->model,
        .scope = &live->write_scope.scope,
        .is_whole = left == NULL && !has_scope,
        .path = live->write_path,
        .is_over = is_over,
    };
    live->write_limit =
        left == NULL ? (has_scope ? ": only what is in scope" : "")
        : has_scope  ? ": only what the filter leaves of the scope"
                     : ": only what the filter leaves";
    return true;
}

bool
live_start_writing(struct live *live, const char *path, bool is_over,
                   struct error *err)
{
    if (live->loader != NULL || live->grown != NULL) {
        app_say(live->app, live->work == LIVE_WRITES
                               ? "there is a file being written; ^C stops that"
                               : "the trace is not all there yet");
        return true;
    }
    free(live->write_path);
    live->write_path = strdup(path);
    if (live->write_path == NULL) {
        return error_set_no_memory(err);
    }
    if (!choose_written(live, is_over, err)) {
        return false;
    }
    live->work = LIVE_WRITES;
    live->loading_ns = clock_monotonic_ns();
    return loader_start(&live->loader, write_file, live, 0, err);
}
