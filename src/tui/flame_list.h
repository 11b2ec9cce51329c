// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame_list.h - the functions that took most time of their own below the
 * root of a flame graph, with what they called.
 */
#ifndef TUI_FLAME_LIST_H
#define TUI_FLAME_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct flame_box;
struct scope_profile;

struct flame_list_row {
    uint32_t function; /* as in nodes */
    uint64_t self_ns;
    uint64_t total_ns; /* counted once under recursion */
    uint64_t call_count;
};

/* {0} is an empty list. */
struct flame_list {
    struct flame_list_row *rows; /* owned; by self_ns, then total_ns, the
                                   largest first, then by number */
    size_t count;
};

/* Sum up everything below a box, or below all nodes of a remainder. On failure
 * the list is as it was. */
bool flame_list_build(struct flame_list *list,
                      const struct scope_profile *profile,
                      const struct flame_box *root, struct error *err);

/* The row of a function; count = it has none. */
size_t flame_list_find(const struct flame_list *list, uint32_t function);

void flame_list_release(struct flame_list *list);

#endif
