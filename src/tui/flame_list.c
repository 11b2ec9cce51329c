// SPDX-License-Identifier: Apache-2.0
#include "tui/flame_list.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/scope_profile.h"
#include "tui/flame_chart.h"

/* Callers come before what they call, so one pass finds all that is below. */
static void
sum_up(struct flame_list_row *sums, uint8_t *is_below,
       const struct scope_profile *profile, const struct flame_box *root)
{
    for (uint32_t i = root->node; i < profile->node_count; i++) {
        const struct profile_node *node = &profile->nodes[i];
        uint32_t function = node->function == UINT32_MAX
                                ? profile->function_count
                                : node->function;

        is_below[i] =
            flame_box_holds(root, i) || (i > 0 && is_below[node->parent]);
        if (is_below[i] && function <= profile->function_count) {
            sums[function].self_ns += node->self_ns;
            sums[function].call_count += node->call_count;
        }
    }
}

static int
compare_rows(const void *left, const void *right)
{
    const struct flame_list_row *a = left;
    const struct flame_list_row *b = right;

    if (a->self_ns != b->self_ns) {
        return a->self_ns > b->self_ns ? -1 : 1;
    }
    return (a->function > b->function) - (a->function < b->function);
}

bool
flame_list_build(struct flame_list *list, const struct scope_profile *profile,
                 const struct flame_box *root, struct error *err)
{
    size_t function_count = profile->function_count + (size_t)1;
    struct flame_list_row *rows = array_new(function_count, sizeof *rows, err);
    uint8_t *is_below = array_new(profile->node_count, sizeof *is_below, err);
    size_t count = 0;

    if (rows == NULL || is_below == NULL) {
        free(rows);
        free(is_below);
        return false;
    }
    sum_up(rows, is_below, profile, root);
    free(is_below);
    for (size_t i = 0; i < function_count; i++) {
        struct flame_list_row row = rows[i];

        row.function = i + 1 < function_count ? (uint32_t)i : UINT32_MAX;
        if (row.call_count > 0 || row.self_ns > 0) {
            rows[count++] = row;
        }
    }
    qsort(rows, count, sizeof *rows, compare_rows);
    flame_list_release(list);
    list->rows = rows;
    list->count = count;
    return true;
}

void
flame_list_release(struct flame_list *list)
{
    free(list->rows);
    *list = (struct flame_list){0};
}
