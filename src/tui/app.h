// SPDX-License-Identifier: Apache-2.0
/*
 * tui/app.h - the viewer: a model, the state of the view, and what keys do.
 *
 * The same code runs in a terminal and headless: keys come in by name, and
 * frames are drawn into a struct screen.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include <stdbool.h>
#include <stddef.h>

struct app;
struct buffer;
struct error;
struct screen;
struct trace_model;

struct app_options {
    bool is_ascii;
    bool has_colour;
    const char *title; /* what is shown as the name of the trace */
};

/* The model stays the caller's and must outlive the app. */
bool app_new(struct app **out, const struct trace_model *model,
             const struct app_options *options, unsigned width, unsigned height,
             struct error *err);
void app_free(struct app *app);

/* Do what one key does. False only when the app is out of order (no memory,
 * the trace became unreadable); *has_quit is set by a quit key. */
bool app_key(struct app *app, unsigned key, bool *has_quit, struct error *err);

bool app_resize(struct app *app, unsigned width, unsigned height,
                struct error *err);

/* Bring the screen up to date, exact cells included. */
bool app_draw(struct app *app, struct error *err);
const struct screen *app_screen(const struct app *app);

/* Parse "w w l Enter C-r S-Tab F6 Space" and press each key. ERROR_USAGE
 * names the word and its position when one is no key. */
bool app_run_script(struct app *app, const char *keys, struct error *err);

enum dump_format { DUMP_TEXT, DUMP_ANSI, DUMP_JSON };

/* Append the screen as app_draw left it to out: text (rows, trailing blanks
 * removed), ansi (with SGR sequences) or json (rows, styles, cursor, view
 * state). */
bool app_dump(const struct app *app, enum dump_format format,
              struct buffer *out, struct error *err);

#endif
