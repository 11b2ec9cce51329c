// SPDX-License-Identifier: Apache-2.0
/*
 * support/trace_random.h - seeded random traces, and what is in them.
 *
 * The lists of calls, instants and counter values are the brute-force oracle:
 * they are written down as the trace is made, not read back from it. Times are
 * as they must be seen: each event of a thread is at least 1 ns after the one
 * before it.
 */
#ifndef SUPPORT_TRACE_RANDOM_H
#define SUPPORT_TRACE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct trace_random_options {
    uint64_t seed;
    unsigned process_count;    /* 0 = 1 */
    unsigned thread_count;     /* of each process; 0 = 1 */
    unsigned function_count;   /* 0 = 10; every third is a C function */
    size_t calls_per_thread;   /* entries */
    unsigned depth_max;        /* 0 = 10 */
    uint64_t step_ns;          /* mean time between events; 0 = 1000 */
    unsigned instant_permille; /* of events */
    unsigned object_permille;  /* likewise, and so on */
    unsigned counter_permille;
    unsigned flow_permille;
    unsigned gap_permille;
    unsigned far_permille;      /* steps of more than 2^32 ns */
    unsigned zero_permille;     /* steps of 0 ns; the next one is not */
    unsigned mismatch_permille; /* returns of something else */
    bool has_unfinished;        /* calls stay open at the end */
    bool is_deep;               /* first down to depth_max, last up again */
    uint32_t block_size;        /* as trace_builder_block_size; 0 = 64 KiB */
};

struct oracle_call {
    uint64_t start_ns;
    uint64_t end_ns;   /* of an unfinished one: its thread's last event */
    uint32_t thread;   /* index in the trace's threads */
    uint32_t function; /* index in the trace's functions */
    uint32_t depth;    /* from 0 */
    bool is_unfinished;
    bool is_truncated; /* closed by the return of a caller, or by a gap */
    bool is_resumed;
    bool is_yielded;
    bool is_raised;
};

/* An object is named "object N" and has the id "N"; a snapshot's arguments are
 * {"snapshot": {"n": 1}}, another phase has none. */
struct oracle_instant {
    uint64_t time_ns;
    uint32_t thread;
    uint32_t number; /* named "instant N", with the arguments {"n": 1} */
    uint32_t phase;  /* enum vzt_object_phase; 0 = no object */
};

struct oracle_counter {
    uint64_t time_ns;
    uint32_t thread;
    uint32_t number; /* named "counter N", key "value" */
    double value;
};

/* One end of an arrow, named "flow N" by its id N. */
struct oracle_flow {
    uint64_t time_ns;
    uint64_t written_ns; /* as it was written: several may be of one time */
    uint64_t id;
    size_t call; /* that it is of, index in calls; SIZE_MAX = of none */
    uint32_t thread;
    bool is_end;
    bool binds_next;
};

struct oracle_gap {
    uint64_t start_ns;
    uint64_t end_ns;
    uint32_t thread;
};

struct oracle_thread {
    uint32_t pid;       /* 100, 101, ...; the process is named "process N" */
    uint64_t thread_id; /* unique in the trace; named "thread N" */
    uint64_t first_ns;  /* of its first and last event */
    uint64_t last_ns;
    size_t event_count;
};

struct oracle_function {
    char name[32];
    char file[32]; /* "" for a C function */
    uint32_t line;
};

struct trace_oracle {
    char *path;                /* the .vzt file */
    struct oracle_call *calls; /* by thread, then by start */
    size_t call_count;
    struct oracle_instant *instants; /* by thread, then time; likewise below;
                                        with objects */
    size_t instant_count;
    struct oracle_counter *counters;
    size_t counter_count;
    struct oracle_flow *flows;
    size_t flow_count;
    struct oracle_gap *gaps;
    size_t gap_count;
    struct oracle_thread *threads;
    size_t thread_count;
    struct oracle_function *functions;
    size_t function_count;
    uint64_t mismatched_returns;
    uint64_t first_ns;
    uint64_t last_ns;
};

/* Make a trace in folder. Free the result with trace_oracle_free. */
struct trace_oracle *trace_random(const char *folder,
                                  const struct trace_random_options *options);

/* What an instant or object is called. Returns text. */
const char *oracle_instant_name(const struct oracle_instant *instant,
                                char text[32]);

/* How many instants are objects. */
size_t trace_oracle_object_count(const struct trace_oracle *oracle);

void trace_oracle_free(struct trace_oracle *oracle);

#endif
