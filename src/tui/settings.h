// SPDX-License-Identifier: Apache-2.0
/*
 * tui/settings.h - how things are shown, as NAME=VALUE.
 *
 * The command line sets them (`:set keymap=vim`), the options menu changes
 * them, and both can be kept for later visits: then they lie in the file
 * `settings` of the state folder, a line for each that is not as it would be.
 */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct error;
struct viewer;

/* Everything that can be set, for completion: "keymap=vim" and what that
 * means. False at the end. */
bool settings_at(size_t index, char *text, size_t size, const char **help);

/* Set what "keymap=vim", "mouse" or "nomouse" says. What cannot be set is said
 * on the status line, with what is allowed; only memory can fail. */
bool settings_set(struct viewer *viewer, const char *text, struct error *err);

/* The next value of the key map, or of the background. */
bool settings_next_keymap(struct viewer *viewer, struct error *err);
void settings_next_background(struct viewer *viewer);

/* "auto", "dark" or "light" */
const char *settings_background(const struct viewer *viewer);

/* The terminal has told its background. */
void settings_background_is(struct viewer *viewer, bool is_light);

/* Set what was kept. What is wrong in the file is kept as a note. */
bool settings_load(struct viewer *viewer, struct error *err);

/* Append "WORDcolour=module" and a newline when that setting is not as it would
 * be. */
void settings_append(const struct viewer *viewer, const char *name,
                     const char *word, struct buffer *out);

/* Keep the settings. Says where, or what went wrong, on the status line. */
bool settings_save(struct viewer *viewer, struct error *err);

#endif
