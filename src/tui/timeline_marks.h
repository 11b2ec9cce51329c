// SPDX-License-Identifier: Apache-2.0
/* tui/timeline_marks.h - setting marks on the timeline, and jumping to them. */
#ifndef TUI_TIMELINE_MARKS_H
#define TUI_TIMELINE_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/marks.h"

struct error;
struct screen;
struct timeline;
struct view_area;

/* Mark the cursor's place, or the area, with viewer->letter. */
bool timeline_set_mark(struct timeline *timeline, struct error *err);

/* Go to the mark of viewer->letter; ' is the place before the last jump. */
bool timeline_jump_to_mark(struct timeline *timeline, struct error *err);

/* The area that a mark holds; false when there is no such mark, it holds none,
 * or the area is not in this trace. */
bool timeline_mark_area(const struct timeline *timeline, char letter,
                        struct view_area *area);

/* For each item of another timeline, the item that shows the same here; with
 * NO_ITEM there is none. */
#define NO_ITEM UINT32_MAX
bool timeline_match_items(const struct timeline *timeline,
                          const struct timeline *other, uint32_t *matches,
                          struct error *err);

/* What a row is, whatever its place in the list, and where that is; SIZE_MAX =
 * it is not in the trace. */
struct track_key timeline_key_of(const struct timeline *timeline, size_t item);
size_t timeline_find_key(const struct timeline *timeline,
                         const struct track_key *key);

/* Their letters, on the ruler. */
void timeline_draw_mark_letters(const struct timeline *timeline,
                                struct screen *screen);

#endif
