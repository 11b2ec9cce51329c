// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_marks.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/marks.h"
#include "tui/pieces.h"
#include "tui/screen.h"
#include "tui/timeline.h"
#include "tui/timeline_cursor.h"
#include "tui/timeline_parts.h"
#include "tui/timeline_tracks.h"
#include "tui/timeline_window.h"
#include "tui/viewer.h"

/* How many counters of the same process stand before it. */
static uint64_t
number_of_counter(const struct timeline *timeline, size_t item)
{
    const struct track_item *items = timeline->list.items;
    uint64_t number = 0;

    while (item > 0 && items[item - 1].kind == ITEM_COUNTER
           && items[item - 1].process == items[item].process) {
        item--;
        number++;
    }
    return number;
}

struct track_key
timeline_key_of(const struct timeline *timeline, size_t item)
{
    const struct track_item *what = &timeline->list.items[item];
    struct track_key key = {.kind = what->kind};

    if (what->kind == ITEM_FILE) {
        key.key = what->index;
        return key;
    }
    key.section_id =
        trace_model_process(timeline->model, what->process)->section_id;
    if (what->kind == ITEM_TRACK) {
        key.key = trace_model_track(timeline->model, what->index)->thread_id;
    } else if (what->kind == ITEM_INSTANTS) {
        key.key = what->index;
    } else if (what->kind == ITEM_COUNTER) {
        key.key = number_of_counter(timeline, item);
    }
    return key;
}

size_t
timeline_find_key(const struct timeline *timeline, const struct track_key *key)
{
    for (size_t i = 0; i < timeline->list.count; i++) {
        struct track_key at;

        if (timeline->list.items[i].kind != key->kind) {
            continue;
        }
        at = timeline_key_of(timeline, i);
        if (at.section_id == key->section_id && at.key == key->key) {
            return i;
        }
    }
    return SIZE_MAX;
}

struct keyed_item {
    struct track_key key;
    uint32_t item;
};

/* The keys of all items: those of counters are counted on the way. */
static void
list_keys(const struct timeline *timeline, struct keyed_item *keyed)
{
    const struct track_item *items = timeline->list.items;

    for (size_t i = 0; i < timeline->list.count; i++) {
        bool is_next = i > 0 && items[i].kind == ITEM_COUNTER
                       && items[i - 1].kind == ITEM_COUNTER
                       && items[i - 1].process == items[i].process;

        keyed[i].item = (uint32_t)i;
        if (is_next) {
            keyed[i].key = keyed[i - 1].key;
            keyed[i].key.key++;
        } else {
            keyed[i].key = timeline_key_of(timeline, i);
        }
    }
}

static int
compare_keys(const struct track_key *a, const struct track_key *b)
{
    if (a->section_id != b->section_id) {
        return a->section_id < b->section_id ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return (a->key > b->key) - (a->key < b->key);
}

static int
compare_keyed(const void *a, const void *b)
{
    const struct keyed_item *left = a;
    const struct keyed_item *right = b;
    int order = compare_keys(&left->key, &right->key);

    return order != 0 ? order
                      : (left->item > right->item) - (left->item < right->item);
}

/* The first item of a key. */
static uint32_t
find_keyed(const struct keyed_item *keyed, size_t count,
           const struct track_key *key)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_keys(&keyed[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && compare_keys(&keyed[low].key, key) == 0
               ? keyed[low].item
               : NO_ITEM;
}

bool
timeline_match_items(const struct timeline *timeline,
                     const struct timeline *other, uint32_t *matches,
                     struct error *err)
{
    size_t count = timeline->list.count;
    struct keyed_item *here = array_new(count, sizeof *here, err);
    struct keyed_item *there = array_new(other->list.count, sizeof *there, err);
    bool ok = here != NULL && there != NULL;

    if (ok && count > 0) {
        list_keys(timeline, here);
        qsort(here, count, sizeof *here, compare_keyed);
    }
    if (ok) {
        list_keys(other, there);
    }
    for (size_t i = 0; ok && i < other->list.count; i++) {
        matches[i] = find_keyed(here, count, &there[i].key);
    }
    free(here);
    free(there);
    return ok;
}

static struct mark
mark_of_cursor(const struct timeline *timeline, char letter)
{
    const struct view_state *state = &timeline->state;

    return (struct mark){
        .letter = letter,
        .first_ns = state->time_ns,
        .last_ns = state->time_ns,
        .depth = state->depth,
        .from = timeline_key_of(timeline, state->item),
        .to = timeline_key_of(timeline, state->item),
    };
}

static struct mark
mark_of_area(const struct timeline *timeline, char letter)
{
    const struct view_area *area = &timeline->state.area;
    int64_t first_ns = timeline_area_start(area);
    int64_t last_ns = timeline_area_end(area) - 1;

    return (struct mark){
        .letter = letter,
        .is_area = true,
        .first_ns = first_ns < 0 ? 0 : first_ns,
        .last_ns = last_ns < 0 ? 0 : last_ns,
        .from = timeline_key_of(timeline, area->items[0]),
        .to = timeline_key_of(timeline, area->items[1]),
    };
}

bool
timeline_set_mark(struct timeline *timeline, struct error *err)
{
    struct viewer *viewer = timeline->viewer;
    struct error failure = {0};
    struct mark mark;

    (void)err;
    if (!marks_is_letter(viewer->letter) || timeline->list.count == 0) {
        viewer_say(viewer, "marks are letters and digits");
        return true;
    }
    mark = timeline->state.area.is_set
               ? mark_of_area(timeline, (char)viewer->letter)
               : mark_of_cursor(timeline, (char)viewer->letter);
    if (!marks_set(viewer->marks, &mark, &failure)) {
        viewer_say(viewer, "mark %c is set, but cannot be kept: %s",
                   mark.letter, failure.message);
        return true;
    }
    viewer_say(viewer, "mark %c is %s; '%c comes back", mark.letter,
               mark.is_area ? "this area" : "here", mark.letter);
    return true;
}

bool
timeline_mark_area(const struct timeline *timeline, char letter,
                   struct view_area *area)
{
    const struct mark *mark = marks_find(timeline->viewer->marks, letter);
    size_t from;
    size_t to;

    if (mark == NULL || !mark->is_area) {
        return false;
    }
    from = timeline_find_key(timeline, &mark->from);
    to = timeline_find_key(timeline, &mark->to);
    *area = (struct view_area){
        .is_set = true,
        .items = {from, to},
        .times_ns = {mark->first_ns, mark->last_ns},
    };
    return from != SIZE_MAX && to != SIZE_MAX;
}

static void
show_area(struct timeline *timeline, const struct mark *mark, size_t from,
          size_t to)
{
    timeline->state.area = (struct view_area){
        .is_set = true,
        .items = {from, to},
        .times_ns = {mark->first_ns, mark->last_ns},
    };
    if (!timeline_is_in_view(timeline, mark->first_ns)
        || !timeline_is_in_view(timeline, mark->last_ns)) {
        timeline_show(timeline, time_grid_fit(mark->first_ns, mark->last_ns,
                                              timeline->layout.track_width));
    }
}

/* A mark may be of a trace that was longer, or deeper. */
static bool
go_to(struct timeline *timeline, const struct mark *mark, struct error *err)
{
    struct view_state *state = &timeline->state;
    size_t from = timeline_find_key(timeline, &mark->from);
    size_t to = timeline_find_key(timeline, &mark->to);
    int64_t end_ns = timeline_end_ns(timeline);

    if (from == SIZE_MAX || to == SIZE_MAX) {
        viewer_say(timeline->viewer,
                   "the track of mark %c is not in this trace", mark->letter);
        return true;
    }
    timeline_reveal(timeline, from);
    state->item = from;
    state->depth = mark->depth < timeline->list.items[from].depth
                       ? mark->depth
                       : timeline->list.items[from].depth - 1;
    state->time_ns = mark->first_ns < end_ns ? mark->first_ns : end_ns;
    state->area = (struct view_area){0};
    if (mark->is_area) {
        timeline_reveal(timeline, to);
        show_area(timeline, mark, from, to);
    }
    timeline_follow(timeline, state->time_ns);
    return timeline_select_here(timeline, err);
}

bool
timeline_jump_to_mark(struct timeline *timeline, struct error *err)
{
    struct viewer *viewer = timeline->viewer;
    bool is_back = viewer->letter == '\'';
    const struct mark *mark = NULL;
    struct mark here;
    struct mark target;

    if (is_back) {
        mark = timeline->has_back ? &timeline->back : NULL;
    } else if (marks_is_letter(viewer->letter)) {
        mark = marks_find(viewer->marks, (char)viewer->letter);
    }
    if (mark == NULL || timeline->list.count == 0) {
        if (is_back) {
            viewer_say(viewer, "there was no jump to go back from");
        } else {
            viewer_say(viewer, "there is no such mark; m and a letter sets "
                               "one");
        }
        return true;
    }
    target = *mark;
    here = mark_of_cursor(timeline, '\'');
    if (!go_to(timeline, &target, err)) {
        return false;
    }
    timeline->back = here;
    timeline->has_back = true;
    return true;
}

void
timeline_draw_mark_letters(const struct timeline *timeline,
                           struct screen *screen)
{
    const struct marks *marks = timeline->viewer->marks;
    struct time_grid grid = timeline_grid(timeline);
    struct screen_style style =
        theme_style(&timeline->viewer->theme, PART_MARK);

    for (size_t i = 0; i < marks_count(marks); i++) {
        const struct mark *mark = marks_at(marks, i);
        int64_t column = time_grid_column(&grid, mark->first_ns);

        if (column >= 0 && column < timeline->layout.track_width) {
            screen_put(screen, (int)(timeline->layout.gutter + column),
                       timeline->layout.ruler_row, (unsigned char)mark->letter,
                       style);
        }
    }
}
