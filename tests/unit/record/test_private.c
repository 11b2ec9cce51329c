// SPDX-License-Identifier: Apache-2.0
/* File systems where allocated blocks do not stay so: os_preallocation_holds
 * says no here, so that nothing may be mapped. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "support/call_walk.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { DEPTH_MAX = 100, FUNCTIONS = 20 };

bool __wrap_os_preallocation_holds(int fd);

bool
__wrap_os_preallocation_holds(int fd)
{
    (void)fd;
    return false;
}

static uint64_t
count_in_file(const char *folder, uint32_t *state, uint32_t *flags)
{
    struct trace_file *file = recording_read_only_file(folder);
    const struct trace_section *section = trace_file_section(file, 0);
    struct call_walk walk;
    uint64_t count = 0;

    *state = section->status.state;
    *flags = section->status.flags;
    call_walk_init(&walk, 2, DEPTH_MAX, FUNCTIONS);
    if (section->stream_count > 0) {
        count = recording_follow(file, section, &section->streams[0], &walk);
        cr_assert(trace_section_function(section, FUNCTIONS) != NULL);
    }
    call_walk_release(&walk);
    trace_file_close(file);
    return count;
}

Test(private_staging, gets_to_the_file_at_flushes_and_at_the_end)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *log = recording_thread(recorder);
    struct call_walk walk;
    uint64_t made = 0;
    uint32_t state;
    uint32_t flags;

    recording_define(recorder, FUNCTIONS);
    call_walk_init(&walk, 2, DEPTH_MAX, FUNCTIONS);
    for (int i = 0; i < 20; i++) {
        recording_walk(log, &walk, 3333);
        made += 3333;
        recorder_flush(recorder); /* as save() does */
        cr_assert(eq(u64, count_in_file(folder, &state, &flags), made));
        cr_assert(eq(u32, state, VZT_STATE_RECORDING));
        cr_assert(eq(u32, flags, VZT_STATUS_PRIVATE_STAGING));
    }
    recording_walk(log, &walk, 100000);
    cr_assert(ge(u64, count_in_file(folder, &state, &flags),
                 made + 100000 - 65536 / 8));
    recorder_finish(recorder);
    cr_assert(eq(u64, count_in_file(folder, &state, &flags), made + 100000));
    cr_assert(eq(u32, state, VZT_STATE_ENDED));
    call_walk_release(&walk);
    temporary_folder_remove(folder);
}
