// SPDX-License-Identifier: Apache-2.0
/*
 * model/call_step.h - from one call of a track to the next, as the program
 * went: into what it calls, on to the next call of its depth, out to its
 * caller. No call is skipped, however short.
 *
 * The calls of a track stand in one order: as they were entered. A position
 * holds places in it, so that calls without a duration, which may look the
 * same, are told apart.
 */
#ifndef MODEL_CALL_STEP_H
#define MODEL_CALL_STEP_H

#include <stdbool.h>
#include <stdint.h>

#include "model/slice_step.h"

struct error;
struct progress;

/* A call and where it stands. */
struct call_place {
    struct slice slice;
    struct slice_place place;
};

/* A moment of a call: when it was entered, or when something that it called
 * has just returned. */
struct call_position {
    struct call_place call;
    bool has_inner;
    struct call_place inner; /* what has returned */
};

enum call_step_kind {
    CALL_STEP_INTO, /* the next call that this call makes from this moment on */
    CALL_STEP_OVER, /* the next call of this depth, whoever makes it */
    CALL_STEP_OUT,  /* the caller, when this call has returned */
};

/* The entry of a slice of the model. */
bool call_position_of(const struct trace_model *model,
                      const struct slice *slice, struct span_scratch *scratch,
                      struct call_position *position, struct error *err);

/* When that is: the entry of the call, or the return of the inner one. */
uint64_t call_position_time(const struct call_position *position);

/* *found is false when there is no such call in the track; then *to is left
 * alone. Looks at blocks until it is found; ERROR_CANCELLED when progress said
 * so. */
bool call_step(const struct trace_model *model,
               const struct call_position *from, enum call_step_kind kind,
               const struct progress *progress, struct span_scratch *scratch,
               struct call_position *to, bool *found, struct error *err);

#endif
