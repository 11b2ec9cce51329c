// SPDX-License-Identifier: Apache-2.0
/* Several stacks of calls in one thread: a stream for each greenlet. */
#include "tracer/record/recorder.h"

#include "tracer/record/recorder_state.h"
#include "tracer/record/stream_log.h"

enum { UNPARKED_BRANCHES = 256 };

static void
forget_branch(struct recorder *recorder, struct stream_log *stream)
{
    stream_log_end(recorder, stream);
    recorder->branch_count--;
}

void
recorder_end_thread(struct recorder *recorder, struct stream_log *stream)
{
    struct stream_log *home = stream->home != NULL ? stream->home : stream;
    struct stream_log *next = NULL;

    for (struct stream_log *at = recorder->live; at != NULL; at = next) {
        next = at->next;
        if (at->home == home) {
            forget_branch(recorder, at);
        }
    }
    stream_log_end(recorder, home);
}

struct thread_log *
recorder_branch(struct recorder *recorder, struct text_span name)
{
    struct thread_log *log = thread_log_current;
    struct stream_log *branch = NULL;
    struct recorder_section section;

    if (recorder_enter(recorder, &section) && log != NULL
        && log == thread_log_current && log->recorder == recorder) {
        struct stream_log *stream = stream_log_of(log);

        branch = stream_log_new(recorder);
        if (branch == NULL) {
            (void)recorder_stop(recorder, VZT_STOP_NO_MEMORY);
        } else {
            branch->home = stream->home != NULL ? stream->home : stream;
            branch->is_parked = true;
            branch->tick_shift = stream->tick_shift;
            recorder->branch_count++;
            (void)stream_log_name(recorder, branch, name);
        }
    }
    recorder_leave(recorder, &section);
    return branch != NULL ? &branch->log : NULL;
}

uint32_t
recorder_log_number(const struct thread_log *log)
{
    return ((const struct stream_log *)log)->id;
}

void
recorder_switch(struct recorder *recorder, struct thread_log *to)
{
    struct thread_log *log = thread_log_current;
    struct recorder_section section;

    if (!recorder_enter(recorder, &section) || log != thread_log_current) {
        recorder_leave(recorder, &section);
        return; /* stopped, or a child of a raw clone */
    }
    if (recorder->branch_count > UNPARKED_BRANCHES
        && stream_log_of(log)->home != NULL) {
        (void)stream_log_park(recorder, stream_log_of(log));
    }
    if (stream_log_of(to)->is_parked) {
        stream_log_of(to)->is_parked = false;
        (void)stream_log_begin(recorder, stream_log_of(to));
    }
    thread_log_current = to;
    recorder_leave(recorder, &section);
}

void
recorder_end_branch(struct recorder *recorder, struct thread_log *branch)
{
    struct recorder_section section;

    if (recorder_enter(recorder, &section)
        && stream_log_of(branch)->home != NULL
        && branch != thread_log_current) {
        forget_branch(recorder, stream_log_of(branch));
    }
    recorder_leave(recorder, &section);
}
