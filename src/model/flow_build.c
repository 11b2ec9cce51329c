// SPDX-License-Identifier: Apache-2.0
/*
 * Three orders of the same ends: as they stand in the file, which tells the
 * next call and what is a step; by id and time, which tells the arrows; and by
 * call, in which they are kept.
 */
#include "model/flow_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "model/block_index.h"
#include "model/model_data.h"

/* An end among all others, as it goes from order to order. */
struct flow_end {
    struct stored_flow flow;
    uint32_t rank;  /* by id and time */
    uint32_t start; /* the rank of the start of its arrow; FLOW_NONE = none */
};

struct builder {
    struct trace_model *model;
    const struct block_index *index;
    struct flow_end *ends;
    size_t count;
};

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int
compare_places(const struct flow_end *a, const struct flow_end *b)
{
    int order = compare_numbers(a->flow.track, b->flow.track);

    if (order == 0) {
        order = compare_numbers(a->flow.block, b->flow.block);
    }
    return order != 0 ? order
                      : compare_numbers(a->flow.ordinal, b->flow.ordinal);
}

static int
compare_by_place(const void *left, const void *right)
{
    return compare_places(left, right);
}

/* Of ends of one instant, those that begin flows come first and those that
 * finish them last. */
static unsigned
step_class(const struct stored_flow *flow)
{
    if (flow->is_step) {
        return 1;
    }
    return flow->is_end ? 2 : 0;
}

static int
compare_by_id(const void *left, const void *right)
{
    const struct flow_end *a = left;
    const struct flow_end *b = right;
    int order = compare_numbers(a->flow.id, b->flow.id);

    if (order == 0) {
        order = compare_numbers(a->flow.tick_ns, b->flow.tick_ns);
    }
    if (order == 0) {
        order = compare_numbers(step_class(&a->flow), step_class(&b->flow));
    }
    return order != 0 ? order : compare_places(a, b);
}

static int
compare_by_call(const void *left, const void *right)
{
    const struct flow_end *a = left;
    const struct flow_end *b = right;
    int order = compare_numbers(a->flow.track, b->flow.track);

    if (order == 0) {
        order = compare_numbers(a->flow.depth, b->flow.depth);
    }
    if (order == 0) {
        order = compare_numbers(a->flow.time_ns, b->flow.time_ns);
    }
    return order != 0 ? order : compare_places(a, b);
}

/* The ids of a store's names in the model's table. The caller frees. */
static uint32_t *
merge_names(struct flow_data *flows, const struct flow_store *store,
            struct error *err)
{
    size_t count = store->names == NULL ? 0 : intern_table_count(store->names);
    uint32_t *ids = array_new(count, sizeof *ids, err);

    if (ids == NULL
        || (flows->names == NULL && !intern_table_new(&flows->names, err))) {
        free(ids);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        size_t size;
        const char *text = intern_table_text(store->names, i, &size);

        if (!intern_table_add(flows->names, text, size, &ids[i], err)) {
            free(ids);
            return NULL;
        }
    }
    return ids;
}

/* Move what the workers found to one place. */
static bool
collect(struct builder *builder, struct block_index *index, struct error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < index->worker_count; i++) {
        count += index->stores[i].flows.count;
    }
    if (count >= FLOW_NONE) {
        return error_set(err, ERROR_UNSUPPORTED,
                         "%zu starts and ends of flows are too many", count);
    }
    builder->ends = array_new(count, sizeof *builder->ends, err);
    if (builder->ends == NULL) {
        return false;
    }
    for (size_t i = 0; i < index->worker_count; i++) {
        struct flow_store *store = &index->stores[i].flows;
        uint32_t *names = merge_names(&builder->model->flows, store, err);

        if (names == NULL) {
            return false;
        }
        for (size_t k = 0; k < store->count; k++) {
            struct flow_end *end = &builder->ends[builder->count++];

            *end =
                (struct flow_end){.flow = store->flows[k], .start = FLOW_NONE};
            end->flow.name = names[end->flow.name];
        }
        free(names);
        flow_store_release(store);
    }
    return true;
}

/* The first block of a track from number on in which a call begins, before
 * limit. */
static size_t
find_entry(const struct block_index *index, size_t number, size_t limit)
{
    while (number < limit && index->ends[number].call_count == 0) {
        number++;
    }
    return number;
}

/* What still waits is of the first call of a later block. From the last one
 * to the first, so that no block is looked at twice. */
static void
bind_waiting(struct builder *builder)
{
    const struct trace_model *model = builder->model;
    size_t seen = 0;  /* the block that the latest search began with */
    size_t found = 0; /* and what it found */
    uint32_t track = UINT32_MAX;

    for (size_t i = builder->count; i-- > 0;) {
        struct stored_flow *flow = &builder->ends[i].flow;
        const struct model_stream *stream = &model->streams[flow->track];
        size_t limit = stream->first_block + stream->block_count;
        const struct block_ends *ends;

        if (!flow->waits) {
            continue;
        }
        if (flow->track != track) {
            track = flow->track;
            seen = found = limit;
        }
        if (flow->block + (size_t)1 < seen) {
            size_t next =
                find_entry(builder->index, flow->block + (size_t)1, seen);

            found = next < seen ? next : found;
            seen = flow->block + (size_t)1;
        }
        flow->depth = FLOW_NO_CALL;
        if (found < limit) {
            ends = &builder->index->ends[found];
            flow->depth = ends->first_depth;
            flow->time_ns = ends->first_ns;
        }
    }
}

/* An end and, right behind it, a start of the same id at the same time are a
 * step: it is not its own start. */
static void
mark_steps(struct builder *builder)
{
    for (size_t i = 1; i < builder->count; i++) {
        struct stored_flow *end = &builder->ends[i - 1].flow;
        struct stored_flow *start = &builder->ends[i].flow;

        if (end->is_end && !start->is_end && end->track == start->track
            && end->id == start->id && end->tick_ns == start->tick_ns) {
            end->is_step = start->is_step = true;
        }
    }
}

/* An end belongs to the latest start of its id. */
static void
match(struct builder *builder)
{
    uint32_t start = FLOW_NONE;

    for (uint32_t i = 0; i < builder->count; i++) {
        struct flow_end *end = &builder->ends[i];

        if (i > 0 && end->flow.id != builder->ends[i - 1].flow.id) {
            start = FLOW_NONE;
        }
        end->rank = i;
        if (end->flow.is_end) {
            end->start = start;
        } else {
            start = i;
        }
    }
}

/* The points by call, the last one for the sums; places has the point of each
 * rank. Ends have the start of their arrow in the place of its number. */
static void
fill_points(struct builder *builder, uint32_t *places)
{
    struct flow_data *flows = &builder->model->flows;

    for (uint32_t i = 0; i < builder->count; i++) {
        const struct flow_end *end = &builder->ends[i];

        places[end->rank] = i;
        flows->points[i] = (struct flow_point){
            .time_ns = end->flow.time_ns,
            .track = end->flow.track,
            .depth = end->flow.depth,
            .name = end->flow.name & INT32_MAX,
            .is_end = end->flow.is_end,
            .arrow = FLOW_NONE,
        };
        flows->end_count += end->flow.is_end;
        flows->no_call_count += end->flow.depth == FLOW_NO_CALL;
    }
    flows->point_count = builder->count;
    for (uint32_t i = 0; i < builder->count; i++) {
        const struct flow_end *end = &builder->ends[i];

        if (end->start != FLOW_NONE) {
            flows->points[i].arrow = places[end->start];
            flows->points[places[end->start]].leaving++;
            flows->arrow_count++;
        }
    }
}

/* Counts of each point become sums over those before it. */
static void
sum_points(struct flow_data *flows)
{
    uint32_t leaving = 0;
    uint32_t reaching = 0;

    for (size_t i = 0; i <= flows->point_count; i++) {
        struct flow_point *point = &flows->points[i];
        uint32_t count = point->leaving;

        point->leaving = leaving;
        point->reaching = reaching;
        leaving += count;
        reaching += i < flows->point_count && point->arrow != FLOW_NONE;
    }
}

/* Number the arrows: by rank, and so by time, those of one start. */
static bool
fill_arrows(struct builder *builder, const uint32_t *places, struct error *err)
{
    struct flow_data *flows = &builder->model->flows;
    uint32_t *next = array_new(builder->count, sizeof *next, err);

    flows->arrows = array_new(flows->arrow_count, sizeof *flows->arrows, err);
    if (next == NULL || flows->arrows == NULL) {
        free(next);
        return false;
    }
    for (size_t i = 0; i < builder->count; i++) {
        next[i] = flows->points[i].leaving;
    }
    for (size_t i = 0; i < builder->count; i++) {
        struct flow_point *end = &flows->points[places[i]];

        if (end->arrow != FLOW_NONE) {
            uint32_t arrow = next[end->arrow]++;

            flows->arrows[arrow] = places[i];
            end->arrow = arrow;
        }
    }
    free(next);
    return true;
}

static int
compare_early(const void *left, const void *right)
{
    const struct early_point *a = left;
    const struct early_point *b = right;
    int order = compare_numbers(a->track, b->track);

    return order != 0 ? order : compare_numbers(a->record_ns, b->record_ns);
}

/* List the points that are not of the time of their record. */
static bool
fill_early(struct builder *builder, struct error *err)
{
    struct flow_data *flows = &builder->model->flows;
    size_t count = 0;

    for (size_t i = 0; i < builder->count; i++) {
        count += builder->ends[i].flow.is_next;
    }
    flows->early = array_new(count, sizeof *flows->early, err);
    if (flows->early == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < builder->count; i++) {
        const struct stored_flow *flow = &builder->ends[i].flow;

        if (flow->is_next) {
            flows->early[flows->early_count++] = (struct early_point){
                .record_ns = flow->record_ns,
                .track = flow->track,
                .point = i,
            };
        }
    }
    qsort(flows->early, count, sizeof *flows->early, compare_early);
    return true;
}

static bool
make_data(struct builder *builder, struct error *err)
{
    struct flow_data *flows = &builder->model->flows;
    uint32_t *places = array_new(builder->count, sizeof *places, err);
    bool ok;

    flows->points = array_new(builder->count + 1, sizeof *flows->points, err);
    ok = places != NULL && flows->points != NULL;
    if (ok) {
        fill_points(builder, places);
        sum_points(flows);
        ok = fill_arrows(builder, places, err) && fill_early(builder, err);
    }
    free(places);
    return ok;
}

bool
flow_build(struct trace_model *model, struct block_index *index,
           struct error *err)
{
    struct builder builder = {.model = model, .index = index};
    bool ok = collect(&builder, index, err);

    if (ok && builder.count > 0) {
        size_t size = sizeof *builder.ends;

        qsort(builder.ends, builder.count, size, compare_by_place);
        bind_waiting(&builder);
        mark_steps(&builder);
        qsort(builder.ends, builder.count, size, compare_by_id);
        match(&builder);
        qsort(builder.ends, builder.count, size, compare_by_call);
        ok = make_data(&builder, err);
    }
    free(builder.ends);
    return ok;
}

void
flow_data_release(struct flow_data *flows)
{
    free(flows->points);
    free(flows->arrows);
    free(flows->early);
    intern_table_free(flows->names);
    *flows = (struct flow_data){0};
}
