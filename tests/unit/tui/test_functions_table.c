// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "model/scope_profile.h"
#include "tui/functions_table.h"
#include "tui/label.h"
#include "unit/tui/stage.h"

enum { SEEDS = 6 };

static struct scope_profile
sum_up(const struct stage *stage)
{
    struct scope_profile_options options = {.has_no_tree = true,
                                            .has_durations = true};
    struct trace_scope scope = trace_scope_whole();
    struct scope_profile profile;

    cr_assert(
        scope_profile_build(&profile, stage->model, &scope, &options, NULL));
    return profile;
}

/* What the greatest comes first by. */
static double
number_of(const struct scope_profile *profile, uint32_t index,
          enum functions_column column)
{
    const struct profile_function *sums = &profile->functions[index];
    const struct duration_facts *facts = &profile->durations[index];

    switch (column) {
    case COLUMN_SELF:
    case COLUMN_SELF_SHARE:
    case COLUMN_BAR:
        return (double)sums->self_ns;
    case COLUMN_TOTAL:
    case COLUMN_TOTAL_SHARE:
        return (double)sums->total_ns;
    case COLUMN_CALLS:
        return (double)sums->call_count;
    case COLUMN_MEAN:
        return (double)facts->mean_ns;
    case COLUMN_MIN:
        return (double)facts->min_ns;
    case COLUMN_P50:
    case COLUMN_DURATIONS:
        return (double)facts->p50_ns;
    case COLUMN_P95:
        return (double)facts->p95_ns;
    case COLUMN_P99:
        return (double)facts->p99_ns;
    default:
        return (double)facts->max_ns;
    }
}

static void
check_pair(const struct stage *stage, const struct scope_profile *profile,
           const struct functions_order *order, uint32_t first, uint32_t second)
{
    const struct profile_function *a = &profile->functions[first];
    const struct profile_function *b = &profile->functions[second];
    const struct model_function *f =
        scope_profile_function(stage->model, first);
    const struct model_function *g =
        scope_profile_function(stage->model, second);
    double difference;

    if (order->column == COLUMN_FUNCTION) {
        difference = strcmp(g->name, f->name);
    } else if (order->column == COLUMN_LOCATION) {
        difference = strcmp(g->file, f->file);
        difference =
            difference != 0 ? difference : (double)g->line - (double)f->line;
    } else {
        difference = number_of(profile, first, order->column)
                     - number_of(profile, second, order->column);
    }
    difference = order->is_inverted ? -difference : difference;
    cr_assert(ge(dbl, difference, 0));
    if (difference == 0) {
        cr_assert(ge(u64, a->self_ns, b->self_ns));
        if (a->self_ns == b->self_ns) {
            cr_assert(le(int, strcmp(f->name, g->name), 0));
        }
    }
}

Test(functions_table, is_in_the_order_that_was_asked_for)
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct functions_table table = {0};
        struct scope_profile profile;
        struct stage stage;
        size_t called = 0;

        stage_open(&stage, seed);
        profile = sum_up(&stage);
        for (uint32_t i = 0; i <= profile.function_count; i++) {
            called += profile.functions[i].call_count > 0;
        }
        cr_assert(
            functions_table_build(&table, stage.model, &profile, false, NULL));
        cr_assert(eq(sz, table.count, called));
        for (int i = 0; i < 2 * COLUMN_COUNT; i++) {
            struct functions_order order = {(enum functions_column)(i / 2),
                                            i % 2 == 1};
            uint64_t calls = 0;

            cr_assert(functions_table_sort(&table, &order, NULL));
            for (size_t k = 0; k < table.count; k++) {
                calls += profile.functions[table.rows[k]].call_count;
                if (k > 0) {
                    check_pair(&stage, &profile, &order, table.rows[k - 1],
                               table.rows[k]);
                }
            }
            cr_assert(eq(u64, calls, profile.call_count));
        }
        functions_table_release(&table);
        scope_profile_release(&profile);
        stage_close(&stage);
    }
}

static void
check_places(const struct functions_table *table, unsigned width,
             enum functions_column first)
{
    struct functions_place places[COLUMN_COUNT];
    size_t count = functions_table_places(table, width, first, places);
    unsigned x = 2; /* the mark of the cursor */
    bool has_function = false;

    for (size_t i = 0; i < count; i++) {
        const struct functions_place *place = &places[i];

        cr_assert(ge(int, place->column, first));
        if (i > 0) {
            cr_assert(gt(int, place->column, places[i - 1].column));
        }
        cr_assert(ge(uint, place->x, x));
        cr_assert(ge(uint, place->width, 1));
        if (functions_column_is_number(place->column)) {
            cr_assert(ge(uint, place->width, table->widths[place->column]));
        }
        has_function |= place->column == COLUMN_FUNCTION;
        x = place->x + place->width + 1;
    }
    cr_assert(le(uint, x - 1, width));
    cr_assert(has_function);
}

Test(functions_table, has_whole_numbers_at_any_width)
{
    struct functions_table table = {0};
    struct scope_profile profile;
    struct stage stage;

    stage_open(&stage, 4);
    profile = sum_up(&stage);
    cr_assert(
        functions_table_build(&table, stage.model, &profile, false, NULL));
    for (size_t i = 0; i < table.count; i++) {
        for (int column = 0; column < COLUMN_FUNCTION; column++) {
            char text[FUNCTIONS_CELL_SIZE];

            cr_assert(le(uint,
                         label_width(functions_cell(
                             &table, table.rows[i],
                             (enum functions_column)column, false, text)),
                         table.widths[column]));
        }
    }
    for (unsigned width = 20; width < 300; width++) {
        enum functions_column last = functions_table_last_first(&table, width);
        struct functions_place places[COLUMN_COUNT];

        for (int first = 0; first <= COLUMN_FUNCTION; first++) {
            check_places(&table, width, (enum functions_column)first);
        }
        if (last < COLUMN_FUNCTION) { /* all that is behind it is there */
            cr_assert(eq(sz,
                         functions_table_places(&table, width, last, places),
                         (size_t)(COLUMN_COUNT - last)));
        }
    }
    functions_table_release(&table);
    scope_profile_release(&profile);
    stage_close(&stage);
}
