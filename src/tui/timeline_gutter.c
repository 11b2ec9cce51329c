// SPDX-License-Identifier: Apache-2.0
/* Names of rows, and marks for what is beyond the edges of the screen. */
#include "tui/timeline_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "model/trace_model.h"
#include "tui/instant_lane.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

enum { GUTTER_WITH_FACTS = 18 }; /* columns for more than the name */

/* A lane is named as one; what is no thread otherwise is said to be none: a
 * sign in front of the name stays when that is cut. */
static void
write_track_name(const struct model_track *track, bool is_ascii, char *text)
{
    bool is_greenlet = track->kind == VZT_STREAM_GREENLET
                       && strncmp(track->name, "greenlet", 8) != 0;
    const char *sign =
        track->kind == VZT_STREAM_ASYNC     ? (is_ascii ? "& " : "∥ ")
        : track->kind == VZT_STREAM_SAMPLES ? (is_ascii ? "% " : "∴ ")
                                            : "";

    (void)snprintf(text, PIECE_SIZE, "%s%s%s", sign, track->name,
                   is_greenlet ? " (greenlet)" : "");
}

/* "pid 7 app.py"; "pid 7" where it has no other name; "Spans" without a pid. */
static void
write_process_name(const struct model_process *process, char *text)
{
    char number[TEXT_NUMBER_SIZE];

    (void)snprintf(number, sizeof number, "pid %" PRIu32, process->pid);
    if (process->has_pid && strcmp(process->name, number) != 0) {
        (void)snprintf(text, PIECE_SIZE, "%s %s", number, process->name);
    } else {
        (void)snprintf(text, PIECE_SIZE, "%s", process->name);
    }
}

const char *
timeline_item_name(const struct timeline *timeline, size_t item, char *text)
{
    const struct track_item *what = &timeline->list.items[item];
    const struct model_counter *counter;

    switch (what->kind) {
    case ITEM_FILE:
        (void)snprintf(text, PIECE_SIZE, "%s",
                       label_base_name(trace_model_input_name(timeline->model,
                                                              what->index)));
        break;
    case ITEM_PROCESS:
        write_process_name(trace_model_process(timeline->model, what->process),
                           text);
        break;
    case ITEM_ASYNC:
        (void)snprintf(text, PIECE_SIZE, "asynchronous calls");
        break;
    case ITEM_TRACK:
        write_track_name(trace_model_track(timeline->model, what->index),
                         timeline->viewer->theme.is_ascii, text);
        break;
    case ITEM_INSTANTS:
        (void)snprintf(text, PIECE_SIZE, "%s",
                       instant_lane_name((enum instant_lane)what->index));
        break;
    case ITEM_COUNTER:
        counter = trace_model_counter(timeline->model, what->index);
        if (counter->key[0] == '\0' || strcmp(counter->key, "value") == 0
            || strcmp(counter->key, counter->name) == 0) {
            (void)snprintf(text, PIECE_SIZE, "%s", counter->name);
        } else {
            (void)snprintf(text, PIECE_SIZE, "%s %s", counter->name,
                           counter->key);
        }
        break;
    }
    return text;
}

static enum theme_glyph
glyph_of_lane(enum instant_lane lane)
{
    switch (lane) {
    case LANE_OBJECTS:
        return GLYPH_OBJECT_SNAPSHOT;
    case LANE_LOG:
        return GLYPH_LOG;
    case LANE_MARKS:
    case LANE_COUNT:
        break;
    }
    return GLYPH_INSTANT;
}

static enum theme_glyph
glyph_of_item(const struct timeline *timeline, size_t item)
{
    switch (timeline->list.items[item].kind) {
    case ITEM_FILE:
    case ITEM_PROCESS:
    case ITEM_ASYNC:
    case ITEM_TRACK:
        break;
    case ITEM_INSTANTS:
        return glyph_of_lane(
            (enum instant_lane)timeline->list.items[item].index);
    case ITEM_COUNTER:
        return GLYPH_COUNTER;
    }
    return timeline_is_folded(timeline, item) ? GLYPH_FOLDED : GLYPH_OPEN;
}

static enum theme_part
part_of_item(const struct timeline *timeline, size_t item)
{
    return item == timeline->state.item ? PART_GUTTER_CURSOR : PART_GUTTER;
}

/* Tracks stand a little to the right of their process, where there is room. */
static int
indent_of(const struct timeline *timeline)
{
    return timeline->list.has_processes
                   && timeline->layout.gutter >= GUTTER_WITH_FACTS
               ? 2
               : 0;
}

/* Asynchronous calls belong to a process, as its tracks do. */
static int
heading_column(const struct timeline *timeline, size_t item)
{
    return timeline->list.items[item].kind == ITEM_ASYNC ? indent_of(timeline)
                                                         : 0;
}

int
timeline_fold_column(const struct timeline *timeline, size_t item)
{
    if (track_item_is_heading(&timeline->list.items[item])) {
        return heading_column(timeline, item);
    }
    return timeline->layout.gutter > 0 ? indent_of(timeline) : -1;
}

static void
draw_item_name(const struct timeline *timeline, size_t item, int x, int y,
               unsigned width, struct screen *screen)
{
    enum theme_part part = part_of_item(timeline, item);
    struct screen_style style = theme_style(&timeline->viewer->theme, part);
    char name[PIECE_SIZE];
    char text[LABEL_SIZE];

    if (width < 2) {
        return;
    }
    screen_put(
        screen, x, y,
        theme_glyph(&timeline->viewer->theme, glyph_of_item(timeline, item)),
        style);
    if ((timeline->flags[item] & ITEM_PINNED) != 0) {
        screen_put(screen, x + 1, y,
                   theme_glyph(&timeline->viewer->theme, GLYPH_PINNED), style);
    }
    (void)timeline_item_name(timeline, item, name);
    /* Threads, and series of one counter, differ at their ends. */
    if (timeline->list.items[item].kind == ITEM_TRACK
        || timeline->list.items[item].kind == ITEM_COUNTER) {
        (void)label_cut_middle(text, &timeline->viewer->theme, name, width - 2);
    } else {
        (void)label_cut(text, &timeline->viewer->theme, name, width - 2);
    }
    (void)screen_text(screen, x + 2, y, width - 2, text, strlen(text), style);
}

static int
fact_column(const struct timeline *timeline)
{
    return indent_of(timeline)
           + (timeline->layout.gutter < GUTTER_WITH_FACTS ? 1 : 2);
}

static void
draw_fact(const struct timeline *timeline, const char *fact,
          struct screen *screen, int y)
{
    int x = fact_column(timeline);

    (void)screen_text(screen, x, y, timeline->layout.gutter - 1 - (unsigned)x,
                      fact, strlen(fact),
                      theme_style(&timeline->viewer->theme, PART_FAINT));
}

/* "+9 deeper"; the number alone when it takes the room of the word. */
static void
draw_deeper(const struct timeline *timeline, uint32_t deeper,
            struct screen *screen, int y)
{
    unsigned room =
        timeline->layout.gutter - 1 - (unsigned)fact_column(timeline);
    char fact[64];

    (void)snprintf(fact, sizeof fact, "+%" PRIu32 " deeper", deeper);
    if (label_width(fact) > room) {
        (void)snprintf(fact, sizeof fact, "+%" PRIu32, deeper);
    }
    draw_fact(timeline, fact, screen, y);
}

/* How many levels are hidden above the first row of a track. */
static unsigned
write_above(const struct timeline *timeline, uint32_t above, char *text,
            size_t size)
{
    char arrow[UTF8_MAX_SIZE];
    size_t length =
        utf8_encode(theme_glyph(&timeline->viewer->theme, GLYPH_UP), arrow);

    (void)snprintf(text, size, " %.*s%" PRIu32, (int)length, arrow, above);
    return label_width(text);
}

static void
draw_first_row(const struct timeline *timeline, const struct plan_row *row,
               struct screen *screen, int y)
{
    unsigned width = timeline->layout.gutter - 1;
    int x = indent_of(timeline);
    char above[TEXT_NUMBER_SIZE] = "";
    unsigned above_width = 0;

    if (row->above > 0) {
        above_width = write_above(timeline, row->above, above, sizeof above);
    }
    draw_item_name(timeline, row->item, x, y, width - (unsigned)x - above_width,
                   screen);
    (void)screen_text(screen, (int)(width - above_width), y, above_width, above,
                      strlen(above),
                      theme_style(&timeline->viewer->theme, PART_FAINT));
}

/* "busy 93%  self 41%", or as much as there is room for. */
static void
draw_share(const struct timeline *timeline, const struct timeline_share *share,
           struct screen *screen, int y)
{
    unsigned room =
        timeline->layout.gutter - 1 - (unsigned)fact_column(timeline);
    char fact[64];

    (void)snprintf(fact, sizeof fact, "busy %d%%  self %d%%",
                   share->busy_percent, share->self_percent);
    if (share->self_percent < 0 || label_width(fact) > room) {
        (void)snprintf(fact, sizeof fact, "busy %d%%", share->busy_percent);
    }
    draw_fact(timeline, fact, screen, y);
}

void
timeline_draw_gutter(const struct timeline *timeline,
                     const struct plan_row *row,
                     const struct timeline_share *share, struct screen *screen,
                     int y)
{
    bool has_facts = timeline->layout.gutter >= GUTTER_WITH_FACTS;

    if (row->index == 0) {
        draw_first_row(timeline, row, screen, y);
    } else if (row->kind == ROW_DEEPER) {
        draw_deeper(timeline, row->deeper, screen, y);
    } else if (row->index == 1 && has_facts && share != NULL
               && share->busy_percent >= 0) {
        draw_share(timeline, share, screen, y);
    }
}

/* The first free columns that hold count of them; the width = none do. */
static unsigned
find_free(const struct timeline *timeline, unsigned count)
{
    unsigned width = timeline->layout.track_width;
    unsigned free = 0;

    for (unsigned i = 0; i < width; i++) {
        free = timeline->row_cells[i].kind == ROW_CELL_EMPTY ? free + 1 : 0;
        if (free == count) {
            return i + 1 - count;
        }
    }
    return width;
}

bool
timeline_draw_name(const struct timeline *timeline, const struct plan_row *row,
                   struct screen *screen, int y)
{
    char name[PIECE_SIZE];
    /* The mark, a blank and the name; a blank on either side. */
    unsigned cells =
        label_width(timeline_item_name(timeline, row->item, name)) + 2;
    unsigned column = find_free(timeline, cells + 2);

    if (column == timeline->layout.track_width) {
        return false;
    }
    draw_item_name(timeline, row->item, column == 0 ? 0 : (int)column + 1, y,
                   cells, screen);
    return true;
}

void
timeline_file_facts(const struct timeline *timeline, size_t input,
                    struct timeline_file_facts *facts)
{
    *facts = (struct timeline_file_facts){.start_ns = UINT64_MAX};
    for (size_t i = 0; i < trace_model_process_count(timeline->model); i++) {
        const struct model_process *process =
            trace_model_process(timeline->model, i);

        if (process->input == input) {
            facts->process_count++;
            facts->call_count += process->call_count;
            facts->start_ns = process->start_ns < facts->start_ns
                                  ? process->start_ns
                                  : facts->start_ns;
            facts->end_ns = process->end_ns > facts->end_ns ? process->end_ns
                                                            : facts->end_ns;
        }
    }
    if (facts->start_ns > facts->end_ns) {
        facts->start_ns = facts->end_ns;
    }
}

uint64_t
timeline_async_calls(const struct timeline *timeline, size_t item,
                     size_t *track_count)
{
    const struct model_process *process = trace_model_process(
        timeline->model, timeline->list.items[item].process);
    uint64_t calls = 0;
    size_t count = 0;

    for (size_t i = 0; i < process->track_count; i++) {
        const struct model_track *track =
            trace_model_track(timeline->model, process->first_track + i);

        if (track->kind == VZT_STREAM_ASYNC) {
            calls += track->call_count;
            count++;
        }
    }
    if (track_count != NULL) {
        *track_count = count;
    }
    return calls;
}

static void
add_async_facts(struct pieces *pieces, const struct timeline *timeline,
                size_t item)
{
    char number[TEXT_NUMBER_SIZE];
    size_t track_count;
    uint64_t calls = timeline_async_calls(timeline, item, &track_count);

    pieces_add(pieces, 3, false, PART_FAINT, "%s",
               text_count(number, sizeof number, calls));
    pieces_add(pieces, 4, false, PART_FAINT, "in %zu %s", track_count,
               track_count == 1 ? "track" : "tracks");
}

static void
add_process_facts(struct pieces *pieces, const struct timeline *timeline,
                  const struct model_process *process)
{
    size_t thread_count = trace_model_thread_count(
        timeline->model, process->first_track, process->track_count);
    char number[TEXT_NUMBER_SIZE];

    pieces_add(pieces, 4, false, PART_FAINT, "%zu %s", thread_count,
               thread_count == 1 ? "thread" : "threads");
    if (thread_count < process->track_count) {
        pieces_add(pieces, 4, false, PART_FAINT, "%zu other %s",
                   process->track_count - thread_count,
                   process->track_count - thread_count == 1 ? "row" : "rows");
    }
    pieces_add(pieces, 3, false, PART_FAINT, "%s %s",
               text_count(number, sizeof number, process->call_count),
               process->call_count == 1 ? "call" : "calls");
    pieces_add(pieces, 5, false, PART_FAINT, "%s",
               text_duration(number, sizeof number,
                             process->end_ns > process->start_ns
                                 ? process->end_ns - process->start_ns
                                 : 0,
                             timeline->viewer->theme.is_ascii));
    if (process->end != PROCESS_END_FINISHED
        && process->end != PROCESS_END_UNKNOWN) {
        pieces_add(pieces, 2, false, PART_WARNING, "%s", process->end_text);
    }
    if (process->lost_calls > 0) {
        pieces_add(pieces, 2, false, PART_WARNING, "%s calls %s",
                   text_count(number, sizeof number, process->lost_calls),
                   viewer_lost_word(timeline->viewer));
    }
}

static void
add_file_facts(struct pieces *pieces, const struct timeline *timeline,
               size_t input)
{
    struct timeline_file_facts facts;
    char number[TEXT_NUMBER_SIZE];

    timeline_file_facts(timeline, input, &facts);
    pieces_add(pieces, 4, false, PART_FAINT, "%zu %s", facts.process_count,
               facts.process_count == 1 ? "process" : "processes");
    pieces_add(pieces, 3, false, PART_FAINT, "%s %s",
               text_count(number, sizeof number, facts.call_count),
               facts.call_count == 1 ? "call" : "calls");
    pieces_add(pieces, 5, false, PART_FAINT, "%s",
               text_duration(number, sizeof number,
                             facts.end_ns - facts.start_ns,
                             timeline->viewer->theme.is_ascii));
}

void
timeline_draw_heading(const struct timeline *timeline,
                      const struct plan_row *row, struct screen *screen, int y)
{
    const struct track_item *item = &timeline->list.items[row->item];
    int column = heading_column(timeline, row->item);
    struct pieces pieces = {0};
    char name[PIECE_SIZE];

    screen_put(screen, column, y,
               theme_glyph(&timeline->viewer->theme,
                           glyph_of_item(timeline, row->item)),
               theme_style(&timeline->viewer->theme,
                           part_of_item(timeline, row->item)));
    pieces_add(&pieces, 1, false,
               row->item == timeline->state.item ? PART_GUTTER_CURSOR
                                                 : PART_PROCESS,
               "%s", timeline_item_name(timeline, row->item, name));
    if (item->kind == ITEM_FILE) {
        add_file_facts(&pieces, timeline, item->index);
    } else if (item->kind == ITEM_ASYNC) {
        add_async_facts(&pieces, timeline, row->item);
    } else {
        add_process_facts(&pieces, timeline,
                          trace_model_process(timeline->model, item->process));
    }
    pieces_draw(&pieces, &timeline->viewer->theme, screen, column + 1, y,
                timeline->layout.width - 1 - (unsigned)column);
}

/* Where the selection is beyond the edge of the screen: -1, 1; 0 = not. */
static int
side_of_selection(const struct timeline *timeline)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);
    int64_t width = timeline->layout.track_width;
    int64_t first = time_grid_column(&grid, state->time_ns);
    int64_t last = first;

    if (state->has_slice) {
        first = time_grid_column(&grid, time_limit(state->slice.start_ns));
        last = time_grid_column(&grid, time_limit(state->slice.end_ns) - 1);
    }
    return last < 0 && first < 0 ? -1 : first >= width ? 1 : 0;
}

static void
draw_selection_mark(const struct timeline *timeline, int y,
                    struct screen *screen)
{
    const struct view_state *state = &timeline->state;
    enum item_kind kind = timeline->list.items[state->item].kind;
    unsigned gutter = timeline->layout.gutter;
    int side = side_of_selection(timeline);
    enum theme_glyph glyph = side < 0 ? GLYPH_LEFT : GLYPH_RIGHT;
    unsigned x = gutter > 0 ? gutter - 1
                 : side > 0 ? timeline->layout.width - 1
                            : 0;

    if (kind == ITEM_PROCESS || kind == ITEM_FILE || kind == ITEM_ASYNC
        || kind == ITEM_COUNTER) {
        return;
    }
    if (side == 0) {
        if (!timeline_is_folded(timeline, state->item) || state->depth == 0) {
            return;
        }
        glyph = GLYPH_DOWN; /* it is deeper than the folded row */
    }
    screen_put(screen, (int)x, y, theme_glyph(&timeline->viewer->theme, glyph),
               theme_style(&timeline->viewer->theme, PART_CURSOR));
}

/* The cursor where no slice is selected: its mark, or reversed what is
 * there. */
static void
draw_cursor(const struct timeline *timeline, int y, struct screen *screen)
{
    const struct view_state *state = &timeline->state;
    enum item_kind kind = timeline->list.items[state->item].kind;
    struct time_grid grid = timeline_grid(timeline);
    int64_t column = time_grid_column(&grid, state->time_ns);
    int x = (int)(timeline->layout.gutter + column);
    const struct screen_cell *cell;
    struct screen_style style;

    if (state->has_slice || kind == ITEM_PROCESS || kind == ITEM_FILE
        || kind == ITEM_ASYNC || column < 0
        || column >= timeline->layout.track_width) {
        return;
    }
    cell = screen_at(screen, (unsigned)x, (unsigned)y);
    if (cell->character[0] == ' ') {
        screen_put(screen, x, y,
                   theme_glyph(&timeline->viewer->theme, GLYPH_CURSOR),
                   theme_style(&timeline->viewer->theme, PART_CURSOR));
    } else {
        style = cell->style;
        style.attributes |= SCREEN_REVERSE | SCREEN_BOLD;
        screen_restyle(screen, x, y, 1, style);
    }
}

/* Where a mark is put: at the end of the gutter, but at the end of a row of
 * text. */
static int
mark_column(const struct timeline *timeline, size_t row)
{
    const struct layout *layout = &timeline->layout;

    return layout->gutter == 0
                   || track_item_is_heading(
                       &timeline->list
                            .items[row_plan_at(&timeline->plan, row).item])
               ? (int)layout->width - 1
               : (int)layout->gutter - 1;
}

/* More rows above or below. Without a gutter the marks stand beside the ruler
 * and what is below the tracks. */
void
timeline_draw_marks(const struct timeline *timeline, struct screen *screen)
{
    const struct layout *layout = &timeline->layout;
    const struct theme *theme = &timeline->viewer->theme;
    struct screen_style style = theme_style(theme, PART_CURSOR);
    unsigned sticky = row_plan_sticky(&timeline->plan, layout->track_height);
    size_t top = timeline_top_row(timeline);
    size_t last = top + layout->track_height - 1;
    size_t cursor = row_plan_find(&timeline->plan, timeline->state.item,
                                  timeline->state.depth);
    int cursor_y = layout->tracks_row + timeline_line_of_row(timeline, cursor);
    bool has_gutter = layout->gutter > 0;

    if (top > 0) {
        screen_put(screen, mark_column(timeline, top + sticky),
                   has_gutter ? layout->tracks_row + (int)sticky
                              : layout->ruler_row,
                   theme_glyph(theme, GLYPH_UP), style);
    }
    if (last + 1 < row_plan_count(&timeline->plan)) {
        screen_put(screen, mark_column(timeline, last),
                   layout->tracks_row + (int)layout->track_height
                       - (has_gutter ? 1 : 0),
                   theme_glyph(theme, GLYPH_DOWN), style);
    }
    draw_cursor(timeline, cursor_y, screen);
    draw_selection_mark(timeline, cursor_y, screen);
}
