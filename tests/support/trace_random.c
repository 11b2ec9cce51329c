// SPDX-License-Identifier: Apache-2.0
#include "support/trace_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/event.h"
#include "support/random.h"
#include "support/trace_builder.h"

enum { START_NS = 1000000000, NAMES = 5, FLOW_IDS = 20 };

/* One thread while it is made. */
struct walk {
    struct trace_builder *builder;
    struct trace_oracle *oracle;
    const struct trace_random_options *options;
    struct random random;
    uint32_t index;   /* of the thread */
    uint32_t stream;  /* its handle */
    uint64_t time_ns; /* as written */
    uint64_t seen_ns; /* as it must be seen */
    bool was_zero_step;
    size_t *open; /* indices of calls, outermost first */
    size_t depth;
    size_t calls_left;
    size_t flows_waiting; /* the first that wait for the thread's next call */
    bool is_descending;
};

static void *
grow(void *items, size_t count, size_t item_size)
{
    if ((count & (count - 1)) == 0) {
        items = realloc(items, (count == 0 ? 1 : 2 * count) * item_size);
        if (items == NULL) {
            abort();
        }
    }
    return items;
}

#define append_to(list, count, ...)              \
    ((list) = grow(list, count, sizeof *(list)), \
     (list)[(count)++] = __VA_ARGS__)

/* Time passes; the next event is at time_ns. */
static void
advance(struct walk *walk)
{
    const struct trace_random_options *options = walk->options;
    uint64_t mean = options->step_ns == 0 ? 1000 : options->step_ns;
    uint64_t step = 2 + random_below(&walk->random, 2 * mean);

    if (random_permille(&walk->random, options->far_permille)) {
        step += UINT64_C(1) << 32;
    }
    if (!walk->was_zero_step
        && random_permille(&walk->random, options->zero_permille)) {
        step = 0;
    }
    walk->was_zero_step = step == 0;
    walk->time_ns += step;
    walk->seen_ns =
        walk->time_ns > walk->seen_ns ? walk->time_ns : walk->seen_ns + 1;
    walk->oracle->threads[walk->index].event_count++;
}

/* The flows that wait for a call get the one that is put next. */
static void
bind_flows(struct walk *walk)
{
    struct trace_oracle *oracle = walk->oracle;

    for (; walk->flows_waiting < oracle->flow_count; walk->flows_waiting++) {
        if (oracle->flows[walk->flows_waiting].binds_next) {
            oracle->flows[walk->flows_waiting].call = oracle->call_count;
        }
    }
}

static void
put_entry(struct walk *walk)
{
    uint32_t function =
        (uint32_t)random_below(&walk->random, walk->oracle->function_count);
    bool is_c = walk->oracle->functions[function].file[0] == '\0';
    bool is_resumed = !is_c && random_permille(&walk->random, 100);
    struct oracle_call call = {
        .thread = walk->index,
        .function = function,
        .depth = (uint32_t)walk->depth,
        .is_resumed = is_resumed,
    };

    advance(walk);
    call.start_ns = walk->seen_ns;
    trace_builder_event(walk->builder, walk->stream,
                        is_c         ? EVENT_C_CALL
                        : is_resumed ? EVENT_RESUME
                                     : EVENT_CALL,
                        function + 1, walk->time_ns);
    bind_flows(walk);
    walk->open[walk->depth++] = walk->oracle->call_count;
    append_to(walk->oracle->calls, walk->oracle->call_count, call);
    walk->calls_left--;
}

/* Close the calls from the top down to depth. */
static void
close_to(struct walk *walk, size_t depth)
{
    while (walk->depth > depth) {
        struct oracle_call *call =
            &walk->oracle->calls[walk->open[--walk->depth]];

        call->end_ns = walk->seen_ns;
        call->is_truncated = walk->depth > depth;
    }
}

static void
put_exit(struct walk *walk)
{
    struct oracle_call *call =
        &walk->oracle->calls[walk->open[walk->depth - 1]];
    bool is_c = walk->oracle->functions[call->function].file[0] == '\0';
    unsigned how = (unsigned)random_below(&walk->random, 10);
    enum event_kind kind = is_c ? EVENT_C_RETURN : EVENT_RETURN;

    if (how == 0) {
        kind = is_c ? EVENT_C_RAISE : EVENT_UNWIND;
        call->is_raised = true;
    } else if (how == 1 && !is_c) {
        kind = EVENT_YIELD;
        call->is_yielded = true;
    }
    advance(walk);
    trace_builder_event(walk->builder, walk->stream, kind, call->function + 1,
                        walk->time_ns);
    close_to(walk, walk->depth - 1);
}

/* A return of any function: it closes the nearest open call of that function
 * with all above it, or nothing. */
static void
put_stray_return(struct walk *walk)
{
    uint32_t function =
        (uint32_t)random_below(&walk->random, walk->oracle->function_count);
    size_t depth = walk->depth;

    advance(walk);
    trace_builder_event(walk->builder, walk->stream, EVENT_RETURN, function + 1,
                        walk->time_ns);
    while (depth > 0
           && walk->oracle->calls[walk->open[depth - 1]].function != function) {
        depth--;
    }
    if (walk->depth > 0 && depth != walk->depth) {
        walk->oracle->mismatched_returns++;
    }
    if (depth > 0) {
        close_to(walk, depth - 1);
    }
}

const char *
oracle_instant_name(const struct oracle_instant *instant, char text[32])
{
    snprintf(text, 32, "%s %u", instant->phase == 0 ? "instant" : "object",
             instant->number);
    return text;
}

static void
put_instant(struct walk *walk)
{
    struct oracle_instant instant = {
        .thread = walk->index,
        .number = (uint32_t)random_below(&walk->random, NAMES),
    };
    char name[32];

    advance(walk);
    instant.time_ns = walk->seen_ns;
    trace_builder_instant(walk->builder, walk->stream,
                          oracle_instant_name(&instant, name), "{\"n\": 1}",
                          walk->time_ns);
    append_to(walk->oracle->instants, walk->oracle->instant_count, instant);
}

static void
put_object(struct walk *walk)
{
    struct oracle_instant instant = {
        .thread = walk->index,
        .number = (uint32_t)random_below(&walk->random, NAMES),
        .phase = 1 + (uint32_t)random_below(&walk->random, 3),
    };
    char name[32];
    char id[32];

    advance(walk);
    instant.time_ns = walk->seen_ns;
    snprintf(id, sizeof id, "%u", instant.number);
    trace_builder_object(
        walk->builder, walk->stream, (enum vzt_object_phase)instant.phase, id,
        oracle_instant_name(&instant, name),
        instant.phase == VZT_OBJECT_SNAPSHOT ? "{\"snapshot\": {\"n\": 1}}"
                                             : NULL,
        walk->time_ns);
    append_to(walk->oracle->instants, walk->oracle->instant_count, instant);
}

static void
put_counter(struct walk *walk)
{
    struct oracle_counter counter = {
        .thread = walk->index,
        .number = (uint32_t)random_below(&walk->random, NAMES),
        .value = (double)random_below(&walk->random, 100000) / 8 - 5000,
    };
    char name[32];

    advance(walk);
    counter.time_ns = walk->seen_ns;
    snprintf(name, sizeof name, "counter %u", counter.number);
    trace_builder_counter(walk->builder, walk->stream, name, "value",
                          counter.value, walk->time_ns);
    append_to(walk->oracle->counters, walk->oracle->counter_count, counter);
}

static void
put_flow(struct walk *walk)
{
    struct oracle_flow flow = {
        .id = random_below(&walk->random, FLOW_IDS),
        .call = SIZE_MAX,
        .thread = walk->index,
        .is_end = random_permille(&walk->random, 500),
        .binds_next = random_permille(&walk->random, 300),
    };
    char name[32];

    advance(walk);
    flow.time_ns = walk->seen_ns;
    flow.written_ns = walk->time_ns;
    if (!flow.binds_next && walk->depth > 0) {
        flow.call = walk->open[walk->depth - 1];
    }
    snprintf(name, sizeof name, "flow %u", (unsigned)flow.id);
    trace_builder_flow(walk->builder, walk->stream,
                       flow.is_end ? RECORD_FLOW_END : RECORD_FLOW_START,
                       flow.id, flow.binds_next ? VZT_FLOW_BINDS_NEXT : 0, name,
                       walk->time_ns);
    append_to(walk->oracle->flows, walk->oracle->flow_count, flow);
}

/* A trace begins with what can be seen. */
static bool
wants_flow(struct walk *walk)
{
    return walk->options->flow_permille > 0
           && walk->oracle->threads[walk->index].event_count > 0
           && random_permille(&walk->random, walk->options->flow_permille);
}

static void
put_gap(struct walk *walk)
{
    struct oracle_gap gap = {.thread = walk->index};
    uint64_t before_ns = walk->seen_ns;

    advance(walk);
    gap.start_ns =
        before_ns + 1 + random_below(&walk->random, walk->seen_ns - before_ns);
    gap.end_ns = walk->seen_ns;
    trace_builder_gap(walk->builder, walk->stream, VZT_GAP_SLOT_TAKEN,
                      gap.start_ns, walk->time_ns, 0);
    append_to(walk->oracle->gaps, walk->oracle->gap_count, gap);
    while (walk->depth > 0) {
        struct oracle_call *call =
            &walk->oracle->calls[walk->open[--walk->depth]];

        call->end_ns = gap.start_ns;
        call->is_truncated = true;
    }
}

/* Whether the next event is an entry. */
static bool
goes_deeper(struct walk *walk, size_t depth_max)
{
    if (walk->depth == 0) {
        return true;
    }
    if (walk->depth == depth_max) {
        walk->is_descending = false;
        return false;
    }
    return (walk->options->is_deep && walk->is_descending)
           || random_permille(&walk->random, 500);
}

static void
put_anything(struct walk *walk, size_t depth_max)
{
    const struct trace_random_options *options = walk->options;

    if (random_permille(&walk->random, options->instant_permille)) {
        put_instant(walk);
    } else if (options->object_permille > 0
               && random_permille(&walk->random, options->object_permille)) {
        put_object(walk);
    } else if (random_permille(&walk->random, options->counter_permille)) {
        put_counter(walk);
    } else if (wants_flow(walk)) {
        put_flow(walk);
    } else if (random_permille(&walk->random, options->gap_permille)) {
        put_gap(walk);
    } else if (random_permille(&walk->random, options->mismatch_permille)) {
        put_stray_return(walk);
    } else if (goes_deeper(walk, depth_max)) {
        put_entry(walk);
    } else {
        put_exit(walk);
    }
}

static void
end_thread(struct walk *walk)
{
    struct oracle_thread *thread = &walk->oracle->threads[walk->index];

    while (walk->depth > 0 && !walk->options->has_unfinished) {
        put_exit(walk);
    }
    for (size_t i = 0; i < walk->depth; i++) {
        walk->oracle->calls[walk->open[i]].is_unfinished = true;
        walk->oracle->calls[walk->open[i]].end_ns = walk->seen_ns;
    }
    thread->last_ns = walk->seen_ns;
    if (walk->seen_ns > walk->oracle->last_ns) {
        walk->oracle->last_ns = walk->seen_ns;
    }
}

static void
make_thread(struct trace_builder *builder, struct trace_oracle *oracle,
            const struct trace_random_options *options, uint32_t pid)
{
    size_t depth_max = options->depth_max == 0 ? 10 : options->depth_max;
    struct walk walk = {
        .builder = builder,
        .oracle = oracle,
        .options = options,
        .random = {options->seed * 1000003 + oracle->thread_count},
        .index = (uint32_t)oracle->thread_count,
        .calls_left = options->calls_per_thread,
        .is_descending = true,
        .flows_waiting = oracle->flow_count,
        .open = calloc(depth_max, sizeof *walk.open),
    };
    char name[32];

    if (walk.open == NULL) {
        abort();
    }
    snprintf(name, sizeof name, "thread %u", walk.index);
    walk.stream = trace_builder_thread(builder, name);
    walk.time_ns = START_NS + random_below(&walk.random, 100000);
    walk.seen_ns = walk.time_ns - 1;
    append_to(oracle->threads, oracle->thread_count,
              (struct oracle_thread){.pid = pid});
    while (walk.calls_left > 0) {
        put_anything(&walk, depth_max);
        if (oracle->threads[walk.index].event_count == 1) {
            oracle->threads[walk.index].first_ns = walk.seen_ns;
        }
    }
    end_thread(&walk);
    free(walk.open);
}

static void
make_functions(struct trace_builder *builder, struct trace_oracle *oracle,
               unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct oracle_function function = {.line = i % 3 == 2 ? 0 : 10 * i + 1};
        bool is_c = i % 3 == 2;

        snprintf(function.name, sizeof function.name,
                 is_c ? "module.c_function_%u" : "Class.function_%u", i);
        if (!is_c) {
            snprintf(function.file, sizeof function.file, "/w/module_%u.py",
                     i % 7);
        }
        (void)trace_builder_function(
            builder, function.name, is_c ? NULL : function.file, function.line);
        append_to(oracle->functions, oracle->function_count, function);
    }
}

static void
make_process(struct trace_builder *builder, struct trace_oracle *oracle,
             const struct trace_random_options *options, unsigned index)
{
    unsigned thread_count =
        options->thread_count == 0 ? 1 : options->thread_count;
    uint32_t pid = TRACE_BUILDER_PID + index * 1000;
    char name[32];

    snprintf(name, sizeof name, "process %u", index);
    trace_builder_process(builder, name, pid,
                          index == 0 ? 1 : TRACE_BUILDER_PID);
    for (unsigned i = 0; i < thread_count; i++) {
        make_thread(builder, oracle, options, pid);
        oracle->threads[oracle->thread_count - 1].thread_id = pid + i;
    }
}

struct trace_oracle *
trace_random(const char *folder, const struct trace_random_options *options)
{
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_oracle *oracle = calloc(1, sizeof *oracle);
    unsigned process_count =
        options->process_count == 0 ? 1 : options->process_count;

    if (oracle == NULL) {
        abort();
    }
    trace_builder_block_size(builder, options->block_size);
    make_functions(builder, oracle,
                   options->function_count == 0 ? 10 : options->function_count);
    for (unsigned i = 0; i < process_count; i++) {
        make_process(builder, oracle, options, i);
    }
    oracle->path = trace_builder_finish(builder);
    oracle->first_ns = UINT64_MAX;
    for (size_t i = 0; i < oracle->thread_count; i++) {
        if (oracle->threads[i].event_count > 0
            && oracle->threads[i].first_ns < oracle->first_ns) {
            oracle->first_ns = oracle->threads[i].first_ns;
        }
    }
    return oracle;
}

size_t
trace_oracle_object_count(const struct trace_oracle *oracle)
{
    size_t count = 0;

    for (size_t i = 0; i < oracle->instant_count; i++) {
        count += oracle->instants[i].phase != 0;
    }
    return count;
}

void
trace_oracle_free(struct trace_oracle *oracle)
{
    if (oracle == NULL) {
        return;
    }
    free(oracle->path);
    free(oracle->calls);
    free(oracle->instants);
    free(oracle->counters);
    free(oracle->flows);
    free(oracle->gaps);
    free(oracle->threads);
    free(oracle->functions);
    free(oracle);
}
