// SPDX-License-Identifier: Apache-2.0
/*
 * tui/source.h - the source of a function, and steps from call to call through
 * it.
 *
 * The view is about a function; at a moment, when there is one, of a call of
 * it. A step goes to another moment, and takes the cursor of the timeline
 * along. Moments are kept, each with the one before it, so that going back is
 * exact and undo can restore any of them.
 *
 * Jobs read the text, sum up the scope, find who called whom, and find where a
 * step leads; nothing of that happens on the viewer's thread.
 */
#ifndef TUI_SOURCE_H
#define TUI_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/call_edges.h"
#include "model/call_step.h"
#include "model/scope_profile.h"
#include "tui/action.h"
#include "tui/details_lines.h"
#include "tui/layout.h"
#include "tui/source_ahead.h"
#include "tui/source_page.h"

struct error;
struct mouse_event;
struct screen;
struct trace_model;
struct viewer;
struct viewer_subject;

enum {
    SOURCE_FAILURE_SIZE = 256,
    SOURCE_STEPS_MAX = 64, /* that wait */
    SOURCE_LEFT_MAX = 20000,
};

#define SOURCE_NO_MOMENT SIZE_MAX

/* A moment of a call, and where it stands in a source: in that of the call, or
 * when this one has none, of its nearest caller that has one. */
struct source_moment {
    struct call_position at;
    uint32_t function; /* whose source it is */
    bool has_called;   /* and it is at a call of this function there */
    uint32_t called;
    size_t before; /* the moment that was left, or SOURCE_NO_MOMENT */
};

/* All that undo restores. */
struct source_state {
    bool has_function;
    uint32_t function;     /* whose source is shown; UINT32_MAX = unknown */
    size_t moment;         /* SOURCE_NO_MOMENT = no call was chosen */
    unsigned model_number; /* moments are of that model */
    uint32_t line;         /* of the cursor; 0 = that of the moment, or of the
                          function, when the text is there */
    uint32_t top;          /* the line that is shown first */
    unsigned left;         /* columns that are scrolled away */
    bool has_focus;        /* the pane has */
    size_t chosen;         /* line of the pane */
};

/* Who called whom, for as many as use it; on the viewer's thread. */
struct source_edges {
    unsigned user_count;
    struct call_edges edges;
};

enum source_step_kind {
    SOURCE_STEP_INTO,
    SOURCE_STEP_OVER,
    SOURCE_STEP_OUT,
    SOURCE_STEP_ENTRY,   /* to the entry of a call that is known */
    SOURCE_STEP_LONGEST, /* to that of the longest call of a function */
};

/* Opaque by convention: the files source*.c share it. */
struct source {
    struct viewer *viewer;
    struct layout layout;
    struct source_state state;
    const struct trace_model *model; /* that the state is about */
    unsigned model_number;           /* another one for each */

    struct source_moment *moments; /* owned */
    size_t moment_count;
    size_t moment_capacity;
    enum source_step_kind waiting[SOURCE_STEPS_MAX]; /* steps to be made */
    size_t waiting_count;

    char *path; /* of the page, or of the one that a job makes; owned */
    bool has_page;
    struct source_page page;
    char page_failure[SOURCE_FAILURE_SIZE];
    uint32_t guess; /* where the cursor was put before sites were known */

    struct source_edges *edges; /* NULL = not known */
    bool is_edges_asked;

    bool has_sums;
    bool is_sums_asked;
    unsigned scope_number; /* of the viewer, when they were asked for */
    struct scope_profile sums;
    uint64_t most_ns; /* of the functions of the page, in the sums */

    struct source_ahead ahead;
    struct details_lines pane; /* what the last frame says at the right */
    bool has_more_right;       /* a line goes on behind the right edge */

    uint64_t click_ns; /* when the mouse was pressed last; 0 = never */
    uint32_t click_line;
};

/*
 * source.c
 */

/* See to it that what is shown is there, or that jobs fetch it. */
bool source_prepare(struct source *source, struct error *err);

/* What the user stopped is asked for anew. */
void source_ask_again(struct source *source);

/* Everything that is of a model is forgotten but the state. */
void source_forget(struct source *source);

/* Show a function's source, at its definition. */
void source_show(struct source *source, uint32_t function);

/* The function that the cursor's line is about. UINT32_MAX = unknown. */
uint32_t source_line_function(const struct source *source);

/* The moment there is; NULL = none. */
const struct source_moment *source_now(const struct source *source);

/* The line of the moment or, without one, of the function; 0 = it is in
 * another file or not in the text. */
uint32_t source_moment_line(const struct source *source);
uint32_t source_function_line(const struct source *source);

/* The function's name; "?" when it is unknown. */
const char *source_name(const struct source *source, uint32_t function);

/* A function of the model; NULL = unknown. */
const struct model_function *source_function(const struct source *source,
                                             uint32_t function);

/* Rows of text, columns of all that is not the pane, and columns of it; 0 =
 * there is no room for one. */
unsigned source_height(const struct source *source);
unsigned source_text_width(const struct source *source);
unsigned source_pane_width(const struct source *source);

/*
 * source_step.c
 */

/* Make a step, or have it wait for those before it. */
bool source_step(struct source *source, enum source_step_kind kind,
                 struct error *err);

/* Go to the entry of a call, or of the longest one of a function. is_new = by
 * another view: this is no step. */
bool source_step_to_call(struct source *source, const struct slice *call,
                         bool is_new, struct error *err);
bool source_step_to_longest(struct source *source, uint32_t function,
                            struct error *err);

/* Go back to the moment before; false = there is none. */
bool source_step_back(struct source *source);

/* Let the timeline follow the moment. */
void source_lead_timeline(const struct source *source);

/*
 * source_commands.c
 */
bool source_command(struct source *source, enum action_id action, bool *is_done,
                    struct error *err);
bool source_mouse(struct source *source, const struct mouse_event *event,
                  struct error *err);

/*
 * source_draw.c, source_pane.c
 */
bool source_draw(struct source *source, struct screen *screen,
                 struct error *err);
bool source_pane_make(struct source *source, struct error *err);
void source_pane_draw(const struct source *source, struct screen *screen);

/* Copies for undo, see view_class.take. */
void *source_take(const struct source *source, struct error *err);

#endif
