// SPDX-License-Identifier: Apache-2.0
#include "tui/sandwich_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "model/scope_profile.h"

enum {
    OPEN_LEVELS = 4, /* that are open at first, below the function */
    OPEN_PERCENT = 5,
};

void
sandwich_folds_toggle(struct sandwich_folds *folds, uint64_t path)
{
    for (size_t i = 0; i < folds->count; i++) {
        if (folds->paths[i] == path) {
            folds->count--;
            memmove(folds->paths + i, folds->paths + i + 1,
                    (folds->count - i) * sizeof *folds->paths);
            return;
        }
    }
    if (folds->count == SANDWICH_FOLDS_MAX) {
        folds->count--;
        memmove(folds->paths, folds->paths + 1,
                folds->count * sizeof *folds->paths);
    }
    folds->paths[folds->count++] = path;
}

static bool
is_toggled(const struct sandwich_folds *folds, uint64_t path)
{
    for (size_t i = 0; i < folds->count; i++) {
        if (folds->paths[i] == path) {
            return true;
        }
    }
    return false;
}

static uint64_t
path_of(uint64_t parent, uint32_t function)
{
    const uint64_t step[2] = {parent, function};

    return hash_bytes(step, sizeof step);
}

/* What is below the function and was not turned into rows yet. */
struct waiting {
    uint32_t node;
    uint64_t parent_path;
};

struct builder {
    const struct scope_profile *tree;
    const struct sandwich_folds *folds;
    struct sandwich_rows *rows;
    struct waiting *stack; /* owned; the next one is the last */
    size_t count;
    size_t capacity;
};

/* Nodes around calls of no length at the border of the scope say nothing. */
static bool
is_shown(const struct profile_node *node)
{
    return node->total_ns > 0 || node->call_count > 0;
}

static bool
push_children(struct builder *builder, uint32_t parent, uint64_t path,
              struct error *err)
{
    const struct profile_node *nodes = builder->tree->nodes;
    uint32_t first = nodes[parent].first_child;

    for (uint32_t i = nodes[parent].child_count; i-- > 0;) {
        if (!is_shown(&nodes[first + i])) {
            continue;
        }
        if (!array_reserve((void **)&builder->stack, &builder->capacity,
                           builder->count + 1, sizeof *builder->stack, err)) {
            return false;
        }
        builder->stack[builder->count++] =
            (struct waiting){.node = first + i, .parent_path = path};
    }
    return true;
}

static bool
has_shown_children(const struct builder *builder, uint32_t node)
{
    const struct profile_node *nodes = builder->tree->nodes;

    for (uint32_t i = 0; i < nodes[node].child_count; i++) {
        if (is_shown(&nodes[nodes[node].first_child + i])) {
            return true;
        }
    }
    return false;
}

static struct sandwich_row *
add_row(struct sandwich_rows *rows, struct error *err)
{
    if (!array_reserve((void **)&rows->rows, &rows->capacity, rows->count + 1,
                       sizeof *rows->rows, err)) {
        return NULL;
    }
    return &rows->rows[rows->count++];
}

static bool
add_node(struct builder *builder, const struct waiting *waiting,
         struct error *err)
{
    const struct profile_node *nodes = builder->tree->nodes;
    const struct profile_node *node = &nodes[waiting->node];
    struct sandwich_row *row = add_row(builder->rows, err);
    bool is_large = node->level < 2 + OPEN_LEVELS
                    && node->total_ns / OPEN_PERCENT >= nodes[0].total_ns / 100;

    if (row == NULL) {
        return false;
    }
    *row = (struct sandwich_row){
        .path = path_of(waiting->parent_path, node->function),
        .total_ns = node->total_ns,
        .call_count = node->call_count,
        .node = waiting->node,
        .indent = node->level - 2,
        .has_children = has_shown_children(builder, waiting->node),
    };
    row->is_open =
        row->has_children && is_large != is_toggled(builder->folds, row->path);
    return !row->is_open
           || push_children(builder, waiting->node, row->path, err);
}

/* What no row below the function has of its time and calls. */
static bool
add_rest(struct builder *builder, uint32_t function, struct error *err)
{
    const struct profile_node *node = &builder->tree->nodes[function];
    uint64_t call_count = node->call_count;
    struct sandwich_row *row;

    if (node->self_ns == 0) {
        return true;
    }
    for (uint32_t i = 0; i < node->child_count; i++) {
        call_count -= builder->tree->nodes[node->first_child + i].call_count;
    }
    row = add_row(builder->rows, err);
    if (row != NULL) {
        *row = (struct sandwich_row){
            .path = path_of(0, PROFILE_ROOT),
            .total_ns = node->self_ns,
            .call_count = call_count,
            .node = function,
            .is_rest = true,
        };
    }
    return row != NULL;
}

bool
sandwich_rows_build(struct sandwich_rows *rows,
                    const struct scope_profile *tree,
                    const struct sandwich_folds *folds, struct error *err)
{
    struct builder builder = {.tree = tree, .folds = folds, .rows = rows};
    uint32_t function = tree->nodes[0].first_child;
    bool is_ok = true;

    rows->count = 0;
    if (tree->nodes[0].child_count == 0) {
        return true;
    }
    is_ok = push_children(&builder, function, 0, err);
    while (is_ok && builder.count > 0) {
        struct waiting next = builder.stack[--builder.count];

        is_ok = add_node(&builder, &next, err);
    }
    is_ok = is_ok && add_rest(&builder, function, err);
    free(builder.stack);
    if (!is_ok) {
        rows->count = 0;
    }
    return is_ok;
}

void
sandwich_rows_release(struct sandwich_rows *rows)
{
    free(rows->rows);
    *rows = (struct sandwich_rows){0};
}

size_t
sandwich_rows_find(const struct sandwich_rows *rows, uint64_t path, size_t row)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->rows[i].path == path) {
            return i;
        }
    }
    return row < rows->count ? row : rows->count == 0 ? 0 : rows->count - 1;
}

size_t
sandwich_rows_parent(const struct sandwich_rows *rows, size_t row)
{
    unsigned indent = rows->rows[row].indent;

    for (size_t i = row; indent > 0 && i-- > 0;) {
        if (rows->rows[i].indent < indent) {
            return i;
        }
    }
    return row;
}
