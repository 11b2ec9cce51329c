// SPDX-License-Identifier: Apache-2.0
/*
 * tui/events.h - the list of events: what happened at moments of the scope, by
 * time, with all that is known of the chosen one below.
 */
#ifndef TUI_EVENTS_H
#define TUI_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/instant_hits.h"
#include "model/moment_list.h"
#include "model/span_query.h"
#include "tui/action.h"
#include "tui/layout.h"
#include "tui/scroll.h"

struct error;
struct moment_calls;
struct mouse_event;
struct screen;
struct viewer;

enum { EVENTS_FAILURE_SIZE = 256 };

/* All that undo restores. */
struct events_state {
    unsigned kinds;     /* 1u << enum moment_kind for each that is listed */
    unsigned all_kinds; /* that were, before only one was */
    bool is_pane_closed;
    bool has_cursor;
    struct moment cursor; /* stays when it is not in the list */
    struct slice slice;   /* of a cursor on a call */
    uint64_t words;       /* a hash of where it is and what it is called */
    unsigned first;       /* columns left of it are scrolled away */
    size_t offset;        /* rows above the cursor's, when there is room */
};

/* What a list was made of. */
struct events_version {
    unsigned scope; /* numbers of the viewer */
    unsigned search;
    unsigned kinds;
    unsigned calls; /* how often the calls were found */
};

/* What can be said of one event, in lines; see events_pane.h. */
struct events_pane {
    struct buffer text; /* printable lines, a NUL behind each; owned */
    size_t line_count;
    struct moment moment; /* that it is of */
    unsigned version;     /* of the list that has it */
    unsigned width;       /* columns that lines were made for */
    bool has_text;
    bool has_focus; /* keys scroll it */
    struct scroll scroll;
};

/* Opaque by convention: the files events*.c share it. */
struct events {
    struct viewer *viewer;
    struct layout layout; /* with the pane when it is open */
    struct events_state state;

    struct moment_list *list; /* owned; NULL = none yet; so are the others */
    struct moment_list *hits; /* those of the list that are searched for */
    struct instant_hits instants;
    struct moment_calls *calls;
    unsigned list_number; /* another one for each list */
    unsigned calls_number;

    struct events_version asked;
    bool is_asked;
    char failure[EVENTS_FAILURE_SIZE]; /* why there is no list; "" = none */
    struct events_version calls_asked;
    bool has_asked_calls;
    bool has_calls; /* what was asked for is there */
    char calls_failure[EVENTS_FAILURE_SIZE];

    bool is_placed; /* row is that of the cursor */
    size_t row;
    size_t top; /* the row that is shown first */
    struct events_pane pane;

    uint64_t click_ns; /* when the mouse was pressed last; 0 = never */
    size_t click_row;
};

/* See to it that there is a list of the scope, or a job that makes one, and
 * that the cursor is on a row. */
bool events_prepare(struct events *events, struct error *err);
void events_forget(struct events *events);

/* Ask for what is not there and not asked for: rows, then calls. */
bool events_ask(struct events *events, struct error *err);

/* Whether the list is of what is wanted now. */
bool events_is_new(const struct events *events);

/* Whether calls are part of what is wanted: exceptions, matches. */
bool events_wants_calls(const struct events *events);

/* Whether an event is searched for. */
bool events_is_hit(const struct events *events, const struct moment *moment);

/* How many rows the screen has for events, below the titles. */
unsigned events_height(const struct events *events);

void events_resize(struct events *events, unsigned width, unsigned height);

bool events_command(struct events *events, enum action_id action, bool *is_done,
                    struct error *err);
bool events_mouse(struct events *events, const struct mouse_event *event,
                  struct error *err);
bool events_draw(struct events *events, struct screen *screen,
                 struct error *err);

#endif
