// SPDX-License-Identifier: Apache-2.0
#include "model/flow_query.h"

#include "base/intern.h"
#include "model/flow_build.h"
#include "model/model_data.h"
#include "model/span_query.h"

struct flow_counts
trace_model_flow_counts(const struct trace_model *model)
{
    const struct flow_data *flows = &model->flows;

    return (struct flow_counts){
        .arrows = flows->arrow_count,
        .starts = flows->point_count - flows->end_count,
        .ends = flows->end_count,
        .ends_alone = flows->end_count - flows->arrow_count,
        .no_call = flows->no_call_count,
    };
}

/* Whether a point stands before a place in the order of points. */
static bool
is_before(const struct flow_point *point, uint32_t track, uint32_t depth,
          uint64_t time_ns)
{
    if (point->track != track) {
        return point->track < track;
    }
    if (point->depth != depth) {
        return point->depth < depth;
    }
    return point->time_ns < time_ns;
}

/* The first point that does not. */
static uint32_t
find_point(const struct flow_data *flows, uint32_t track, uint32_t depth,
           uint64_t time_ns)
{
    size_t low = 0;
    size_t high = flows->point_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (is_before(&flows->points[middle], track, depth, time_ns)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

/* Arrows that touch points before a point, on the side that a way looks at. */
static uint32_t
arrows_before(const struct flow_data *flows, uint32_t point, enum flow_way way)
{
    if (flows->points == NULL) {
        return 0;
    }
    return way == FLOW_WAY_FORWARD ? flows->points[point].leaving
                                   : flows->points[point].reaching;
}

/* The point at which an arrow touches, given its number in the order of a way:
 * the last one that has no more than so many before it. */
static uint32_t
point_of(const struct flow_data *flows, uint32_t number, enum flow_way way)
{
    size_t low = 0;
    size_t high = flows->point_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (arrows_before(flows, (uint32_t)middle + 1, way) <= number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (uint32_t)low;
}

struct flow_list
flow_list_of_call(const struct trace_model *model, const struct slice *call,
                  enum flow_way way)
{
    const struct flow_data *flows = &model->flows;
    uint32_t first =
        find_point(flows, call->track, call->depth, call->start_ns);
    uint32_t end =
        find_point(flows, call->track, call->depth, call->end_ns + 1);
    uint32_t before = arrows_before(flows, first, way);

    return (struct flow_list){
        .model = model,
        .way = way,
        .first = before,
        .count = arrows_before(flows, end, way) - before,
    };
}

struct flow_list
flow_list_of_all(const struct trace_model *model, enum flow_way way)
{
    return (struct flow_list){
        .model = model,
        .way = way,
        .count = model->flows.arrow_count,
    };
}

static struct flow_place
place_of(const struct flow_point *point)
{
    return (struct flow_place){
        .time_ns = point->time_ns,
        .track = point->track,
        .depth = point->depth,
        .has_call = point->depth != FLOW_NO_CALL,
    };
}

/* Of a call that ends there, too: one of no length, or one that is unfinished
 * where the trace ends. */
bool
flow_place_call(const struct trace_model *model, const struct flow_place *place,
                struct span_scratch *scratch, struct slice *slice, bool *found,
                struct error *err)
{
    *found = false;
    if (!place->has_call) {
        return true;
    }
    if (!span_at(model, place->track, place->depth, place->time_ns, scratch,
                 slice, found, err)) {
        return false;
    }
    if (*found) {
        return true;
    }
    if (!span_previous(model, place->track, place->depth, place->time_ns + 1,
                       scratch, slice, found, err)) {
        return false;
    }
    *found = *found && slice->end_ns >= place->time_ns;
    return true;
}

struct flow_arrow
flow_list_arrow(const struct flow_list *list, size_t index)
{
    const struct flow_data *flows = &list->model->flows;
    uint32_t place = list->first + (uint32_t)index;
    const struct flow_point *end =
        &flows->points[list->way == FLOW_WAY_FORWARD
                           ? flows->arrows[place]
                           : point_of(flows, place, FLOW_WAY_BACK)];
    const struct flow_point *start =
        &flows->points[point_of(flows, end->arrow, FLOW_WAY_FORWARD)];
    struct flow_arrow arrow = {
        .number = end->arrow,
        .from = place_of(start),
        .to = place_of(end),
    };

    arrow.name = intern_table_text(flows->names, start->name, &arrow.name_size);
    if (arrow.name_size == 0) {
        arrow.name =
            intern_table_text(flows->names, end->name, &arrow.name_size);
    }
    return arrow;
}

size_t
flow_list_find(const struct flow_list *list, uint64_t time_ns)
{
    size_t low = 0;
    size_t high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct flow_arrow arrow = flow_list_arrow(list, middle);

        if ((list->way == FLOW_WAY_FORWARD ? arrow.from : arrow.to).time_ns
            < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t
flow_count_below(const struct trace_model *model, uint32_t track,
                 uint32_t depth, uint64_t start_ns, uint64_t end_ns)
{
    const struct flow_data *flows = &model->flows;
    uint32_t levels = model->tracks[track].depth;
    size_t count = 0;

    for (uint32_t i = depth; i < levels && flows->point_count > 0; i++) {
        uint32_t first = find_point(flows, track, i, start_ns);
        uint32_t end = find_point(flows, track, i, end_ns + 1);

        count += flows->points[end].leaving - flows->points[first].leaving;
        count += flows->points[end].reaching - flows->points[first].reaching;
    }
    return count;
}

/* The point of a record that is of the next call; the count if none is. */
static uint32_t
find_early(const struct flow_data *flows, uint32_t track, uint64_t record_ns)
{
    size_t low = 0;
    size_t high = flows->early_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct early_point *early = &flows->early[middle];

        if (early->track < track
            || (early->track == track && early->record_ns < record_ns)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < flows->early_count && flows->early[low].track == track
                   && flows->early[low].record_ns == record_ns
               ? flows->early[low].point
               : (uint32_t)flows->point_count;
}

/* The number of the start of a point, from 1; see flow_record_facts. */
static uint64_t
start_number(const struct flow_data *flows, uint32_t index)
{
    const struct flow_point *point = &flows->points[index];

    if (!point->is_end) {
        return 1 + (uint64_t)index;
    }
    if (point->arrow == FLOW_NONE) {
        return 0;
    }
    return 1 + (uint64_t)point_of(flows, point->arrow, FLOW_WAY_FORWARD);
}

bool
flow_record_find(const struct trace_model *model,
                 const struct flow_record_place *place,
                 struct flow_record_facts *facts)
{
    const struct flow_data *flows = &model->flows;
    uint32_t depth =
        place->open_calls == 0 ? FLOW_NO_CALL : place->open_calls - 1;
    uint32_t index =
        place->binds_next
            ? find_early(flows, place->track, place->time_ns)
            : find_point(flows, place->track, depth, place->time_ns);
    const struct flow_point *point;

    if (index >= flows->point_count) {
        return false;
    }
    point = &flows->points[index];
    if (point->track != place->track
        || (!place->binds_next
            && (point->depth != depth || point->time_ns != place->time_ns))) {
        return false;
    }
    *facts = (struct flow_record_facts){
        .number = start_number(flows, index),
        .place = place_of(point),
    };
    return true;
}

/* Whether an arrow touches a point. */
static bool
is_touched(const struct flow_data *flows, uint32_t point)
{
    const struct flow_point *points = flows->points;

    return points[point].leaving != points[point + 1].leaving
           || points[point].reaching != points[point + 1].reaching;
}

/* From a point on, the nearest one of its depth that an arrow touches; false if
 * there is none. Points that none touches are passed in a few steps. */
static bool
find_touched(const struct flow_data *flows, uint32_t *point, uint32_t first,
             uint32_t end, enum flow_way way)
{
    if (way == FLOW_WAY_FORWARD) {
        uint32_t leaving = flows->points[*point].leaving;
        uint32_t reaching = flows->points[*point].reaching;
        uint32_t next = point_of(flows, leaving, FLOW_WAY_FORWARD);
        uint32_t other = point_of(flows, reaching, FLOW_WAY_BACK);

        *point = next < other ? next : other;
        return *point < end;
    }
    if (*point == first) {
        return false;
    }
    if (!is_touched(flows, *point - 1)) {
        uint32_t leaving = flows->points[*point].leaving;
        uint32_t reaching = flows->points[*point].reaching;
        uint32_t before =
            leaving == 0 ? 0
                         : point_of(flows, leaving - 1, FLOW_WAY_FORWARD) + 1;
        uint32_t other = reaching == 0
                             ? 0
                             : point_of(flows, reaching - 1, FLOW_WAY_BACK) + 1;

        *point = before > other ? before : other;
    }
    if (*point <= first) {
        return false;
    }
    (*point)--;
    return true;
}

bool
flow_next_place(const struct trace_model *model, uint32_t track,
                uint64_t time_ns, enum flow_way way, struct flow_place *place)
{
    const struct flow_data *flows = &model->flows;
    uint32_t levels = model->tracks[track].depth;
    bool is_found = false;

    for (uint32_t i = 0; i < levels && flows->point_count > 0; i++) {
        uint32_t first = find_point(flows, track, i, 0);
        uint32_t end = find_point(flows, track, i + 1, 0);
        uint32_t point = find_point(
            flows, track, i, way == FLOW_WAY_FORWARD ? time_ns + 1 : time_ns);
        struct flow_place found;

        if (!find_touched(flows, &point, first, end, way)) {
            continue;
        }
        found = place_of(&flows->points[point]);
        if (!is_found
            || (way == FLOW_WAY_FORWARD ? found.time_ns < place->time_ns
                                        : found.time_ns > place->time_ns)) {
            *place = found;
            is_found = true;
        }
    }
    return is_found;
}
