// SPDX-License-Identifier: Apache-2.0
#include "cli/record_result.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/text.h"
#include "cli/child_process.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/recording_survey.h"
#include "cli/recordings.h"
#include "cli/trace_output.h"

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
    char size[TEXT_NUMBER_SIZE];

    console_note(console,
                 "%zu process%s recorded (%s); see it with: viztracer "
                 "view %s",
                 survey->file_count, survey->file_count == 1 ? "" : "es",
                 text_size(size, sizeof size, survey->size_bytes),
                 recording->path);
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
end_without_record(const struct options *options,
                   const struct recording *recording,
                   const struct console *console)
{
    remove_recording(recording, console);
    console_note(console, "nothing was recorded: no Python announced itself "
                          "(it was started with -I, -E or -S, or the program "
                          "is not Python)");
    if (options->output_path != NULL) {
        console_error(console, "%s was not written: there is no recording",
                      options->output_path);
        return false;
    }
    return true;
}

/* Make the only file of a recording the output, without copying it. False
 * when it must be copied. */
static bool
move_only_file(const char *output, const struct recording *recording)
{
    char *file = recording_survey_only_file(recording->path);
    struct stat status;
    bool ok = false;

    /* Anything but a plain file is written to, not replaced. */
    if (file != NULL
        && (lstat(output, &status) != 0 || S_ISREG(status.st_mode))) {
        ok = rename(file, output) == 0;
    }
    free(file);
    return ok;
}

static bool
write_output(const char *output, bool has_source,
             const struct recording_survey *survey,
             const struct recording *recording, const struct console *console)
{
    struct error err = {0};
    bool ok;

    ok = trace_output_is_trace(output) && survey->running_count == 0
         && move_only_file(output, recording);
    ok = ok
         || trace_output_write(output, &recording->path, 1, has_source, console,
                               &err);
    if (!ok) {
        console_error(console, "%s; the recording is kept in %s", err.message,
                      recording->path);
        return false;
    }
    trace_output_say(output, console);
    if (trace_output_is_partial(output)) {
        say_where(survey, recording, console);
    } else if (survey->running_count == 0) {
        remove_recording(recording, console);
    }
    return true;
}

bool
record_result(const struct options *options, const char *output,
              const struct recording *recording,
              const struct child_process *child, const struct console *console)
{
    struct recording_survey survey;
    struct error err = {0};
    bool was_found;

    if (!recording_survey_note_end(recording->path, child->pid,
                                   child->wait_status, &was_found, &err)
        || !recording_survey_make(&survey, recording->path, &err)) {
        console_error(console, "%s", err.message);
        return false;
    }
    if (survey.file_count == 0) {
        return end_without_record(options, recording, console);
    }
    say_reservations(&survey, recording, console);
    if (output != NULL) {
        return write_output(output, !options->has_no_source, &survey, recording,
                            console);
    }
    say_where(&survey, recording, console);
    return true;
}
