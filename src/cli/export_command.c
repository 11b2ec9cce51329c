// SPDX-License-Identifier: Apache-2.0
#include "cli/export_command.h"

#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/console.h"
#include "cli/filtered_trace.h"
#include "cli/folders.h"
#include "cli/input_traces.h"
#include "cli/launcher_signals.h"
#include "cli/live_view.h"
#include "cli/options.h"
#include "cli/output_names.h"
#include "cli/trace_output.h"
#include "export/exporter.h"
#include "model/trace_model.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* What is written when no option names it. */
static const char *
default_name(const struct options *options)
{
    const char *chosen = trace_output_default(false);

    if (options->opens_flame_graph) {
        return "result_flamegraph.html";
    }
    return chosen == NULL ? "result.json" : chosen;
}

/* The caller frees; NULL when a name of the options is wrong (*status). */
static char *
choose_output(const struct options *options, int *status, struct error *err)
{
    char *path =
        output_name_in(options->output_folder, options->output_path == NULL
                                                   ? default_name(options)
                                                   : options->output_path);

    *status = STATUS_FAILED;
    if (path == NULL) {
        (void)error_set_no_memory(err);
        return NULL;
    }
    if (options->opens_flame_graph ? !exporter_check_flame_graph(path, err)
                                   : !trace_output_check(path, err)) {
        *status = STATUS_USAGE;
    } else if (folders_make_parent(path, err)) {
        return path;
    }
    free(path);
    return NULL;
}

static bool
go_on_unless_signalled(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return !launcher_signals_want_end();
}

/* Write what the scope leaves of the inputs. */
static bool
write_part(const struct options *options, struct trace_output *output,
           const struct console *console, struct error *err)
{
    const struct input_traces_options input_options = {
        .progress = {.report = go_on_unless_signalled},
        .aligns_inputs = options->aligns_inputs,
    };
    struct trace_model *model = NULL;
    char text[FILTERED_PATH_SIZE];
    char *path = text;
    bool ok;
    int fd;

    if (!input_traces_open(&model, options->inputs, options->input_count,
                           &input_options, console, err)) {
        return false;
    }
    fd = filtered_trace_cut(model, options->scope, input_options.progress, err);
    trace_model_close(model);
    if (fd < 0) {
        return error_add_context(err, "--scope");
    }
    (void)filtered_trace_path(fd, text);
    output->inputs = &path;
    output->input_count = 1;
    output->aligns_inputs = false;
    ok = trace_output_write(output, console, err);
    (void)close(fd);
    return ok;
}

static bool
write_output(const struct options *options, const char *path,
             const struct console *console, struct error *err)
{
    struct trace_output output = {
        .path = path,
        .inputs = options->inputs,
        .input_count = options->input_count,
        .has_source = !options->has_no_source,
        .aligns_inputs = options->aligns_inputs,
        .opens_flame_graph = options->opens_flame_graph,
    };
    struct launcher_signals signals;
    bool ok;

    /* Held, so that being interrupted leaves no half of an output behind. */
    launcher_signals_hold(&signals);
    ok = options->scope != NULL && options->scope[0] != '\0'
             ? write_part(options, &output, console, err)
             : trace_output_write(&output, console, err);
    if (ok) {
        trace_output_say(path, console);
    }
    launcher_signals_release(&signals);
    return ok;
}

/* The viewer cannot read a page: then it shows what that was made of. */
static bool
open_viewer(const struct options *options, char *output,
            const struct console *console, struct error *err)
{
    bool is_page = trace_output_is_partial(output);
    char *const *paths = is_page ? options->inputs : &output;
    size_t count = is_page ? options->input_count : 1;
    char title[LIVE_VIEW_TITLE_SIZE];
    enum live_end end = LIVE_QUIT;
    int signal = 0;

    if (!live_is_possible(err)) {
        console_note(console, "--open shows nothing: %s", err->message);
        return true;
    }
    if (!live_view_run(options, paths, count,
                       live_view_title(title, sizeof title, output, 1), &end,
                       &signal, err)) {
        return false;
    }
    if (signal != 0) {
        launcher_signals_die_of(signal);
    }
    return true;
}

int
export_command(const struct options *options, const struct console *console)
{
    struct error err = {0};
    int status = 0;
    char *path = choose_output(options, &status, &err);

    if (path != NULL) {
        status = write_output(options, path, console, &err)
                         && (!options->opens_viewer
                             || open_viewer(options, path, console, &err))
                     ? 0
                     : STATUS_FAILED;
    }
    if (status != 0) {
        console_error(console, "%s", err.message);
    }
    free(path);
    return status;
}
