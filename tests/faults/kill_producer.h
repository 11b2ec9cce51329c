// SPDX-License-Identifier: Apache-2.0
/*
 * What kill_producer and its test share. The producer has four threads and a
 * forked child, each on a random walk of calls of its own, and kills itself.
 * How many events each has put stands in a file that both map.
 */
#ifndef FAULTS_KILL_PRODUCER_H
#define FAULTS_KILL_PRODUCER_H

#include <stdint.h>

enum {
    KILL_THREADS = 4,
    KILL_DEPTH_MAX = 300,
    KILL_FUNCTIONS = 30,
    KILL_EVENTS_BEFORE_FORK = 700,
};

/* Where a process kills itself. */
enum kill_moment {
    KILL_AT_EVENT,        /* in the middle of its n-th call */
    KILL_BEFORE_FILE_USE, /* at its n-th system call on the file: before, */
    KILL_AMID_FILE_USE,   /* after half of the bytes (a write), */
    KILL_AFTER_FILE_USE,  /* or after it */
    KILL_MOMENTS,
};

struct kill_counts {
    uint64_t threads[KILL_THREADS];
    uint64_t main;  /* the main thread, before it forks */
    uint64_t child; /* the child, after that */
};

/* The seed of a walk: thread 0 to 3, or KILL_THREADS for the main thread's,
 * which the child goes on with. */
static inline uint64_t
kill_walk_seed(uint64_t seed, unsigned thread)
{
    return seed * 100 + thread;
}

#endif
