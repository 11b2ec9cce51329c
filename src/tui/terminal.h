// SPDX-License-Identifier: Apache-2.0
/*
 * tui/terminal.h - a screen as the bytes that bring a terminal up to it.
 *
 * ncurses finds the shortest way from what is shown to what shall be shown.
 * It writes into a file in memory, never to the terminal: the caller sends
 * the bytes, when and as far as the terminal takes them. ncurses keeps global
 * state, so there is one terminal at a time.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include <stdbool.h>

struct buffer;
struct error;
struct screen;
struct terminal;

/* For the type of $TERM. ERROR_UNSUPPORTED when nothing is known of it or its
 * cursor cannot be moved: then there can be no screen. */
bool terminal_new(struct terminal **out, const char *type, unsigned width,
                  unsigned height, struct error *err);
void terminal_free(struct terminal *terminal);

/* How many colours the terminal has; 0 = none. */
unsigned terminal_colour_count(const struct terminal *terminal);

/* The terminal has another size now; the next frame is drawn from scratch. */
bool terminal_resize(struct terminal *terminal, unsigned width, unsigned height,
                     struct error *err);

/* Somebody else wrote to it: the next frame is drawn from scratch. */
void terminal_forget(struct terminal *terminal);

/* Append to out what makes the terminal show the screen: nothing when it
 * does. The bytes must all be sent, or the terminal be forgotten. */
bool terminal_draw(struct terminal *terminal, const struct screen *screen,
                   struct buffer *out, struct error *err);

/* Append what gives the terminal back as it was: the former screen, the
 * cursor shown, no attributes. */
void terminal_append_leave(const struct terminal *terminal, struct buffer *out);

/* Append what takes the terminal, at first and after that; what it shows is
 * forgotten. Before this nothing may be drawn. */
void terminal_append_enter(struct terminal *terminal, struct buffer *out);

#endif
