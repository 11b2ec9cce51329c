// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame_when.h - when in the scope the selected box of a flame graph ran:
 * a row of columns that a job fills.
 */
#ifndef TUI_FLAME_WHEN_H
#define TUI_FLAME_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/call_times.h"

struct error;
struct flame;
struct screen;

/* {0} is empty. */
struct flame_when {
    bool is_asked;
    bool has_times;
    struct call_times times;
    unsigned profile_number; /* of the flame graph, when it was asked for */
    uint32_t node;
    unsigned width;
};

void flame_when_release(struct flame_when *when);

/* See to it that the times of the selected box are there, or a job that finds
 * them, where there is a row for them. */
bool flame_when_prepare(struct flame *flame, struct error *err);

/* Whether they are those of the path alone, not of all calls of the function:
 * what was transformed is no path of the trace. */
bool flame_when_is_path(const struct flame *flame);

/* Draw them from column x on. */
void flame_when_draw(const struct flame *flame, struct screen *screen, int x,
                     int y);

#endif
