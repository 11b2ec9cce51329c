// SPDX-License-Identifier: Apache-2.0
#include "tui/functions_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "format/event.h"
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
    bool is_number;
    unsigned rank;
} columns[COLUMN_COUNT] = {
    [COLUMN_SELF] = {"SELF", true, 1},
    [COLUMN_SELF_SHARE] = {"SELF%", true, 4},
    [COLUMN_TOTAL] = {"TOTAL", true, 2},
    [COLUMN_TOTAL_SHARE] = {"TOTAL%", true, 6},
    [COLUMN_CALLS] = {"CALLS", true, 3},
    [COLUMN_MEAN] = {"MEAN", true, 5},
    [COLUMN_MAX] = {"MAX", true, 7},
    [COLUMN_FUNCTION] = {"FUNCTION", false, 0},
    [COLUMN_LOCATION] = {"LOCATION", false, 8},
};

const char *
functions_column_title(enum functions_column column)
{
    return columns[column].title;
}

bool
functions_column_is_number(enum functions_column column)
{
    return columns[column].is_number;
}

static uint64_t
mean_of(const struct profile_function *sums)
{
    return sums->call_count == 0 ? 0 : sums->total_ns / sums->call_count;
}

/* What a column is sorted by; for a share that is its time. */
static uint64_t
value_of(const struct profile_function *sums, enum functions_column column)
{
    switch (column) {
    case COLUMN_SELF:
    case COLUMN_SELF_SHARE:
        return sums->self_ns;
    case COLUMN_TOTAL:
    case COLUMN_TOTAL_SHARE:
        return sums->total_ns;
    case COLUMN_CALLS:
        return sums->call_count;
    case COLUMN_MEAN:
        return mean_of(sums);
    case COLUMN_MAX:
        return sums->max_ns;
    case COLUMN_FUNCTION:
    case COLUMN_LOCATION:
    case COLUMN_COUNT:
        break;
    }
    return 0;
}

static const char *
write_location(const struct model_function *function, char *text)
{
    if (function->file[0] != '\0') {
        (void)snprintf(text, FUNCTIONS_CELL_SIZE, "%s:%" PRIu32, function->file,
                       function->line);
    } else {
        (void)snprintf(text, FUNCTIONS_CELL_SIZE, "%s",
                       function->kind == VZT_FUNCTION_C ? "built-in" : "");
    }
    return text;
}

const char *
functions_cell(const struct trace_model *model,
               const struct scope_profile *profile, uint32_t index,
               enum functions_column column, bool is_ascii, char *text)
{
    const struct model_function *function =
        scope_profile_function(model, index);
    const struct profile_function *sums = &profile->functions[index];
    uint64_t value = value_of(sums, column);

    switch (column) {
    case COLUMN_SELF:
    case COLUMN_TOTAL:
    case COLUMN_MAX:
        return text_duration(text, FUNCTIONS_CELL_SIZE, value, is_ascii);
    case COLUMN_MEAN:
        if (sums->call_count == 0) {
            (void)snprintf(text, FUNCTIONS_CELL_SIZE, "-");
            return text;
        }
        return text_duration(text, FUNCTIONS_CELL_SIZE, value, is_ascii);
    case COLUMN_SELF_SHARE:
    case COLUMN_TOTAL_SHARE:
        return text_percent(text, FUNCTIONS_CELL_SIZE, value,
                            profile->total_ns);
    case COLUMN_CALLS:
        return text_grouped(text, FUNCTIONS_CELL_SIZE, value);
    case COLUMN_FUNCTION:
        (void)snprintf(text, FUNCTIONS_CELL_SIZE, "%s", function->name);
        return text;
    case COLUMN_LOCATION:
        return write_location(function, text);
    case COLUMN_COUNT:
        break;
    }
    text[0] = '\0';
    return text;
}

static bool
has_calls(const struct profile_function *sums)
{
    return sums->call_count > 0 || sums->total_ns > 0;
}

/* Widths of numbers; those of texts follow what is left. */
static void
measure(struct functions_table *table, const struct trace_model *model,
        const struct scope_profile *profile, bool is_ascii)
{
    for (int column = 0; column < COLUMN_COUNT; column++) {
        /* Room for the mark of the order behind the title. */
        unsigned width = (unsigned)strlen(columns[column].title) + 1;

        for (size_t i = 0; columns[column].is_number && i < table->count; i++) {
            char text[FUNCTIONS_CELL_SIZE];
            unsigned cell = label_width(
                functions_cell(model, profile, table->rows[i],
                               (enum functions_column)column, is_ascii, text));

            width = cell > width ? cell : width;
        }
        table->widths[column] = width;
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
    table->rows = rows;
    for (uint32_t i = 0; i <= profile->function_count; i++) {
        if (has_calls(&profile->functions[i])) {
            rows[table->count++] = i;
        }
    }
    measure(table, model, profile, is_ascii);
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
    const struct functions_order *order;
    const struct model_function *function;
    const struct profile_function *sums;
    uint32_t index;
};

static int
compare_places(const struct model_function *a, const struct model_function *b)
{
    int order = strcmp(a->file, b->file);

    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static int
compare_by_column(const struct sort_row *a, const struct sort_row *b)
{
    enum functions_column column = a->order->column;
    uint64_t left = value_of(a->sums, column);
    uint64_t right = value_of(b->sums, column);

    if (column == COLUMN_FUNCTION) {
        return strcmp(a->function->name, b->function->name);
    }
    if (column == COLUMN_LOCATION) {
        return compare_places(a->function, b->function);
    }
    return (left < right) - (left > right);
}

static int
compare_rows(const void *left, const void *right)
{
    const struct sort_row *a = left;
    const struct sort_row *b = right;
    int order = compare_by_column(a, b);

    if (order != 0) {
        return a->order->is_inverted ? -order : order;
    }
    if (a->sums->self_ns != b->sums->self_ns) {
        return a->sums->self_ns > b->sums->self_ns ? -1 : 1;
    }
    order = strcmp(a->function->name, b->function->name);
    return order != 0 ? order : (a->index > b->index) - (a->index < b->index);
}

bool
functions_table_sort(struct functions_table *table,
                     const struct trace_model *model,
                     const struct scope_profile *profile,
                     const struct functions_order *order, struct error *err)
{
    struct sort_row *rows = array_new(table->count, sizeof *rows, err);

    if (rows == NULL) {
        return false;
    }
    for (size_t i = 0; i < table->count; i++) {
        uint32_t index = table->rows[i];

        rows[i] = (struct sort_row){
            .order = order,
            .function = scope_profile_function(model, index),
            .sums = &profile->functions[index],
            .index = index,
        };
    }
    if (table->count > 0) {
        qsort(rows, table->count, sizeof *rows, compare_rows);
    }
    for (size_t i = 0; i < table->count; i++) {
        table->rows[i] = rows[i].index;
    }
    free(rows);
    return true;
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
