// SPDX-License-Identifier: Apache-2.0
/*
 * tui/compare.h - two parts of the trace compared: what each function took in
 * A and in B.
 *
 * The viewer has one comparison, which lasts until the next one or another
 * model: the timeline can be coloured by it. A job makes it.
 */
#ifndef TUI_COMPARE_H
#define TUI_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/profile_diff.h"

struct error;
struct viewer;

enum { COMPARE_NAME_SIZE = 160, COMPARE_FAILURE_SIZE = 256 };

struct compare_side {
    char name[COMPARE_NAME_SIZE]; /* "mark a"; not sanitised */
    uint64_t start_ns;
    uint64_t end_ns;
    uint8_t *tracks; /* one per track of the model, 1 = inside; owned */
};

/* What the job makes. */
struct compare_result {
    struct scope_profile profiles[2];
    struct profile_diff diff; /* of the profiles */
    uint8_t *changes; /* enum profile_change per function of the model, and of
                         the unknown */
};

/* [0] is A, [1] is B. */
struct compare {
    struct compare_side sides[2];
    struct compare_result *result;      /* NULL = not yet, or never; owned */
    char failure[COMPARE_FAILURE_SIZE]; /* why there is none; "" = none */
};

void compare_side_release(struct compare_side *side);

/* Forget the viewer's comparison and start this one; takes what the sides
 * own, also on failure. */
bool compare_start(struct viewer *viewer, struct compare_side sides[2],
                   struct error *err);

/* Take the sides of the viewer's comparison, if there is one, for another
 * compare_start in a model with the same tracks. */
bool compare_take_sides(struct viewer *viewer, struct compare_side sides[2]);

/* NULL is allowed. */
void compare_free(struct compare *compare);

/* The slot of theme.h for a function of the model, by how it changed; false
 * when there is no comparison. */
bool compare_slot(const struct viewer *viewer, uint32_t function,
                  unsigned *slot);

/* The slot of a change. */
unsigned compare_change_slot(enum profile_change change);

/* "mark a: 12.00-52.00 ms, 3 threads"; not sanitised. Returns text. */
const char *compare_side_text(const struct viewer *viewer,
                              const struct compare_side *side, char *text,
                              size_t size);

#endif
