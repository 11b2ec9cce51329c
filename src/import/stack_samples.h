// SPDX-License-Identifier: Apache-2.0
/*
 * import/stack_samples.h - samples of stacks become calls.
 *
 * Samples of one thread and one name are a track. What two samples that follow
 * each other have in common, from the outermost frame on, is one call; calls
 * last until the next sample, those of the last one as long as the ones before.
 */
#ifndef IMPORT_STACK_SAMPLES_H
#define IMPORT_STACK_SAMPLES_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct event_intake;

/* What tells the tracks apart, followed by the text of the thread's id. */
struct stack_source {
    uint32_t process; /* UINT32_MAX = the one that has the thread */
    uint32_t name;    /* of the sample, in tables.names */
};

/* Add the tracks and the calls. */
bool stack_samples_add(struct event_intake *intake, struct error *err);

#endif
