// SPDX-License-Identifier: Apache-2.0
/*
 * tui/line_edit.h - a field of one line, for prompts.
 *
 * The text is printable UTF-8; a character is a base with its combining marks,
 * and the cursor stands before one or at the end. What cannot be shown cannot
 * be typed: controls are left out, line ends and tabs become blanks.
 *
 *     Left C-b  Right C-f  Home C-a  End C-e     move
 *     M-b  M-f                                   move by a word
 *     BS  Del C-d                                delete a character
 *     C-w  C-u  C-k                              delete a word, to the start,
 *                                                to the end
 */
#ifndef TUI_LINE_EDIT_H
#define TUI_LINE_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/screen.h"

struct error;

enum {
    LINE_EDIT_SIZE = 512, /* bytes of a text */
    LINE_HISTORY_MAX = 50,
};

/* Texts that were entered before, oldest first. {0} has none. */
struct line_history {
    char *texts[LINE_HISTORY_MAX]; /* owned */
    size_t count;
};

void line_history_release(struct line_history *history);

/* Remember a text; an empty one is not, and one that is there already moves to
 * the end. */
bool line_history_add(struct line_history *history, const char *text,
                      struct error *err);

/* {0} is an empty field without a history. */
struct line_edit {
    char text[LINE_EDIT_SIZE + 1];
    size_t size;
    size_t cursor;                      /* in bytes */
    const struct line_history *history; /* the caller's, or NULL */
    size_t older; /* how far back in it the text is from; 0 = not from it */
};

enum line_edit_step {
    LINE_EDIT_OTHER, /* not a key of the field */
    LINE_EDIT_MOVED,
    LINE_EDIT_CHANGED,
};

/* Do what a key does. */
enum line_edit_step line_edit_key(struct line_edit *edit, unsigned key);

/* Insert at the cursor, as much as there is room for. */
void line_edit_paste(struct line_edit *edit, const char *text, size_t size);

/* Another text, the cursor at its end. */
void line_edit_set(struct line_edit *edit, const char *text);

/* Whether Up and Down walk through the history: the field is empty, or its
 * text is from there. */
bool line_edit_is_in_history(const struct line_edit *edit);

/* The text before (direction below 0) or behind in the history; false = there
 * is none. Behind the last one is the empty text. */
bool line_edit_recall(struct line_edit *edit, int direction);

/* Draw the part around the cursor into width_cells, with the cursor. */
void line_edit_draw(const struct line_edit *edit, struct screen *screen, int x,
                    int y, unsigned width_cells, struct screen_style style);

#endif
