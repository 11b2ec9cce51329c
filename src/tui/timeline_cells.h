// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_cells.h - the timeline's questions to the model.
 *
 * The only place that asks for cells: a worker that first shows estimated ones
 * goes in between here.
 */
#ifndef TUI_TIMELINE_CELLS_H
#define TUI_TIMELINE_CELLS_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct timeline;

/*
 * Ask for depth_count levels of a track from first_depth on, and the sum of
 * all deeper ones with has_deeper. The answer is in timeline->cells: rows of
 * timeline_stride columns, from ROW_CELLS_MARGIN columns before the screen.
 */
bool timeline_load_cells(struct timeline *timeline, uint32_t track,
                         uint32_t first_depth, uint32_t depth_count,
                         bool has_deeper, struct error *err);

/* How the cursor's row looks, in timeline->row_cells; track items only. */
bool timeline_load_cursor_row(struct timeline *timeline, struct error *err);

/* Time within a slice less that of its callees. */
bool timeline_self_time(struct timeline *timeline, uint64_t *self_ns,
                        struct error *err);

#endif
