// SPDX-License-Identifier: Apache-2.0
/*
 * tui/functions_table.h - the rows and columns of the function table: what
 * stands in a cell, in which order the rows come, which columns there is room
 * for.
 */
#ifndef TUI_FUNCTIONS_TABLE_H
#define TUI_FUNCTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/scope_profile.h"

struct error;
struct trace_model;

/* In the order they stand in. */
enum functions_column {
    COLUMN_SELF,
    COLUMN_SELF_SHARE,
    COLUMN_BAR, /* the share again; not sorted by */
    COLUMN_TOTAL,
    COLUMN_TOTAL_SHARE,
    COLUMN_CALLS,
    COLUMN_MEAN,
    COLUMN_MIN,
    COLUMN_P50,
    COLUMN_P95,
    COLUMN_P99,
    COLUMN_MAX,
    COLUMN_DURATIONS, /* a picture of all durations; sorted by the median */
    COLUMN_FUNCTION,
    COLUMN_LOCATION,
    COLUMN_COUNT,
};

/* "SELF". */
const char *functions_column_title(enum functions_column column);

/* What it is, for a menu: "time in the function itself". */
const char *functions_column_help(enum functions_column column);

/* Whether it ends at the right edge of its cells, and the greatest is first. */
bool functions_column_is_number(enum functions_column column);

/* False for the bar. */
bool functions_column_is_sortable(enum functions_column column);

struct functions_order {
    enum functions_column column;
    bool is_inverted;
};

/* {0} is an empty table. */
struct functions_table {
    const struct trace_model *model;
    const struct scope_profile *profile;
    uint64_t most_self_ns; /* of any function */
    uint32_t *rows;        /* owned; functions that have calls in the scope */
    size_t count;
    unsigned widths[COLUMN_COUNT]; /* of the longest cell or title */
};

/* Rows in the order of the model, which has to outlive the table, as has the
 * profile. What was in the table before is released. */
bool functions_table_build(struct functions_table *table,
                           const struct trace_model *model,
                           const struct scope_profile *profile, bool is_ascii,
                           struct error *err);
void functions_table_release(struct functions_table *table);

/* Rows that are equal by the column are by self time, then by name. */
bool functions_table_sort(struct functions_table *table,
                          const struct functions_order *order,
                          struct error *err);

/* The same in three steps: taking rows, ordering them, which any thread may do
 * and needs model and profile alone, and giving them back to the table, which
 * was not built again meanwhile. {0} is empty; the caller releases it. */
struct functions_sorting {
    const struct trace_model *model;
    struct scope_profile profile; /* the table's: not owned */
    uint32_t *rows;               /* owned */
    size_t count;
    struct functions_order order;
};

bool functions_sorting_take(struct functions_sorting *sorting,
                            const struct functions_table *table,
                            const struct functions_order *order,
                            struct error *err);
bool functions_sorting_run(struct functions_sorting *sorting,
                           struct error *err);
void functions_sorting_give(struct functions_sorting *sorting,
                            struct functions_table *table);
void functions_sorting_release(struct functions_sorting *sorting);

/* What a column is sorted by; 0 for texts. index is that of a function of the
 * model, or the number of them for the unknown one. */
uint64_t functions_value(const struct scope_profile *profile, uint32_t index,
                         enum functions_column column);

enum { FUNCTIONS_CELL_SIZE = 1024, FUNCTIONS_BAR_CELLS = 10 };

/* What stands for durations that are still being counted. */
#define FUNCTIONS_NOT_YET ".."

/* What stands in a cell; not sanitised. text has FUNCTIONS_CELL_SIZE bytes; it
 * is returned. */
const char *functions_cell(const struct functions_table *table, uint32_t index,
                           enum functions_column column, bool is_ascii,
                           char *text);

/* Where a column is on the screen. */
struct functions_place {
    enum functions_column column;
    unsigned x;
    unsigned width;
};

/*
 * The columns from first on that there is room for in width: those that say
 * most, and always the function. Returns how many; places has COLUMN_COUNT.
 */
size_t functions_table_places(const struct functions_table *table,
                              unsigned width, enum functions_column first,
                              struct functions_place *places);

/* How many columns have to be scrolled away to see the last one. */
enum functions_column
functions_table_last_first(const struct functions_table *table, unsigned width);

#endif
