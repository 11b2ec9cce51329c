// SPDX-License-Identifier: Apache-2.0
#include "cli/record_command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/child_environment.h"
#include "cli/child_process.h"
#include "cli/console.h"
#include "cli/folders.h"
#include "cli/install_paths.h"
#include "cli/interpreter.h"
#include "cli/launcher_signals.h"
#include "cli/live_view.h"
#include "cli/options.h"
#include "cli/output_names.h"
#include "cli/program.h"
#include "cli/record_result.h"
#include "cli/recording_survey.h"
#include "cli/recordings.h"
#include "cli/trace_output.h"
#include "export/exporter.h"

enum {
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,
    STATUS_NOT_EXECUTABLE = 126,
    STATUS_NOT_FOUND = 127,
};

/* All that one run holds. */
struct run {
    const struct options *options;
    char *output; /* what to write in the end; NULL = nothing; owned */
    struct output_format format; /* of the output */
    const struct console *console;
    struct interpreter interpreter;
    struct error interpreter_error;
    struct program program;
    struct install_paths paths;
    struct recording recording;
    char **environment;
    struct launcher_signals signals;
    struct child_process child;
};

/* An output that the recording becomes as it is. */
static bool
is_plain_trace(const struct output_format *format)
{
    return output_format_is_trace(format) && !format->is_gzip;
}

/* Make the directory to record into: beside an output that is a trace, so that
 * it becomes the output by a mere rename, else where recordings are kept. */
static bool
make_recording(struct run *run, struct error *err)
{
    const char *output = run->output;
    struct error reason = {0};

    if (output != NULL) {
        bool is_ready = folders_make_parent(output, &reason);

        if (is_ready && is_plain_trace(&run->format)
            && recording_make_beside(&run->recording, output, run->console,
                                     &reason)) {
            return true;
        }
        if (reason.code != ERROR_NONE) {
            console_note(run->console, "%s; the recording is kept elsewhere",
                         reason.message);
        }
    }
    return recording_make(&run->recording, run->program.name, run->console,
                          err);
}

/* A path that is not there is filtered by all the same: it may be made. */
static void
check_files(const struct run *run, const struct option_list *files)
{
    for (size_t i = 0; i < files->count; i++) {
        if (access(files->items[i], F_OK) != 0 && errno == ENOENT) {
            console_note(run->console, "%s is not there yet, but is in --%s",
                         files->items[i],
                         files == &run->options->include_files
                             ? "include_files"
                             : "exclude_files");
        }
    }
}

/* Rather before a long run than after it. */
static void
check_terminal(const struct run *run)
{
    struct error err = {0};

    if ((run->options->has_tui || run->options->opens_viewer)
        && !live_is_possible(&err)) {
        console_note(run->console, "--%s will show nothing: %s",
                     run->options->has_tui ? "tui" : "open", err.message);
    }
}

/* Whether an option asks for an output; the viewer alone is enough. */
static bool
is_output_asked_for(const struct options *options)
{
    return options->output_path != NULL || options->has_unique_output
           || options->output_folder != NULL || options->has_pid_suffix
           || options->saves_flame_graph || options->format != NULL;
}

/* What the output is called, before its folder; NULL = there is none. A name
 * that is made, of the format, is the caller's, in *made. */
static const char *
find_name(const struct options *options, const struct output_format *format,
          char **made)
{
    const char *name;
    char *stem;
    struct tm local = {0};
    time_t now = time(NULL);

    if (options->output_path != NULL) {
        return options->output_path;
    }
    if (options->has_unique_output) {
        (void)localtime_r(&now, &local);
        stem = output_name_unique(options, &local, getpid());
        *made = stem == NULL ? NULL : output_name_of_format(stem, format);
        free(stem);
        return *made;
    }
    if (options->format != NULL) {
        *made = output_name_of_format("result", format);
        return *made;
    }
    if (options->has_tui && !is_output_asked_for(options)) {
        return NULL;
    }
    name = trace_output_default(options->has_pid_suffix);
    return name == NULL && is_output_asked_for(options) ? "result.json" : name;
}

static bool
check_output(struct run *run, struct error *err)
{
    struct output_format page_format;
    char *page;
    bool ok;

    if (run->options->output_path != NULL
        && strcmp(run->options->output_path, "-") == 0) {
        return error_set(err, ERROR_USAGE,
                         "-o -: standard output is the program's; write a "
                         "file, and export that");
    }
    if (!trace_output_find_format(&run->format, run->output,
                                  run->options->format, err)) {
        return run->options->output_path == NULL
               && error_add_context(err, "VIZTRACER_OUTPUT_FILE");
    }
    if (run->options->has_pid_suffix && output_format_is_trace(&run->format)) {
        return error_set(err, ERROR_USAGE,
                         "--pid_suffix writes .json or .html: a .vzt file of "
                         "one process does not hold what that inherited by a "
                         "fork");
    }
    if (!run->options->saves_flame_graph) {
        return true;
    }
    page = output_name_flame_graph(run->output);
    ok = page != NULL
             ? output_format_of_path(&page_format, page, err)
                   && exporter_check_flame_graph(&page_format, page, err)
             : error_set_no_memory(err);
    free(page);
    return ok;
}

static bool
choose_output(struct run *run, struct error *err)
{
    struct output_format format;
    char *made = NULL;
    const char *name;

    if (!trace_output_find_format(&format, "a.json", run->options->format,
                                  err)) {
        return false;
    }
    name = find_name(run->options, &format, &made);
    if (name != NULL) {
        run->output = output_name_in(run->options->output_folder, name);
    }
    free(made);
    if (name == NULL
        && (run->options->has_unique_output || run->options->format != NULL)) {
        return error_set_no_memory(err);
    }
    if (name != NULL && run->output == NULL) {
        return error_set_no_memory(err);
    }
    return run->output == NULL || check_output(run, err);
}

static bool
prepare(struct run *run, int *status, struct error *err)
{
    bool has_interpreter =
        interpreter_find(&run->interpreter, &run->interpreter_error);

    check_terminal(run);
    check_files(run, &run->options->include_files);
    check_files(run, &run->options->exclude_files);
    if (!choose_output(run, err)) {
        *status = STATUS_USAGE;
        return false;
    }
    return program_resolve(&run->program, run->options,
                           has_interpreter ? &run->interpreter : NULL,
                           &run->interpreter_error, status, err)
           && install_paths_find(&run->paths, err) && make_recording(run, err)
           && child_environment_make(&run->environment, environ,
                                     run->paths.bootstrap_folder,
                                     run->recording.path, run->options, err);
}

/* Say why the program could not be started; nothing was recorded. */
static int
report_no_start(const struct run *run)
{
    int reason = run->child.exec_errno;

    (void)recording_remove(&run->recording, NULL);
    if (reason == ENOENT && access(run->program.path, F_OK) == 0) {
        console_error(run->console,
                      "cannot run %s: the interpreter in its first line does "
                      "not exist",
                      run->program.path);
    } else {
        console_error(run->console, "cannot run %s: %s", run->program.path,
                      strerrordesc_np(reason));
    }
    return reason == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
}

/* What the program's end makes of ours. */
static int
end_as(const struct run *run, bool is_output_ok)
{
    int wait_status = run->child.wait_status;

    if (WIFSIGNALED(wait_status)) {
        launcher_signals_die_of(WTERMSIG(wait_status));
        return 128 + WTERMSIG(wait_status);
    }
    if (WEXITSTATUS(wait_status) != 0) {
        return WEXITSTATUS(wait_status);
    }
    return is_output_ok ? 0 : STATUS_FAILED;
}

/* Show a recording in the viewer. The signal that ended that, or 0. */
static int
show(const struct run *run, char *path)
{
    struct error err = {0};
    enum live_end end = LIVE_QUIT;
    const char *name = run->output != NULL ? run->output : path;
    char title[LIVE_VIEW_TITLE_SIZE];
    int signal = 0;

    if (!live_view_run(run->options, &path, 1,
                       live_view_title(title, sizeof title, name, 1),
                       run->console, &end, &signal, &err)) {
        console_error(run->console, "%s", err.message);
    }
    return signal;
}

/* The viewer before anything is written. */
static int
show_recording(const struct run *run)
{
    struct error err = {0};
    struct recording_survey survey;
    bool was_found;

    /* The viewer says how the program ended, so that is noted first; what
     * fails here fails again, and is said, when the result is written. */
    if (!recording_survey_note_end(run->recording.path, run->child.pid,
                                   run->child.wait_status, &was_found, &err)
        || !recording_survey_make(&survey, run->recording.path, &err)
        || survey.file_count == 0) {
        return 0;
    }
    return show(run, run->recording.path);
}

/* The viewer on what was written, which may have been moved there. */
static int
show_result(const struct run *run, const struct record_result *result)
{
    bool is_moved = run->output != NULL && output_format_is_trace(&run->format);

    if (!result->is_there || !live_is_possible(NULL)) {
        return 0; /* that there is no terminal was said before */
    }
    return show(run, is_moved ? run->output : run->recording.path);
}

/* The program has ended: what becomes of its recording, and of us. */
static int
finish(struct run *run)
{
    struct record_result result = {
        .options = run->options,
        .output = run->output,
        .format = run->format,
        .is_output_asked_for = is_output_asked_for(run->options),
        .recording = &run->recording,
        .console = run->console,
    };
    int signal = 0;
    bool is_output_ok;

    recording_survey_await_helpers(run->recording.path);
    recording_survey_give_back_room(run->recording.path);
    launcher_signals_discard(&run->signals);
    if (run->options->has_tui) {
        launcher_signals_release(&run->signals);
        signal = show_recording(run);
        launcher_signals_hold(&run->signals);
    }
    is_output_ok = record_result_make(&result, &run->child);
    if (run->options->opens_viewer && !run->options->has_tui && is_output_ok) {
        launcher_signals_release(&run->signals);
        signal = show_result(run, &result);
        launcher_signals_hold(&run->signals);
    }
    record_result_finish(&result);
    if (signal != 0) {
        launcher_signals_die_of(signal);
    }
    return end_as(run, is_output_ok);
}

static int
run_program(struct run *run)
{
    struct error err = {0};
    int status;

    launcher_signals_hold(&run->signals);
    if (!child_process_run(&run->child, run->program.path,
                           run->program.arguments, run->environment,
                           &run->signals, &err)) {
        console_error(run->console, "%s", err.message);
        (void)recording_remove(&run->recording, NULL);
        status = STATUS_FAILED;
    } else if (run->child.exec_errno != 0) {
        status = report_no_start(run);
    } else {
        status = finish(run);
    }
    launcher_signals_release(&run->signals);
    return status;
}

int
record_command(const struct options *options, const struct console *console)
{
    struct run run = {
        .options = options,
        .console = console,
        .recording = RECORDING_NONE,
    };
    struct error err = {0};
    int status;

    if (prepare(&run, &status, &err)) {
        status = run_program(&run);
    } else {
        console_error(console, "%s", err.message);
    }
    free(run.output);
    child_environment_free(run.environment);
    recording_release(&run.recording);
    install_paths_release(&run.paths);
    program_release(&run.program);
    interpreter_release(&run.interpreter);
    return status;
}
