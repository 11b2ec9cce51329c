// SPDX-License-Identifier: Apache-2.0
/* The life of a recorder: its lock, its file, its end. */
#include "tracer/record/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/os.h"
#include "tracer/record/event_cost.h"
#include "tracer/record/record_text.h"
#include "tracer/record/recorder_state.h"
#include "tracer/record/stream_log.h"

enum {
    LIMIT_MIN = 1 << 20, /* below, staging alone would take all of it */
    CALIBRATION_NS = 200000,
};

/* How much more than the least duration, as the estimated rate of the clock
 * gives it in ticks, a call must last: the error of the estimate (200 us are
 * measured to less than 100 ns) and what the system corrects its own clock by
 * (at most 0.05 %). */
#define RATE_MARGIN 1.001

#define LIMIT_DEFAULT (UINT64_C(8) << 30)

/* Copy a text into the block of texts that a process definition points to. */
static struct text_span
keep_text(char **place, struct text_span text)
{
    struct text_span kept = {.data = *place, .size = text.size};

    if (text.size > 0) {
        memcpy(*place, text.data, text.size);
    }
    *place += text.size;
    return kept;
}

/* Whole arguments, as many as fit. */
static void
cut_arguments(struct process_definition *process, size_t size)
{
    struct text_span *arguments = &process->arguments;

    if (arguments->size <= size) {
        return;
    }
    while (size > 0 && arguments->data[size - 1] != '\0') {
        size--;
    }
    arguments->size = size;
    process->argument_count = 0;
    for (size_t i = 0; i < size; i++) {
        process->argument_count += arguments->data[i] == '\0';
    }
}

static bool
copy_process(struct recorder *recorder,
             const struct process_definition *process)
{
    struct process_definition *kept = &recorder->process;
    char *place;

    *kept = *process;
    cut_arguments(kept, VZT_STRING_SIZE_MAX);
    kept->executable = cut_text(kept->executable, PATH_MAX);
    kept->directory = cut_text(kept->directory, PATH_MAX);
    kept->name = cut_text(kept->name, PATH_MAX);
    kept->version = cut_text(kept->version, PATH_MAX);
    place = malloc(kept->arguments.size + kept->executable.size
                   + kept->directory.size + kept->name.size + kept->version.size
                   + 1);
    if (place == NULL) {
        return false;
    }
    recorder->process_texts = place;
    kept->arguments = keep_text(&place, kept->arguments);
    kept->executable = keep_text(&place, kept->executable);
    kept->directory = keep_text(&place, kept->directory);
    kept->name = keep_text(&place, kept->name);
    kept->version = keep_text(&place, kept->version);
    return true;
}

bool
recorder_new(struct recorder **out, const struct recorder_options *options,
             struct error *err)
{
    struct recorder *previous = recorder_installed();
    struct recorder *recorder = NULL;

    if (previous != NULL && recorder_is_recording(previous)) {
        return error_set(err, ERROR_USAGE,
                         "this process is already being recorded");
    }
    recorder = calloc(1, sizeof *recorder);
    if (recorder == NULL || !copy_process(recorder, &options->process)) {
        free(recorder);
        return error_set_no_memory(err);
    }
    if (!trace_output_init(&recorder->output, options->directory)) {
        free(recorder->process_texts);
        free(recorder);
        return error_set(err, ERROR_USAGE,
                         "%s: the name of the recording directory is too long",
                         options->directory);
    }
    (void)pthread_mutex_init(&recorder->lock, NULL);
    recorder->owner = getpid();
    recorder->clock = clock_best_kind();
    recorder->born = clock_read_pair(recorder->clock);
    recorder->event_cost_ticks = event_cost_measure(recorder->clock);
    recorder->limit_bytes = options->limit_bytes;
    recorder->has_one_process = options->has_one_process;
    recorder->call_limit = options->call_limit;
    recorder->min_duration_ns = options->min_duration_ns;
    recorder->memory_bytes = sizeof *recorder;
    recorder->previous = previous;
    if (!recorder_install(recorder)) {
        free(recorder->process_texts);
        free(recorder);
        return error_set(err, ERROR_NO_MEMORY,
                         "the system has no room for fork handlers");
    }
    *out = recorder;
    return true;
}

bool
recorder_enter(struct recorder *recorder, struct recorder_section *section)
{
    sigset_t signals;

    sigfillset(&signals);
    /* What a fault raises must reach the program's crash handlers. */
    sigdelset(&signals, SIGSEGV);
    sigdelset(&signals, SIGBUS);
    sigdelset(&signals, SIGILL);
    sigdelset(&signals, SIGFPE);
    sigdelset(&signals, SIGTRAP);
    (void)pthread_sigmask(SIG_BLOCK, &signals, &section->signals);
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE,
                                 &section->cancel_state);
    if (getpid() != recorder->owner) {
        recorder_become_child(recorder);
    }
    (void)pthread_mutex_lock(&recorder->lock);
    return !recorder->is_over;
}

void
recorder_leave(struct recorder *recorder,
               const struct recorder_section *section)
{
    (void)pthread_mutex_unlock(&recorder->lock);
    (void)pthread_setcancelstate(section->cancel_state, NULL);
    (void)pthread_sigmask(SIG_SETMASK, &section->signals, NULL);
}

void
recorder_account(struct recorder *recorder, int64_t change_bytes)
{
    recorder->memory_bytes += (uint64_t)change_bytes;
    if (recorder->is_open) {
        trace_output_status(&recorder->output)->memory_bytes =
            recorder_memory(recorder);
    }
}

static void
mark_end(struct recorder *recorder, enum vzt_state state)
{
    struct vzt_status *status = trace_output_status(&recorder->output);
    struct clock_pair now = clock_read_pair(recorder->clock);

    status->stop_tick = now.tick;
    status->stop_monotonic_ns = now.monotonic_ns;
    __atomic_store_n(&status->state, (uint32_t)state, __ATOMIC_RELEASE);
    trace_output_publish(&recorder->output);
}

bool
recorder_stop(struct recorder *recorder, enum vzt_stop_reason reason)
{
    struct trace_output *output = &recorder->output;

    if (recorder->is_over) {
        return false;
    }
    if (reason == VZT_STOP_NONE) {
        reason = output->failure != VZT_STOP_NONE ? output->failure
                                                  : VZT_STOP_INTERNAL;
    }
    if (recorder->is_open) {
        struct vzt_status *status = trace_output_status(output);

        status->stop_reason = reason;
        status->stop_errno = (uint32_t)output->failure_errno;
        mark_end(recorder, VZT_STATE_STOPPED);
    }
    __atomic_store_n(&recorder->is_over, true, __ATOMIC_RELEASE);
    return false;
}

/* The rate of the clock, from the recorder's birth to now: some microseconds
 * at least, which a process that starts recording at once must wait for. */
static uint64_t
calibrate(const struct recorder *recorder)
{
    const struct clock_pair *born = &recorder->born;
    struct clock_pair now;

    if (recorder->clock == CLOCK_MONOTONIC_NS) {
        return 1000000000;
    }
    do {
        now = clock_read_pair(recorder->clock);
    } while (now.monotonic_ns - born->monotonic_ns < CALIBRATION_NS);
    return (uint64_t)((double)(now.tick - born->tick) * 1e9
                      / (double)(now.monotonic_ns - born->monotonic_ns));
}

/* The least duration in ticks: what is that long is not shorter in
 * nanoseconds, which begin and end anywhere between two ticks. */
static uint64_t
find_minimum_ticks(const struct recorder *recorder)
{
    double ticks_per_ns = (double)recorder->ticks_per_second / 1e9;
    double ticks;

    if (recorder->clock == CLOCK_MONOTONIC_NS
        || recorder->min_duration_ns == 0) {
        return recorder->min_duration_ns;
    }
    ticks =
        ((double)recorder->min_duration_ns * RATE_MARGIN + 2) * ticks_per_ns;
    return ticks < 0x1p62 ? (uint64_t)ticks + 1 : UINT64_MAX;
}

static struct vzt_section_header
make_section_header(const struct recorder *recorder)
{
    struct clock_pair now = clock_read_pair(recorder->clock);
    struct vzt_section_header header = {
        .format_version = VZT_FORMAT_VERSION,
        .header_size = VZT_SECTION_HEADER_SIZE,
        .section_kind = VZT_SECTION_PROCESS,
        .clock_kind = recorder->clock,
        .section_id = os_random_u64(),
        .parent_section_id = recorder->parent_section_id,
        .pid_namespace = os_pid_namespace(),
        .process_start = os_process_start(recorder->owner),
        .pid = (uint32_t)recorder->owner,
        .ppid = (uint32_t)getppid(),
        .anchor_tick = now.tick,
        .anchor_monotonic_ns = now.monotonic_ns,
        .anchor_realtime_ns = clock_realtime_at(now.monotonic_ns),
        .ticks_per_second = recorder->ticks_per_second,
        .event_cost_ps = (uint64_t)(recorder->event_cost_ticks * 1e12
                                    / (double)recorder->ticks_per_second),
    };

    memcpy(header.magic, VZT_SECTION_MAGIC, sizeof header.magic);
    os_boot_id(header.boot_id);
    return header;
}

static uint64_t
choose_limit(const struct recorder *recorder)
{
    char directory[PATH_MAX];
    uint64_t half;

    if (recorder->limit_bytes > 0) {
        return recorder->limit_bytes > LIMIT_MIN ? recorder->limit_bytes
                                                 : LIMIT_MIN;
    }
    memcpy(directory, recorder->output.path, recorder->output.directory_size);
    directory[recorder->output.directory_size] = '\0';
    half = os_free_space(directory) / 2;
    return half > 0 && half < LIMIT_DEFAULT ? half : LIMIT_DEFAULT;
}

bool
recorder_open(struct recorder *recorder)
{
    struct vzt_section_header header;

    if (recorder->is_open || recorder->is_over) {
        return !recorder->is_over;
    }
    if (recorder->has_parent_file) {
        staging_pool_abandon(&recorder->pool);
        trace_output_abandon(&recorder->output);
        definition_log_abandon(&recorder->definitions);
        recorder->has_parent_file = false;
    }
    recorder->ticks_per_second = calibrate(recorder);
    recorder->minimum_ticks = find_minimum_ticks(recorder);
    header = make_section_header(recorder);
    if (!trace_output_create(&recorder->output, &header, choose_limit(recorder),
                             recorder->call_limit)) {
        return recorder_stop(recorder, VZT_STOP_NONE);
    }
    recorder->is_open = true;
    recorder_account(recorder, VZT_SECTION_HEADER_SIZE);
    if (recorder->is_before_exec) { /* nobody will be there to say so */
        trace_output_status(&recorder->output)->stop_reason = VZT_STOP_EXEC;
        mark_end(recorder, VZT_STATE_STOPPED);
    }
    return recorder_define_process(recorder);
}

/* Mismatched returns are counted where a block is replayed: do so in the last
 * ones of the calling thread. What may still be taken back is entries. */
static void
count_mismatched(struct recorder *recorder)
{
    uint64_t tick = clock_tick(recorder->clock);
    const struct stream_log *current;
    bool ok = true;

    if (thread_log_current == NULL
        || thread_log_current->recorder != recorder) {
        return;
    }
    current = stream_log_of(thread_log_current);
    for (struct stream_log *stream = recorder->live; ok && stream != NULL;
         stream = stream->next) {
        if (stream_log_home(stream) == stream_log_home(current)
            && stream->words != NULL) {
            ok = stream_log_catch_up(recorder, stream,
                                     stream_log_undecided(stream, tick).words);
        }
    }
}

/* With the lock held. With is_last, the calling thread takes nothing back any
 * more. */
static void
complete_file(struct recorder *recorder, bool is_last)
{
    bool ok = recorder->is_open;

    if (ok) {
        count_mismatched(recorder);
    }
    for (const struct stream_log *stream = recorder->live; ok && stream != NULL;
         stream = stream->next) {
        ok = stream_log_save_copy(
            recorder, stream, is_last && &stream->log == thread_log_current);
    }
    if (ok && recorder->definitions.staging.is_private) {
        (void)definition_log_flush(recorder);
    }
    if (ok) {
        trace_output_publish(&recorder->output);
    }
}

static void
flush(struct recorder *recorder, bool is_last)
{
    struct recorder_section section;

    if (recorder_enter(recorder, &section)) {
        complete_file(recorder, is_last);
    }
    recorder_leave(recorder, &section);
}

void
recorder_flush(struct recorder *recorder)
{
    flush(recorder, false);
}

/* The lock stays; signals of the program need not wait so long. */
void
recorder_flush_and_hold(struct recorder *recorder)
{
    struct recorder_section section;

    if (recorder_enter(recorder, &section)) {
        complete_file(recorder, false);
    }
    (void)pthread_setcancelstate(section.cancel_state, NULL);
    (void)pthread_sigmask(SIG_SETMASK, &section.signals, NULL);
}

void
recorder_let_go(struct recorder *recorder)
{
    (void)pthread_mutex_unlock(&recorder->lock);
}

void
recorder_finish(struct recorder *recorder)
{
    struct thread_log *log = thread_log_current;
    struct recorder_section section;

    flush(recorder, true);
    if (recorder_enter(recorder, &section) && recorder->is_open) {
        recorder_account(recorder, 0);
        staging_pool_finish(&recorder->pool, &recorder->output);
        trace_output_status(&recorder->output)->stop_reason = VZT_STOP_NONE;
        mark_end(recorder, VZT_STATE_ENDED);
        trace_output_close(&recorder->output);
        if (log != NULL && log == thread_log_current
            && log->recorder == recorder) {
            stream_log_use_sink(stream_log_of(log));
        }
    }
    recorder->is_finished = true;
    __atomic_store_n(&recorder->is_over, true, __ATOMIC_RELEASE);
    recorder_leave(recorder, &section);
}

void
recorder_leaving(struct recorder *recorder, enum vzt_stop_reason reason)
{
    struct recorder_section section;
    enum vzt_state state = VZT_STATE_RECORDING;

    if (reason != VZT_STOP_NONE) {
        state = reason == VZT_STOP_EXEC ? VZT_STATE_STOPPED : VZT_STATE_ENDED;
    }
    flush(recorder, reason != VZT_STOP_NONE);
    if (recorder_enter(recorder, &section) && recorder->is_open) {
        struct vzt_status *status = trace_output_status(&recorder->output);

        status->stop_reason = reason;
        mark_end(recorder, state);
    }
    recorder_leave(recorder, &section);
}

void
recorder_forks_to_exec(struct recorder *recorder, bool is_about_to)
{
    struct recorder_section section;

    (void)recorder_enter(recorder, &section);
    recorder->forks_to_exec = is_about_to;
    recorder_leave(recorder, &section);
}

void
recorder_count_unfollowed(struct recorder *recorder, int change)
{
    struct recorder_section section;

    if (recorder_enter(recorder, &section) && recorder_open(recorder)) {
        trace_output_status(&recorder->output)->unfollowed_children +=
            (uint64_t)(int64_t)change;
    }
    recorder_leave(recorder, &section);
}

const char *
recorder_path(const struct recorder *recorder)
{
    return recorder->is_open ? recorder->output.path : "";
}

bool
recorder_is_recording(const struct recorder *recorder)
{
    return !__atomic_load_n(&recorder->is_over, __ATOMIC_ACQUIRE);
}

uint32_t
recorder_generation(const struct recorder *recorder)
{
    return recorder->generation;
}

enum clock_kind
recorder_clock(const struct recorder *recorder)
{
    return recorder->clock;
}

void
recorder_note_tables(struct recorder *recorder, uint64_t bytes)
{
    __atomic_store_n(&recorder->table_bytes, bytes, __ATOMIC_RELAXED);
}

uint64_t
recorder_memory(const struct recorder *recorder)
{
    return recorder->memory_bytes + recorder->pool.memory_bytes
           + call_ring_memory(&recorder->output.call_ring)
           + __atomic_load_n(&recorder->table_bytes, __ATOMIC_RELAXED);
}
