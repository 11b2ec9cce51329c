// SPDX-License-Identifier: Apache-2.0
/* What the trace says that recording it took. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "format/event.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/event_cost.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { EVENTS = 400000 };

/* Ticks for so many events, all in all. */
static uint64_t
put_events(struct thread_log *log)
{
    uint64_t before = clock_tick(log->clock);

    for (int i = 0; i < EVENTS / 2; i++) {
        thread_log_put(log, event_tag(EVENT_CALL, 1));
        thread_log_put(log, event_tag(EVENT_RETURN, 1));
    }
    return clock_tick(log->clock) - before;
}

Test(event_cost, is_known_for_each_clock)
{
    cr_assert(gt(dbl, event_cost_measure(clock_best_kind()), 0));
    cr_assert(gt(dbl, event_cost_measure(CLOCK_MONOTONIC_NS), 0));
    cr_assert(zero(ptr, thread_log_current));
}

/* The stated cost is the least of some runs: events that come one after
 * another do not take less, but for the lookup that this loop leaves out. */
Test(event_cost, and_what_writing_took_stand_in_the_trace)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *log = recording_thread(recorder);
    uint64_t ticks = put_events(log);
    struct trace_file *file;
    const struct trace_section *section;
    double ps_per_tick;

    recorder_finish(recorder);
    file = recording_read_only_file(folder);
    section = trace_file_section(file, 0);
    ps_per_tick = 1e12 / (double)section->header.ticks_per_second;
    cr_assert(ge(u64, section->header.event_cost_ps, 100));
    cr_assert(le(dbl, (double)section->header.event_cost_ps,
                 2 * ps_per_tick * (double)ticks / EVENTS));
    cr_assert(gt(sz, section->block_count, 10));
    cr_assert(gt(u64, section->status.flush_ticks, 0));
    cr_assert(lt(u64, section->status.flush_ticks, ticks));
    trace_file_close(file);
    temporary_folder_remove(folder);
}
