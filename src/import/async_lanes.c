// SPDX-License-Identifier: Apache-2.0
#include "import/async_lanes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "import/event_tables.h"
#include "import/json_value.h"

/* Lanes of a group are tracks whose numbers grow. */
struct async_group {
    uint32_t first_track;
    size_t lane_count;
    uint32_t *free; /* a heap, the first lane at its top; owned */
    size_t free_count;
    size_t free_capacity;
};

bool
async_lanes_init(struct async_lanes *lanes, struct event_tables *tables,
                 struct error *err)
{
    *lanes = (struct async_lanes){.tables = tables,
                                  .first_track = tables->thread_count};
    return intern_table_new(&lanes->keys, err);
}

static bool
find_group(struct async_lanes *lanes, const struct async_group_key *key,
           uint32_t *group, struct error *err)
{
    if (!intern_table_add(lanes->keys, key, sizeof *key, group, err)) {
        return false;
    }
    if (*group < lanes->group_count) {
        return true;
    }
    if (!array_reserve((void **)&lanes->groups, &lanes->group_capacity,
                       lanes->group_count + 1, sizeof *lanes->groups, err)) {
        return false;
    }
    lanes->groups[lanes->group_count++] = (struct async_group){0};
    return true;
}

/* "Fetch", and "Fetch, lane 2". */
static bool
name_lane(struct async_lanes *lanes, const struct async_group_key *key,
          const struct async_group *group, struct import_thread *track,
          struct error *err)
{
    struct text_span span;
    struct buffer *text = &lanes->text;

    buffer_clear(text);
    span.data = intern_table_text(lanes->tables->names, key->name, &span.size);
    json_value_string(span, text);
    if (text->size == 0) {
        buffer_append_text(text, "(no name)");
    }
    if (group->lane_count > 0) {
        buffer_append_format(text, ", lane %zu", group->lane_count + 1);
    }
    if (!buffer_is_ok(text)) {
        return error_set_no_memory(err);
    }
    return event_tables_keep(lanes->tables,
                             (struct text_span){text->data, text->size},
                             &track->name, err);
}

static bool
keep_category(struct async_lanes *lanes, uint32_t category,
              struct import_thread *track, struct error *err)
{
    struct text_span span;
    struct buffer *text = &lanes->text;

    buffer_clear(text);
    span.data =
        intern_table_text(lanes->tables->categories, category, &span.size);
    json_value_string(span, text);
    if (!buffer_is_ok(text)) {
        return error_set_no_memory(err);
    }
    return event_tables_keep(lanes->tables,
                             (struct text_span){text->data, text->size},
                             &track->category, err);
}

static bool
add_lane(struct async_lanes *lanes, uint32_t group_index,
         const struct async_group_key *key, uint32_t *index, struct error *err)
{
    struct async_group *group = &lanes->groups[group_index];
    struct import_thread track = {
        .process = key->process,
        .kind = VZT_STREAM_ASYNC,
        .home = group->lane_count > 0 ? group->first_track
                                      : (uint32_t)lanes->tables->thread_count,
        .first_ns = INT64_MAX,
    };

    if (!name_lane(lanes, key, group, &track, err)
        || !keep_category(lanes, key->category, &track, err)
        || !event_tables_add_track(lanes->tables, &track, index, err)) {
        return false;
    }
    if (*index == UINT32_MAX) {
        return true;
    }
    if (!array_reserve((void **)&lanes->group_of, &lanes->group_of_capacity,
                       *index - lanes->first_track + 1, sizeof *lanes->group_of,
                       err)) {
        return false;
    }
    lanes->group_of[*index - lanes->first_track] = group_index;
    if (group->lane_count++ == 0) {
        group->first_track = *index;
    }
    return true;
}

static void
swap(uint32_t *a, uint32_t *b)
{
    uint32_t value = *a;

    *a = *b;
    *b = value;
}

/* The first one, which is taken out of the heap. */
static uint32_t
take_first(struct async_group *group)
{
    uint32_t *heap = group->free;
    uint32_t first = heap[0];
    size_t at = 0;

    heap[0] = heap[--group->free_count];
    for (;;) {
        size_t least = at;

        for (size_t i = 2 * at + 1; i <= 2 * at + 2; i++) {
            if (i < group->free_count && heap[i] < heap[least]) {
                least = i;
            }
        }
        if (least == at) {
            return first;
        }
        swap(&heap[at], &heap[least]);
        at = least;
    }
}

bool
async_lanes_take(struct async_lanes *lanes, const struct async_group_key *key,
                 uint32_t *track, struct error *err)
{
    uint32_t group;

    if (!find_group(lanes, key, &group, err)) {
        return false;
    }
    if (lanes->groups[group].free_count > 0) {
        *track = take_first(&lanes->groups[group]);
        return true;
    }
    return add_lane(lanes, group, key, track, err);
}

bool
async_lanes_give(struct async_lanes *lanes, uint32_t track, struct error *err)
{
    struct async_group *group =
        &lanes->groups[lanes->group_of[track - lanes->first_track]];
    size_t at = group->free_count;

    if (!array_reserve((void **)&group->free, &group->free_capacity, at + 1,
                       sizeof *group->free, err)) {
        return false;
    }
    group->free[group->free_count++] = track;
    for (; at > 0 && group->free[at] < group->free[(at - 1) / 2];
         at = (at - 1) / 2) {
        swap(&group->free[at], &group->free[(at - 1) / 2]);
    }
    return true;
}

void
async_lanes_release(struct async_lanes *lanes)
{
    for (size_t i = 0; i < lanes->group_count; i++) {
        free(lanes->groups[i].free);
    }
    intern_table_free(lanes->keys);
    free(lanes->groups);
    free(lanes->group_of);
    buffer_release(&lanes->text);
    *lanes = (struct async_lanes){0};
}
