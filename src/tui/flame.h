// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame.h - the flame graph: where the time of the scope went, by the path
 * of functions that was called.
 *
 * A job sums the scope up; nothing is computed on the viewer's thread but the
 * boxes of what is shown. Places are paths of functions, not nodes, so that
 * they survive another scope and undo.
 */
#ifndef TUI_FLAME_H
#define TUI_FLAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/scope_profile.h"
#include "tui/action.h"
#include "tui/flame_chart.h"
#include "tui/flame_list.h"
#include "tui/flame_transforms.h"
#include "tui/flame_when.h"
#include "tui/layout.h"

struct error;
struct flame_base;
struct model_function;
struct mouse_event;
struct screen;
struct viewer;

enum {
    FLAME_FAILURE_SIZE = 256,
    FLAME_AHEAD_MAX = 64,
    FLAME_AT_ONCE_MAX = 1 << 13, /* nodes; transforming them takes some ms */
};

/* Other paths that the function of a node is on. */
struct flame_others {
    unsigned profile_number; /* of the graph, when they were looked for */
    uint32_t node;
    uint32_t count;
    uint32_t largest[2]; /* nodes; the first of count */
};

/* Opaque by convention: the files flame_*.c share it. */
struct flame {
    struct viewer *viewer;
    struct layout layout;

    const struct trace_model *model; /* that the profile is of */
    struct flame_base *base;         /* held; the scope as it is */
    struct flame_transforms transforms;
    bool has_tracks; /* the tracks are apart */
    bool has_profile;
    struct scope_profile profile; /* what the transforms make of the base */
    bool owns_profile;            /* it is not the base itself */
    bool is_transforming;         /* a job makes it */
    uint32_t at_once_max;         /* nodes that need no job */
    unsigned profile_number;      /* another one for each */
    unsigned scope_number;        /* of the viewer, when it was asked for */
    bool is_asked;                /* a profile of that scope, now or before */
    char failure[FLAME_FAILURE_SIZE]; /* why there is none; "" = none */
    uint32_t node_max;                /* of the tree; 0 = as many as may be */
    bool is_cut;     /* not all calls of the scope fit into it */
    uint32_t *below; /* the path that the tree is of and below, since then it is
                        deeper; owned */
    size_t below_length;
    enum action_id ahead[FLAME_AHEAD_MAX]; /* typed before it was there */
    size_t ahead_count;
    struct flame_place *place; /* to go to when the profile is there; owned */

    /* With a profile: */
    uint32_t root;     /* node */
    bool is_rest_root; /* it and all siblings behind it */
    uint32_t node;     /* that is selected: it is in a box below the root */
    size_t top;        /* row of the chart that is shown first */
    bool is_in_list;   /* keys are for the list */
    uint32_t list_function; /* then: that is selected in it */
    size_t list_top;        /* row of it that is shown first */

    unsigned matched_number; /* of the search that matched_ns is of */
    uint64_t matched_ns;     /* time in what is searched for, and below it */

    bool has_chart;
    struct flame_chart chart;
    uint32_t chart_root;
    bool is_chart_of_rest;
    struct flame_list list; /* below the same root */

    struct flame_when when;
    struct flame_others others;

    uint64_t click_ns; /* when the mouse was pressed last; 0 = never */
    uint32_t click_node;
};

/*
 * flame.c
 */

/* See to it that there is a profile of the scope, or a job that makes one, and
 * that the chart is of what is to be shown. */
bool flame_prepare(struct flame *flame, struct error *err);

/* Select a node; show another root. The node is below it. */
void flame_select(struct flame *flame, uint32_t node);
void flame_set_root(struct flame *flame, uint32_t root, bool is_rest);

/* The row of the chart that a node below the root is in. */
size_t flame_row_of(const struct flame *flame, uint32_t node);

/* The function that is selected in the list or the chart, as in nodes;
 * PROFILE_ROOT = it is not one. */
uint32_t flame_chosen(const struct flame *flame);

/* The box that is selected; the chart is there. */
const struct flame_box *flame_selected_box(const struct flame *flame);

/* Whether there is a chart to be drawn. */
bool flame_has_calls(const struct flame *flame);

/* The function of a node; NULL when it is none. */
const struct model_function *flame_function(const struct flame *flame,
                                            uint32_t node);

/* Whether a box is, or a remainder has, what is searched for. */
bool flame_is_hit(const struct flame *flame, const struct flame_box *box);

/* Above the chart, where there is room: what was done to it. */
bool flame_has_crumbs(const struct flame *flame);

/* The first row of the screen that the chart has. */
int flame_first_row(const struct flame *flame);

/* How many rows of the screen the chart has, and how many of the chart's rows
 * are shown: below them may be one for all deeper ones. */
unsigned flame_height(const struct flame *flame);
size_t flame_shown_rows(const struct flame *flame);

/* Whether the list is in the place of the chart. */
bool flame_hides_chart(const struct flame *flame);

/* Rows for the list of functions and for details, at the bottom. */
unsigned flame_list_height(const struct flame *flame);
unsigned flame_detail_height(const struct flame *flame);

/* Columns of them for when the selection ran; 0 = there is no row for that. */
unsigned flame_when_width(const struct flame *flame);

/*
 * flame_commands.c
 */
bool flame_command(struct flame *flame, enum action_id action, bool *is_done,
                   struct error *err);

/* Do what was typed while the profile was not there. */
bool flame_catch_up(struct flame *flame, struct error *err);

bool flame_mouse(struct flame *flame, const struct mouse_event *event,
                 struct error *err);

/*
 * flame_steps.c
 */

/* What an action does to the calls of the graph. */
bool flame_step_command(struct flame *flame, enum action_id action,
                        bool *is_known, struct error *err);

/* Take back all but the first steps. */
bool flame_keep_steps(struct flame *flame, size_t count, struct error *err);

/*
 * flame_draw.c
 */
bool flame_draw(struct flame *flame, struct screen *screen, struct error *err);

/*
 * flame_details.c
 */
void flame_draw_details(const struct flame *flame, struct screen *screen);
void flame_draw_status(const struct flame *flame, struct screen *screen);

/* "main", "shop.py", "MainThread": what a node of that is called. text has
 * LABEL_SIZE bytes; sanitised. */
const char *flame_function_name(const struct flame *flame, uint32_t function,
                                unsigned cells, char *text);

/* "main", "(all)", "12 more": what a box is called. text has LABEL_SIZE bytes,
 * cells are those there are. */
const char *flame_box_name(const struct flame *flame,
                           const struct flame_box *box, unsigned cells,
                           char *text);

#endif
