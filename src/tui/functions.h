// SPDX-License-Identifier: Apache-2.0
/*
 * tui/functions.h - the function table: sums of each function over the scope.
 */
#ifndef TUI_FUNCTIONS_H
#define TUI_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/scope_profile.h"
#include "tui/action.h"
#include "tui/call_list.h"
#include "tui/functions_table.h"
#include "tui/layout.h"

struct error;
struct mouse_event;
struct screen;
struct viewer;

enum { FUNCTIONS_FAILURE_SIZE = 256 };

/* What is below the table. */
enum functions_pane {
    FUNCTIONS_PANE_AUTO, /* there where the screen is high enough */
    FUNCTIONS_PANE_OPEN,
    FUNCTIONS_PANE_CLOSED,
};

/* All that undo restores. */
struct functions_state {
    uint32_t function; /* that the cursor is on; it stays there when the order
                        changes */
    struct functions_order order;
    enum functions_column first; /* columns left of it are scrolled away */
    size_t top;                  /* the row that is shown first */
    enum functions_pane pane;
    bool has_pane_focus;
    size_t call; /* that is chosen of the slowest ones, from 0 */
    size_t call_top;
};

/* Opaque by convention: the files functions*.c share it. */
struct functions {
    struct viewer *viewer;
    struct layout layout;

    const struct trace_model *model; /* that the profile is of */
    bool has_profile;
    struct functions_sums *sums; /* owns the arrays of the profile */
    struct scope_profile profile;
    unsigned scope_number; /* of the viewer, when it was asked for */
    bool is_asked;
    bool is_measured;                     /* durations were asked for, too */
    char failure[FUNCTIONS_FAILURE_SIZE]; /* why there is none; "" = none */

    struct functions_table table;
    bool is_sorted;                       /* by the order of the state */
    struct functions_order awaited_order; /* that a job makes */
    struct functions_state state;
    bool has_cursor; /* the state has a function of this model */
    size_t row;      /* of the cursor */

    uint32_t pane_function; /* that the chosen call is of */
    struct call_list calls;

    uint64_t click_ns; /* when the mouse was pressed last; 0 = never */
    size_t click_row;
};

/* See to it that there is a profile of the scope, or a job that makes one, and
 * that the rows are in order. */
bool functions_prepare(struct functions *functions, struct error *err);
void functions_forget(struct functions *functions);

/* How many rows the screen has for functions, below the titles. */
unsigned functions_height(const struct functions *functions);

/* The function of a row's index, and of the cursor, as in slices; the table
 * has rows. */
uint32_t functions_function_at(const struct functions *functions,
                               uint32_t index);
uint32_t functions_selected(const struct functions *functions);

/* Whether a button was pressed twice on that row, or call, soon after. */
bool functions_is_second_click(struct functions *functions, size_t row);

/* Move the cursor; the table has that row. */
void functions_go_to_row(struct functions *functions, size_t row);

bool functions_command(struct functions *functions, enum action_id action,
                       bool *is_done, struct error *err);
bool functions_mouse(struct functions *functions,
                     const struct mouse_event *event, struct error *err);
bool functions_draw(struct functions *functions, struct screen *screen,
                    struct error *err);

#endif
