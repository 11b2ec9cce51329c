// SPDX-License-Identifier: Apache-2.0
#include "tui/flame_list.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/profile_sums.h"
#include "tui/flame_chart.h"

static int
compare_rows(const void *left, const void *right)
{
    const struct flame_list_row *a = left;
    const struct flame_list_row *b = right;

    if (a->self_ns != b->self_ns) {
        return a->self_ns > b->self_ns ? -1 : 1;
    }
    if (a->total_ns != b->total_ns) {
        return a->total_ns > b->total_ns ? -1 : 1;
    }
    return (a->function > b->function) - (a->function < b->function);
}

bool
flame_list_build(struct flame_list *list, const struct scope_profile *profile,
                 const struct flame_box *root, struct error *err)
{
    size_t function_count = profile->function_count + (size_t)1;
    struct flame_list_row *rows = array_new(function_count, sizeof *rows, err);
    struct profile_function *sums =
        array_new(function_count, sizeof *sums, err);
    size_t count = 0;

    if (rows == NULL || sums == NULL
        || !profile_sums_add(profile, root->node,
                             root->rest_count > 0 ? root->rest_count : 1, sums,
                             err)) {
        free(rows);
        free(sums);
        return false;
    }
    for (size_t i = 0; i < function_count; i++) {
        if (sums[i].call_count > 0 || sums[i].total_ns > 0) {
            rows[count++] = (struct flame_list_row){
                .function = i + 1 < function_count ? (uint32_t)i : UINT32_MAX,
                .self_ns = sums[i].self_ns,
                .total_ns = sums[i].total_ns,
                .call_count = sums[i].call_count,
            };
        }
    }
    free(sums);
    qsort(rows, count, sizeof *rows, compare_rows);
    flame_list_release(list);
    list->rows = rows;
    list->count = count;
    return true;
}

size_t
flame_list_find(const struct flame_list *list, uint32_t function)
{
    size_t i = 0;

    while (i < list->count && list->rows[i].function != function) {
        i++;
    }
    return i;
}

void
flame_list_release(struct flame_list *list)
{
    free(list->rows);
    *list = (struct flame_list){0};
}
