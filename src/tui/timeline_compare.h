// SPDX-License-Identifier: Apache-2.0
/* tui/timeline_compare.h - what on the timeline is to be compared. */
#ifndef TUI_TIMELINE_COMPARE_H
#define TUI_TIMELINE_COMPARE_H

#include <stdbool.h>

struct error;
struct timeline;

/*
 * Compare, and show the table: the area with mark a when that is another area,
 * else marks a and b, else the first file with the others over the scope. Says
 * so when there is nothing of that kind.
 */
bool timeline_compare(struct timeline *timeline, struct error *err);

#endif
