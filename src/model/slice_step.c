// SPDX-License-Identifier: Apache-2.0
/*
 * The blocks of all tracks that may hold the hit are sorted by time and looked
 * at until no block that is left can hold a nearer one:
 *
 *     track 1   |----.----|--x------|---------|
 *     track 2       |-----x----|------------|
 *                    ^ from ^ the blocks behind this hit need no look
 */
#include "model/slice_step.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/function_mask.h"
#include "model/model_data.h"

enum { BLOCKS_PER_REPORT = 16 };

/* A block that may hold the hit. */
struct step_block {
    uint64_t time_ns; /* its start; backward: its end */
    uint32_t track;
    uint32_t block; /* of the track */
};

struct stepping {
    const struct trace_model *model;
    const struct slice_step_request *request;
    struct span_scratch *scratch;
    struct step_block *blocks; /* nearest first; owned */
    size_t count;
    struct slice_step_result nearest; /* hit so far */
    struct slice_hit_judge judge;
};

static int
compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

int
slice_place_compare(const struct slice_place *a, const struct slice_place *b)
{
    int order = compare_u64(a->start_ns, b->start_ns);

    order = order != 0 ? order : compare_u64(a->track, b->track);
    order = order != 0 ? order : compare_u64(a->block, b->block);
    return order != 0 ? order : compare_u64(a->index, b->index);
}

static bool
is_in_set(const struct slice_hit_set *set, uint32_t track)
{
    return set->track == UINT32_MAX || set->track == track;
}

bool
slice_place_block(const struct trace_model *model, uint32_t track,
                  uint32_t block, struct span_scratch *scratch,
                  const struct slice **slices, size_t *count, struct error *err)
{
    struct error failure = {0};
    size_t first_new;

    *count = 0;
    if (!span_block_slices(model, track, block, scratch, slices, count,
                           &first_new, &failure)) {
        *count = 0;
        return failure.code != ERROR_NO_MEMORY || error_set_no_memory(err);
    }
    *slices += first_new;
    *count -= first_new;
    return true;
}

static struct slice_place
place_at(const struct slice *slice, uint32_t block, size_t index)
{
    return (struct slice_place){
        .start_ns = slice->start_ns,
        .track = slice->track,
        .block = block,
        .index = (uint32_t)index,
    };
}

static bool
is_same(const struct slice *a, const struct slice *b)
{
    return a->start_ns == b->start_ns && a->depth == b->depth
           && a->end_ns == b->end_ns && a->function == b->function;
}

bool
slice_place_of(const struct trace_model *model, const struct slice *slice,
               struct span_scratch *scratch, struct slice_place *place,
               struct error *err)
{
    size_t block = track_find_block(model, slice->track, slice->start_ns);

    *place = (struct slice_place){
        .start_ns = slice->start_ns,
        .track = slice->track,
    };
    for (;
         block != SIZE_MAX
         && track_blocks(model, slice->track)[block].end_ns >= slice->start_ns;
         block--) {
        const struct slice *slices;
        size_t count;

        if (!slice_place_block(model, slice->track, (uint32_t)block, scratch,
                               &slices, &count, err)) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            if (is_same(&slices[i], slice)) {
                *place = place_at(slice, (uint32_t)block, i);
                return true;
            }
        }
    }
    return true;
}

/* Whether a block can hold a hit on the right side of the place. */
static bool
may_hold(const struct stepping *stepping, const struct function_mask *mask,
         uint32_t track, size_t index)
{
    const struct trace_model *model = stepping->model;
    const struct slice_step_request *request = stepping->request;
    const struct model_block *block = &track_blocks(model, track)[index];

    if (request->block_counts != NULL
        && request->block_counts[model->streams[track].first_block + index]
               == 0) {
        return false;
    }
    return block->start_count > 0
           && (request->is_backward ? block->start_ns <= request->from.start_ns
                                    : block->end_ns >= request->from.start_ns)
           && function_mask_may_touch(mask, track, index);
}

static int
compare_forward(const void *left, const void *right)
{
    const struct step_block *a = left;
    const struct step_block *b = right;

    return compare_u64(a->time_ns, b->time_ns);
}

static int
compare_backward(const void *left, const void *right)
{
    return compare_forward(right, left);
}

static bool
choose_blocks(struct stepping *stepping, const struct function_mask *mask,
              struct error *err)
{
    const struct trace_model *model = stepping->model;
    bool is_backward = stepping->request->is_backward;

    stepping->blocks =
        array_new(model->block_count, sizeof *stepping->blocks, err);
    if (stepping->blocks == NULL) {
        return false;
    }
    for (uint32_t track = 0; track < model->track_count; track++) {
        const struct model_block *blocks = track_blocks(model, track);

        if (!is_in_set(&stepping->request->set, track)) {
            continue;
        }
        for (size_t i = 0; i < model->streams[track].block_count; i++) {
            if (may_hold(stepping, mask, track, i)) {
                stepping->blocks[stepping->count++] = (struct step_block){
                    .time_ns =
                        is_backward ? blocks[i].end_ns : blocks[i].start_ns,
                    .track = track,
                    .block = (uint32_t)i,
                };
            }
        }
    }
    qsort(stepping->blocks, stepping->count, sizeof *stepping->blocks,
          is_backward ? compare_backward : compare_forward);
    return true;
}

static bool
is_on_the_way(const struct slice_step_request *request,
              const struct slice_place *place)
{
    int order = slice_place_compare(place, &request->from);

    return (order == 0 && request->is_inclusive)
           || (request->is_backward ? order < 0 : order > 0);
}

/* Take a hit when it is nearer than the one there is. */
static void
offer(struct stepping *stepping, const struct slice *slice,
      const struct slice_place *place)
{
    struct slice_step_result *nearest = &stepping->nearest;
    int order = slice_place_compare(place, &nearest->place);

    if (is_on_the_way(stepping->request, place)
        && (!nearest->found
            || (stepping->request->is_backward ? order > 0 : order < 0))) {
        *nearest = (struct slice_step_result){true, *slice, *place};
    }
}

static bool
look_into(struct stepping *stepping, const struct step_block *block,
          struct error *err)
{
    const struct slice *slices;
    size_t count;

    if (!slice_place_block(stepping->model, block->track, block->block,
                           stepping->scratch, &slices, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        bool is_hit;

        if (!slice_hit_set_has(&stepping->request->set, stepping->model,
                               &slices[i], &stepping->judge, &is_hit, err)) {
            return false;
        }
        if (is_hit) {
            struct slice_place place = place_at(&slices[i], block->block, i);

            offer(stepping, &slices[i], &place);
        }
    }
    return true;
}

/* Whether no block from this one on can hold a nearer hit. */
static bool
is_nearest(const struct stepping *stepping, const struct step_block *block)
{
    uint64_t start_ns = stepping->nearest.place.start_ns;

    return stepping->nearest.found
           && (stepping->request->is_backward ? block->time_ns < start_ns
                                              : block->time_ns > start_ns);
}

static bool
walk(struct stepping *stepping, const struct progress *progress,
     struct error *err)
{
    for (size_t i = 0; i < stepping->count; i++) {
        if (is_nearest(stepping, &stepping->blocks[i])) {
            break;
        }
        if (i % BLOCKS_PER_REPORT == 0 && progress->report != NULL
            && !progress->report(progress->context, i, stepping->count)) {
            return error_set(err, ERROR_CANCELLED, "cancelled");
        }
        if (!look_into(stepping, &stepping->blocks[i], err)) {
            return false;
        }
    }
    return true;
}

bool
slice_step(const struct trace_model *model,
           const struct slice_step_request *request,
           const struct progress *progress, struct span_scratch *scratch,
           struct slice_step_result *result, struct error *err)
{
    struct stepping stepping = {
        .model = model,
        .request = request,
        .scratch = scratch,
    };
    struct function_mask mask;
    bool is_ok = function_mask_make(&mask, model, request->set.functions, err)
                 && choose_blocks(&stepping, &mask, err)
                 && walk(&stepping, progress, err);

    function_mask_release(&mask);
    free(stepping.blocks);
    slice_hit_judge_release(&stepping.judge);
    *result = stepping.nearest;
    return is_ok;
}

/* Hits of one block that stand before the place. */
static bool
count_before(struct stepping *stepping, const struct step_block *block,
             uint64_t *rank, struct error *err)
{
    const struct slice_step_request *request = stepping->request;
    const struct slice *slices;
    size_t count;

    if (!slice_place_block(stepping->model, block->track, block->block,
                           stepping->scratch, &slices, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct slice_place at = place_at(&slices[i], block->block, i);
        bool is_hit;

        if (!slice_hit_set_has(&request->set, stepping->model, &slices[i],
                               &stepping->judge, &is_hit, err)) {
            return false;
        }
        *rank += is_hit && slice_place_compare(&at, &request->from) < 0;
    }
    return true;
}

static bool
rank_on_track(struct stepping *stepping, uint32_t track, uint64_t *rank,
              struct error *err)
{
    const struct trace_model *model = stepping->model;
    const struct slice_step_request *request = stepping->request;
    uint64_t from_ns = request->from.start_ns;
    const struct model_block *blocks = track_blocks(model, track);
    const uint32_t *counts =
        request->block_counts + model->streams[track].first_block;
    size_t count = model->streams[track].block_count;

    for (size_t i = 0; i < count && blocks[i].start_ns <= from_ns; i++) {
        struct step_block block = {.track = track, .block = (uint32_t)i};

        if (blocks[i].end_ns < from_ns || counts[i] == 0) {
            *rank += counts[i];
        } else if (!count_before(stepping, &block, rank, err)) {
            return false;
        }
    }
    return true;
}

bool
slice_rank(const struct trace_model *model,
           const struct slice_step_request *request,
           struct span_scratch *scratch, uint64_t *rank, struct error *err)
{
    struct stepping stepping = {
        .model = model,
        .request = request,
        .scratch = scratch,
    };

    bool is_ok = true;

    *rank = 0;
    for (uint32_t track = 0; track < model->track_count && is_ok; track++) {
        is_ok = !is_in_set(&request->set, track)
                || rank_on_track(&stepping, track, rank, err);
    }
    slice_hit_judge_release(&stepping.judge);
    return is_ok;
}
