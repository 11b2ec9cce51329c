// SPDX-License-Identifier: Apache-2.0
#include "tui/flame_chart.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/scope_profile.h"

/* Times below this can be multiplied by any width. */
#define EXACT_NS_MAX (UINT64_C(1) << 48)

/* The columns of a part of a box, rounded to the nearest. */
static unsigned
columns_of(const struct flame_box *box, uint64_t part_ns)
{
    uint64_t whole_ns = box->total_ns;

    while (whole_ns >= EXACT_NS_MAX) {
        whole_ns >>= 1;
        part_ns >>= 1;
    }
    return whole_ns == 0
               ? 0
               : (unsigned)((part_ns * box->width + whole_ns / 2) / whole_ns);
}

/* Whether a part of a box is at least a column wide. */
static bool
has_column(const struct flame_box *box, uint64_t part_ns)
{
    return part_ns > 0 && part_ns >= (box->total_ns - 1) / box->width + 1;
}

/* The children of one box while they are placed. */
struct placing {
    struct flame_chart *chart;
    const struct profile_node *node;
    struct flame_box above;
    uint64_t children_ns; /* of all that are to be placed */
    uint32_t child;       /* number of the next one */
    uint64_t before_ns;   /* of those that are placed */
    unsigned x;           /* behind them */
};

/* The children that have a column. The array has room for all boxes that fit
 * into a row. */
static void
place_wide(struct placing *placing, const struct scope_profile *profile)
{
    const struct profile_node *node = placing->node;
    const struct flame_box *above = &placing->above;

    for (; placing->child < node->child_count; placing->child++) {
        uint32_t child = node->first_child + placing->child;
        uint64_t total_ns = profile->nodes[child].total_ns;
        unsigned end =
            above->x + columns_of(above, placing->before_ns + total_ns);

        if (!has_column(above, total_ns) || end <= placing->x) {
            return;
        }
        placing->chart->boxes[placing->chart->count++] = (struct flame_box){
            .node = child,
            .x = placing->x,
            .width = end - placing->x,
            .total_ns = total_ns,
        };
        placing->before_ns += total_ns;
        placing->x = end;
    }
}

/* Make room for a column at the right edge: the last box gives one up, or
 * joins the remainder. */
static void
free_column(struct placing *placing)
{
    struct flame_box *last = &placing->chart->boxes[placing->chart->count - 1];

    placing->x--;
    if (--last->width == 0) {
        placing->before_ns -= last->total_ns;
        placing->chart->count--;
        placing->child--;
    }
}

/* One box for all children that are left. */
static void
place_rest(struct placing *placing)
{
    const struct profile_node *node = placing->node;
    const struct flame_box *above = &placing->above;
    unsigned end = above->x + columns_of(above, placing->children_ns);

    if (placing->x == above->x + above->width) {
        free_column(placing);
    }
    placing->chart->boxes[placing->chart->count++] = (struct flame_box){
        .node = node->first_child + placing->child,
        .rest_count = node->child_count - placing->child,
        .x = placing->x,
        .width = end > placing->x ? end - placing->x : 1,
        .total_ns = placing->children_ns - placing->before_ns,
    };
}

static void
place_children(struct flame_chart *chart, const struct scope_profile *profile,
               size_t above)
{
    const struct flame_box *box = &chart->boxes[above];
    const struct profile_node *node = &profile->nodes[box->node];
    struct placing placing = {
        .chart = chart,
        .node = node,
        .above = *box,
        .children_ns = node->total_ns - node->self_ns,
        .x = box->x,
    };

    if (box->rest_count > 0) {
        placing.node = &profile->nodes[node->parent];
        placing.child = box->node - placing.node->first_child;
        placing.children_ns = box->total_ns;
    }
    place_wide(&placing, profile);
    if (placing.child < placing.node->child_count) {
        place_rest(&placing);
    }
}

static bool
reserve_row(struct flame_chart *chart, unsigned width, struct error *err)
{
    return array_reserve((void **)&chart->boxes, &chart->capacity,
                         chart->count + width, sizeof *chart->boxes, err)
           && array_reserve((void **)&chart->ends, &chart->row_capacity,
                            chart->row_count + 1, sizeof *chart->ends, err);
}

struct flame_box
flame_box_of(const struct scope_profile *profile, uint32_t node, bool is_rest,
             unsigned width)
{
    const struct profile_node *parent =
        &profile->nodes[profile->nodes[node].parent];
    struct flame_box box = {
        .node = node,
        .width = width,
        .total_ns = profile->nodes[node].total_ns,
    };

    if (is_rest) {
        uint32_t end = parent->first_child + parent->child_count;

        box.rest_count = end - node;
        for (uint32_t i = node + 1; i < end; i++) {
            box.total_ns += profile->nodes[i].total_ns;
        }
    }
    return box;
}

bool
flame_chart_build(struct flame_chart *chart,
                  const struct scope_profile *profile,
                  const struct flame_box *root, struct error *err)
{
    size_t first = 0;

    chart->count = 0;
    chart->row_count = 0;
    if (!reserve_row(chart, root->width, err)) {
        return false;
    }
    chart->boxes[chart->count++] = *root;
    while (first < chart->count) {
        size_t end = chart->count;

        chart->ends[chart->row_count++] = end;
        if (!reserve_row(chart, root->width, err)) {
            chart->count = 0;
            chart->row_count = 0;
            return false;
        }
        for (; first < end; first++) {
            /* What a remainder's nodes call has no place below it. */
            if (first == 0 || chart->boxes[first].rest_count == 0) {
                place_children(chart, profile, first);
            }
        }
    }
    return true;
}

void
flame_chart_release(struct flame_chart *chart)
{
    free(chart->boxes);
    free(chart->ends);
    *chart = (struct flame_chart){0};
}

const struct flame_box *
flame_chart_row(const struct flame_chart *chart, size_t row, size_t *count)
{
    size_t first = row == 0 ? 0 : chart->ends[row - 1];

    *count = chart->ends[row] - first;
    return &chart->boxes[first];
}

bool
flame_box_holds(const struct flame_box *box, uint32_t node)
{
    uint32_t others = box->rest_count == 0 ? 0 : box->rest_count - 1;

    return node >= box->node && node - box->node <= others;
}

const struct flame_box *
flame_chart_find(const struct flame_chart *chart, size_t row, uint32_t node)
{
    size_t count;
    const struct flame_box *boxes = flame_chart_row(chart, row, &count);

    for (size_t i = 0; i < count; i++) {
        if (flame_box_holds(&boxes[i], node)) {
            return &boxes[i];
        }
    }
    return NULL;
}
