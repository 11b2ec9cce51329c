// SPDX-License-Identifier: Apache-2.0
/*
 * tui/stderr_hold.h - what libraries write to standard error, held back while
 * the screen is up.
 *
 * It goes into a pipe that nobody reads until the end, so it is bounded: what
 * does not fit is lost. Only where standard error is a terminal; in a file it
 * does no harm.
 */
#ifndef TUI_STDERR_HOLD_H
#define TUI_STDERR_HOLD_H

#include <stdbool.h>
#include <stddef.h>

struct error;

enum { STDERR_HOLD_SIZE = 16384 }; /* bytes that can be looked at */

struct stderr_hold {
    int original_fd; /* standard error; -1 = nothing is held */
    int read_fd;
    size_t size; /* what was taken out of the pipe, to be looked at */
    char text[STDERR_HOLD_SIZE];
};

/* Nothing is held. */
void stderr_hold_init(struct stderr_hold *hold);

bool stderr_hold_begin(struct stderr_hold *hold, struct error *err);

/* Take what has come until now out of the pipe, as far as there is room: it is
 * in hold->text, as it was written, and goes to standard error at the end. */
void stderr_hold_look(struct stderr_hold *hold);

/* Standard error is itself again, and what was held goes there, with all
 * control characters made "?". Async-signal-safe. */
void stderr_hold_give_back(const struct stderr_hold *hold);

/* The same, and release the descriptors. */
void stderr_hold_end(struct stderr_hold *hold);

#endif
