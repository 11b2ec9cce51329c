// SPDX-License-Identifier: Apache-2.0
/* bench/bench_passes.h - rows of bench_viewer that pass over the trace, or a
 * part of it; few times each, as their names say. */
#ifndef BENCH_PASSES_H
#define BENCH_PASSES_H

#include <stdbool.h>

struct bench;
struct error;

bool measure_area_functions(struct bench *bench, struct error *err);
bool measure_area_flame(struct bench *bench, struct error *err);
bool measure_whole_flame(struct bench *bench, struct error *err);

/* The exact place of a call among all of its function: ( and ). */
bool measure_rank(struct bench *bench, struct error *err);

/* Who calls a function and what it calls; when it ran; who called whom. */
bool measure_family(struct bench *bench, struct error *err);
bool measure_times(struct bench *bench, struct error *err);
bool measure_edges(struct bench *bench, struct error *err);

/* The calls of some function, or those that take longer than most, and nothing
 * else. */
bool measure_filter(struct bench *bench, struct error *err);
bool measure_slow_filter(struct bench *bench, struct error *err);

#endif
