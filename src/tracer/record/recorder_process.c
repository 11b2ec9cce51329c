// SPDX-License-Identifier: Apache-2.0
/*
 * Forks and the ends of threads. The only file-scope state of the recorder
 * besides thread_log_current stands here: handlers of the system get no
 * argument, so the recorder that they serve must be found by a pointer.
 */
#include "tracer/record/recorder_state.h"

#include <errno.h>
#include <unistd.h>

#include "tracer/record/stream_log.h"

/* The recorder of this process. Written once per recorder_new. */
static struct recorder *installed;
/* Its value in a thread is not NULL while the thread has a log. */
static pthread_key_t thread_key;
static pthread_once_t handlers_once = PTHREAD_ONCE_INIT;
static int handlers_error; /* what installing them gave; 0 = success */

struct recorder *
recorder_installed(void)
{
    return __atomic_load_n(&installed, __ATOMIC_ACQUIRE);
}

/* The calling thread's log in this recorder, or NULL. */
static struct stream_log *
current_stream(const struct recorder *recorder)
{
    struct thread_log *log = thread_log_current;

    return log != NULL && log->recorder == recorder ? stream_log_of(log) : NULL;
}

static void
end_thread(void *value)
{
    struct thread_log *log = thread_log_current;
    struct recorder_section section;

    (void)value;
    if (log == NULL) {
        return;
    }
    (void)recorder_enter(log->recorder, &section);
    if (thread_log_current == log) { /* not in a child of a raw clone */
        thread_log_current = NULL;
        recorder_end_thread(log->recorder, stream_log_of(log));
    }
    recorder_leave(log->recorder, &section);
}

/* Replay all that there is for the child; the parent then goes back to what is
 * decided. All behind that are entries, which only added to the stack. */
static void
look_ahead(struct recorder *recorder, struct stream_log *stream)
{
    struct undecided_words undecided =
        stream_log_undecided(stream, clock_tick(recorder->clock));

    if (stream_log_catch_up(recorder, stream, undecided.words)) {
        recorder->fork_mark = (struct stream_mark){
            .stream = stream,
            .floor = stream->log.floor,
            .replayed = stream->replayed,
            .depth = stream->stack.depth,
            .replay = stream->replay,
        };
        (void)stream_log_catch_up(recorder, stream, stream->log.cursor);
    }
}

static void
go_back(const struct stream_mark *mark)
{
    if (mark->stream != NULL) {
        mark->stream->log.floor = mark->floor;
        mark->stream->replayed = mark->replayed;
        mark->stream->stack.depth = mark->depth;
        mark->stream->replay = mark->replay;
    }
}

/* No other thread is inside the recorder while the process is copied, and the
 * stack of the thread that forks is as of now. */
static void
before_fork(void)
{
    struct recorder *recorder = recorder_installed();
    struct recorder_section section;
    struct stream_log *stream;

    if (recorder == NULL) {
        return;
    }
    (void)recorder_enter(recorder, &section);
    recorder->fork_section = section;
    recorder->fork_mark = (struct stream_mark){0};
    stream = current_stream(recorder);
    if (!recorder->is_over && stream != NULL && stream->words != NULL) {
        look_ahead(recorder, stream);
    }
}

static void
after_fork_in_parent(void)
{
    struct recorder *recorder = recorder_installed();

    if (recorder != NULL) {
        struct recorder_section section = recorder->fork_section;

        go_back(&recorder->fork_mark);
        recorder_leave(recorder, &section);
    }
}

static void
after_fork_in_child(void)
{
    struct recorder *recorder = recorder_installed();

    if (recorder != NULL) {
        struct recorder_section section = recorder->fork_section;

        recorder_become_child(recorder);
        (void)pthread_sigmask(SIG_SETMASK, &section.signals, NULL);
        (void)pthread_setcancelstate(section.cancel_state, NULL);
    }
}

/* The stack of a thread that went on in a child. A fork handler has brought it
 * up to date before, while the words were still there for sure; in the child
 * of a raw clone they are the best there is. */
static void
close_stack(struct stream_log *stream)
{
    if (stream->words == NULL
        || !call_stack_replay(
            &stream->stack, &stream->replay, stream->replayed,
            (size_t)(stream->log.cursor - stream->replayed))) {
        stream->stack.depth = 0; /* what came since is not known */
    }
}

/* Which calls the child's first block will list: those of the thread that
 * forked. In a child that recorded nothing yet they still are its parent's. */
static void
keep_open_calls(struct recorder *recorder)
{
    struct inherited_calls *inherited = &recorder->inherited;
    struct stream_log *stream = current_stream(recorder);

    if (stream != NULL && recorder->is_open) {
        close_stack(stream);
        stream_log_unlink(stream);
        inherited->stream = stream;
    } else if (inherited->stream != NULL
               && !pthread_equal(inherited->thread, pthread_self())) {
        stream_log_link(&recorder->idle, inherited->stream);
        inherited->stream = NULL;
    }
    inherited->thread = pthread_self();
    inherited->fork_tick = clock_tick(recorder->clock);
    if (stream != NULL) {
        inherited->fork_tick += stream->tick_shift;
    }
}

void
recorder_become_child(struct recorder *recorder)
{
    (void)pthread_mutex_init(&recorder->lock, NULL);
    recorder->owner = getpid();
    recorder->generation++;
    keep_open_calls(recorder);
    while (recorder->live != NULL) {
        struct stream_log *stream = recorder->live;

        stream_log_unlink(stream);
        stream_log_link(&recorder->idle, stream);
    }
    thread_log_current = NULL;
    recorder->branch_count = 0;
    recorder->is_before_exec = recorder->forks_to_exec;
    recorder->forks_to_exec = false;
    recorder->last_stream = 0;
    recorder->last_string = 0;
    if (recorder->is_open) {
        recorder->parent_section_id = recorder->output.header->section_id;
        recorder->has_parent_file = true;
        recorder->is_open = false;
    }
    if (!recorder->is_finished) {
        __atomic_store_n(&recorder->is_over, recorder->has_one_process,
                         __ATOMIC_RELEASE);
    }
}

/* One more fork lies between a call and the section that names it. */
static struct vzt_open_call
inherited_call(struct vzt_open_call call, uint64_t fork_tick)
{
    if (call.flags & VZT_OPEN_INHERITED) {
        call.flags += 1u << VZT_OPEN_ANCESTOR_SHIFT;
    } else {
        call.flags |= VZT_OPEN_INHERITED;
    }
    call.start_tick = fork_tick;
    return call;
}

bool
recorder_inherit_calls(struct recorder *recorder, struct stream_log *stream)
{
    struct inherited_calls *inherited = &recorder->inherited;
    struct stream_log *parent = inherited->stream;
    bool ok;

    if (parent == NULL || !pthread_equal(inherited->thread, pthread_self())) {
        return true;
    }
    stream->tick_shift = parent->tick_shift;
    stream->log.depth = parent->log.depth;
    stream->log.hidden_count = parent->log.hidden_count;
    ok = call_stack_assign(&stream->stack, parent->stack.calls,
                           parent->stack.depth);
    for (size_t i = 0; i < stream->stack.depth; i++) {
        stream->stack.calls[i] =
            inherited_call(stream->stack.calls[i], inherited->fork_tick);
    }
    inherited->stream = NULL;
    stream_log_link(&recorder->idle, parent);
    return ok;
}

static void
install_handlers(void)
{
    handlers_error = pthread_key_create(&thread_key, end_thread);
    if (handlers_error == 0) {
        handlers_error = pthread_atfork(before_fork, after_fork_in_parent,
                                        after_fork_in_child);
    }
}

bool
recorder_install(struct recorder *recorder)
{
    (void)pthread_once(&handlers_once, install_handlers);
    if (handlers_error != 0) {
        return false;
    }
    __atomic_store_n(&installed, recorder, __ATOMIC_RELEASE);
    return true;
}

bool
recorder_watch_thread(struct recorder *recorder)
{
    return pthread_setspecific(thread_key, recorder) == 0;
}
