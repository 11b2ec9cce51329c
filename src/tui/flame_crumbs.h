// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame_crumbs.h - the row that says what was done to a flame graph, and
 * which path leads to its root. A click on a part goes back to it.
 *
 *      all > drop sleep > bottom-up > main > load
 */
#ifndef TUI_FLAME_CRUMBS_H
#define TUI_FLAME_CRUMBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct flame;
struct screen;

enum { FLAME_CRUMBS_MAX = 64, FLAME_CRUMB_SIZE = 128 };

struct flame_crumb {
    size_t step_count; /* steps up to this one */
    uint32_t node;     /* that is the root; 0 = everything */
    int x;
    unsigned width;
    char text[FLAME_CRUMB_SIZE]; /* sanitised */
};

/* The last ones that there is room for. */
struct flame_crumbs {
    struct flame_crumb items[FLAME_CRUMBS_MAX];
    size_t count;
    bool is_cut; /* there are others in front */
};

void flame_crumbs_of(const struct flame *flame, struct flame_crumbs *crumbs);

void flame_crumbs_draw(const struct flame *flame, struct screen *screen);

/* Go back to the crumb at column x, if there is one. */
bool flame_crumbs_click(struct flame *flame, int x, struct error *err);

#endif
