// SPDX-License-Identifier: Apache-2.0
/*
 * The n-th entry among a block's words is the n-th slice that begins in it. One
 * walk over the words of a decoded block lists the slices with arguments; the
 * list stays with the block, so that asking for all its slices costs one walk.
 */
#include "model/slice_args.h"

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "format/record_decode.h"
#include "model/block_decode.h"
#include "model/model_data.h"

static bool
add_place(struct span_scratch *scratch, size_t slice, size_t word,
          struct error *err)
{
    if (!array_reserve((void **)&scratch->args, &scratch->args_capacity,
                       scratch->args_count + 1, sizeof *scratch->args, err)) {
        return false;
    }
    scratch->args[scratch->args_count++] =
        (struct args_place){.slice = slice, .word = word};
    return true;
}

static bool
list_args(struct span_scratch *scratch, struct error *err)
{
    const struct block *block = &scratch->block;
    size_t next_slice = scratch->open_count;
    bool is_behind_entry = false;

    scratch->args_count = 0;
    for (size_t i = 0; i < block->word_count; i++) {
        uint64_t word = block->words[i];
        uint32_t kind = event_kind(word);

        if (kind == EVENT_LONG) {
            if (record_type(word) == RECORD_ARGUMENTS && is_behind_entry
                && !add_place(scratch, next_slice - 1, i, err)) {
                return false;
            }
            is_behind_entry = is_behind_entry && record_is_payload(word);
            i += record_size(word);
        } else {
            is_behind_entry = event_is_entry(kind);
            next_slice += is_behind_entry;
        }
    }
    scratch->has_args_list = true;
    return true;
}

/* The index in the scratch of a slice that begins in the decoded block. */
static size_t
find_slice(const struct span_scratch *scratch, const struct slice *slice)
{
    size_t low = scratch->open_count;
    size_t high = scratch->slice_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (scratch->slices[middle].start_ns < slice->start_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    while (low < scratch->slice_count
           && scratch->slices[low].start_ns == slice->start_ns) {
        if (scratch->slices[low].depth == slice->depth) {
            return low;
        }
        low++;
    }
    return SIZE_MAX;
}

/* The head of a slice's arguments; NULL when it has none. */
static const uint64_t *
find_head(const struct span_scratch *scratch, size_t slice)
{
    size_t low = 0;
    size_t high = scratch->args_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (scratch->args[middle].slice < slice) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < scratch->args_count && scratch->args[low].slice == slice
               ? &scratch->block.words[scratch->args[low].word]
               : NULL;
}

static bool
put_args(const struct trace_model *model, const struct slice *slice,
         const uint64_t *head, struct buffer *out, struct error *err)
{
    const struct model_section *section =
        &model->sections[model->streams[slice->track].section];
    struct arguments_record record;
    struct text_span text;

    if (!record_decode_arguments(head + 1, record_size(*head), &record)) {
        return true;
    }
    text = record.args_string == 0
               ? record.args
               : trace_section_string(section->section, record.args_string);
    buffer_append(out, text.data, text.size);
    return buffer_is_ok(out) || error_set_no_memory(err);
}

bool
slice_args(const struct trace_model *model, const struct slice *slice,
           struct span_scratch *scratch, struct buffer *out, struct error *err)
{
    size_t block = track_find_block(model, slice->track, slice->start_ns);
    const uint64_t *head;

    buffer_clear(out);
    if (block == SIZE_MAX || (slice->flags & SLICE_START_UNKNOWN)) {
        return true;
    }
    if (!block_decode(model, slice->track,
                      &track_blocks(model, slice->track)[block], scratch, err)
        || !(scratch->has_args_list || list_args(scratch, err))) {
        return false;
    }
    head = scratch->args_count == 0
               ? NULL
               : find_head(scratch, find_slice(scratch, slice));
    return head == NULL || put_args(model, slice, head, out, err);
}

bool
slice_args_any(struct span_scratch *scratch, bool *any, struct error *err)
{
    if (!scratch->has_args_list && !list_args(scratch, err)) {
        return false;
    }
    *any = scratch->args_count > 0;
    return true;
}
