// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_cells.h - the timeline's questions to the model.
 *
 * A frame decodes no more blocks than fit into its time. Rows that need more
 * are painted from the index alone, and a job decodes the blocks, so that the
 * next frame is exact.
 */
#ifndef TUI_TIMELINE_CELLS_H
#define TUI_TIMELINE_CELLS_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct timeline;

/* Before the first and behind the last timeline_load_cells of a frame. */
void timeline_begin_cells(struct timeline *timeline);
bool timeline_end_cells(struct timeline *timeline, struct error *err);

/*
 * Ask for depth_count levels of a track from first_depth on, and the sum of
 * all deeper ones with has_deeper. The answer is in timeline->cells: rows of
 * timeline_stride columns, from ROW_CELLS_MARGIN columns before the screen.
 */
bool timeline_load_cells(struct timeline *timeline, uint32_t track,
                         uint32_t first_depth, uint32_t depth_count,
                         bool has_deeper, struct error *err);

/* How the cursor's row looks, exactly, in timeline->row_cells; track items
 * only. */
bool timeline_load_cursor_row(struct timeline *timeline, struct error *err);

/* Time within a slice less that of its callees. */
bool timeline_self_time(struct timeline *timeline, uint64_t *self_ns,
                        struct error *err);

#endif
