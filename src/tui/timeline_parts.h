// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_parts.h - what a frame of the timeline is put together from.
 */
#ifndef TUI_TIMELINE_PARTS_H
#define TUI_TIMELINE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct model_function;
struct plan_row;
struct row_cell;
struct screen;
struct timeline;

/* The whole trace in one row, with the edges of the window. */
void timeline_draw_overview(struct timeline *timeline, struct screen *screen);

/* What the cursor is on, or the message. */
bool timeline_draw_status(struct timeline *timeline, struct screen *screen,
                          struct error *err);

/*
 * Where the slice of the cursor's row is that is nearest to [from_ns, to_ns),
 * in which there is none; text has PIECE_SIZE bytes. *key is the one that goes
 * in that direction; 0 = there is no slice at all.
 */
bool timeline_write_nearest(struct timeline *timeline, int64_t from_ns,
                            int64_t to_ns, char *text, char *key,
                            struct error *err);

/* The row in row_cells, of which level it is says row. */
void timeline_draw_slices(const struct timeline *timeline,
                          const struct plan_row *row, struct screen *screen,
                          int y);

/* The same of two levels: the upper one in row_cells, the one below it
 * timeline_stride cells later. From then on row_cells tells which columns are
 * free in both. */
void timeline_draw_halves(const struct timeline *timeline,
                          const struct plan_row *row, struct screen *screen,
                          int y);

/* The colour of what a cell of a track shows, see theme.h; whether that is
 * searched for. */
unsigned timeline_cell_slot(const struct timeline *timeline, uint32_t track,
                            const struct row_cell *cell);
bool timeline_is_cell_hit(const struct timeline *timeline, uint32_t track,
                          const struct row_cell *cell);

/* Whether the selected slice touches a column. */
bool timeline_touches_selection(const struct timeline *timeline,
                                unsigned column);

enum { BUSY_UNKNOWN = -1 };

/* How much of the window a track was busy, and how much in its outermost calls
 * themselves, not in what they called; or BUSY_UNKNOWN. */
struct timeline_share {
    int busy_percent;
    int self_percent;
};

/* Names and marks in front of a row. share may be NULL. */
void timeline_draw_gutter(const struct timeline *timeline,
                          const struct plan_row *row,
                          const struct timeline_share *share,
                          struct screen *screen, int y);

/* The column of the mark that folds an item; -1 = its row has none. */
int timeline_fold_column(const struct timeline *timeline, size_t item);

/* Where there is no gutter: the name on the first cells of the row that are
 * free. False when it does not fit in. */
bool timeline_draw_name(const struct timeline *timeline,
                        const struct plan_row *row, struct screen *screen,
                        int y);

/* Marks that the selection, or more rows, are beyond the edges. */
void timeline_draw_marks(const struct timeline *timeline,
                         struct screen *screen);

/* The name of an item as its row shows it; text has PIECE_SIZE bytes. */
const char *timeline_item_name(const struct timeline *timeline, size_t item,
                               char *text);

/* What a recording holds. */
struct timeline_file_facts {
    size_t process_count;
    uint64_t call_count;
    uint64_t start_ns;
    uint64_t end_ns;
};

void timeline_file_facts(const struct timeline *timeline, size_t input,
                         struct timeline_file_facts *facts);

/* The calls of the tracks below a heading of asynchronous calls, and how many
 * of these there are, unless track_count is NULL. */
uint64_t timeline_async_calls(const struct timeline *timeline, size_t item,
                              size_t *track_count);

/* A row that is all text: a process, a file, or what is no thread. */
void timeline_draw_heading(const struct timeline *timeline,
                           const struct plan_row *row, struct screen *screen,
                           int y);

/* The function of a cell; NULL = unknown. */
const struct model_function *timeline_function(const struct timeline *timeline,
                                               uint32_t function);

#endif
