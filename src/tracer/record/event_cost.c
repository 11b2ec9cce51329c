// SPDX-License-Identifier: Apache-2.0
#include "tracer/record/event_cost.h"

#include "tracer/record/function_table.h"
#include "tracer/record/stream_log.h"

enum {
    BATCH_CALLS = 64,
    BATCH_COUNT = 6,
    ROOM_WORDS = 64, /* what a slow path may want */
    FUNCTION_ID = 1,
    ENOUGH_NS = 50000, /* where the clock is slow, one batch does */
};

/* A log that is nobody's. Its staging has a header, as one that records: what
 * is put goes to the words here. */
struct scratch {
    struct stream_log stream;
    struct vzt_chunk_header header;
    uint64_t words[2 * BATCH_CALLS + ROOM_WORDS];
};

static void
begin_batch(struct scratch *scratch, enum clock_kind clock)
{
    scratch->stream.log = (struct thread_log){
        .cursor = scratch->words,
        .limit = scratch->words + sizeof scratch->words / 8,
        .floor = scratch->words,
        .last_tick = clock_tick(clock),
        .clock = clock,
    };
    scratch->stream.staging.header = &scratch->header;
}

/* False when the log's slow path might look for a recorder, of which there is
 * none: the counter stepped back, or we were put aside for seconds. */
static inline bool
put(struct thread_log *log, uint64_t tag)
{
    if (thread_log_try_put(log, tag)) {
        return true;
    }
    if (log->clock != CLOCK_MONOTONIC_NS
        || log->limit - log->cursor < ROOM_WORDS / 2) {
        return false;
    }
    thread_log_put_slowly(log, tag);
    return true;
}

static inline bool
put_event(struct thread_log *log, const struct function_table *functions,
          enum event_kind kind)
{
    return put(log, function_tag(kind, function_table_find(functions, log)));
}

/* The ticks that a batch took; 0 when it was spoiled. */
static uint64_t
time_batch(struct thread_log *log, const struct function_table *functions)
{
    uint64_t before = clock_tick(log->clock);
    uint64_t after;

    for (int i = 0; i < BATCH_CALLS; i++) {
        if (!put_event(log, functions, EVENT_CALL)
            || !put_event(log, functions, EVENT_RETURN)) {
            return 0;
        }
    }
    after = clock_tick(log->clock);
    return after > before ? after - before : 0;
}

double
event_cost_measure(enum clock_kind clock)
{
    struct scratch scratch = {.header = {0}};
    struct thread_log *log = &scratch.stream.log;
    struct function_table *functions = NULL;
    uint64_t start_ns = clock_monotonic_ns();
    uint64_t least = UINT64_MAX;

    if (!function_table_new(&functions, 1)) {
        return 0;
    }
    if (function_table_set(functions, log,
                           function_facts(FUNCTION_ID, 0, NULL))) {
        bool is_quick = true;

        for (int i = 0; i < BATCH_COUNT && is_quick; i++) {
            uint64_t ticks;

            begin_batch(&scratch, clock);
            ticks = time_batch(log, functions);
            least = ticks > 0 && ticks < least ? ticks : least;
            is_quick = clock_monotonic_ns() - start_ns < ENOUGH_NS;
        }
    }
    function_table_free(functions);
    return least == UINT64_MAX ? 0 : (double)least / (2 * BATCH_CALLS);
}
