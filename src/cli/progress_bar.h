// SPDX-License-Identifier: Apache-2.0
/*
 * cli/progress_bar.h - how far long work is, on a terminal.
 *
 * A line on standard error, drawn over itself and erased when the work is over,
 * and only when that takes longer than half a second. Without a terminal that
 * can do so (a pipe, TERM=dumb) or with --quiet nothing is shown. Work that is
 * told through it ends when a signal asks us to end, see launcher_signals.h.
 */
#ifndef CLI_PROGRESS_BAR_H
#define CLI_PROGRESS_BAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/progress.h"

struct buffer;
struct console;

/* {0} shows nothing. */
struct progress_bar {
    FILE *stream; /* of the terminal; NULL = nothing is shown */
    bool has_colour;
    const char *label; /* what is done now: "writing" */
    uint64_t start_ns;
    uint64_t drawn_ns; /* when it was drawn last; 0 = it does not stand there */
};

void progress_bar_begin(struct progress_bar *bar,
                        const struct console *console);

/* How work of this name tells how far it is. The bar outlives that. */
struct progress progress_bar_of(struct progress_bar *bar, const char *label);

/* Erase it: something else is printed now. It comes back when work goes on. */
void progress_bar_hide(struct progress_bar *bar);

/* Append the line for a terminal of so many columns: as much as there is room
 * for, nothing when that is nothing of use. Takes less columns than there are.
 * A total of 0 is not known. */
void progress_bar_append(struct buffer *line, const char *label,
                         unsigned columns, uint64_t done, uint64_t total);

/* Whether it is drawn at a time on CLOCK_MONOTONIC, not to flicker. */
bool progress_bar_is_due(const struct progress_bar *bar, uint64_t now_ns);

#endif
