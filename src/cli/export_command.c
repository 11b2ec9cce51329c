// SPDX-License-Identifier: Apache-2.0
#include "cli/export_command.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/console.h"
#include "cli/filtered_trace.h"
#include "cli/folders.h"
#include "cli/input_list.h"
#include "cli/input_traces.h"
#include "cli/launcher_signals.h"
#include "cli/live_view.h"
#include "cli/options.h"
#include "cli/output_names.h"
#include "cli/progress_bar.h"
#include "cli/scope_query.h"
#include "cli/trace_output.h"
#include "export/exporter.h"
#include "model/trace_model.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* What is written when no option names it; the caller frees. */
static char *
default_name(const struct options *options, struct error *err)
{
    const char *chosen = trace_output_default(false);
    struct output_format format;
    char *name = NULL;

    if (options->format != NULL) {
        if (!trace_output_find_format(&format, "", options->format, err)) {
            return NULL;
        }
        format.is_gzip = format.is_gzip || options->compresses;
        name = output_name_of_format("result", &format);
    } else {
        name = strdup(options->opens_flame_graph ? "result_flamegraph.html"
                      : chosen == NULL           ? "result.json"
                                                 : chosen);
    }
    if (name == NULL) {
        (void)error_set_no_memory(err);
    }
    return name;
}

static bool
is_standard_output(const struct options *options)
{
    return options->output_path != NULL
           && strcmp(options->output_path, "-") == 0;
}

/* Where the output goes; the caller frees. */
static char *
choose_path(const struct options *options, struct error *err)
{
    char *name;
    char *path;

    if (is_standard_output(options)) {
        path = strdup("/dev/stdout");
    } else if (options->output_path != NULL) {
        path = output_name_in(options->output_folder, options->output_path);
    } else {
        name = default_name(options, err);
        if (name == NULL) {
            return NULL;
        }
        path = output_name_in(options->output_folder, name);
        free(name);
    }
    if (path == NULL) {
        (void)error_set_no_memory(err);
    }
    return path;
}

static bool
is_terminal(const char *path)
{
    struct stat status;
    int fd;
    bool result;

    if (strcmp(path, "/dev/stdout") == 0) {
        return isatty(STDOUT_FILENO);
    }
    if (stat(path, &status) != 0 || !S_ISCHR(status.st_mode)) {
        return false;
    }
    fd = open(path, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    result = fd >= 0 && isatty(fd);
    if (fd >= 0) {
        (void)close(fd);
    }
    return result;
}

/* See that the output has a format, which goes with everything else. */
static bool
choose_format(const struct options *options, struct trace_output *output,
              struct error *err)
{
    if (is_standard_output(options) && options->format == NULL) {
        return error_set(err, ERROR_USAGE,
                         "-o - needs a format, such as --format json");
    }
    if (!trace_output_find_format(&output->format, output->path,
                                  options->format, err)) {
        return false;
    }
    if (options->compresses) {
        if (!output_format_is_trace(&output->format)) {
            return error_set(err, ERROR_USAGE,
                             "--compress is for .vzt; another format is "
                             "compressed by a name that ends in .gz");
        }
        output->format.is_gzip = true;
    }
    if (output_format_is_binary(&output->format) && is_terminal(output->path)) {
        return error_set(err, ERROR_USAGE,
                         "a terminal is no place for %s%s, which is no text: "
                         "redirect the output, or name a file",
                         output_format_suffix(&output->format),
                         output->format.is_gzip ? ".gz" : "");
    }
    return !options->opens_flame_graph
           || exporter_check_flame_graph(&output->format, output->path, err);
}

/* A descriptor of what is kept of the inputs, or -1. */
static int
cut_inputs(const struct options *options, const struct trace_part *part,
           struct progress_bar *bar, const struct console *console,
           struct error *err)
{
    const struct input_traces_options input_options = {
        .progress = progress_bar_of(bar, "reading"),
        .aligns_inputs = options->aligns_inputs,
        .align_marker = options->align_marker,
        .list = options->list,
    };
    struct trace_model *model = NULL;
    uint64_t call_count = 0;
    bool ok = input_traces_load(&model, options->inputs, options->input_count,
                                &input_options, err);
    int fd;

    progress_bar_hide(bar);
    if (!ok) {
        return -1;
    }
    input_traces_say_notes(model, console);
    fd = filtered_trace_cut(model, part, progress_bar_of(bar, "cutting"),
                            &call_count, err);
    progress_bar_hide(bar);
    if (fd >= 0 && call_count == 0
        && trace_model_summary(model).call_count > 0) {
        console_note(console, "no call matches: the output has none");
    }
    trace_model_close(model);
    return fd;
}

/* Write what is kept of the inputs. */
static bool
write_part(const struct options *options, struct trace_output *output,
           const struct trace_part *part, struct progress_bar *bar,
           const struct console *console, struct error *err)
{
    char text[FILTERED_PATH_SIZE];
    char *path = text;
    int fd = cut_inputs(options, part, bar, console, err);
    bool ok;

    if (fd < 0) {
        return false;
    }
    (void)filtered_trace_path(fd, text);
    output->inputs = &path;
    output->input_count = 1;
    output->aligns_inputs = false;
    output->list = NULL;
    ok = trace_output_write(output, bar, console, err);
    (void)close(fd);
    return ok;
}

static bool
write_output(const struct options *options, struct trace_output *output,
             const char *query, const struct console *console,
             struct error *err)
{
    const struct trace_part part = {
        .query = query,
        .has_no_source = options->has_no_source,
        .has_no_args = options->has_no_args,
    };
    struct launcher_signals signals;
    struct progress_bar bar = {0};
    bool ok;

    /* Held, so that being interrupted leaves no half of an output behind. */
    launcher_signals_hold_ends(&signals);
    if (!is_standard_output(options) && !is_terminal(output->path)) {
        progress_bar_begin(&bar, console); /* else somebody shows the output */
    }
    /* Exporters leave source out, a trace is written as it is. */
    ok = query[0] != '\0' || part.has_no_args
                 || (part.has_no_source
                     && output_format_is_trace(&output->format))
             ? write_part(options, output, &part, &bar, console, err)
             : trace_output_write(output, &bar, console, err);
    if (ok && !is_standard_output(options)) {
        trace_output_say(output, console);
    }
    launcher_signals_release(&signals);
    return ok;
}

/* The viewer cannot read a page: then it shows what that was made of. */
static bool
open_viewer(const struct options *options, const struct trace_output *output,
            char *output_path, const struct console *console, struct error *err)
{
    bool is_page =
        trace_output_is_partial(&output->format) || is_standard_output(options);
    char *const *paths = is_page ? options->inputs : &output_path;
    size_t count = is_page ? options->input_count : 1;
    struct options shown = *options;
    char title[LIVE_VIEW_TITLE_SIZE];
    enum live_end end = LIVE_QUIT;
    int signal = 0;

    shown.list = is_page ? options->list : NULL;
    if (!live_is_possible(err)) {
        console_note(console, "--open shows nothing: %s", err->message);
        return true;
    }
    if (!live_view_run(&shown, paths, count,
                       live_view_title(title, sizeof title, output_path, 1),
                       console, &end, &signal, err)) {
        return false;
    }
    if (signal != 0) {
        launcher_signals_die_of(signal);
    }
    return true;
}

/* Everything that is wrong with the command line shows before any work. */
static bool
prepare(const struct options *options, struct trace_output *output,
        char **query, struct error *err)
{
    *query = scope_query_make(options, err);
    return *query != NULL && choose_format(options, output, err);
}

/* The words of the command line become files. */
static bool
take_inputs(struct input_list *list, struct options *options,
            struct trace_output *output, struct error *err)
{
    if (!input_list_replace(list, options, err)) {
        return false;
    }
    output->inputs = options->inputs;
    output->input_count = options->input_count;
    output->list = options->list;
    return true;
}

int
export_command(const struct options *options, const struct console *console)
{
    struct options found = *options;
    struct input_list list = {0};
    struct error err = {0};
    char *path = choose_path(options, &err);
    char *query = NULL;
    struct trace_output output = {
        .path = path,
        .has_source = !options->has_no_source,
        .aligns_inputs = options->aligns_inputs,
        .align_marker = options->align_marker,
        .opens_flame_graph = options->opens_flame_graph,
    };
    int status = STATUS_USAGE;

    if (path != NULL && prepare(options, &output, &query, &err)) {
        status =
            take_inputs(&list, &found, &output, &err)
                    && (is_standard_output(options)
                        || folders_make_parent(path, &err))
                    && write_output(&found, &output, query, console, &err)
                    && (!options->opens_viewer
                        || open_viewer(&found, &output, path, console, &err))
                ? 0
            : err.code == ERROR_USAGE ? STATUS_USAGE
                                      : STATUS_FAILED;
    }
    if (status != 0) {
        console_error(console, "%s", err.message);
    }
    free(query);
    input_list_release(&list);
    free(path);
    return err.code == ERROR_NO_MEMORY ? STATUS_FAILED : status;
}
