// SPDX-License-Identifier: Apache-2.0
/* Blocks that are missing: what is left is right, what is lost is counted. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/span_query.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"
#include "model_check.h"
#include "support/model_oracle.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"
#include "trace_bytes.h"

struct damaged {
    char *folder;
    struct trace_oracle *oracle;
    struct trace_model *model;
    uint64_t lost_calls;
};

/* A trace of one thread without the blocks first ... end - 1. */
static void
open_without(struct damaged *damaged, size_t first, size_t end)
{
    const struct trace_random_options options = {
        .seed = 31, .calls_per_thread = 1000, .block_size = 256};
    struct trace_model_options one = {.thread_count = 1};
    struct error err = {0};
    struct trace_bytes bytes;
    const char *path;

    damaged->folder = temporary_folder_make();
    damaged->oracle = trace_random(damaged->folder, &options);
    bytes = trace_bytes_read(damaged->oracle->path);
    damaged->lost_calls = trace_bytes_block(&bytes, end)->calls_before
                          - trace_bytes_block(&bytes, first)->calls_before;
    for (size_t i = first; i < end; i++) {
        trace_bytes_block(&bytes, first)->kind = VZT_CHUNK_FREE;
    }
    trace_bytes_write(&bytes);
    trace_bytes_release(&bytes);
    path = damaged->oracle->path;
    cr_assert(trace_model_open(&damaged->model, &path, 1, &one, &err), "%s",
              err.message);
}

static void
close_damaged(struct damaged *damaged)
{
    trace_model_close(damaged->model);
    trace_oracle_free(damaged->oracle);
    temporary_folder_remove(damaged->folder);
}

static bool
is_expected(const struct slice *slice, const struct slice *expected,
            size_t count, uint64_t first_ns)
{
    for (size_t i = 0; i < count; i++) {
        if (expected[i].start_ns == slice->start_ns + first_ns
            && expected[i].end_ns == slice->end_ns + first_ns
            && expected[i].depth == slice->depth
            && expected[i].flags == slice->flags) {
            return true;
        }
    }
    return false;
}

/* Calls whose entry and exit are both there are as if nothing were missing,
 * also those that last through the gap; returns how many were seen. All but
 * those open at the gap's ends, 10 at each, must be. */
static size_t
check_whole_slices(const struct damaged *damaged, uint64_t first_ns)
{
    struct span_scratch *scratch = NULL;
    struct error err = {0};
    size_t expected_count;
    struct slice *expected = oracle_slices(damaged->oracle, 0, &expected_count);
    size_t whole = 0;

    cr_assert(span_scratch_new(&scratch, &err));
    for (size_t i = 0; i < span_block_count(damaged->model, 0); i++) {
        const struct slice *slices;
        size_t count;
        size_t first_new;

        cr_assert(span_block_slices(damaged->model, 0, i, scratch, &slices,
                                    &count, &first_new, &err));
        for (size_t k = first_new; k < count; k++) {
            if (!(slices[k].flags & (SLICE_START_UNKNOWN | SLICE_TRUNCATED))) {
                cr_assert(is_expected(&slices[k], expected, expected_count,
                                      first_ns));
                whole++;
            }
        }
    }
    span_scratch_free(scratch);
    free(expected);
    return whole;
}

Test(gaps, a_block_missing_in_the_middle)
{
    for (size_t first = 5; first < 25; first++) {
        struct damaged damaged = {0};
        const struct model_track *track;
        const struct model_gap *gap;

        open_without(&damaged, first, first + 1 + first % 3);
        track = trace_model_track(damaged.model, 0);
        gap = trace_model_gaps(damaged.model, 0);
        cr_assert(eq(sz, track->gap_count, 1));
        cr_assert(eq(u64, gap->lost_calls, damaged.lost_calls));
        cr_assert(eq(u64, track->lost_calls, damaged.lost_calls));
        cr_assert(eq(u64, track->call_count + damaged.lost_calls, 1000));
        cr_assert(
            ge(u64, check_whole_slices(&damaged, 0) + 20, track->call_count));
        cr_assert(gt(sz, trace_model_note_count(damaged.model), 0));
        model_check(damaged.model, first);
        close_damaged(&damaged);
    }
}

/* Time 0 is then the first event that is left. */
Test(gaps, the_oldest_blocks_given_up)
{
    struct damaged damaged = {0};
    const struct model_gap *gap;
    struct trace_bytes bytes;
    uint64_t first_ns;

    open_without(&damaged, 0, 6);
    bytes = trace_bytes_read(damaged.oracle->path);
    first_ns =
        trace_bytes_block(&bytes, 0)->first_tick - damaged.oracle->first_ns;
    trace_bytes_release(&bytes);
    gap = trace_model_gaps(damaged.model, 0);
    cr_assert(eq(sz, trace_model_track(damaged.model, 0)->gap_count, 1));
    cr_assert(eq(u64, gap->lost_calls, damaged.lost_calls));
    cr_assert(eq(u64, gap->end_ns, 0));
    cr_assert(ge(u64, check_whole_slices(&damaged, first_ns) + 20,
                 trace_model_track(damaged.model, 0)->call_count));
    model_check(damaged.model, 1);
    close_damaged(&damaged);
}

Test(gaps, are_flagged_in_every_column_they_touch)
{
    struct damaged damaged = {0};
    struct span_scratch *scratch = NULL;
    struct error err = {0};
    const struct model_gap *gap;
    struct timeline_cell cells[300];
    struct timeline_request request = {.depth_count = 3};

    open_without(&damaged, 10, 14);
    gap = trace_model_gaps(damaged.model, 0);
    request.grid.column_count = 100;
    request.grid.column_ns = (gap->end_ns - gap->start_ns) / 7 + 1;
    request.grid.origin_ns =
        (int64_t)gap->start_ns - 10 * (int64_t)request.grid.column_ns - 3;
    cr_assert(span_scratch_new(&scratch, &err));
    cr_assert(timeline_cells(damaged.model, &request, scratch, cells, &err));
    for (int64_t i = 0; i < 300; i++) {
        int64_t left =
            request.grid.origin_ns + i % 100 * (int64_t)request.grid.column_ns;
        bool touches =
            left < (int64_t)gap->end_ns
            && left + (int64_t)request.grid.column_ns > (int64_t)gap->start_ns;

        cr_assert(eq(int, (cells[i].flags & CELL_LOST) != 0, touches));
    }
    span_scratch_free(scratch);
    close_damaged(&damaged);
}

/* Every call of a track begins and ends as it was made. */
static void
check_ends(const struct trace_model *model, const struct trace_oracle *oracle,
           uint32_t track)
{
    struct span_scratch *scratch = NULL;
    struct error err = {0};
    size_t expected_count;
    struct slice *expected = oracle_slices(oracle, track, &expected_count);
    size_t next = 0;

    cr_assert(span_scratch_new(&scratch, &err));
    for (size_t i = 0; i < span_block_count(model, track); i++) {
        const struct slice *slices;
        size_t count;
        size_t first_new;

        cr_assert(span_block_slices(model, track, i, scratch, &slices, &count,
                                    &first_new, &err));
        for (size_t k = first_new; k < count; k++, next++) {
            cr_assert(eq(u64, slices[k].start_ns, expected[next].start_ns));
            cr_assert(eq(u64, slices[k].end_ns, expected[next].end_ns));
            cr_assert(eq(u64, slices[k].self_ns, expected[next].self_ns));
        }
    }
    cr_assert(eq(sz, next, expected_count));
    span_scratch_free(scratch);
    free(expected);
}

/* Also those that stand at the begin of a block. */
Test(gaps, close_the_calls_that_are_open)
{
    for (uint64_t seed = 0; seed < 10; seed++) {
        const struct trace_random_options options = {.seed = seed,
                                                     .calls_per_thread = 500,
                                                     .gap_permille = 100,
                                                     .block_size = 256};
        char *folder = temporary_folder_make();
        struct trace_oracle *oracle = trace_random(folder, &options);
        const char *path = oracle->path;
        struct trace_model *model = NULL;
        struct error err = {0};

        cr_assert(trace_model_open(&model, &path, 1, NULL, &err));
        check_ends(model, oracle, 0);
        model_check(model, seed);
        trace_model_close(model);
        trace_oracle_free(oracle);
        temporary_folder_remove(folder);
    }
}

Test(gaps, that_the_recorder_wrote_down)
{
    const struct trace_random_options options = {.seed = 32,
                                                 .calls_per_thread = 500,
                                                 .thread_count = 3,
                                                 .gap_permille = 20,
                                                 .block_size = 512};
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle = trace_random(folder, &options);
    const char *path = oracle->path;
    struct trace_model *model = NULL;
    struct error err = {0};
    size_t next = 0;

    cr_assert(trace_model_open(&model, &path, 1, NULL, &err));
    cr_assert(gt(sz, oracle->gap_count, 10));
    for (size_t i = 0; i < trace_model_track_count(model); i++) {
        const struct model_gap *gaps = trace_model_gaps(model, i);

        for (size_t k = 0; k < trace_model_track(model, i)->gap_count; k++) {
            const struct oracle_gap *expected = &oracle->gaps[next++];

            uint64_t start_ns = expected->start_ns > oracle->first_ns
                                    ? expected->start_ns - oracle->first_ns
                                    : 0;

            cr_assert(eq(u64, gaps[k].start_ns, start_ns));
            cr_assert(
                eq(u64, gaps[k].end_ns, expected->end_ns - oracle->first_ns));
        }
    }
    cr_assert(eq(sz, next, oracle->gap_count));
    trace_model_close(model);
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}
