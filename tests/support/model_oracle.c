// SPDX-License-Identifier: Apache-2.0
#include "support/model_oracle.h"

#include <stdlib.h>

static uint64_t
process_end(const struct trace_oracle *oracle, uint32_t thread)
{
    uint64_t end_ns = 0;

    for (size_t i = 0; i < oracle->thread_count; i++) {
        if (oracle->threads[i].pid == oracle->threads[thread].pid
            && oracle->threads[i].last_ns > end_ns) {
            end_ns = oracle->threads[i].last_ns;
        }
    }
    return end_ns;
}

static uint32_t
call_flags(const struct oracle_call *call)
{
    uint32_t flags = 0;

    flags |= call->is_unfinished ? SLICE_UNFINISHED : 0;
    flags |= call->is_truncated ? SLICE_TRUNCATED : 0;
    flags |= call->is_raised ? SLICE_RAISED : 0;
    flags |= call->is_yielded ? SLICE_YIELDED : 0;
    flags |= call->is_resumed ? SLICE_RESUMED : 0;
    return flags;
}

/* Less the direct callees: those one level deeper, up to the next call that is
 * not deeper. */
static void
subtract_callees(struct slice *slices, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        slices[i].self_ns = slices[i].end_ns - slices[i].start_ns;
        for (size_t k = i + 1; k < count && slices[k].depth > slices[i].depth;
             k++) {
            if (slices[k].depth == slices[i].depth + 1) {
                slices[i].self_ns -= slices[k].end_ns - slices[k].start_ns;
            }
        }
    }
}

struct slice *
oracle_slices(const struct trace_oracle *oracle, uint32_t thread, size_t *count)
{
    struct slice *slices = calloc(oracle->call_count + 1, sizeof *slices);
    uint64_t end_ns = process_end(oracle, thread);

    if (slices == NULL) {
        abort();
    }
    *count = 0;
    for (size_t i = 0; i < oracle->call_count; i++) {
        const struct oracle_call *call = &oracle->calls[i];

        if (call->thread != thread) {
            continue;
        }
        slices[(*count)++] = (struct slice){
            .start_ns = call->start_ns - oracle->first_ns,
            .end_ns = (call->is_unfinished ? end_ns : call->end_ns)
                      - oracle->first_ns,
            .function = call->function,
            .depth = call->depth,
            .flags = call_flags(call),
        };
    }
    subtract_callees(slices, *count);
    return slices;
}

/* Whether a call around slices[i] is of the same function. */
static int
is_recursive(const struct slice *slices, size_t i)
{
    uint32_t depth = slices[i].depth;

    for (size_t k = i; k-- > 0 && depth > 0;) {
        if (slices[k].depth < depth) {
            depth = slices[k].depth;
            if (slices[k].function == slices[i].function) {
                return 1;
            }
        }
    }
    return 0;
}

static void
add_slice(struct model_function *sums, const struct slice *slices, size_t i)
{
    uint64_t duration = slices[i].end_ns - slices[i].start_ns;

    sums->call_count++;
    sums->self_ns += slices[i].self_ns;
    if (!is_recursive(slices, i)) {
        sums->total_ns += duration;
    }
    if (duration > sums->max_ns) {
        sums->max_ns = duration;
    }
    if (slices[i].flags & SLICE_UNFINISHED) {
        sums->unfinished_count++;
    } else if (duration < sums->min_ns) {
        sums->min_ns = duration;
    }
}

struct model_function
oracle_function_sums(const struct trace_oracle *oracle, uint32_t function)
{
    struct model_function sums = {.min_ns = UINT64_MAX};

    for (uint32_t thread = 0; thread < oracle->thread_count; thread++) {
        size_t count;
        struct slice *slices = oracle_slices(oracle, thread, &count);

        for (size_t i = 0; i < count; i++) {
            if (slices[i].function == function) {
                add_slice(&sums, slices, i);
            }
        }
        free(slices);
    }
    if (sums.min_ns == UINT64_MAX) {
        sums.min_ns = 0;
    }
    return sums;
}

static void
add_to_cell(struct timeline_cell *cell, const struct slice *slice, int64_t left,
            int64_t right)
{
    int64_t start = (int64_t)slice->start_ns;
    int64_t end = (int64_t)slice->end_ns;
    uint64_t duration = slice->end_ns - slice->start_ns;

    if (start >= right || end < left || (end == left && start < left)) {
        return;
    }
    cell->count++;
    if (duration > cell->longest_ns) {
        cell->longest_ns = duration;
        cell->start_ns = slice->start_ns;
        cell->function = slice->function;
        cell->flags = start >= left ? CELL_STARTS : 0;
        if ((slice->flags & SLICE_UNFINISHED) && end > left && end <= right) {
            cell->flags |= CELL_UNFINISHED;
        }
    }
}

static void
add_busy(struct timeline_cell *cell, const struct slice *slice, int64_t left,
         int64_t right)
{
    int64_t start = (int64_t)slice->start_ns;
    int64_t end = (int64_t)slice->end_ns;

    start = start > left ? start : left;
    end = end < right ? end : right;
    cell->busy_ns += end > start ? (uint64_t)(end - start) : 0;
}

void
oracle_row(const struct slice *slices, size_t count, uint32_t depth,
           int is_deeper, const struct timeline_grid *grid,
           struct timeline_cell *cells)
{
    for (uint32_t c = 0; c < grid->column_count; c++) {
        int64_t left = grid->origin_ns + (int64_t)(c * grid->column_ns);
        int64_t right = left + (int64_t)grid->column_ns;

        cells[c] = (struct timeline_cell){.function = UINT32_MAX};
        for (size_t i = 0; i < count; i++) {
            if (slices[i].depth == depth) {
                add_busy(&cells[c], &slices[i], left, right);
            }
            if (slices[i].depth == depth
                || (is_deeper && slices[i].depth > depth)) {
                add_to_cell(&cells[c], &slices[i], left, right);
            }
        }
        if (cells[c].busy_ns == grid->column_ns && cells[c].count == 1) {
            cells[c].flags |= CELL_COVERED;
        }
    }
}
