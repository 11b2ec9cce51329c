// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "model/scope_profile.h"
#include "support/random.h"
#include "tui/flame_chart.h"

enum { NODES_MAX = 400, TREES = 300 };

/* A random tree in the order of a profile: children next to each other, the
 * largest first; some take all of their parent's time, many next to nothing. */
static struct scope_profile
make_tree(struct random *numbers, uint64_t total_ns)
{
    struct scope_profile profile = {
        .nodes = calloc(NODES_MAX + 20, sizeof *profile.nodes),
        .node_count = 1,
    };

    cr_assert(ne(ptr, profile.nodes, NULL));
    profile.nodes[0].total_ns = total_ns;
    for (uint32_t i = 0; i < profile.node_count; i++) {
        struct profile_node *node = &profile.nodes[i];
        uint64_t left_ns = node->total_ns;
        uint64_t last_ns = left_ns;

        node->first_child = profile.node_count;
        node->child_count = profile.node_count < NODES_MAX
                                ? (uint32_t)random_below(numbers, 20)
                                : 0;
        for (uint32_t k = 0; k < node->child_count; k++) {
            uint64_t most_ns = left_ns < last_ns ? left_ns : last_ns;
            uint64_t part_ns = random_permille(numbers, 300)
                                   ? most_ns
                                   : random_below(numbers, most_ns + 1);

            profile.nodes[profile.node_count++] = (struct profile_node){
                .total_ns = part_ns, .parent = i, .level = node->level + 1};
            left_ns -= part_ns;
            last_ns = part_ns;
        }
        node->self_ns = left_ns;
    }
    return profile;
}

static uint64_t
random_total(struct random *numbers)
{
    return random_below(numbers, UINT64_C(1) << random_below(numbers, 63));
}

/* The boxes below one box: next to each other from its left edge on, each node
 * once, and no wider than it. */
static size_t
check_children(const struct scope_profile *profile,
               const struct flame_box *above, bool is_root,
               const struct flame_box *boxes, size_t count)
{
    const struct profile_node *node = &profile->nodes[above->node];
    unsigned x = above->x;
    uint32_t next = node->first_child;
    uint32_t end = node->first_child + node->child_count;
    uint64_t sum_ns = node->self_ns;
    size_t i = 0;

    if (above->rest_count > 0) {
        if (!is_root) {
            return 0;
        }
        next = above->node; /* its nodes themselves, to the last sibling */
        node = &profile->nodes[node->parent];
        end = node->first_child + node->child_count;
        sum_ns = 0;
        cr_assert(eq(u32, above->rest_count, end - next));
    }
    for (; i < count && next < end; i++) {
        const struct flame_box *box = &boxes[i];

        cr_assert(eq(u32, box->node, next));
        cr_assert(eq(uint, box->x, x));
        cr_assert(ge(uint, box->width, 1));
        next += box->rest_count == 0 ? 1 : box->rest_count;
        x += box->width;
        sum_ns += box->total_ns;
    }
    cr_assert(eq(u32, next, end));
    cr_assert(le(uint, x, above->x + above->width));
    cr_assert(eq(u64, sum_ns, above->total_ns));
    return i;
}

/* Widths are right to the column; one more may go to the remainder. */
static void
check_widths(const struct flame_box *above, const struct flame_box *boxes,
             size_t count)
{
    bool has_rest = count > 0 && boxes[count - 1].rest_count > 0;

    for (size_t i = 0; i < count && above->total_ns > 0; i++) {
        long double exact = (long double)boxes[i].total_ns * above->width
                            / (long double)above->total_ns;
        long double error = exact - boxes[i].width;

        cr_assert(lt(dbl, (double)(error < 0 ? -error : error),
                     has_rest ? 2 : 1.000001));
    }
}

static void
check_chart(const struct scope_profile *profile,
            const struct flame_chart *chart, const struct flame_box *root)
{
    size_t count;
    const struct flame_box *row = flame_chart_row(chart, 0, &count);

    cr_assert(eq(sz, count, 1));
    cr_assert(eq(u32, row->node, root->node));
    cr_assert(eq(uint, row->width, root->width));
    for (size_t level = 0; level < chart->row_count; level++) {
        size_t below_count = 0;
        const struct flame_box *below =
            level + 1 < chart->row_count
                ? flame_chart_row(chart, level + 1, &below_count)
                : NULL;
        size_t used = 0;

        row = flame_chart_row(chart, level, &count);
        for (size_t i = 0; i < count; i++) {
            size_t first = used;

            cr_assert(le(uint, row[i].x + row[i].width, root->width));
            cr_assert(eq(ptr,
                         (void *)flame_chart_find(chart, level, row[i].node),
                         (void *)&row[i]));
            used += check_children(profile, &row[i], level == 0, below + used,
                                   below_count - used);
            if (used > first) {
                check_widths(&row[i], below + first, used - first);
            }
        }
        cr_assert(eq(sz, used, below_count));
    }
}

Test(flame_chart, gives_every_node_columns_that_add_up)
{
    for (uint64_t seed = 1; seed <= TREES; seed++) {
        struct random numbers = {.state = seed};
        struct scope_profile profile =
            make_tree(&numbers, random_total(&numbers));
        struct flame_chart chart = {0};

        for (unsigned i = 0; i < 5; i++) {
            uint32_t node = (uint32_t)random_below(
                &numbers, i == 0 ? 1 : profile.node_count);
            struct flame_box root = flame_box_of(
                &profile, node, node > 0 && random_permille(&numbers, 400),
                (unsigned)random_below(&numbers, 300) + 1);

            cr_assert(flame_chart_build(&chart, &profile, &root, NULL));
            check_chart(&profile, &chart, &root);
        }
        flame_chart_release(&chart);
        free(profile.nodes);
    }
}
