// SPDX-License-Identifier: Apache-2.0
/*
 * model/recording_facts.h - what recording a trace took, and how well its
 * clocks agreed: facts for people, none of them a reason to distrust it.
 */
#ifndef MODEL_RECORDING_FACTS_H
#define MODEL_RECORDING_FACTS_H

#include <stdbool.h>
#include <stdint.h>

struct buffer;
struct trace_model;

/*
 * What the recorder took, as it measured it in the recorded processes. What
 * the interpreter takes to call the recorder is not in it (vzt(5) says what
 * is), so it is the least that recording can have cost. The events do not tell
 * the rest: of the two of a call, the entry costs more than the exit, and only
 * the exit's part lies within the shortest calls. Only processes whose
 * recorder states its cost count.
 */
struct recording_cost {
    uint64_t event_count; /* entries and exits; 0 = no process states it */
    double event_ns;      /* of one, but for writing blocks: a mean */
    uint64_t flush_ns;    /* spent in writing blocks */
    uint64_t total_ns;    /* both, for all events */
    uint64_t busy_ns;     /* that all threads spent in calls */
};

struct recording_cost recording_cost(const struct trace_model *model);

/* How far the rates of the recording clock differ between stretches of a tenth
 * of a second and more, against CLOCK_MONOTONIC, in parts per million; 0 when
 * that is not known. The worst clock of the trace. Times follow CLOCK_MONOTONIC
 * whatever this is. */
double recording_clock_spread_ppm(const struct trace_model *model);

/* The facts as sentences, one a line, "\n" behind each; maybe none. Whether
 * there was memory, the buffer knows. */
void recording_facts_append(struct buffer *out, const struct trace_model *model,
                            bool is_ascii);

#endif
