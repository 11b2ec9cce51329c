// SPDX-License-Identifier: Apache-2.0
/*
 * tui/viewer.h - what all views share: the trace, how it is drawn, the scope,
 * the words for the user, what runs in the background, what is asked of the
 * host.
 */
#ifndef TUI_VIEWER_H
#define TUI_VIEWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "model/span_query.h"
#include "tui/app_request.h"
#include "tui/colour_mode.h"
#include "tui/hit_cells.h"
#include "tui/jobs.h"
#include "tui/keymap.h"
#include "tui/line_edit.h"
#include "tui/search.h"
#include "tui/search_count.h"
#include "tui/search_step.h"
#include "tui/tag_map.h"
#include "tui/tags.h"
#include "tui/theme.h"
#include "tui/time_text.h"
#include "tui/view.h"
#include "tui/viewer_goal.h"
#include "tui/viewer_subject.h"

struct compare;
struct error;
struct function_facts;
struct marks;
struct overlay_class;
struct trace_model;

enum { VIEWER_MESSAGE_SIZE = 256 };

/* What numbers cover: a range of time and some tracks, or everything. */
struct viewer_scope {
    bool is_set; /* otherwise everything, and what follows does not count */
    uint64_t start_ns;
    uint64_t end_ns;
    uint8_t *tracks; /* 1 for each track inside; NULL = all. Owned */
};

/* A scope of a model becomes what it means in another one of the same trace, in
 * which times are later by shift_ns; when that is nothing, there is none any
 * more. */
bool viewer_scope_carry(struct viewer_scope *scope,
                        const struct trace_model *from,
                        const struct trace_model *model, int64_t shift_ns,
                        struct error *err);

/* How things are shown, in all views. Undo restores it. */
struct viewer_look {
    enum colour_mode colour_mode;
    enum time_display time_display;
    struct tags tags; /* functions of the model */
};

/* Which background colours are chosen for. */
enum viewer_background {
    BACKGROUND_AUTO, /* that of the host */
    BACKGROUND_DARK,
    BACKGROUND_LIGHT,
    BACKGROUND_COUNT,
};

/* In viewer.choice: nothing was chosen. */
#define VIEWER_NO_CHOICE SIZE_MAX

struct viewer {
    const struct trace_model *model; /* what the filter leaves of whole */
    const struct trace_model *whole;
    char filter[LINE_EDIT_SIZE + 1]; /* a query, see model/trace_query.h; "" =
                                        nothing is hidden */
    struct line_history filter_history;
    const char *title;
    struct theme theme;
    struct theme host_theme;  /* what the host can show */
    struct keymap keymap;     /* which keys do what */
    size_t keymap_index;      /* of the ready map that it begins with */
    size_t file_keymap_index; /* the one of the user's file */
    char *user_keys; /* the text of that file; owned, NULL = there is none */
    enum viewer_background background;
    char *fresh_view;   /* what would be kept of it at first; owned, or NULL */
    char *state_folder; /* owned; NULL = nothing is kept */
    struct theme_colours *colours; /* the user's own; owned, or NULL */
    struct viewer_look look;
    char *tags_path;       /* where they are kept; owned, NULL = nowhere */
    struct tags kept_tags; /* those that were read or written last */
    enum view_id active;
    char message[VIEWER_MESSAGE_SIZE]; /* "" = none; until the next key */

    int64_t shift_ns; /* while views are reloaded: by how much a time of the
                         model before is later in this one */
    char **notes;     /* what the viewer itself has to say; owned */
    size_t note_count;
    size_t note_capacity;
    struct buffer library_text; /* what libraries wrote to standard error */

    struct viewer_scope scope;
    unsigned scope_number; /* another one for each change of the scope */

    struct search search; /* its hits are highlighted */
    struct search_found found;
    struct hit_cells search_cells; /* see search_map.h */
    struct tag_map tag_map;
    struct search_steps steps;
    struct line_history search_history;
    struct line_history command_history;

    void *timeline; /* the view, see timeline_view_place */
    void *events;   /* the view, for its menu */

    struct marks *marks;     /* owned */
    struct compare *compare; /* owned; NULL = nothing was compared yet */
    struct function_facts *function_facts; /* owned */
    struct jobs *jobs;
    bool shows_progress; /* the last frame says how far a job is */

    unsigned letter; /* what was pressed for KEY_ANY */
    uint64_t now_ns; /* when the key came, of some clock; 0 = no clock */
    bool is_mouse_off;

    bool has_jump; /* the timeline is to show and select this slice */
    struct slice jump;
    struct viewer_goal goal; /* the timeline is to go there */

    void *past; /* what a view showed before a job changed it; owned, or NULL */
    enum view_id past_view;

    bool has_follow; /* the timeline's cursor is to follow: to this slice */
    struct slice follow;
    uint64_t follow_ns; /* and this time in it */

    const struct overlay_class *overlay_class; /* NULL = none is open */
    void *overlay;

    /* What the overlay that is being closed wants done; ACTION_COUNT = nothing.
     */
    enum action_id wanted_action;
    size_t choice; /* with it, from a menu; see VIEWER_NO_CHOICE */

    struct app_request request;

    char *pipe_command;   /* typed, to be run by ACTION_PIPE; owned, or NULL */
    const char *activity; /* of the host: "load"; NULL = it does nothing */
    int activity_percent; /* -1 = unknown */
};

void viewer_release(struct viewer *viewer);

/* Words for the status line. */
void viewer_say(struct viewer *viewer, const char *format, ...)
    __attribute__((format(__printf__, 2, 3)));

/* Keep something that is to be known beyond the next key: it is listed with
 * the notes on the trace. The text is copied and may hold anything. */
bool viewer_note(struct viewer *viewer, const char *text, struct error *err);

/* Close the overlay that is open, if any, and open this one, which the viewer
 * owns from now on. */
void viewer_open_overlay(struct viewer *viewer,
                         const struct overlay_class *class, void *overlay);
void viewer_close_overlay(struct viewer *viewer);

/* Limit what the numbers of all views cover; tracks (one byte per track of the
 * model; NULL = all) is copied. */
bool viewer_set_scope(struct viewer *viewer, uint64_t start_ns, uint64_t end_ns,
                      const uint8_t *tracks, struct error *err);
void viewer_clear_scope(struct viewer *viewer);

/* "lost", or "not loaded" when the trace was not read to its end. */
const char *viewer_lost_word(const struct viewer *viewer);

/* The scope in words: "whole trace", "12.00-52.00 ms, 3 of 12 threads". */
const char *viewer_scope_text(const struct viewer *viewer, char *text,
                              size_t size);

/* A time of the trace as the user wants times: "1.25ms". Returns text. */
const char *viewer_time_text(const struct viewer *viewer,
                             char text[TIME_TEXT_SIZE], uint64_t time_ns);

/* The same in a list of times: "1.250000ms". */
const char *viewer_time_listed(const struct viewer *viewer,
                               char text[TIME_TEXT_SIZE], uint64_t time_ns);

/* Show a slice on the timeline, after this key. */
void viewer_jump(struct viewer *viewer, const struct slice *slice);

/* Show a time or a row on the timeline, after this key. */
void viewer_go(struct viewer *viewer, const struct viewer_goal *goal);

/* Move the timeline's cursor to a time in a slice, after this key, while
 * another view stays on the screen. It is no step of undo: the view that moves
 * it takes it along when it is restored. */
void viewer_follow(struct viewer *viewer, const struct slice *slice,
                   uint64_t time_ns);

/* A job changes a view, and that is a step of undo: copy is what the view
 * showed before (view_class.take), and the viewer's from now on. */
void viewer_changed(struct viewer *viewer, enum view_id view, void *copy);

/* Ask the host for something; text is copied and may be NULL. */
bool viewer_request(struct viewer *viewer, enum app_request_kind kind,
                    const char *text, unsigned line, struct error *err);

#endif
