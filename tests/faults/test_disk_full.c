// SPDX-License-Identifier: Apache-2.0
/* A disk without room: recording stops and says so, the program goes on. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { EVENTS = 200000, DEPTH_MAX = 100, FUNCTIONS = 20 };

/* The program: its own work must not notice. */
static void
run_program(const char *folder)
{
    struct recorder *recorder = recording_start(folder, UINT64_C(1) << 30);
    struct thread_log *log = recorder_thread(recorder, span("main"));
    struct call_walk walk;

    call_walk_init(&walk, 2, DEPTH_MAX, FUNCTIONS);
    for (int i = 0; i < EVENTS; i++) {
        uint64_t tag = call_walk_next(&walk);

        if (log != NULL) {
            thread_log_put(log, tag);
        }
    }
    _exit(walk.entries > 0 && !recorder_is_recording(recorder) ? 0 : 1);
}

/* What a full disk of this size leaves. */
static void
check_disk(unsigned kilobytes)
{
    char *folder = temporary_folder_make();
    char options[64];
    int status = -1;
    pid_t child;

    (void)snprintf(options, sizeof options, "size=%uk", kilobytes);
    cr_assert(zero(int, mount("tmpfs", folder, "tmpfs", 0, options)));
    child = fork();
    if (child == 0) {
        run_program(folder);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(zero(int, status), "%u kB", kilobytes);
    if (recording_file_count(folder) > 0) {
        struct trace_file *file = recording_read_only_file(folder);
        const struct trace_section *section = trace_file_section(file, 0);

        cr_assert(eq(u32, section->status.state, VZT_STATE_STOPPED));
        cr_assert(eq(u32, section->status.stop_reason, VZT_STOP_DISK_FULL));
        cr_assert(eq(u32, section->status.stop_errno, ENOSPC));
        cr_assert(ne(u64, section->status.stop_tick, 0));
        if (section->stream_count > 0) {
            struct call_walk walk;
            uint64_t count;

            call_walk_init(&walk, 2, DEPTH_MAX, FUNCTIONS);
            count =
                recording_follow(file, section, &section->streams[0], &walk);
            call_walk_release(&walk);
            cr_assert(ge(u64, count * 8 + 4096, kilobytes * 1024 / 8),
                      "%u kB: %ju events", kilobytes, (uintmax_t)count);
            cr_assert(
                ge(u64, count + section->status.lost_events, EVENTS - 64));
            cr_assert(le(u64, count + section->status.lost_events, EVENTS));
        }
        trace_file_close(file);
    }
    cr_assert(zero(int, umount(folder)));
    temporary_folder_remove(folder);
}

Test(disk_full, stops_recording_and_not_the_program)
{
    if (geteuid() != 0) {
        cr_skip("needs root to mount a small tmpfs");
    }
    for (unsigned kilobytes = 4; kilobytes <= 1024;
         kilobytes += kilobytes < 80 ? 4 : 100) {
        check_disk(kilobytes);
    }
}
