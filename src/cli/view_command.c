// SPDX-License-Identifier: Apache-2.0
#include "cli/view_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "cli/console.h"
#include "cli/filtered_trace.h"
#include "cli/input_list.h"
#include "cli/input_traces.h"
#include "cli/launcher_signals.h"
#include "cli/live_view.h"
#include "cli/options.h"
#include "cli/recordings.h"
#include "tui/app.h"
#include "tui/filter_host.h"
#include "tui/script.h"

enum {
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,
    DEFAULT_WIDTH = 80,
    DEFAULT_HEIGHT = 24,
    SIZE_MAX_CELLS = 10000,
};

struct size {
    unsigned width;
    unsigned height;
};

/* A variable such as $COLUMNS, or otherwise when it holds no size. */
static unsigned
size_of_variable(const char *variable, unsigned otherwise)
{
    const char *text = getenv(variable);
    uint64_t value;

    return text != NULL && number_parse_u64(text, &value) && value > 0
                   && value <= SIZE_MAX_CELLS
               ? (unsigned)value
               : otherwise;
}

static struct size
find_size(const struct options *options)
{
    struct winsize window;

    if (options->width > 0) {
        return (struct size){options->width, options->height};
    }
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0
        && window.ws_row > 1) {
        /* One row is left for the shell's prompt. */
        return (struct size){window.ws_col, window.ws_row - 1u};
    }
    return (struct size){size_of_variable("COLUMNS", DEFAULT_WIDTH),
                         size_of_variable("LINES", DEFAULT_HEIGHT)};
}

static enum dump_format
find_format(const struct options *options, bool has_terminal)
{
    if (options->dump == NULL) {
        return has_terminal && console_allows_colour(stdout) ? DUMP_ANSI
                                                             : DUMP_TEXT;
    }
    if (strcmp(options->dump, "ansi") == 0) {
        return DUMP_ANSI;
    }
    return strcmp(options->dump, "json") == 0 ? DUMP_JSON : DUMP_TEXT;
}

/* The filter of the options. Nobody is there who could take another one: what
 * goes wrong is an error. */
static bool
set_filter(struct filter_host *filters, struct app *app, const char *filter,
           struct error *err)
{
    struct trace_model *left = NULL;

    if (filter == NULL || filter[0] == '\0') {
        return true;
    }
    if (!filters->filter(filters->context, filters->whole, filter, &left,
                         (struct progress){0}, err)
        || !filter_host_show(filters, app, left, filter, err)) {
        return error_add_context(err, "--filter");
    }
    if (trace_model_summary(left).call_count > 0) {
        app_say(app, "");
    }
    return true;
}

/* Draw the model's first screen, after the keys of the options. */
static bool
draw(struct buffer *out, const struct trace_model *model, const char *title,
     const struct options *options, bool has_terminal, struct error *err)
{
    const struct size size = find_size(options);
    const struct app_options app_options = {
        .is_ascii = live_view_needs_ascii(options),
        .colour_count = live_view_allows_colour() ? 256 : 0,
        .is_light = live_view_is_light(),
        .title = title,
    };
    struct filter_host filters = {.filter = filtered_trace_open,
                                  .whole = model};
    struct app *app = NULL;
    bool ok = app_new(&app, model, &app_options, size.width, size.height, err)
              && set_filter(&filters, app, options->filter, err)
              && app_begin(app, &options->start, err)
              && (options->keys == NULL
                  || script_run_with(app, options->keys, &filters, err))
              && app_draw(app, err)
              && app_dump(app, find_format(options, has_terminal), out, err);

    app_free(app);
    filter_host_release(&filters);
    return ok;
}

/* What the first of the inputs is called. */
static const char *
first_name(const struct options *options, char *const *paths)
{
    return options->list == NULL ? paths[0] : options->list->names[0];
}

/* Print the first screen. */
static bool
print_view(const struct options *options, char *const *paths, size_t path_count,
           const struct console *console, bool has_terminal, struct error *err)
{
    const struct input_traces_options input_options = {
        .aligns_inputs = options->aligns_inputs,
        .align_marker = options->align_marker,
        .list = options->list,
    };
    struct trace_model *model = NULL;
    struct buffer screen = {0};
    char title[LIVE_VIEW_TITLE_SIZE];
    bool ok;

    ok = input_traces_open(&model, paths, path_count, &input_options, console,
                           err)
         && draw(&screen, model,
                 live_view_title(title, sizeof title,
                                 first_name(options, paths), path_count),
                 options, has_terminal, err)
         && console_print(&screen, err);
    buffer_release(&screen);
    trace_model_close(model);
    return ok;
}

static bool
wants_live(const struct options *options)
{
    return options->has_tui
           || (!options->is_print && options->width == 0
               && options->dump == NULL && isatty(STDOUT_FILENO));
}

/* *status is that of a viewer that lost its terminal, else left alone. */
static bool
view(const struct options *options, char *const *paths, size_t path_count,
     const struct console *console, int *status, struct error *err)
{
    enum live_end end = LIVE_QUIT;
    char title[LIVE_VIEW_TITLE_SIZE];
    int signal = 0;

    if (!wants_live(options)) {
        return print_view(options, paths, path_count, console, true, err);
    }
    if (!live_view_run(options, paths, path_count,
                       live_view_title(title, sizeof title,
                                       first_name(options, paths), path_count),
                       console, &end, &signal, err)) {
        return false;
    }
    switch (end) {
    case LIVE_QUIT:
        break;
    case LIVE_SIGNALLED:
        launcher_signals_die_of(signal);
        *status = 128 + signal;
        break;
    case LIVE_LOST:
        *status = STATUS_FAILED;
        break;
    case LIVE_NO_TERMINAL:
        if (options->has_tui) {
            return error_add_context(err, "--tui");
        }
        return print_view(options, paths, path_count, console, false, err);
    }
    return true;
}

/* Of the inputs, or of the newest recording. */
static bool
view_inputs(const struct options *options, const struct console *console,
            int *status, struct error *err)
{
    char *newest = NULL;
    bool ok;

    if (options->input_count > 0) {
        return view(options, options->inputs, options->input_count, console,
                    status, err);
    }
    newest = recordings_newest(err);
    ok = newest != NULL && view(options, &newest, 1, console, status, err);
    free(newest);
    return ok;
}

int
view_command(const struct options *options, const struct console *console)
{
    struct options found = *options;
    struct input_list list = {0};
    struct error err = {0};
    int status = 0;
    bool ok = input_list_replace(&list, &found, &err)
              && view_inputs(&found, console, &status, &err);

    if (!ok) {
        struct console plain = *console;

        /* A terminal that nothing is known of may not know colours either. */
        plain.has_colour = console->has_colour && err.code != ERROR_UNSUPPORTED;
        console_error(&plain, "%s", err.message);
    }
    input_list_release(&list);
    if (ok) {
        return status;
    }
    return err.code == ERROR_USAGE ? STATUS_USAGE : STATUS_FAILED;
}
