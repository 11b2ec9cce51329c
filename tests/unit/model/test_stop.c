// SPDX-License-Identifier: Apache-2.0
/* A model whose opening was stopped says what is missing, and has the rest. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/span_query.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

enum { THREADS = 3, CALLS = 3000, BLOCKS_APART = 10 };

static char *folder;
static struct trace_oracle *oracle;

static void
set_up(void)
{
    const struct trace_random_options options = {
        .seed = 11,
        .thread_count = THREADS,
        .calls_per_thread = CALLS,
        .instant_permille = 10,
        .block_size = 600,
    };

    folder = temporary_folder_make();
    oracle = trace_random(folder, &options);
}

static void
tear_down(void)
{
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}

TestSuite(stop, .init = set_up, .fini = tear_down);

static bool
stop_later(void *context, uint64_t done, uint64_t total)
{
    int *left = context;

    cr_assert(le(u64, done, total));
    return (*left)-- > 0;
}

static struct trace_model *
open_stopped(int reports, bool keeps, enum error_code *code)
{
    const char *path = oracle->path;
    const struct trace_model_options options = {
        .thread_count = 1,
        .progress = {.report = stop_later, .context = &reports},
        .keeps_when_stopped = keeps,
    };
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(eq(int, trace_model_open(&model, &path, 1, &options, &err),
                 model != NULL));
    *code = err.code;
    return model;
}

/* Slices that begin in blocks of a track are the first of the thread's calls.
 */
static size_t
expect_first_calls(const struct trace_model *model, uint32_t track)
{
    const struct oracle_call *call = oracle->calls;
    struct span_scratch *scratch = NULL;
    struct error err = {0};
    size_t seen = 0;

    while (call->thread != track) {
        call++;
    }
    cr_assert(span_scratch_new(&scratch, &err));
    for (size_t i = 0; i < span_block_count(model, track); i++) {
        const struct slice *slices;
        size_t count;
        size_t first;

        cr_assert(span_block_slices(model, track, i, scratch, &slices, &count,
                                    &first, &err));
        for (; first < count; first++, call++, seen++) {
            cr_assert(eq(u32, call->thread, track));
            cr_assert(eq(u64, slices[first].start_ns,
                         call->start_ns - oracle->first_ns));
            cr_assert(eq(u32, slices[first].depth, call->depth));
            if (!(slices[first].flags & SLICE_UNFINISHED)) {
                cr_assert(eq(u64, slices[first].end_ns,
                             call->end_ns - oracle->first_ns));
            } else if (trace_model_track(model, track)->gap_count > 0) {
                cr_assert(le(u64, slices[first].end_ns,
                             trace_model_gaps(model, track)->start_ns),
                          "no call goes on where nothing was read");
            }
        }
    }
    span_scratch_free(scratch);
    return seen;
}

/* What is missing of a track is one gap at its end. */
static void
expect_gap(const struct trace_model *model, uint32_t index, size_t seen)
{
    const struct model_track *track = trace_model_track(model, index);

    cr_assert(eq(u64, track->call_count, seen));
    if (seen == CALLS) {
        return;
    }
    cr_assert(eq(sz, track->gap_count, 1));
    cr_assert(ge(u64, trace_model_gaps(model, index)->start_ns,
                 seen == 0 ? 0 : track->end_ns));
    cr_assert(le(u64, trace_model_gaps(model, index)->end_ns,
                 trace_model_summary(model).duration_ns));
    cr_assert(le(u64, track->lost_calls, CALLS - seen));
}

/* The threads run side by side, so of each about as many blocks were read. */
static void
expect_same_stretch(const struct trace_model *model)
{
    size_t most = 0;
    size_t least = SIZE_MAX;

    for (uint32_t track = 0; track < THREADS; track++) {
        size_t count = span_block_count(model, track);

        most = count > most ? count : most;
        least = count < least ? count : least;
    }
    cr_assert(le(sz, most - least, BLOCKS_APART), "%zu and %zu", least, most);
}

static bool
has_note(const struct trace_model *model, const char *part)
{
    for (size_t i = 0; i < trace_model_note_count(model); i++) {
        if (strstr(trace_model_note(model, i), part) != NULL) {
            return true;
        }
    }
    return false;
}

Test(stop, leaves_what_was_read_until_then)
{
    uint64_t all = (uint64_t)THREADS * CALLS;
    uint64_t before = 0;
    int reports = 0;

    while (before < all) {
        enum error_code code;
        struct trace_model *model = open_stopped(reports, false, &code);
        uint64_t count;

        cr_assert(eq(int, code, model == NULL ? ERROR_CANCELLED : ERROR_NONE));
        trace_model_close(model);
        model = open_stopped(reports, true, &code);
        cr_assert(model != NULL);
        count = trace_model_summary(model).call_count;
        cr_assert(ge(u64, count, before));
        cr_assert(eq(int, count < all, has_note(model, "was stopped")));
        cr_assert(eq(int, count < all, trace_model_summary(model).is_partial));
        expect_same_stretch(model);
        for (uint32_t track = 0; track < THREADS; track++) {
            expect_gap(model, track, expect_first_calls(model, track));
        }
        before = count;
        trace_model_close(model);
        reports += 1 + reports / 4;
    }
    cr_assert(gt(int, reports, 10));
}

Test(stop, keeps_notes_that_it_is_given)
{
    static const char *const notes[] = {"first", "second %s"};
    const char *path = oracle->path;
    const struct trace_model_options options = {.notes = notes,
                                                .note_count = 2};
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, &path, 1, &options, &err));
    cr_assert(eq(str, (char *)trace_model_note(model, 0), "first"));
    cr_assert(eq(str, (char *)trace_model_note(model, 1), "second %s"));
    trace_model_close(model);
}
