// SPDX-License-Identifier: Apache-2.0
/*
 * Calls are looked at in the order in which they were entered, so callers come
 * before what they call:
 *
 *     depth 0   a               f
 *     depth 1     b     e         g
 *     depth 2       c d
 *
 * In a b c d e f g, the next one of a's depth is f, the last one of c's
 * caller's depth before c is b, and of the calls of depth 1 behind b that come
 * before the next of depth 0, the first is e.
 */
#include "model/call_step.h"

#include "base/error.h"
#include "model/model_data.h"

enum { BLOCKS_PER_REPORT = 16 };

/* What one step uses. */
struct walk {
    const struct trace_model *model;
    const struct progress *progress;
    struct span_scratch *scratch;
    uint32_t track;
    size_t looked_at; /* blocks */
};

/* Find the first (direction 1) or last (-1) call of a depth in a block, at or
 * behind, or before, an index. */
static bool
look_into(struct walk *walk, size_t block, uint32_t depth, int direction,
          size_t from, struct call_place *place, bool *found, struct error *err)
{
    const struct slice *slices;
    size_t count;

    if (!slice_place_block(walk->model, walk->track, (uint32_t)block,
                           walk->scratch, &slices, &count, err)) {
        return false;
    }
    if (direction < 0 && from > count) {
        from = count;
    }
    for (size_t i = from; direction > 0 ? i < count : i > 0;
         i += direction > 0 ? 1 : (size_t)-1) {
        size_t index = direction > 0 ? i : i - 1;

        if (slices[index].depth == depth) {
            place->slice = slices[index];
            place->place = (struct slice_place){
                .start_ns = slices[index].start_ns,
                .track = walk->track,
                .block = (uint32_t)block,
                .index = (uint32_t)index,
            };
            *found = true;
            break;
        }
    }
    return true;
}

static bool
report(struct walk *walk, struct error *err)
{
    const struct progress *progress = walk->progress;

    if (walk->looked_at++ % BLOCKS_PER_REPORT == 0 && progress->report != NULL
        && !progress->report(progress->context, walk->looked_at, 0)) {
        return error_set(err, ERROR_CANCELLED, "cancelled");
    }
    return true;
}

/* The first call of a depth behind a place that starts until limit_ns. */
static bool
find_next(struct walk *walk, const struct slice_place *from, uint32_t depth,
          uint64_t limit_ns, struct call_place *place, bool *found,
          struct error *err)
{
    const struct model_block *blocks = track_blocks(walk->model, walk->track);
    size_t count = walk->model->streams[walk->track].block_count;

    *found = false;
    for (size_t i = from->block;
         i < count && !*found && blocks[i].start_ns <= limit_ns; i++) {
        if (model_block_may_hold(&blocks[i], depth, true)
            && (!report(walk, err)
                || !look_into(walk, i, depth, 1,
                              i == from->block ? from->index + (size_t)1 : 0,
                              place, found, err))) {
            return false;
        }
    }
    return true;
}

/* The last call of a depth before a place. */
static bool
find_previous(struct walk *walk, const struct slice_place *from, uint32_t depth,
              struct call_place *place, bool *found, struct error *err)
{
    const struct model_block *blocks = track_blocks(walk->model, walk->track);

    *found = false;
    for (size_t i = from->block + (size_t)1; i-- > 0 && !*found;) {
        if (model_block_may_hold(&blocks[i], depth, true)
            && (!report(walk, err)
                || !look_into(walk, i, depth, -1,
                              i == from->block ? from->index : SIZE_MAX, place,
                              found, err))) {
            return false;
        }
    }
    return true;
}

/* The next call one deeper, if the call itself is its caller. */
static bool
step_into(struct walk *walk, const struct call_position *from,
          struct call_place *callee, bool *found, struct error *err)
{
    const struct slice *slice = &from->call.slice;
    const struct slice_place *after =
        from->has_inner ? &from->inner.place : &from->call.place;
    struct call_place caller;

    if (!find_next(walk, after, slice->depth + 1, slice->end_ns, callee, found,
                   err)) {
        return false;
    }
    if (!*found) {
        return true;
    }
    if (!find_previous(walk, &callee->place, slice->depth, &caller, found,
                       err)) {
        return false;
    }
    *found =
        *found && slice_place_compare(&caller.place, &from->call.place) == 0;
    return true;
}

static bool
step_out(struct walk *walk, const struct call_position *from,
         struct call_position *to, bool *found, struct error *err)
{
    struct call_position outer = {.has_inner = true, .inner = from->call};

    if (from->call.slice.depth == 0) {
        return true;
    }
    if (!find_previous(walk, &from->call.place, from->call.slice.depth - 1,
                       &outer.call, found, err)) {
        return false;
    }
    if (*found) {
        *to = outer;
    }
    return true;
}

bool
call_position_of(const struct trace_model *model, const struct slice *slice,
                 struct span_scratch *scratch, struct call_position *position,
                 struct error *err)
{
    *position = (struct call_position){.call.slice = *slice};
    return slice_place_of(model, slice, scratch, &position->call.place, err);
}

uint64_t
call_position_time(const struct call_position *position)
{
    return position->has_inner ? position->inner.slice.end_ns
                               : position->call.slice.start_ns;
}

bool
call_step(const struct trace_model *model, const struct call_position *from,
          enum call_step_kind kind, const struct progress *progress,
          struct span_scratch *scratch, struct call_position *to, bool *found,
          struct error *err)
{
    struct walk walk = {
        .model = model,
        .progress = progress,
        .scratch = scratch,
        .track = from->call.slice.track,
    };
    struct call_position next = {0};
    bool is_ok = false;

    *found = false;
    switch (kind) {
    case CALL_STEP_OUT:
        return step_out(&walk, from, to, found, err);
    case CALL_STEP_INTO:
        is_ok = step_into(&walk, from, &next.call, found, err);
        break;
    case CALL_STEP_OVER:
        is_ok = find_next(&walk, &from->call.place, from->call.slice.depth,
                          UINT64_MAX, &next.call, found, err);
        break;
    }
    if (is_ok && *found) {
        *to = next;
    }
    return is_ok;
}
