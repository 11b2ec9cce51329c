// SPDX-License-Identifier: Apache-2.0
/*
 * tui/info.h - what is known of the recording as a whole: a page of text that
 * scrolls both ways.
 */
#ifndef TUI_INFO_H
#define TUI_INFO_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"
#include "tui/info_lines.h"
#include "tui/layout.h"

struct error;
struct mouse_event;
struct screen;
struct viewer;

/* All that undo restores. */
struct info_state {
    size_t line;   /* of the cursor */
    unsigned left; /* columns that are scrolled away */
    size_t top;    /* the line that is shown first */
};

/* Opaque by convention: the files info*.c share it. */
struct info {
    struct viewer *viewer;
    struct layout layout;
    struct info_state state;
    struct info_lines lines; /* of the last frame's width */
    bool has_lines;
    unsigned width; /* that they were made for */
    bool is_ascii;
    size_t note_count;   /* of the viewer's, likewise */
    size_t library_size; /* of the text of libraries */
};

/* See to it that the lines are there. */
bool info_prepare(struct info *info, struct error *err);
void info_forget(struct info *info);

bool info_command(struct info *info, enum action_id action, bool *is_done,
                  struct error *err);
bool info_mouse(struct info *info, const struct mouse_event *event,
                struct error *err);
bool info_draw(struct info *info, struct screen *screen, struct error *err);

#endif
