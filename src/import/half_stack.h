// SPDX-License-Identifier: Apache-2.0
/*
 * import/half_stack.h - begins that wait for their ends, innermost last.
 *
 * What was paired becomes a call of the intake. Of calls that begin and end
 * together the outer one is added first, as they are sorted.
 */
#ifndef IMPORT_HALF_STACK_H
#define IMPORT_HALF_STACK_H

#include <stdbool.h>
#include <stddef.h>

#include "import/import_losses.h"

struct error;
struct event_intake;
struct sort_entry;

/* {0} is empty. */
struct half_stack {
    struct sort_entry *open; /* owned */
    size_t count;
    size_t capacity;
    struct sort_entry *closed; /* of one interval, the inner ones first; not yet
                                  added; owned */
    size_t closed_count;
    size_t closed_capacity;
};

bool half_stack_begin(struct half_stack *stack, const struct sort_entry *begin,
                      struct error *err);

/* The end of the innermost call, or by name of the innermost one that has its
 * name, if there is one. The call has the arguments of both; where both have
 * the same one, that of the end. Without a call the end is lost for this
 * reason. Names that differ are counted. */
bool half_stack_end(struct half_stack *stack, struct event_intake *intake,
                    const struct sort_entry *end, bool is_by_name,
                    enum import_loss orphan, struct error *err);

/* The calls that are left open never ended: add them, and all that waits. The
 * stack is empty then. */
bool half_stack_leave(struct half_stack *stack, struct event_intake *intake,
                      struct error *err);

void half_stack_release(struct half_stack *stack);

#endif
