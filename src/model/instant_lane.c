// SPDX-License-Identifier: Apache-2.0
/*
 * One array has the lists of all lanes of all processes one behind the other:
 *
 *     | process 0: marks, objects, log | process 1: marks, ... |
 *       ^ lane_starts[0]  [1]      [2]                           ^ the last
 */
#include "model/instant_lane.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/model_data.h"
#include "model/moment_list.h"

/* A part of a text. */
struct text_part {
    const char *data;
    size_t size;
};

static void
skip_blanks(struct text_part *part)
{
    while (part->size > 0 && (part->data[0] == ' ' || part->data[0] == '\n')) {
        part->data++;
        part->size--;
    }
}

static bool
skip(struct text_part *part, const char *text)
{
    size_t size = strlen(text);

    skip_blanks(part);
    if (part->size < size || memcmp(part->data, text, size) != 0) {
        return false;
    }
    part->data += size;
    part->size -= size;
    return true;
}

bool
instant_lane_value(const struct model_instant *instant, const char **text,
                   size_t *text_size)
{
    struct text_part rest = {instant->args, instant->args_size};
    size_t size = 0;

    if (!skip(&rest, "{") || !skip(&rest, "\"value\"") || !skip(&rest, ":")
        || !skip(&rest, "\"")) {
        return false;
    }
    while (size < rest.size && rest.data[size] != '"') {
        size += rest.data[size] == '\\' && size + 1 < rest.size ? 2 : 1;
    }
    *text = rest.data;
    *text_size = size;
    if (size >= rest.size) {
        return false;
    }
    rest.data += size + 1;
    rest.size -= size + 1;
    return skip(&rest, "}") && rest.size == 0;
}

enum instant_lane
instant_lane_of(const struct model_instant *instant)
{
    const char *text;
    size_t size;

    switch (moment_kind_of(instant)) {
    case MOMENT_OBJECT:
        return LANE_OBJECTS;
    case MOMENT_LOG:
        return LANE_LOG;
    case MOMENT_INSTANT:
    case MOMENT_COUNTER:
    case MOMENT_ERROR:
    case MOMENT_HIT:
    case MOMENT_KIND_COUNT:
        break;
    }
    return instant_lane_value(instant, &text, &size) ? LANE_LOG : LANE_MARKS;
}

static size_t
lane_number(const struct trace_model *model,
            const struct model_instant *instant)
{
    return (size_t)model->tracks[instant->track].process * LANE_COUNT
           + instant->lane;
}

/* While the lists grow, starts[i + 1] is where list number i ends so far. */
static void
fill_lists(struct trace_model *model, size_t lane_count)
{
    size_t *starts = model->lane_starts;

    for (size_t i = 0; i < lane_count; i++) {
        starts[i + 1] += starts[i];
    }
    for (size_t i = lane_count; i > 0; i--) {
        starts[i] = starts[i - 1];
    }
    for (size_t i = 0; i < model->instant_count; i++) {
        size_t lane = lane_number(model, &model->instants[i]);

        model->lane_instants[starts[lane + 1]++] = (uint32_t)i;
    }
}

bool
instant_lane_build(struct trace_model *model, struct error *err)
{
    size_t lane_count = model->process_count * LANE_COUNT;

    model->lane_starts =
        array_new(lane_count + 1, sizeof *model->lane_starts, err);
    model->lane_instants =
        array_new(model->instant_count, sizeof *model->lane_instants, err);
    if (model->lane_starts == NULL || model->lane_instants == NULL) {
        return false;
    }
    for (size_t i = 0; i < model->instant_count; i++) {
        model->lane_starts[lane_number(model, &model->instants[i]) + 1]++;
    }
    fill_lists(model, lane_count);
    return true;
}

struct instant_list
instant_lane_list(const struct trace_model *model, size_t process,
                  enum instant_lane lane)
{
    const size_t *starts = &model->lane_starts[process * LANE_COUNT + lane];

    return (struct instant_list){
        .model = model,
        .items = model->lane_instants + starts[0],
        .count = starts[1] - starts[0],
    };
}

size_t
instant_list_before(const struct instant_list *list, uint64_t time_ns)
{
    const struct model_instant *instants = list->model->instants;
    size_t low = 0;
    size_t high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (instants[list->items[middle]].time_ns < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t
instant_list_place(const struct instant_list *list, size_t index)
{
    size_t low = 0;
    size_t high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (list->items[middle] < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}
