// SPDX-License-Identifier: Apache-2.0
#include "cli/record_result.h"

#include "base/error.h"
#include "base/text.h"
#include "cli/child_process.h"
#include "cli/console.h"
#include "cli/recording_survey.h"
#include "cli/recordings.h"

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
say_nothing_recorded(const struct recording *recording,
                     const struct console *console)
{
    struct error err = {0};

    console_note(console, "nothing was recorded: no Python announced itself "
                          "(it was started with -I, -E or -S, or the program "
                          "is not Python)");
    if (!recording_remove(recording, &err)) {
        console_note(console, "%s", err.message);
    }
}

bool
record_result(const struct recording *recording,
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
        say_nothing_recorded(recording, console);
        return true;
    }
    say_reservations(&survey, recording, console);
    say_where(&survey, recording, console);
    return true;
}
