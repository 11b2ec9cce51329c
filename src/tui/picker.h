// SPDX-License-Identifier: Apache-2.0
/*
 * tui/picker.h - a field over a list: what is typed leaves the lines that
 * match it, the best first, and one of them is picked. Overlays are made of
 * it.
 */
#ifndef TUI_PICKER_H
#define TUI_PICKER_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/line_edit.h"

struct error;
struct mouse_event;
struct screen;
struct theme;

enum { PICKER_COLUMNS = 3 };

/* A line; its texts outlive the picker. */
struct picker_item {
    const char *columns[PICKER_COLUMNS]; /* "" = nothing; the first is what is
                                            picked, the last takes the rest */
    const char *others;                  /* matches too, but worse; or NULL */
    size_t id;                           /* the caller's */
};

struct picker {
    struct line_edit edit;
    const char *prompt;        /* one character in front of the field */
    struct picker_item *items; /* owned */
    size_t count;
    size_t capacity;
    struct picker_hit *hits; /* those that match, the best first; owned */
    size_t hit_count;
    size_t hit_capacity;
    size_t picked; /* in hits */
    size_t top;
    unsigned page; /* lines that the last frame showed */
};

void picker_release(struct picker *picker);

bool picker_add(struct picker *picker, const struct picker_item *item,
                struct error *err);

/* Find what matches a pattern; the best is picked. */
bool picker_filter(struct picker *picker, const char *pattern,
                   struct error *err);

/* What is picked; NULL = nothing matches. */
const struct picker_item *picker_picked(const struct picker *picker);

/* Up, Down, PgUp, PgDn and the history. False = not a key of the list.
 * *has_changed when the text is another one. */
bool picker_key(struct picker *picker, unsigned key, bool *has_changed);

/* What a mouse does: the wheel moves, a press picks (*is_chosen) or, outside,
 * closes (*is_left). */
void picker_mouse(struct picker *picker, const struct mouse_event *event,
                  const struct screen *screen, bool *is_chosen, bool *is_left);

/* hint stands in the place of the list when nothing matches. */
void picker_draw(struct picker *picker, const struct theme *theme,
                 struct screen *screen, const char *title, const char *hint);

#endif
