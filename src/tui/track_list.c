// SPDX-License-Identifier: Apache-2.0
#include "tui/track_list.h"

#include <stdlib.h>

#include "base/array.h"
#include "model/instant_lane.h"
#include "model/trace_model.h"

/* One process that ended as it should needs no row that says so. */
static bool
has_something_to_say(const struct trace_model *model,
                     const struct model_process *process)
{
    return (process->end != PROCESS_END_FINISHED
            && process->end != PROCESS_END_UNKNOWN)
           || process->lost_calls > 0 || trace_model_note_count(model) > 0;
}

static bool
has_process(const struct trace_model *model, size_t input)
{
    for (size_t i = 0; i < trace_model_process_count(model); i++) {
        if (trace_model_process(model, i)->input == input) {
            return true;
        }
    }
    return false;
}

static void
add(struct track_list *list, enum item_kind kind, size_t process, size_t index,
    uint32_t depth)
{
    uint32_t input = list->count > 0 ? list->items[list->count - 1].input : 0;

    if (kind == ITEM_FILE) {
        input = (uint32_t)index;
    }
    if (kind == ITEM_TRACK) {
        list->tracks[index] = list->count;
    }
    list->items[list->count++] = (struct track_item){
        .kind = kind,
        .process = (uint32_t)process,
        .input = input,
        .index = (uint32_t)index,
        .depth = depth == 0 ? 1 : depth,
        .group = SIZE_MAX,
    };
}

/* How many inputs have a process. */
static size_t
count_files(const struct trace_model *model)
{
    size_t count = 0;

    for (size_t i = 0; i < trace_model_input_count(model); i++) {
        count += has_process(model, i);
    }
    return count;
}

/* The threads of a process, or its asynchronous calls below their header. */
static void
add_tracks(struct track_list *list, const struct trace_model *model,
           size_t index, bool is_async)
{
    const struct model_process *process = trace_model_process(model, index);
    size_t group = SIZE_MAX;

    for (size_t i = 0; i < process->track_count; i++) {
        size_t number = process->first_track + i;
        const struct model_track *track = trace_model_track(model, number);

        if ((track->kind == VZT_STREAM_ASYNC) != is_async) {
            continue;
        }
        if (is_async && group == SIZE_MAX) {
            group = list->count;
            add(list, ITEM_ASYNC, index, 0, 1);
        }
        add(list, ITEM_TRACK, index, number, track->depth);
        list->items[list->count - 1].group = group;
    }
}

static void
add_process(struct track_list *list, const struct trace_model *model,
            size_t index)
{
    if (list->has_processes) {
        add(list, ITEM_PROCESS, index, 0, 1);
    }
    add_tracks(list, model, index, false);
    for (unsigned lane = 0; lane < LANE_COUNT; lane++) {
        if (instant_lane_list(model, index, lane).count > 0) {
            add(list, ITEM_INSTANTS, index, lane, 1);
        }
    }
    for (size_t i = 0; i < trace_model_counter_count(model); i++) {
        if (trace_model_counter(model, i)->process == index) {
            add(list, ITEM_COUNTER, index, i, 1);
        }
    }
    add_tracks(list, model, index, true);
}

/* Of one input; SIZE_MAX = of all. */
static void
add_processes(struct track_list *list, const struct trace_model *model,
              size_t input)
{
    for (size_t i = 0; i < trace_model_process_count(model); i++) {
        if (input == SIZE_MAX
            || trace_model_process(model, i)->input == input) {
            add_process(list, model, i);
        }
    }
}

void
track_list_release(struct track_list *list)
{
    free(list->items);
    free(list->tracks);
    *list = (struct track_list){0};
}

bool
track_list_build(struct track_list *list, const struct trace_model *model,
                 struct error *err)
{
    size_t process_count = trace_model_process_count(model);

    *list = (struct track_list){0};
    list->has_files = count_files(model) > 1;
    list->items = array_new(
        trace_model_input_count(model) + (2 + LANE_COUNT) * process_count
            + trace_model_track_count(model) + trace_model_counter_count(model),
        sizeof *list->items, err);
    list->tracks =
        array_new(trace_model_track_count(model), sizeof *list->tracks, err);
    if (list->items == NULL || list->tracks == NULL) {
        track_list_release(list);
        return false;
    }
    for (size_t i = 0; i < trace_model_track_count(model); i++) {
        list->tracks[i] = SIZE_MAX;
    }
    list->has_processes = process_count > 1;
    for (size_t i = 0; i < process_count && !list->has_processes; i++) {
        list->has_processes =
            has_something_to_say(model, trace_model_process(model, i));
    }
    if (!list->has_files) {
        add_processes(list, model, SIZE_MAX);
        return true;
    }
    for (size_t i = 0; i < trace_model_input_count(model); i++) {
        if (has_process(model, i)) {
            add(list, ITEM_FILE, process_count + i, i, 1);
            add_processes(list, model, i);
        }
    }
    return true;
}

size_t
track_list_process(const struct track_list *list, size_t item)
{
    if (!list->has_processes || list->items[item].kind == ITEM_FILE) {
        return SIZE_MAX;
    }
    while (list->items[item].kind != ITEM_PROCESS) {
        item--;
    }
    return item;
}

size_t
track_list_file(const struct track_list *list, size_t item)
{
    if (!list->has_files) {
        return SIZE_MAX;
    }
    while (list->items[item].kind != ITEM_FILE) {
        item--;
    }
    return item;
}
