// SPDX-License-Identifier: Apache-2.0
/*
 * tui/details_place.h - where one is in the details: which line is chosen.
 *
 * It holds for what the cursor was on when a line was chosen; elsewhere one is
 * at the top.
 */
#ifndef TUI_DETAILS_PLACE_H
#define TUI_DETAILS_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DETAILS_COLUMNS = 2 };

/* {0} is the timeline, with the pane at its top. */
struct details_place {
    bool has_focus;
    size_t column;                  /* the one of the chosen line */
    size_t chosen[DETAILS_COLUMNS]; /* lines, those in front included */
    size_t top[DETAILS_COLUMNS];    /* the first one that is shown */

    size_t item; /* what the cursor was on */
    uint32_t depth;
    uint64_t start_ns; /* of the slice, or the cursor's time */
};

#endif
