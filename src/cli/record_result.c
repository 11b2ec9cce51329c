// SPDX-License-Identifier: Apache-2.0
#include "cli/record_result.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/child_process.h"
#include "cli/console.h"
#include "cli/empty_recording.h"
#include "cli/options.h"
#include "cli/output_names.h"
#include "cli/progress_bar.h"
#include "cli/recording_survey.h"
#include "cli/recordings.h"
#include "cli/trace_output.h"
#include "cli/unseen_processes.h"

/* What is not as it should be with the recording itself. */
static void
say_reservations(const struct recording_survey *survey,
                 const struct recording *recording,
                 const struct console *console)
{
    char number[TEXT_NUMBER_SIZE];

    if (survey->dropped_calls > 0) {
        console_note(
            console, "the limit was reached: the oldest %s calls were given up",
            text_grouped(number, sizeof number, survey->dropped_calls));
    }
    if (survey->stopped_count > 0) {
        console_note(console,
                     "recording ended early in %zu of %zu processes; the "
                     "recording says why",
                     survey->stopped_count, survey->file_count);
    }
    if (survey->unfollowed_children > 0) {
        console_note(
            console,
            "%s child process%s in Python %s not recorded: started with -I, -E "
            "or -S, or without the environment of the program",
            text_grouped(number, sizeof number, survey->unfollowed_children),
            survey->unfollowed_children == 1 ? "" : "es",
            survey->unfollowed_children == 1 ? "was" : "were");
    }
    if (survey->no_extension_count > 0) {
        console_note(console,
                     "%zu process%s %s recorded in Python, which is slow: "
                     "viztracer was built without an extension for %s",
                     survey->no_extension_count,
                     survey->no_extension_count == 1 ? "" : "es",
                     survey->no_extension_count == 1 ? "was" : "were",
                     survey->no_extension_count == 1 ? "its interpreter"
                                                     : "their interpreter");
    }
    if (survey->running_count > 0) {
        console_note(
            console,
            "%zu process%s of the program %s still running; the "
            "recording goes on in %s",
            survey->running_count, survey->running_count == 1 ? "" : "es",
            survey->running_count == 1 ? "is" : "are", recording->path);
    }
}

static void
say_where(const struct recording_survey *survey,
          const struct recording *recording, const struct console *console)
{
    char *word = output_name_quoted(recording->path);
    char size[TEXT_NUMBER_SIZE];

    console_note(console,
                 "%zu process%s recorded (%s); see it with: viztracer "
                 "view %s",
                 survey->file_count, survey->file_count == 1 ? "" : "es",
                 text_size(size, sizeof size, survey->size_bytes),
                 word != NULL ? word : recording->path);
    free(word);
}

static void
remove_recording(const struct recording *recording,
                 const struct console *console)
{
    struct error err = {0};

    if (!recording_remove(recording, &err)) {
        console_note(console, "%s", err.message);
    }
}

/* False when something was to be written. */
static bool
end_without_record(const struct record_result *result,
                   const struct recording_survey *survey)
{
    if (survey->running_count > 0) {
        say_reservations(survey, result->recording, result->console);
    } else {
        remove_recording(result->recording, result->console);
        console_note(result->console,
                     "nothing was recorded: no Python announced itself "
                     "(it failed before the first line of the program, was "
                     "started with -I, -E or -S or without its environment, is "
                     "not Python 3.6 or later, or another viztracer recorded "
                     "it)");
    }
    if (result->is_output_asked_for) {
        console_error(result->console,
                      "%s was not written: there is no recording",
                      result->output);
        return false;
    }
    return true;
}

/* The permissions of a new file. */
static mode_t
usual_mode(void)
{
    mode_t mask = umask(077);

    (void)umask(mask);
    return 0666 & ~mask;
}

/* See that the file is on the disk. */
static bool
sync_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) {
        (void)close(fd);
    }
    return ok;
}

/* Make the only file of a recording the output, without copying it, and with
 * the permissions that a copy would have. False when it must be copied. */
static bool
move_only_file(const char *output, const struct recording *recording)
{
    char *file = recording_survey_only_file(recording->path);
    struct stat status;
    bool exists = lstat(output, &status) == 0;
    bool ok = false;

    /* Anything but a plain file is written to, not replaced. */
    if (file != NULL
        && (!exists
            || (S_ISREG(status.st_mode) && access(output, W_OK) == 0))) {
        ok = chmod(file, exists ? status.st_mode & 0777 : usual_mode()) == 0
             && sync_file(file) && rename(file, output) == 0;
    }
    free(file);
    return ok;
}

/* notes: where to say what is to be said of the recording. */
static bool
write_one(const struct record_result *result, const struct trace_output *output,
          const struct console *notes, struct error *err)
{
    struct progress_bar bar;

    progress_bar_begin(&bar, result->console);
    if (!trace_output_write(output, &bar, notes, err)) {
        return false;
    }
    trace_output_say(output, result->console);
    return true;
}

/* The page beside an output, which repeats no notes. */
static bool
write_flame_graph(const struct record_result *result,
                  const struct trace_output *output, struct error *err)
{
    struct console no_notes = *result->console;
    struct trace_output page = *output;
    char *path = output_name_flame_graph(output->path);
    bool ok;

    if (path == NULL) {
        return error_set_no_memory(err);
    }
    no_notes.is_quiet = true;
    page.path = path;
    page.opens_flame_graph = true;
    ok = output_format_of_path(&page.format, path, err)
         && write_one(result, &page, &no_notes, err);
    free(path);
    return ok;
}

/* An output and what belongs to it. */
static bool
write_output(const struct record_result *result,
             const struct trace_output *output, bool may_move,
             struct error *err)
{
    if (result->options->saves_flame_graph
        && !write_flame_graph(result, output, err)) {
        return false;
    }
    if (may_move && output_format_is_trace(&output->format)
        && !output->format.is_gzip
        && move_only_file(output->path, result->recording)) {
        trace_output_say(output, result->console);
        return true;
    }
    return write_one(result, output, result->console, err);
}

static bool
write_whole(const struct record_result *result,
            const struct recording_survey *survey, struct error *err)
{
    const struct trace_output output = {
        .path = result->output,
        .format = result->format,
        .inputs = &result->recording->path,
        .input_count = 1,
        .has_source = !result->options->has_no_source,
    };

    return write_output(result, &output, survey->running_count == 0, err);
}

static bool
write_process(const struct record_result *result, uint32_t pid,
              struct error *err)
{
    char *path = output_name_of_process(result->output, pid);
    const struct trace_output output = {
        .path = path,
        .format = result->format,
        .inputs = &result->recording->path,
        .input_count = 1,
        .has_source = !result->options->has_no_source,
        .only_pid = pid,
    };
    bool ok = path != NULL ? write_output(result, &output, false, err)
                           : error_set_no_memory(err);

    free(path);
    return ok;
}

/* One output for each process id. *is_whole: nothing is in none of them. */
static bool
write_each(const struct record_result *result, bool *is_whole,
           struct error *err)
{
    struct recorded_pids pids;
    bool ok = recording_survey_pids(&pids, result->recording->path, err);

    for (size_t i = 0; ok && i < pids.count; i++) {
        ok = write_process(result, pids.items[i], err);
    }
    if (ok && pids.unreadable_count > 0) {
        console_note(result->console,
                     "%zu files of the recording do not say of which process "
                     "they are; they are in no output",
                     pids.unreadable_count);
        *is_whole = false;
    }
    recorded_pids_release(&pids);
    return ok;
}

static bool
write_all(struct record_result *result, const struct recording_survey *survey)
{
    struct error err = {0};
    bool is_whole =
        survey->running_count == 0 && !trace_output_is_partial(&result->format);
    bool ok = result->options->has_pid_suffix
                  ? write_each(result, &is_whole, &err)
                  : write_whole(result, survey, &err);

    if (!ok) {
        console_error(result->console, "%s; the recording is kept in %s",
                      err.message, result->recording->path);
        return false;
    }
    result->is_recording_spare = is_whole;
    if (!is_whole && survey->running_count == 0) {
        say_where(survey, result->recording, result->console);
    }
    return true;
}

/* Which processes there are, those without a file included. */
static bool
survey_all(struct recording_survey *survey, const struct record_result *result,
           struct error *err)
{
    const char *folder = result->recording->path;
    struct recorded_pids seen = {0};
    bool ok = recording_survey_make(survey, folder, err)
              && recording_survey_pids(&seen, folder, err);

    if (ok && !result->options->ignores_multiprocess) {
        survey->running_count += unseen_processes_count(folder, &seen);
    }
    recorded_pids_release(&seen);
    return ok;
}

bool
record_result_make(struct record_result *result,
                   const struct child_process *child)
{
    const char *folder = result->recording->path;
    struct recording_survey survey;
    struct error err = {0};
    bool was_found;

    if (!recording_survey_note_end(folder, child->pid, child->wait_status,
                                   &was_found, &err)
        || !survey_all(&survey, result, &err)) {
        console_error(result->console, "%s", err.message);
        return false;
    }
    if (survey.file_count == 0) {
        return end_without_record(result, &survey);
    }
    result->is_there = true;
    say_reservations(&survey, result->recording, result->console);
    empty_recording_explain(result->options, folder, result->console);
    if (result->output != NULL) {
        return write_all(result, &survey);
    }
    say_where(&survey, result->recording, result->console);
    return true;
}

void
record_result_finish(const struct record_result *result)
{
    if (result->is_recording_spare) {
        remove_recording(result->recording, result->console);
    }
}
