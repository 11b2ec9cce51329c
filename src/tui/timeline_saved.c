// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_saved.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/number_parse.h"
#include "tui/timeline.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_marks.h"
#include "tui/timeline_order.h"
#include "tui/timeline_window.h"

enum {
    NUMBERS_MAX = 5, /* of a line */
    NUMBER_SIZE = 24,
    FLAGS_ALL = ITEM_FOLDED | ITEM_PINNED | ITEM_HIDDEN | ITEM_HALF,
};

static void
append_key(struct buffer *out, const struct timeline *timeline, size_t item)
{
    struct track_key key = timeline_key_of(timeline, item);

    buffer_append_format(out, " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                         key.section_id, key.kind, key.key);
}

static void
append_rows(struct buffer *out, const struct timeline *timeline)
{
    bool has_moved = false;

    for (size_t i = 0; i < timeline->list.count; i++) {
        has_moved |= timeline->sequence[i] != i;
    }
    for (size_t i = 0; has_moved && i < timeline->list.count; i++) {
        buffer_append_text(out, "row");
        append_key(out, timeline, timeline->sequence[i]);
    }
}

static uint64_t
from_start(int64_t time_ns)
{
    return time_ns < 0 ? 0 : (uint64_t)time_ns;
}

void
timeline_saved_append(const struct timeline *timeline, struct buffer *out)
{
    const struct view_state *state = &timeline->state;
    struct time_grid grid = timeline_grid(timeline);

    append_rows(out, timeline);
    for (size_t i = 0; i < timeline->list.count; i++) {
        if (timeline->flags[i] != 0) {
            buffer_append_format(out, "flags %u", timeline->flags[i]);
            append_key(out, timeline, i);
        }
    }
    if (state->is_pinned_only) {
        buffer_append_text(out, "pinned-only\n");
    }
    if (!state->is_fit) {
        /* Before time 0 it begins with the bits of a negative number. */
        buffer_append_format(out, "window %" PRIu64 " %" PRIu64 "\n",
                             (uint64_t)grid.origin_ns,
                             (uint64_t)grid.column_ns);
    }
    if (timeline->list.count > 0) {
        buffer_append_format(out, "cursor %" PRIu64 " %" PRIu32,
                             from_start(state->time_ns), state->depth);
        append_key(out, timeline, state->item);
    }
}

/* So many numbers behind the word, and nothing else. */
static bool
read_numbers(const char *line, const char *word, uint64_t *numbers,
             size_t count)
{
    size_t size = strlen(word);

    if (strncmp(line, word, size) != 0) {
        return false;
    }
    line += size;
    for (size_t i = 0; i < count; i++) {
        char number[NUMBER_SIZE] = "";

        if (*line++ != ' ') {
            return false;
        }
        size = strcspn(line, " ");
        if (size >= sizeof number) {
            return false;
        }
        memcpy(number, line, size);
        if (!number_parse_u64(number, &numbers[i])) {
            return false;
        }
        line += size;
    }
    return *line == '\0';
}

/* SIZE_MAX = it is not in this trace. */
static size_t
find(const struct timeline *timeline, const uint64_t numbers[3])
{
    const struct track_key key = {numbers[0], numbers[1], numbers[2]};

    return timeline_find_key(timeline, &key);
}

static bool
take_row(struct timeline_saved *saved, const struct timeline *timeline,
         size_t item)
{
    if (saved->rows == NULL) {
        saved->rows =
            array_new(timeline->list.count, sizeof *saved->rows, NULL);
    }
    if (item == SIZE_MAX || saved->rows == NULL
        || saved->row_count == timeline->list.count) {
        return false;
    }
    saved->rows[saved->row_count++] = (uint32_t)item;
    return true;
}

static bool
take_cursor(struct timeline *timeline, const uint64_t numbers[NUMBERS_MAX])
{
    struct view_state *state = &timeline->state;
    size_t item = find(timeline, numbers + 2);

    if (item == SIZE_MAX || numbers[0] > (uint64_t)TIME_MAX_NS) {
        return false;
    }
    state->item = item;
    state->time_ns = (int64_t)numbers[0];
    state->depth = numbers[1] < timeline->list.items[item].depth
                       ? (uint32_t)numbers[1]
                       : 0;
    return true;
}

static bool
take_window(struct timeline_saved *saved, const uint64_t numbers[2])
{
    int64_t origin_ns = (int64_t)numbers[0];

    if (origin_ns < -TIME_MAX_NS || origin_ns > TIME_MAX_NS || numbers[1] == 0
        || numbers[1] > (uint64_t)TIME_MAX_NS) {
        return false;
    }
    saved->has_window = true;
    saved->window = time_grid_anchor(time_ladder_at_least((int64_t)numbers[1]),
                                     origin_ns, 0);
    return true;
}

bool
timeline_saved_take(struct timeline_saved *saved, struct timeline *timeline,
                    const char *line)
{
    uint64_t numbers[NUMBERS_MAX];
    size_t item;

    if (read_numbers(line, "row", numbers, 3)) {
        return take_row(saved, timeline, find(timeline, numbers));
    }
    if (read_numbers(line, "flags", numbers, 4) && numbers[0] <= FLAGS_ALL) {
        item = find(timeline, numbers + 1);
        if (item != SIZE_MAX) {
            timeline->flags[item] = (uint8_t)numbers[0];
        }
        return item != SIZE_MAX;
    }
    if (read_numbers(line, "window", numbers, 2)) {
        return take_window(saved, numbers);
    }
    if (read_numbers(line, "cursor", numbers, NUMBERS_MAX)) {
        return take_cursor(timeline, numbers);
    }
    if (strcmp(line, "pinned-only") == 0) {
        timeline->state.is_pinned_only = true;
        return true;
    }
    return false;
}

bool
timeline_saved_show(struct timeline_saved *saved, struct timeline *timeline,
                    struct error *err)
{
    struct view_state *state = &timeline->state;
    int64_t cursor_ns = state->time_ns;

    if (timeline->list.count == 0) {
        return true;
    }
    if (saved->row_count > 0
        && !timeline_order_set(timeline, saved->rows, saved->row_count, err)) {
        return false;
    }
    timeline_begin_change(timeline);
    if (cursor_ns > timeline_end_ns(timeline)) {
        cursor_ns = timeline_end_ns(timeline);
    }
    if (saved->has_window) {
        timeline_show(timeline, saved->window);
    }
    state->time_ns = cursor_ns;
    return timeline_select_here(timeline, err)
           && timeline_end_change(timeline, err);
}

void
timeline_saved_release(struct timeline_saved *saved)
{
    free(saved->rows);
    *saved = (struct timeline_saved){0};
}
