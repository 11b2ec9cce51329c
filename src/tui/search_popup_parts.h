// SPDX-License-Identifier: Apache-2.0
/*
 * tui/search_popup_parts.h - what the files search_popup*.c share.
 */
#ifndef TUI_SEARCH_POPUP_PARTS_H
#define TUI_SEARCH_POPUP_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/box.h"
#include "tui/line_edit.h"
#include "tui/search.h"

struct error;
struct screen;
struct viewer;

#define SEARCH_NOT_PICKED SIZE_MAX

/* Rows of the inside; a row that is not shown is at the height. */
struct search_rows {
    struct box box;
    bool has_lines; /* between field, names and counts */
    unsigned names;
    unsigned name_rows;
    unsigned counts;
    unsigned keys;
    unsigned terms; /* what else than names can be asked for */
};

struct search_popup {
    struct viewer *viewer;
    struct line_edit edit;
    struct search_terms terms; /* as the field has them */
    struct search before;      /* what Esc goes back to; owned */
    uint32_t *names;           /* functions that match and were called; owned */
    size_t name_count;
    size_t picked; /* in names */
    size_t top;
    bool wants_enter;        /* as soon as the names are known */
    struct search_rows rows; /* of the last frame */
};

/* Find out, in the background, which names the field means; what was asked for
 * before is given up. */
bool search_names_start(struct search_popup *popup, struct error *err);

/* Whether that goes on. */
bool search_names_are_sought(const struct search_popup *popup);

/* The names are known: what was waiting for them. */
bool search_popup_go_on(struct search_popup *popup, struct error *err);

bool search_popup_draw(void *overlay, struct screen *screen, struct error *err);

#endif
