// SPDX-License-Identifier: Apache-2.0
/*
 * tui/view.h - one way of looking at a trace: timeline, flame graph, table.
 *
 * A new view is one file that fills in a struct view_class and one line in the
 * table of view.c. A view draws the whole screen, with the tabs, the status
 * line and the function key bar of chrome.h, and shares struct viewer with the
 * others.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"

struct buffer;
struct cJSON;
struct error;
struct mouse_event;
struct screen;
struct trace_model;
struct viewer;
struct viewer_subject;

/* In the order of the digits that show them; bit 1 << id is the view in
 * enum action_views. */
enum view_id {
    VIEW_TIMELINE,
    VIEW_FLAME,
    VIEW_FUNCTIONS,
    VIEW_SANDWICH,
    VIEW_SOURCE,
    VIEW_EVENTS,
    VIEW_INFO,
    VIEW_COUNT,
};

struct view_class {
    /* The viewer outlives the view. */
    bool (*open)(void **out, struct viewer *viewer, struct error *err);
    void (*close)(void *view);

    /* Lay out for another size; on failure the old one stays. */
    bool (*resize)(void *view, unsigned width, unsigned height,
                   struct error *err);

    /* Carry out an action that is not the viewer's own. Words for the user go
     * into viewer->message. *is_done is false when there was nothing to do for
     * an ACTION_CANCEL or ACTION_CLOSE. Fails only when the model does. */
    bool (*command)(void *view, enum action_id action, bool *is_done,
                    struct error *err);

    /* Whether a job is still making what actions would move in. NULL = there
     * is something at any time. */
    bool (*awaits)(void *view, bool *is_awaiting, struct error *err);

    /* NULL = the mouse does nothing here. */
    bool (*mouse)(void *view, const struct mouse_event *event,
                  struct error *err);

    /* Draw everything; the screen has the size of the last resize. */
    bool (*draw)(void *view, struct screen *screen, struct error *err);

    /* A copy of all that undo restores; freed by drop. */
    void *(*take)(const void *view, struct error *err);
    bool (*is_shown)(const void *view, const void *copy);
    void (*restore)(void *view, const void *copy);
    void (*drop)(void *copy);

    /* Before a reload: viewer->model is to take the place of from, of which the
     * view and these copies of it still are. Let the copies mean there what
     * they mean. NULL = they do. */
    bool (*carry)(void *view, void *const *copies, size_t count,
                  const struct trace_model *from, struct error *err);

    /* The model was replaced: keep the place as far as it is there. */
    bool (*reload)(void *view, struct error *err);

    /* Add the view state to the object of a JSON dump; false = no memory. */
    bool (*json)(const void *view, struct cJSON *object);

    /* What the cursor is on; *subject is {0} before. NULL = no function. */
    void (*subject)(const void *view, struct viewer_subject *subject);

    /* Append as lines of text the row that the cursor is on, or is_all: the
     * whole table, the whole stack. As in the trace. NULL = the subject. */
    bool (*copy)(const void *view, bool is_all, struct buffer *out,
                 struct error *err);

    /* The user chose this view and comes from another one, which has the
     * cursor on subject. NULL = the view is shown as it was left. */
    bool (*enter)(void *view, const struct viewer_subject *subject,
                  struct error *err);
};

const struct view_class *view_at(enum view_id id);

/* "Timeline", and short: "Time". */
const char *view_name(enum view_id id);
const char *view_short_name(enum view_id id);

/* For take, where what undo restores is one struct without pointers: a copy of
 * size bytes of it, which free drops. */
void *view_copy_state(const void *state, size_t size, struct error *err);

/* Define command, mouse and draw of a class by the view's own functions,
 * PREFIX_command and so on, which take the view as what it is. */
#define VIEW_FORWARDS(prefix)                                              \
    static bool command(void *view, enum action_id action, bool *is_done,  \
                        struct error *err)                                 \
    {                                                                      \
        return prefix##_command(view, action, is_done, err);               \
    }                                                                      \
                                                                           \
    static bool mouse(void *view, const struct mouse_event *event,         \
                      struct error *err)                                   \
    {                                                                      \
        return prefix##_mouse(view, event, err);                           \
    }                                                                      \
                                                                           \
    static bool draw(void *view, struct screen *screen, struct error *err) \
    {                                                                      \
        return prefix##_draw(view, screen, err);                           \
    }

#endif
