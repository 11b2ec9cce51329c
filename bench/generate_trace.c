// SPDX-License-Identifier: Apache-2.0
/*
 * generate_trace CALLS FILE [SEED]: a large trace as programs make them.
 *
 * 4 processes, 24 threads, depth to 60 and one thread to 5,000, 5,000 functions
 * by Zipf's law and 20 more that are called but twice or so, log-normal
 * durations, 100,000 instants (fewer for small traces) and 20 counters. The
 * same arguments give the same file.
 */
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "format/layout.h"
#include "format/writer.h"

enum {
    PROCESSES = 4,
    THREADS_EACH = 6,
    THREADS = PROCESSES * THREADS_EACH,
    DEPTH = 60,
    DEPTH_DEEP = 5000,
    FUNCTIONS = 5000,
    RARE_FUNCTIONS = 20, /* behind those */
    RARE_CALLS = 60,
    INSTANTS = 100000,
    COUNTERS = 20,
    COUNTER_POINTS = 100000,
    TABLE_SIZE = 1 << 16, /* of the distributions: looked up, not computed */
};

/* Half of the steps are below 200 ns, 1 in 1000 above 10 us. */
static const double step_median_ns = 200;
static const double step_sigma = 1.3;

struct generator {
    uint64_t random; /* state of splitmix64 */
    uint64_t calls_per_thread;
    uint64_t rest;                  /* threads that make one more */
    uint16_t functions[TABLE_SIZE]; /* an index for each sixteen random bits */
    uint32_t steps_ns[TABLE_SIZE];
};

struct thread_walk {
    uint32_t stream;
    uint64_t time_ns;
    uint32_t depth;
    uint32_t depth_max;
    uint32_t depth_goal; /* wanders; calls and returns lead there */
    unsigned thread;
    uint64_t calls;
    uint32_t functions[DEPTH_DEEP];
};

static uint64_t
next_random(uint64_t *state)
{
    uint64_t value = *state += 0x9E3779B97F4A7C15u;

    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
    return value ^ (value >> 31);
}

static double
random_unit(uint64_t *state)
{
    return (double)((next_random(state) >> 11) + 1) * 0x1p-53;
}

/* Function k gets a share of the calls in proportion to 1 / (k + 1). */
static void
fill_functions(struct generator *generator)
{
    double total = 0;
    double sum = 0;
    size_t next = 0;

    for (unsigned k = 0; k < FUNCTIONS; k++) {
        total += 1.0 / (k + 1);
    }
    for (unsigned k = 0; k < FUNCTIONS; k++) {
        sum += 1.0 / (k + 1);
        while (next < TABLE_SIZE && (double)next < sum / total * TABLE_SIZE) {
            generator->functions[next++] = (uint16_t)k;
        }
    }
}

/* Log-normal by the Box-Muller transform. */
static void
fill_steps(struct generator *generator)
{
    for (size_t i = 0; i < TABLE_SIZE; i++) {
        double radius = sqrt(-2 * log(random_unit(&generator->random)));
        double angle = 2 * M_PI * random_unit(&generator->random);
        double ns = step_median_ns * exp(step_sigma * radius * cos(angle));

        generator->steps_ns[i] = 1 + (uint32_t)fmin(ns, 4e9);
    }
}

static struct text_span
span(const char *text)
{
    return (struct text_span){text, strlen(text)};
}

static void
define_functions(struct trace_writer *writer)
{
    for (unsigned k = 0; k < FUNCTIONS + RARE_FUNCTIONS; k++) {
        bool is_c = k % 4 == 3;
        char name[64];
        char file[64];
        struct function_definition function = {
            .kind = is_c ? VZT_FUNCTION_C : VZT_FUNCTION_PYTHON,
            .line = is_c ? 0 : 10 * (k % 97) + 3,
        };

        snprintf(name, sizeof name,
                 is_c ? "module_%u.c_function_%u" : "Class%u.method_%u", k % 53,
                 k);
        snprintf(file, sizeof file,
                 is_c ? "" : "/srv/app/package_%u/part_%u.py", k % 7, k % 53);
        function.name = span(name);
        function.file = span(file);
        if (trace_writer_function(writer, &function) != k + 1) {
            return; /* trace_writer_finish says why */
        }
    }
}

static bool
is_c_function(uint32_t function)
{
    return function % 4 == 3;
}

static void
put_call(struct trace_writer *writer, struct thread_walk *walk,
         uint32_t function)
{
    walk->functions[walk->depth++] = function;
    trace_writer_event(writer, walk->stream,
                       is_c_function(function) ? EVENT_C_CALL : EVENT_CALL,
                       function + 1, walk->time_ns);
}

static void
put_return(struct trace_writer *writer, struct thread_walk *walk)
{
    uint32_t function = walk->functions[--walk->depth];

    trace_writer_event(writer, walk->stream,
                       is_c_function(function) ? EVENT_C_RETURN : EVENT_RETURN,
                       function + 1, walk->time_ns);
}

static void
put_instant(struct trace_writer *writer, const struct thread_walk *walk,
            uint64_t random)
{
    uint64_t words[64];
    char name[32];

    snprintf(name, sizeof name, "checkpoint %u", (unsigned)(random % 50));
    trace_writer_record(writer, walk->stream, walk->time_ns, words,
                        record_encode_instant(words, 64, VZT_SCOPE_THREAD,
                                              span(name),
                                              span("{\"batch\": 17}")));
}

static void
put_counter(struct trace_writer *writer, const struct thread_walk *walk,
            uint64_t random)
{
    uint64_t words[64];
    char name[32];
    struct counter_value value = {
        .key = span("value"),
        .type = VZT_VALUE_DOUBLE,
        .value.real = (double)(random >> 40) / 16,
    };

    snprintf(name, sizeof name, "counter %u", (unsigned)(random % COUNTERS));
    trace_writer_record(
        writer, walk->stream, walk->time_ns, words,
        record_encode_counter(words, 64, span(name), &value, 1));
}

/* Instants and counter values, spread evenly over the calls. */
static void
put_points(struct trace_writer *writer, const struct thread_walk *walk,
           const struct generator *generator, uint64_t call, uint64_t random)
{
    uint64_t each_instant =
        generator->calls_per_thread / (INSTANTS / THREADS) + 1;
    uint64_t each_counter =
        generator->calls_per_thread / (COUNTER_POINTS / THREADS) + 1;

    if (call % each_instant == 0) {
        put_instant(writer, walk, random);
    }
    if (call % each_counter == each_counter / 2) {
        put_counter(writer, walk, random);
    }
}

/* Now and then, but in all threads together not much oftener than RARE_CALLS
 * times, it is one of the rare ones. */
static uint32_t
choose_function(const struct thread_walk *walk,
                const struct generator *generator, uint64_t random)
{
    uint64_t each = generator->calls_per_thread / (RARE_CALLS / THREADS) + 1;
    uint64_t turn = walk->calls / each;

    if (walk->calls % each == each / 3) {
        return FUNCTIONS
               + (uint32_t)(walk->thread + turn * THREADS) % RARE_FUNCTIONS;
    }
    return generator->functions[(random >> 16) & (TABLE_SIZE - 1)];
}

/* The next call or return. True for a call. */
static bool
step(struct trace_writer *writer, struct thread_walk *walk,
     struct generator *generator, uint64_t random)
{
    bool is_deeper = walk->depth < walk->depth_goal;

    walk->time_ns += generator->steps_ns[random & (TABLE_SIZE - 1)];
    if (walk->depth == walk->depth_goal) {
        walk->depth_goal = (uint32_t)((random >> 40) % walk->depth_max) + 1;
    }
    if (random >> 62 == 0) { /* now and then the other way: leaves */
        is_deeper = !is_deeper;
    }
    if (walk->depth == 0
        || (is_deeper && walk->depth < walk->depth_max
            && walk->depth < DEPTH_DEEP)) {
        put_call(writer, walk, choose_function(walk, generator, random));
        walk->calls++;
        return true;
    }
    put_return(writer, walk);
    return false;
}

static void
write_thread(struct trace_writer *writer, struct generator *generator,
             unsigned index)
{
    struct thread_walk walk = {
        .time_ns = UINT64_C(1000000000) + index * 777777,
        .depth_max = index == THREADS - 1 ? DEPTH_DEEP : 6 + 54 * index / 22,
        .thread = index,
    };
    char name[32];

    if (walk.depth_max > DEPTH && index != THREADS - 1) {
        walk.depth_max = DEPTH;
    }
    walk.depth_goal = walk.depth_max;
    snprintf(name, sizeof name,
             index % THREADS_EACH == 0 ? "MainThread" : "worker-%u", index);
    walk.stream = trace_writer_stream(writer, VZT_STREAM_THREAD, 0,
                                      1000 + index, span(name));
    if (walk.stream == 0) {
        return;
    }
    while (walk.calls
           < generator->calls_per_thread + (index < generator->rest)) {
        uint64_t random = next_random(&generator->random);

        if (step(writer, &walk, generator, random)) {
            put_points(writer, &walk, generator, walk.calls, random);
        }
    }
    while (walk.depth > 0) {
        walk.time_ns += 50;
        put_return(writer, &walk);
    }
}

static bool
write_process(struct generator *generator, const char *path, unsigned index,
              struct error *err)
{
    struct trace_writer_options options = {
        .section_id = UINT64_C(0xbe7c4000) + index,
        .parent_section_id = index == 0 ? 0 : UINT64_C(0xbe7c4000),
        .pid = 4000 + index,
        .ppid = index == 0 ? 1 : 4000,
        .anchor_realtime_ns = UINT64_C(1767225600) * 1000000000,
    };
    struct vzt_status status = {.state = VZT_STATE_ENDED};
    struct process_definition process = {
        .argument_count = 1,
        .arguments = {"server.py", 10},
        .executable = span("/usr/bin/python3"),
        .directory = span("/srv/app"),
        .version = span("CPython 3.12.1"),
    };
    struct trace_writer *writer = NULL;
    char name[32];
    bool ok;

    if (!trace_writer_open(&writer, path, &options, err)) {
        return false;
    }
    snprintf(name, sizeof name, index == 0 ? "server.py" : "worker process %u",
             index);
    process.name = span(name);
    trace_writer_process(writer, &process);
    define_functions(writer);
    for (unsigned i = 0; i < THREADS_EACH; i++) {
        write_thread(writer, generator, index * THREADS_EACH + i);
    }
    ok = trace_writer_finish(writer, &status, err);
    trace_writer_free(writer);
    return ok;
}

int
main(int argc, char **argv)
{
    static struct generator generator;
    struct error err = {0};
    uint64_t calls = argc > 2 ? strtoull(argv[1], NULL, 10) : 0;

    if (calls == 0) {
        fputs("usage: generate_trace CALLS FILE [SEED]\n", stderr);
        return 2;
    }
    generator.random = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    generator.calls_per_thread = calls / THREADS;
    generator.rest = calls % THREADS;
    fill_functions(&generator);
    fill_steps(&generator);
    (void)unlink(argv[2]);
    for (unsigned i = 0; i < PROCESSES; i++) {
        if (!write_process(&generator, argv[2], i, &err)) {
            fprintf(stderr, "generate_trace: %s\n", err.message);
            return 1;
        }
    }
    return 0;
}
