// SPDX-License-Identifier: Apache-2.0
/*
 * tui/sandwich.h - one function between those that called it and those that it
 * called, and its slowest calls.
 */
#ifndef TUI_SANDWICH_H
#define TUI_SANDWICH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/action.h"
#include "tui/call_list.h"
#include "tui/flame_chart.h"
#include "tui/layout.h"
#include "tui/sandwich_rows.h"

struct call_rank;
struct error;
struct function_family;
struct mouse_event;
struct screen;
struct trace_model;
struct viewer;

/* In the order that Tab goes through. */
enum sandwich_pane {
    SANDWICH_CALLERS,
    SANDWICH_CALLEES,
    SANDWICH_CALLS,
    SANDWICH_PANES,
    SANDWICH_TREES = SANDWICH_CALLS,
};

/* All that undo restores. */
struct sandwich_state {
    bool has_function;
    uint32_t function; /* in the middle; as in slices */
    enum sandwich_pane pane;
    uint64_t paths[SANDWICH_TREES]; /* of the rows that the cursor is on */
    size_t rows[SANDWICH_PANES];    /* and their numbers */
    struct sandwich_folds folds[SANDWICH_TREES];
    size_t tops[SANDWICH_PANES]; /* the rows that are shown first */
};

/* Rows and columns of a pane; height 0 = it is not shown. */
struct sandwich_place {
    int y; /* of its title, which is one of its rows */
    unsigned height;
    unsigned x;
    unsigned width;
};

struct sandwich_layout {
    bool is_wide;
    struct sandwich_place panes[SANDWICH_PANES];
    int focal_row;     /* LAYOUT_NONE = it is not shown; likewise below */
    int histogram_row; /* of durations */
    int times_row;     /* of the title; what follows is its height */
    unsigned times_height;
    unsigned chart_rows; /* of callers above, and callees below the function */
};

/* Opaque by convention: the files sandwich*.c share it. */
struct sandwich {
    struct viewer *viewer;
    struct layout layout;
    struct sandwich_layout places;
    struct sandwich_state state;

    /* Of the function, as far as it is known; not owned. */
    const struct function_family *family;
    const struct call_rank *calls;

    struct sandwich_rows rows[SANDWICH_TREES];
    unsigned facts_number; /* of the facts that the rows are of */
    bool has_rows;
    struct call_list call_list;
    struct flame_chart charts[SANDWICH_TREES];
    unsigned charts_width;                /* that they are for; 0 = none */
    const struct trace_model *name_model; /* that the function is of */

    uint64_t click_ns; /* when the mouse was pressed last; 0 = never */
    size_t click_row;
    enum sandwich_pane click_pane;
};

/* Choose a function if there is none, ask for what is not known of it, and
 * bring the rows in order. */
bool sandwich_prepare(struct sandwich *sandwich, struct error *err);

/* Lay out for the present size and what is known. */
void sandwich_arrange(struct sandwich *sandwich);

/* Put another function into the middle. */
void sandwich_show(struct sandwich *sandwich, uint32_t function);

size_t sandwich_row_count(const struct sandwich *sandwich,
                          enum sandwich_pane pane);
/* Rows of a pane below its title. */
unsigned sandwich_pane_height(const struct sandwich *sandwich,
                              enum sandwich_pane pane);
/* Move the cursor of a pane to a row that it has. */
void sandwich_go_to_row(struct sandwich *sandwich, enum sandwich_pane pane,
                        size_t row);

/* The row that the cursor is on in a tree; NULL = none. */
const struct sandwich_row *sandwich_row(const struct sandwich *sandwich,
                                        enum sandwich_pane pane);
/* The function of a row as in slices; false for those that are none. */
bool sandwich_row_function(const struct sandwich *sandwich,
                           enum sandwich_pane pane,
                           const struct sandwich_row *row, uint32_t *function);

bool sandwich_command(struct sandwich *sandwich, enum action_id action,
                      bool *is_done, struct error *err);
bool sandwich_mouse(struct sandwich *sandwich, const struct mouse_event *event,
                    struct error *err);
bool sandwich_draw(struct sandwich *sandwich, struct screen *screen,
                   struct error *err);

/* The icicles, and when the function was called: what only a wide screen has
 * room for. */
bool sandwich_draw_charts(struct sandwich *sandwich, struct screen *screen,
                          struct error *err);

#endif
