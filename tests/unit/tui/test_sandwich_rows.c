// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "model/function_family.h"
#include "tui/sandwich_rows.h"
#include "unit/tui/stage.h"

enum { SEEDS = 8, TOGGLES = 60 };

static struct function_family
find(const struct stage *stage, uint32_t function)
{
    const struct function_family_options options = {.thread_count = 1};
    const struct trace_scope scope = trace_scope_whole();
    struct function_family family;

    cr_assert(function_family_find(&family, stage->model, &scope, function,
                                   &options, NULL));
    return family;
}

/* Rows are the open part of the tree, callers in front of what is below them;
 * those at the top take all of the time of the function. */
static void
check_rows(const struct sandwich_rows *rows, const struct scope_profile *tree)
{
    uint64_t top_ns = 0;

    for (size_t i = 0; i < rows->count; i++) {
        const struct sandwich_row *row = &rows->rows[i];
        const struct profile_node *node = &tree->nodes[row->node];
        const struct sandwich_row *next = i + 1 < rows->count ? row + 1 : NULL;

        top_ns += row->indent == 0 ? row->total_ns : 0;
        if (row->is_rest) {
            cr_assert(eq(sz, i, rows->count - 1));
            cr_assert(eq(u64, row->total_ns, node->self_ns));
            continue;
        }
        cr_assert(eq(uint, row->indent, node->level - 2));
        cr_assert(eq(u64, row->total_ns, node->total_ns));
        cr_assert(eq(u64, row->call_count, node->call_count));
        cr_assert(row->has_children || !row->is_open);
        cr_assert(eq(int, row->is_open,
                     next != NULL && next->indent == row->indent + 1));
        cr_assert(eq(sz, sandwich_rows_find(rows, row->path, 0), i));
        if (row->indent > 0) {
            size_t parent = sandwich_rows_parent(rows, i);

            cr_assert(eq(u32, rows->rows[parent].node, node->parent));
        } else {
            cr_assert(eq(sz, sandwich_rows_parent(rows, i), i));
        }
    }
    cr_assert(eq(u64, top_ns, tree->nodes[0].total_ns));
}

static void
build(struct sandwich_rows *rows, const struct scope_profile *tree,
      const struct sandwich_folds *folds)
{
    cr_assert(sandwich_rows_build(rows, tree, folds, NULL));
    check_rows(rows, tree);
}

/* Turn rows around at random; a row turned twice is as it was. */
static void
fold_somehow(struct stage *stage, const struct scope_profile *tree)
{
    struct sandwich_folds folds = {0};
    struct sandwich_rows rows = {0};

    build(&rows, tree, &folds);
    for (int i = 0; i < TOGGLES && rows.count > 0; i++) {
        size_t count = rows.count;
        size_t row = random_below(&stage->random, count);
        uint64_t path = rows.rows[row].path;
        bool was_open = rows.rows[row].is_open;

        if (!rows.rows[row].has_children) {
            continue;
        }
        sandwich_folds_toggle(&folds, path);
        build(&rows, tree, &folds);
        cr_assert(eq(int, rows.rows[row].is_open, !was_open));
        if (random_permille(&stage->random, 500)) {
            sandwich_folds_toggle(&folds, path);
            build(&rows, tree, &folds);
            cr_assert(eq(sz, rows.count, count));
            cr_assert(eq(int, rows.rows[row].is_open, was_open));
        }
    }
    sandwich_rows_release(&rows);
}

Test(sandwich_rows, are_the_open_part_of_the_tree)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct stage stage;

        stage_open(&stage, seed);
        for (uint32_t i = 0; i < trace_model_function_count(stage.model); i++) {
            struct function_family family = find(&stage, i);

            if (family.call_count > 0) {
                fold_somehow(&stage, &family.callers);
                fold_somehow(&stage, &family.callees);
            }
            function_family_release(&family);
        }
        stage_close(&stage);
    }
}

Test(sandwich_rows, forget_the_oldest_of_too_many_folds)
{
    struct sandwich_folds folds = {0};

    for (uint64_t path = 0; path <= SANDWICH_FOLDS_MAX; path++) {
        sandwich_folds_toggle(&folds, path);
    }
    cr_assert(eq(sz, folds.count, SANDWICH_FOLDS_MAX));
    cr_assert(eq(u64, folds.paths[0], 1));
    sandwich_folds_toggle(&folds, SANDWICH_FOLDS_MAX);
    cr_assert(eq(sz, folds.count, SANDWICH_FOLDS_MAX - 1));
}
