// SPDX-License-Identifier: Apache-2.0
#include "tui/functions_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/scope_profile.h"
#include "tui/label.h"

enum {
    MARK_CELLS = 2, /* in front of the first column */
    GAP_CELLS = 1,
    FUNCTION_CELLS_MIN = 12,
    FUNCTION_CELLS_GOOD = 30, /* before a column of less weight is shown */
    LOCATION_CELLS_MIN = 12,
};

/* rank: which columns stay longest on a narrow screen. */
static const struct {
    const char *title;
    const char *help;
    bool is_number;
    unsigned rank;
} columns[COLUMN_COUNT] = {
    [COLUMN_SELF] = {"SELF", "time in the function itself", true, 1},
    [COLUMN_SELF_SHARE] = {"SELF%", "the same, of all time", true, 4},
    [COLUMN_BAR] = {"", "", false, 12},
    [COLUMN_TOTAL] = {"TOTAL", "time with what it called", true, 2},
    [COLUMN_TOTAL_SHARE] = {"TOTAL%", "the same, of all time", true, 8},
    [COLUMN_CALLS] = {"CALLS", "how often it was called", true, 3},
    [COLUMN_MEAN] = {"MEAN", "time of a call", true, 5},
    [COLUMN_MIN] = {"MIN", "its fastest call", true, 14},
    [COLUMN_P50] = {"P50", "half of its calls are faster", true, 9},
    [COLUMN_P95] = {"P95", "95% of its calls are faster", true, 6},
    [COLUMN_P99] = {"P99", "99% of its calls are faster", true, 13},
    [COLUMN_MAX] = {"MAX", "its slowest call", true, 7},
    [COLUMN_DURATIONS] = {"DURATION", "by P50; fast to slow calls", false, 11},
    [COLUMN_FUNCTION] = {"FUNCTION", "by name", false, 0},
    [COLUMN_LOCATION] = {"LOCATION", "by file and line", false, 10},
};

const char *
functions_column_title(enum functions_column column)
{
    return columns[column].title;
}

bool
functions_column_is_sortable(enum functions_column column)
{
    return column != COLUMN_BAR;
}

const char *
functions_column_help(enum functions_column column)
{
    return columns[column].help;
}

bool
functions_column_is_number(enum functions_column column)
{
    return columns[column].is_number;
}

static bool
has_calls(const struct profile_function *sums)
{
    return profile_function_is_there(sums);
}

static unsigned
measure_column(const struct functions_table *table,
               enum functions_column column, bool is_ascii)
{
    /* Room for the mark of the order behind the title. */
    unsigned width = (unsigned)strlen(columns[column].title) + 1;

    for (size_t i = 0; columns[column].is_number && i < table->count; i++) {
        char text[FUNCTIONS_CELL_SIZE];
        unsigned cell = label_width(
            functions_cell(table, table->rows[i], column, is_ascii, text));

        width = cell > width ? cell : width;
    }
    return width;
}

/* Widths of numbers; those of texts follow what is left. Percentiles get room
 * before they are known, so that nothing moves then. */
static void
measure(struct functions_table *table, bool is_ascii)
{
    unsigned *widths = table->widths;

    for (int i = 0; i < COLUMN_COUNT; i++) {
        widths[i] = measure_column(table, (enum functions_column)i, is_ascii);
    }
    for (int i = COLUMN_P50; i <= COLUMN_P99; i++) {
        if (widths[i] < widths[COLUMN_MAX] + 1) {
            widths[i] = widths[COLUMN_MAX] + 1;
        }
    }
    widths[COLUMN_BAR] = FUNCTIONS_BAR_CELLS;
    if (widths[COLUMN_DURATIONS] < DURATION_LEVELS) {
        widths[COLUMN_DURATIONS] = DURATION_LEVELS;
    }
}

bool
functions_table_build(struct functions_table *table,
                      const struct trace_model *model,
                      const struct scope_profile *profile, bool is_ascii,
                      struct error *err)
{
    uint32_t *rows =
        array_new(profile->function_count + (size_t)1, sizeof *rows, err);

    if (rows == NULL) {
        return false;
    }
    functions_table_release(table);
    table->model = model;
    table->profile = profile;
    table->rows = rows;
    for (uint32_t i = 0; i <= profile->function_count; i++) {
        const struct profile_function *sums = &profile->functions[i];

        if (has_calls(sums)) {
            rows[table->count++] = i;
        }
        if (sums->self_ns > table->most_self_ns) {
            table->most_self_ns = sums->self_ns;
        }
    }
    measure(table, is_ascii);
    return true;
}

void
functions_table_release(struct functions_table *table)
{
    free(table->rows);
    *table = (struct functions_table){0};
}

/* A row while it is sorted. */
struct sort_row {
    const struct model_function *function;
    uint64_t value;
    uint64_t self_ns;
    uint32_t index;
};

static int
compare_places(const struct model_function *a, const struct model_function *b)
{
    int order = strcmp(a->file, b->file);

    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static int
compare_by_column(const struct sort_row *a, const struct sort_row *b,
                  enum functions_column column)
{

    if (column == COLUMN_FUNCTION) {
        return strcmp(a->function->name, b->function->name);
    }
    if (column == COLUMN_LOCATION) {
        return compare_places(a->function, b->function);
    }
    return (a->value < b->value) - (a->value > b->value);
}

static int
compare_rows(const void *left, const void *right, void *context)
{
    const struct functions_order *by = context;
    const struct sort_row *a = left;
    const struct sort_row *b = right;
    int order = compare_by_column(a, b, by->column);

    if (order != 0) {
        return by->is_inverted ? -order : order;
    }
    if (a->self_ns != b->self_ns) {
        return a->self_ns > b->self_ns ? -1 : 1;
    }
    order = strcmp(a->function->name, b->function->name);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

bool
functions_sorting_take(struct functions_sorting *sorting,
                       const struct functions_table *table,
                       const struct functions_order *order, struct error *err)
{
    *sorting = (struct functions_sorting){
        .model = table->model,
        .profile = *table->profile,
        .rows = array_new(table->count, sizeof *sorting->rows, err),
        .count = table->count,
        .order = *order,
    };
    if (sorting->rows == NULL) {
        return false;
    }
    if (table->count > 0) {
        memcpy(sorting->rows, table->rows,
               table->count * sizeof *sorting->rows);
    }
    return true;
}

bool
functions_sorting_run(struct functions_sorting *sorting, struct error *err)
{
    struct sort_row *rows = array_new(sorting->count, sizeof *rows, err);

    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < sorting->count; i++) {
        uint32_t index = sorting->rows[i];

        rows[i] = (struct sort_row){
            .function = scope_profile_function(sorting->model, index),
            .value = functions_value(&sorting->profile, index,
                                     sorting->order.column),
            .self_ns = sorting->profile.functions[index].self_ns,
            .index = index,
        };
    }
    if (sorting->count > 0) {
        qsort_r(rows, sorting->count, sizeof *rows, compare_rows,
                &sorting->order);
    }
    for (size_t i = 0; i < sorting->count; i++) {
        sorting->rows[i] = rows[i].index;
    }
    free(rows);
    return true;
}

void
functions_sorting_give(struct functions_sorting *sorting,
                       struct functions_table *table)
{
    free(table->rows);
    table->rows = sorting->rows;
    sorting->rows = NULL;
}

void
functions_sorting_release(struct functions_sorting *sorting)
{
    free(sorting->rows);
    *sorting = (struct functions_sorting){0};
}

bool
functions_table_sort(struct functions_table *table,
                     const struct functions_order *order, struct error *err)
{
    struct functions_sorting sorting;
    bool is_ok = functions_sorting_take(&sorting, table, order, err)
                 && functions_sorting_run(&sorting, err);

    if (is_ok) {
        functions_sorting_give(&sorting, table);
    }
    functions_sorting_release(&sorting);
    return is_ok;
}

/* The columns that there is room for, by rank. Returns the cells that are left
 * for the function. */
static unsigned
choose_columns(const struct functions_table *table, unsigned width,
               enum functions_column first, bool *is_chosen)
{
    unsigned left = width > MARK_CELLS ? width - MARK_CELLS : 0;

    is_chosen[COLUMN_FUNCTION] = true;
    for (unsigned rank = 1; rank < COLUMN_COUNT; rank++) {
        for (int i = (int)first; i < COLUMN_COUNT; i++) {
            unsigned need =
                i == COLUMN_LOCATION ? LOCATION_CELLS_MIN : table->widths[i];
            unsigned keep = rank <= columns[COLUMN_CALLS].rank
                                ? FUNCTION_CELLS_MIN
                                : FUNCTION_CELLS_GOOD;

            if (columns[i].rank == rank && left >= need + GAP_CELLS + keep) {
                is_chosen[i] = true;
                left -= need + GAP_CELLS;
            }
        }
    }
    return left;
}

size_t
functions_table_places(const struct functions_table *table, unsigned width,
                       enum functions_column first,
                       struct functions_place *places)
{
    bool is_chosen[COLUMN_COUNT] = {false};
    unsigned left;
    unsigned x = MARK_CELLS;
    size_t count = 0;

    left = choose_columns(table, width, first, is_chosen);
    for (int i = (int)first; i < COLUMN_COUNT; i++) {
        unsigned cells = table->widths[i];

        if (!is_chosen[i]) {
            continue;
        }
        if (i == COLUMN_FUNCTION) {
            /* What is beyond a good width is shared with the location. */
            cells = is_chosen[COLUMN_LOCATION] && left > FUNCTION_CELLS_GOOD
                        ? FUNCTION_CELLS_GOOD + (left - FUNCTION_CELLS_GOOD) / 2
                        : left;
        } else if (i == COLUMN_LOCATION) {
            cells = width - x;
        }
        places[count++] = (struct functions_place){
            .column = (enum functions_column)i, .x = x, .width = cells};
        x += cells + GAP_CELLS;
    }
    return count;
}

enum functions_column
functions_table_last_first(const struct functions_table *table, unsigned width)
{
    int first = 0;

    for (; first < COLUMN_FUNCTION; first++) {
        struct functions_place places[COLUMN_COUNT];

        if (functions_table_places(table, width, (enum functions_column)first,
                                   places)
            == (size_t)(COLUMN_COUNT - first)) {
            break;
        }
    }
    return (enum functions_column)first;
}
