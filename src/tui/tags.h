// SPDX-License-Identifier: Apache-2.0
/*
 * tui/tags.h - functions that the user has tagged: they keep one colour in all
 * views, whatever else is coloured how.
 *
 * Tags of a trace are kept in a file of the state folder that is named as that
 * of its marks. A line of it is a function: its kind, its line, its file and
 * its name, of which the last two end with a tab and have bytes that are no
 * plain text as \xNN:
 *
 *     viztracer-tags 1
 *     1 14 /srv/shop.py\tCart.total\t
 */
#ifndef TUI_TAGS_H
#define TUI_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct trace_model;
struct viewer;

enum { TAGS_MAX = 64 };

/* As in slices; {0} has none. Undo restores it. */
struct tags {
    uint32_t functions[TAGS_MAX];
    size_t count;
};

bool tags_has(const struct tags *tags, uint32_t function);
bool tags_are_same(const struct tags *a, const struct tags *b);

/* Tag a function of the viewer's model, or take its tag off, and say so. */
void tags_toggle(struct viewer *viewer, uint32_t function);

/* Tags of a model become those of the same functions of another one. */
void tags_carry(struct tags *tags, const struct trace_model *from,
                const struct trace_model *model);

/* The viewer has another model than from: tag the same functions of it. Those
 * it has not are forgotten, but still kept. */
void tags_move(struct viewer *viewer, const struct trace_model *from);

/* Read the tags of the viewer's trace that are kept. What is no tag in the file
 * is left out, and *err says so; functions that the trace has not are left out,
 * too. */
bool tags_load(struct viewer *viewer, struct error *err);

/* Keep the tags when they are others than those kept last. */
bool tags_keep(struct viewer *viewer, struct error *err);

#endif
