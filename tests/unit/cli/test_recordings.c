// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/console.h"
#include "cli/recordings.h"
#include "recorded_file.h"
#include "support/temporary_folder.h"

static char *folder;
static struct console console;

static void
set_up(void)
{
    folder = temporary_folder_make();
    (void)setenv("VIZTRACER_DIR", folder, 1);
    (void)setenv("TMPDIR", folder, 1);
    console = (struct console){.stream = stderr, .is_quiet = true};
}

static void
tear_down(void)
{
    temporary_folder_remove(folder);
}

TestSuite(recordings, .init = set_up, .fini = tear_down);

static struct recording
make(const char *program)
{
    struct recording recording;
    struct error err = {0};

    cr_assert(recording_make(&recording, program, &console, &err), "%s",
              err.message);
    return recording;
}

/* Make a kept recording as an earlier run left it, this many seconds ago. */
static char *
make_old(unsigned age_s, const struct recorded_file *file)
{
    struct timespec times[2] = {{.tv_sec = 1000000 - age_s},
                                {.tv_sec = 1000000 - age_s}};
    char name[64];
    char *path;

    (void)snprintf(name, sizeof name, "app-20200101-000000-%u", age_s);
    path = temporary_folder_file(folder, name);
    cr_assert(eq(int, mkdir(path, 0700), 0));
    recorded_file_write(path, "p.vzt", file);
    cr_assert(eq(int, utimensat(AT_FDCWD, path, times, 0), 0));
    return path;
}

static bool
exists(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0;
}

Test(recordings, are_private_and_named_after_the_program)
{
    struct recording recording = make("shop");
    struct stat status;

    cr_assert(eq(int, strncmp(strrchr(recording.path, '/'), "/shop-20", 8), 0));
    cr_assert(eq(int, stat(recording.path, &status), 0));
    cr_assert(eq(u32, status.st_mode & 07777, 0700));
    recording_release(&recording);
}

Test(recordings, keep_the_newest_ones)
{
    const struct recorded_file gone = {.pid = 0, .state = VZT_STATE_ENDED};
    char *paths[14];
    struct recording recording;

    for (unsigned i = 0; i < 14; i++) {
        paths[i] = make_old(i, &gone);
    }
    recording = make("app");
    for (unsigned i = 0; i < 14; i++) {
        cr_expect(eq(int, exists(paths[i]), i < RECORDINGS_KEPT - 1),
                  "recording %u", i);
        free(paths[i]);
    }
    recording_release(&recording);
}

Test(recordings, stay_while_a_process_of_theirs_runs)
{
    const struct recorded_file gone = {.pid = 0, .state = VZT_STATE_ENDED};
    const struct recorded_file living = {.pid = getpid(),
                                         .state = VZT_STATE_RECORDING};
    char *oldest = make_old(99, &living);
    struct recording recording;

    for (unsigned i = 0; i < 12; i++) {
        free(make_old(i, &gone));
    }
    recording = make("app");
    cr_assert(exists(oldest));
    recording_release(&recording);
    free(oldest);
}

Test(recordings, stay_while_their_launcher_runs)
{
    const struct recorded_file gone = {.pid = 0, .state = VZT_STATE_ENDED};
    struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 1}};
    struct recording first = make("app");
    struct recording second;

    cr_assert(eq(int, utimensat(AT_FDCWD, first.path, times, 0), 0));
    for (unsigned i = 0; i < 12; i++) {
        free(make_old(i, &gone));
    }
    second = make("other");
    cr_assert(exists(first.path));
    recording_release(&second);
    recording_release(&first);
}

Test(recordings, are_never_removed_with_what_is_not_theirs)
{
    const struct recorded_file gone = {.pid = 0, .state = VZT_STATE_ENDED};
    char *mine = temporary_folder_file(folder, "precious");
    char *old = make_old(99, &gone);
    char *notes = temporary_folder_file(old, "notes.txt");
    struct recording recording;

    cr_assert(eq(int, mkdir(mine, 0700), 0));
    cr_assert(eq(int, close(open(notes, O_CREAT | O_WRONLY, 0600)), 0));
    for (unsigned i = 0; i < 12; i++) {
        free(make_old(i, &gone));
    }
    recording = make("app");
    cr_assert(exists(notes));
    cr_assert(exists(mine));
    recording_release(&recording);
    free(notes);
    free(old);
    free(mine);
}

Test(recordings, go_to_the_temporary_folder_when_there_is_no_other)
{
    char *blocked = temporary_folder_file(folder, "file");
    struct recording recording;
    struct error err = {0};
    char *newest;

    cr_assert(eq(int, close(open(blocked, O_CREAT | O_WRONLY, 0600)), 0));
    (void)setenv("VIZTRACER_DIR", blocked, 1);
    recording = make("app");
    cr_assert(strstr(recording.path, "/viztracer-") != NULL);
    newest = recordings_newest(&err);
    cr_assert(eq(str, newest, recording.path));
    free(newest);
    recording_release(&recording);
    free(blocked);
}

Test(recordings, refuse_a_temporary_folder_that_others_may_write_to)
{
    char *blocked = temporary_folder_file(folder, "file");
    char name[64];
    char *shared;
    struct recording recording;
    struct error err = {0};

    (void)snprintf(name, sizeof name, "viztracer-%u", getuid());
    shared = temporary_folder_file(folder, name);
    cr_assert(eq(int, mkdir(shared, 0700), 0));
    cr_assert(eq(int, chmod(shared, 0777), 0));
    cr_assert(eq(int, close(open(blocked, O_CREAT | O_WRONLY, 0600)), 0));
    (void)setenv("VIZTRACER_DIR", blocked, 1);
    cr_assert(not(recording_make(&recording, "app", &console, &err)));
    free(shared);
    free(blocked);
}

Test(recordings, move_an_old_directory_beside_an_output_aside)
{
    char *output = temporary_folder_file(folder, "x.vzt");
    char *aside = temporary_folder_file(folder, "x.vzt.d~2");
    struct recording first;
    struct recording second;
    struct recording third;
    struct error err = {0};

    cr_assert(recording_make_beside(&first, output, &console, &err));
    cr_assert(recording_make_beside(&second, output, &console, &err));
    cr_assert(recording_make_beside(&third, output, &console, &err));
    cr_assert(eq(str, first.path, third.path));
    cr_assert(exists(aside));
    recording_release(&first);
    recording_release(&second);
    recording_release(&third);
    free(aside);
    free(output);
}

Test(recordings, say_when_there_is_none)
{
    struct error err = {0};

    cr_assert(recordings_newest(&err) == NULL);
    cr_assert(strstr(err.message, "no recording yet") != NULL);
}
