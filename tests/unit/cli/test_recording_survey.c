// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/recording_survey.h"
#include "recorded_file.h"
#include "support/temporary_folder.h"

static char *folder;

static void
set_up(void)
{
    folder = temporary_folder_make();
}

static void
tear_down(void)
{
    temporary_folder_remove(folder);
}

TestSuite(recording_survey, .init = set_up, .fini = tear_down);

/* The pid of a process that has ended and was waited for. */
static pid_t
gone_pid(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        _exit(0);
    }
    (void)waitpid(pid, NULL, 0);
    return pid;
}

static struct recording_survey
survey(void)
{
    struct recording_survey result;
    struct error err = {0};

    cr_assert(recording_survey_make(&result, folder, &err), "%s", err.message);
    return result;
}

static void
write_garbage(const char *name)
{
    char *path = temporary_folder_file(folder, name);
    FILE *file = fopen(path, "w");

    (void)fputs("not a trace", file);
    (void)fclose(file);
    free(path);
}

Test(recording_survey, counts_only_recording_processes_that_live)
{
    const struct recorded_file living = {.pid = getpid(),
                                         .state = VZT_STATE_RECORDING};
    const struct recorded_file ended = {.pid = getpid(),
                                        .state = VZT_STATE_ENDED};
    const struct recorded_file killed = {.pid = gone_pid(),
                                         .state = VZT_STATE_RECORDING};

    recorded_file_write(folder, "a.vzt", &living);
    recorded_file_write(folder, "b.vzt", &ended);
    recorded_file_write(folder, "c.vzt", &killed);
    recorded_file_write(folder, "not.a-trace", &living);
    cr_assert(eq(sz, survey().file_count, 3));
    cr_assert(eq(sz, survey().running_count, 1));
    cr_assert(gt(u64, survey().size_bytes, 3 * 4096 - 1));
}

Test(recording_survey, counts_what_was_lost_and_bears_garbage)
{
    const struct recorded_file full = {.pid = gone_pid(),
                                       .state = VZT_STATE_STOPPED,
                                       .stop_reason = VZT_STOP_DISK_FULL,
                                       .dropped_calls = 5};
    const struct recorded_file execed = {.pid = gone_pid(),
                                         .state = VZT_STATE_STOPPED,
                                         .stop_reason = VZT_STOP_EXEC};

    recorded_file_write(folder, "a.vzt", &full);
    recorded_file_write(folder, "b.vzt", &execed);
    write_garbage("c.vzt");
    cr_assert(eq(sz, survey().file_count, 3));
    cr_assert(eq(sz, survey().stopped_count, 1));
    cr_assert(eq(u64, survey().dropped_calls, 5));
}

Test(recording_survey, notes_the_end_in_the_program_that_began_last)
{
    const struct recorded_file first = {.pid = 77, .anchor_monotonic_ns = 10};
    const struct recorded_file second = {.pid = 77, .anchor_monotonic_ns = 20};
    const struct recorded_file other = {.pid = 78, .anchor_monotonic_ns = 30};
    struct error err = {0};
    bool was_found = false;

    recorded_file_write(folder, "1.vzt", &second);
    recorded_file_write(folder, "2.vzt", &first);
    recorded_file_write(folder, "3.vzt", &other);
    cr_assert(recording_survey_note_end(folder, 77, SIGKILL, &was_found, &err));
    cr_assert(was_found);
    cr_assert(eq(u32, recorded_file_status(folder, "1.vzt").exit_kind,
                 VZT_EXIT_SIGNAL));
    cr_assert(
        eq(i32, recorded_file_status(folder, "1.vzt").exit_value, SIGKILL));
    cr_assert(eq(u32, recorded_file_status(folder, "2.vzt").exit_kind,
                 VZT_EXIT_UNKNOWN));
    cr_assert(eq(u32, recorded_file_status(folder, "3.vzt").exit_kind,
                 VZT_EXIT_UNKNOWN));
    cr_assert(recording_survey_note_end(folder, 78, 3 << 8, &was_found, &err));
    cr_assert(eq(u32, recorded_file_status(folder, "3.vzt").exit_kind,
                 VZT_EXIT_STATUS));
    cr_assert(eq(i32, recorded_file_status(folder, "3.vzt").exit_value, 3));
}

Test(recording_survey, says_when_the_program_recorded_nothing)
{
    struct error err = {0};
    bool was_found = true;

    cr_assert(recording_survey_note_end(folder, 77, 0, &was_found, &err));
    cr_assert(not(was_found));
}

Test(recording_survey, finds_the_file_of_a_single_process)
{
    const struct recorded_file one = {.pid = 1};
    char *expected = temporary_folder_file(folder, "a.vzt");
    char *found;

    cr_assert(recording_survey_only_file(folder) == NULL);
    recorded_file_write(folder, "a.vzt", &one);
    found = recording_survey_only_file(folder);
    cr_assert(eq(str, found, expected));
    recorded_file_write(folder, "b.vzt", &one);
    cr_assert(recording_survey_only_file(folder) == NULL);
    free(found);
    free(expected);
}

Test(recording_survey, lists_each_pid_once)
{
    static const int pids[] = {30, 10, 30, 20, 10};
    static const uint32_t expected[] = {10, 20, 30};
    struct recorded_pids found;
    struct error err = {0};

    for (unsigned i = 0; i < 5; i++) {
        const struct recorded_file file = {.pid = pids[i],
                                           .state = VZT_STATE_ENDED};
        char name[16];

        (void)snprintf(name, sizeof name, "%u.vzt", i);
        recorded_file_write(folder, name, &file);
    }
    write_garbage("x.vzt");
    cr_assert(recording_survey_pids(&found, folder, &err), "%s", err.message);
    cr_assert(eq(sz, found.count, 3));
    for (size_t i = 0; i < 3; i++) {
        cr_expect(eq(u32, found.items[i], expected[i]));
    }
    cr_assert(eq(sz, found.unreadable_count, 1));
    recorded_pids_release(&found);
}
