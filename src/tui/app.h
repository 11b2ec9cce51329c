// SPDX-License-Identifier: Apache-2.0
/*
 * tui/app.h - the viewer: a model, views of it, and what keys do.
 *
 * The same code runs in a terminal and headless: keys, mouse and pasted text
 * come in as events, frames are drawn into a struct screen, and what needs a
 * terminal or files is asked of the host by a request.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/viewer.h" /* struct app_request */

struct app;
struct buffer;
struct error;
struct job_scope;
struct mouse_event;
struct screen;
struct trace_model;

struct app_options {
    const char *state_folder;  /* where marks are kept; NULL = nowhere */
    const char *config_folder; /* of keys and colours; NULL = there is none */
    bool is_ascii;
    unsigned colour_count; /* 256, 16 or 8; 0 = none */
    bool is_light;         /* the terminal's background is */
    const char *title;     /* what is shown as the name of the trace */
    /* In a terminal: long work runs on a thread of its own and a frame shows
     * what is there. Otherwise a frame waits for all of it. */
    bool is_live;
};

/* The model and the title stay the caller's and must outlive the app. */
bool app_new(struct app **out, const struct trace_model *model,
             const struct app_options *options, unsigned width, unsigned height,
             struct error *err);
void app_free(struct app *app);

/* The time of the events that follow, in ns of a monotonic clock. Without it
 * nothing depends on time: a held key does not accelerate. */
void app_set_time(struct app *app, uint64_t now_ns);

/* Do what one key does. False only when the app is out of order (no memory,
 * the trace became unreadable); *has_quit is set by a quit key. */
bool app_key(struct app *app, unsigned key, bool *has_quit, struct error *err);

/* The same for the mouse, see mouse.h. */
bool app_mouse(struct app *app, const struct mouse_event *event, bool *has_quit,
               struct error *err);

/* Pasted text: goes into a field when one is open, else nowhere. */
bool app_paste(struct app *app, const char *text, size_t size,
               struct error *err);

bool app_resize(struct app *app, unsigned width, unsigned height,
                struct error *err);

/* Bring the screen up to date. Unless the app is live this waits for all jobs
 * and the frame is final. */
bool app_draw(struct app *app, struct error *err);
const struct screen *app_screen(const struct app *app);

/* What the host is asked to do after a key; app_take_request hands it over
 * (its text is then the caller's) and returns false when there is nothing. */
bool app_take_request(struct app *app, struct app_request *request);

/* Something lies on the view and takes the keys. */
bool app_has_overlay(const struct app *app);

/* Words for the status line, from the host. */
void app_say(struct app *app, const char *message);
void app_say_format(struct app *app, const char *format, ...)
    __attribute__((format(__printf__, 2, 3)));

/* Show what the trace looked like when it was left, and keep that; see
 * saved_view.h. */
bool app_load_view(struct app *app, struct error *err);
bool app_store_view(const struct app *app, struct error *err);

/* Something to be known, beside the notes on the trace. */
bool app_note(struct app *app, const char *text, struct error *err);

/* The terminal has told whether its background is light. */
void app_set_background(struct app *app, bool is_light);

/* What the host is doing, such as "load", and how far it is, in percent (-1 =
 * unknown); NULL = nothing. The name must outlive the app. */
void app_set_activity(struct app *app, const char *name, int percent);

/* What libraries wrote to standard error while the screen was up, all of it:
 * the view about the recording tells it. The text is copied; nothing new = what
 * there was before. */
bool app_keep_stderr(struct app *app, const char *text, size_t size,
                     struct error *err);

/* Of a live app: readable when app_wake has something to do. */
int app_wake_fd(const struct app *app);
bool app_wake(struct app *app, struct error *err);

/* Whether app_wake pressed a key that quits: keys that come before what they
 * are about wait for it. */
bool app_has_quit(const struct app *app);

/* Nothing goes on in the background: the next frame is final. */
bool app_is_settled(const struct app *app);

/* Whether the last frame says how far a job is that still runs: it is to be
 * drawn again now and then. */
bool app_shows_progress(const struct app *app);

/* After how many milliseconds app_tick is to be called; -1 = not at all. */
int app_timeout_ms(const struct app *app, uint64_t now_ns);
void app_tick(struct app *app, uint64_t now_ns);

/* Show another model, at the same place. From here on the caller may close the
 * one before; on failure that is still the one in use. */
bool app_reload(struct app *app, const struct trace_model *model,
                struct error *err);

/*
 * Show what a filter leaves of the trace, at the same place: model is that, or
 * the whole trace when filter is "". It is a step of undo. From here on the
 * caller may close the model before, unless that is the whole; on failure that
 * is still the one in use.
 */
bool app_set_filter(struct app *app, const struct trace_model *model,
                    const char *filter, struct error *err);

/* The filter that was asked for is not set, and why. */
void app_keep_filter(struct app *app, const char *reason);

/* The filter that is set; "" = none. */
const char *app_filter(const struct app *app);

/* What the user's scope is now; the caller releases *scope in any case. */
bool app_take_scope(const struct app *app, struct job_scope *scope,
                    struct error *err);

enum dump_format { DUMP_TEXT, DUMP_ANSI, DUMP_JSON };

/* Append the screen as app_draw left it to out: text (rows, trailing blanks
 * removed), ansi (with SGR sequences) or json (rows, styles, cursor, view
 * state). */
bool app_dump(const struct app *app, enum dump_format format,
              struct buffer *out, struct error *err);

#endif
