// SPDX-License-Identifier: Apache-2.0
/*
 * tui/sandwich_rows.h - a tree of callers or callees as rows that fold.
 *
 * Rows are told apart by the path of functions that leads to them, so that a
 * row is found again when the tree was made anew. Those that take a good part
 * of the time are open at first, down to some level.
 */
#ifndef TUI_SANDWICH_ROWS_H
#define TUI_SANDWICH_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct scope_profile;

enum { SANDWICH_FOLDS_MAX = 128 };

/* Paths of rows that the user opened or closed; beyond SANDWICH_FOLDS_MAX the
 * oldest is forgotten. {0} has none. */
struct sandwich_folds {
    uint64_t paths[SANDWICH_FOLDS_MAX];
    size_t count;
};

/* Turn a row around. */
void sandwich_folds_toggle(struct sandwich_folds *folds, uint64_t path);

struct sandwich_row {
    uint64_t path;
    uint64_t total_ns;
    uint64_t call_count; /* of a rest: in a tree of callers only */
    uint32_t node;       /* of the tree; that of the function for its rest */
    unsigned indent;     /* levels below the function, from 0 */
    bool is_rest; /* the function's own time, or calls without a caller */
    bool has_children;
    bool is_open;
};

/* {0} has none. */
struct sandwich_rows {
    struct sandwich_row *rows; /* owned */
    size_t count;
    size_t capacity;
};

/* The rows below the function of a tree of function_family, in its order, what
 * is folded left out. On failure there are none. */
bool sandwich_rows_build(struct sandwich_rows *rows,
                         const struct scope_profile *tree,
                         const struct sandwich_folds *folds, struct error *err);
void sandwich_rows_release(struct sandwich_rows *rows);

/* The row of a path; if there is none, row or the last one. */
size_t sandwich_rows_find(const struct sandwich_rows *rows, uint64_t path,
                          size_t row);

/* The row that a row is below; itself when it is at the top. */
size_t sandwich_rows_parent(const struct sandwich_rows *rows, size_t row);

#endif
