// SPDX-License-Identifier: Apache-2.0
#include "model/span_query.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/block_decode.h"
#include "model/model_data.h"

bool
span_scratch_new(struct span_scratch **out, struct error *err)
{
    struct span_scratch *scratch = array_new(1, sizeof *scratch, err);

    if (scratch == NULL) {
        return false;
    }
    *out = scratch;
    return true;
}

void
span_scratch_free(struct span_scratch *scratch)
{
    if (scratch == NULL) {
        return;
    }
    block_release(&scratch->block);
    free(scratch->active);
    free(scratch->slices);
    free(scratch->frames);
    free(scratch->args);
    free(scratch->callers);
    free(scratch);
}

size_t
span_block_count(const struct trace_model *model, uint32_t track)
{
    return model->streams[track].block_count;
}

bool
span_block_slices(const struct trace_model *model, uint32_t track, size_t block,
                  struct span_scratch *scratch, const struct slice **slices,
                  size_t *count, size_t *first_new, struct error *err)
{
    const struct model_block *decoded = &track_blocks(model, track)[block];

    if (!block_decode(model, track, decoded, scratch, err)) {
        return false;
    }
    *slices = scratch->slices;
    *count = scratch->slice_count;
    *first_new = decoded->straddling < scratch->slice_count
                     ? decoded->straddling
                     : scratch->slice_count;
    return true;
}

bool
span_at(const struct trace_model *model, uint32_t track, uint32_t depth,
        uint64_t time_ns, struct span_scratch *scratch, struct slice *slice,
        bool *found, struct error *err)
{
    size_t index = track_find_block(model, track, time_ns);
    const struct model_block *block;

    *found = false;
    if (index == SIZE_MAX) {
        return true;
    }
    block = &track_blocks(model, track)[index];
    if (time_ns >= block->end_ns
        || !model_block_may_hold(block, depth, false)) {
        return true;
    }
    if (!block_decode(model, track, block, scratch, err)) {
        return false;
    }
    for (size_t i = 0; i < scratch->slice_count; i++) {
        const struct slice *candidate = &scratch->slices[i];

        if (candidate->start_ns > time_ns) {
            break;
        }
        if (candidate->depth == depth && candidate->end_ns > time_ns) {
            *slice = *candidate;
            *found = true;
        }
    }
    return true;
}

/* The first slice of the decoded block that starts in it and after time_ns. */
static bool
find_first_after(const struct span_scratch *scratch, size_t first_new,
                 uint32_t depth, uint64_t time_ns, struct slice *slice)
{
    for (size_t i = first_new; i < scratch->slice_count; i++) {
        if (scratch->slices[i].depth == depth
            && scratch->slices[i].start_ns > time_ns) {
            *slice = scratch->slices[i];
            return true;
        }
    }
    return false;
}

static bool
find_last_before(const struct span_scratch *scratch, size_t first_new,
                 uint32_t depth, uint64_t time_ns, struct slice *slice)
{
    for (size_t i = scratch->slice_count; i-- > first_new;) {
        if (scratch->slices[i].depth == depth
            && scratch->slices[i].start_ns < time_ns) {
            *slice = scratch->slices[i];
            return true;
        }
    }
    return false;
}

bool
span_next(const struct trace_model *model, uint32_t track, uint32_t depth,
          uint64_t time_ns, struct span_scratch *scratch, struct slice *slice,
          bool *found, struct error *err)
{
    size_t count = model->streams[track].block_count;
    size_t index = track_find_block(model, track, time_ns);

    *found = false;
    for (size_t i = index == SIZE_MAX ? 0 : index; i < count && !*found; i++) {
        const struct model_block *block = &track_blocks(model, track)[i];

        if (!model_block_may_hold(block, depth, true)) {
            continue;
        }
        if (!block_decode(model, track, block, scratch, err)) {
            return false;
        }
        *found =
            find_first_after(scratch, block->straddling, depth, time_ns, slice);
    }
    return true;
}

bool
span_previous(const struct trace_model *model, uint32_t track, uint32_t depth,
              uint64_t time_ns, struct span_scratch *scratch,
              struct slice *slice, bool *found, struct error *err)
{
    size_t index = track_find_block(model, track, time_ns);

    *found = false;
    for (size_t i = index == SIZE_MAX ? 0 : index + 1; i-- > 0 && !*found;) {
        const struct model_block *block = &track_blocks(model, track)[i];

        if (!model_block_may_hold(block, depth, true)) {
            continue;
        }
        if (!block_decode(model, track, block, scratch, err)) {
            return false;
        }
        *found =
            find_last_before(scratch, block->straddling, depth, time_ns, slice);
    }
    return true;
}
