// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_carry.h - what undo restores of a timeline, when another model
 * takes the place of the one that it was of.
 */
#ifndef TUI_TIMELINE_CARRY_H
#define TUI_TIMELINE_CARRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/timeline.h"

struct error;

/* What view_class.take takes. */
struct timeline_copy {
    struct view_state state;
    uint8_t *flags;     /* one per item; owned */
    uint32_t *sequence; /* the items in their order; owned */
};

/* Let a timeline show what another one shows, which may be of another model:
 * folds, pins, order and area as far as they are there, window and cursor. */
bool timeline_take_place(struct timeline *timeline, const struct timeline *from,
                         struct error *err);

/* Let copies of a timeline, whose viewer has another model already, be of
 * that. */
bool timeline_carry(const struct timeline *timeline, void *const *copies,
                    size_t count, struct error *err);

#endif
