// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cut_check.h"
#include "format/layout.h"
#include "format/writer.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

/* What a recorder leaves that gave up old blocks: calls appear and vanish at
 * the borders. */
static void
write_with_losses(const char *path)
{
    const struct trace_writer_options options = {
        .pid = 7,
        .anchor_monotonic_ns = 1000,
        .anchor_realtime_ns = 5000,
    };
    const struct vzt_status status = {.state = VZT_STATE_ENDED};
    const struct text_span file = {"/w/a.py", 7};
    struct trace_writer *writer = NULL;
    uint32_t ids[3];
    uint32_t stream;

    cr_assert(trace_writer_open(&writer, path, &options, NULL));
    for (int i = 0; i < 3; i++) {
        ids[i] = trace_writer_function(
            writer, &(struct function_definition){.kind = VZT_FUNCTION_PYTHON,
                                                  .line = 1,
                                                  .name = {&"abc"[i], 1},
                                                  .file = file});
    }
    stream = trace_writer_stream(writer, VZT_STREAM_THREAD, 0, 7,
                                 (struct text_span){"main", 4});
    trace_writer_event(writer, stream, EVENT_CALL, ids[0], 1100);
    trace_writer_event(writer, stream, EVENT_CALL, ids[1], 1200);
    trace_writer_event(writer, stream, EVENT_CALL, ids[2], 1250);
    trace_writer_event(writer, stream, EVENT_RETURN, ids[2], 1300);
    trace_writer_begin_block(
        writer, stream,
        &(struct writer_block_start){
            .first_ns = 1500,
            .calls =
                &(struct vzt_open_call){.function = ids[0], .start_tick = 1100},
            .call_count = 1,
            .lost_calls = 3,
            .has_gap = true});
    trace_writer_event(writer, stream, EVENT_CALL, ids[2], 1600);
    trace_writer_event(writer, stream, EVENT_RETURN, ids[2], 1700);
    trace_writer_begin_block(
        writer, stream,
        &(struct writer_block_start){
            .first_ns = 1900,
            .calls =
                (const struct vzt_open_call[]){
                    {.function = ids[0], .start_tick = 1100},
                    {.function = ids[1], .start_tick = 1850},
                    {.function = ids[2], .start_tick = 1860}},
            .call_count = 3,
            .has_gap = true});
    trace_writer_event(writer, stream, EVENT_RETURN, ids[2], 1950);
    trace_writer_event(writer, stream, EVENT_RETURN, ids[1], 2000);
    trace_writer_begin_block(
        writer, stream,
        &(struct writer_block_start){.first_ns = 2300, .lost_calls = 9});
    trace_writer_event(writer, stream, EVENT_CALL, ids[1], 2400);
    trace_writer_event(writer, stream, EVENT_RETURN, ids[1], 2500);
    trace_writer_end_stream(writer, stream, 2600);
    cr_assert(trace_writer_finish(writer, &status, NULL));
    trace_writer_free(writer);
}

static void
put_gap(struct trace_writer *writer, uint32_t stream, uint64_t start_ns,
        uint64_t end_ns)
{
    uint64_t words[8];

    trace_writer_record(
        writer, stream, end_ns, words,
        record_encode_gap(words, 8, VZT_GAP_PAUSED, start_ns, 2));
}

/* Gaps that begin before the last event, within a block and at its start, and
 * calls that are open then. */
static void
write_with_gaps(const char *path)
{
    const struct trace_writer_options options = {.anchor_monotonic_ns = 1000,
                                                 .anchor_realtime_ns = 5000};
    const struct vzt_status status = {.state = VZT_STATE_ENDED};
    struct trace_writer *writer = NULL;
    uint32_t ids[3];
    uint32_t stream;

    cr_assert(trace_writer_open(&writer, path, &options, NULL));
    for (int i = 0; i < 3; i++) {
        ids[i] = trace_writer_function(
            writer, &(struct function_definition){.kind = VZT_FUNCTION_PYTHON,
                                                  .name = {&"abc"[i], 1}});
    }
    stream = trace_writer_stream(writer, VZT_STREAM_THREAD, 0, 7,
                                 (struct text_span){"main", 4});
    for (uint64_t at = 1000; at < 5000; at += 1000) {
        bool is_early = at % 2000 == 0;

        trace_writer_event(writer, stream, EVENT_CALL, ids[0], at + 100);
        trace_writer_event(writer, stream, EVENT_CALL, ids[1], at + 200);
        trace_writer_event(writer, stream, EVENT_CALL, ids[2], at + 300);
        trace_writer_event(writer, stream, EVENT_RETURN, ids[2], at + 400);
        if (at >= 3000) {
            trace_writer_begin_block(
                writer, stream,
                &(struct writer_block_start){.first_ns = at + 900});
        }
        put_gap(writer, stream, at + (is_early ? 350 : 600), at + 900);
    }
    cr_assert(trace_writer_finish(writer, &status, NULL));
    trace_writer_free(writer);
}

/* Cuts by each of the names that a, b and c are, and by what is none of it. */
static void
expect_right_cuts(const struct trace_model *model, const char *folder)
{
    static const char digits[] = {0, 'a', 'b', 'c'};
    char *path = temporary_folder_file(folder, "cut.vzt");

    for (int i = 0; i < 8; i++) {
        struct wish wish = {.digit = digits[i / 2],
                            .not_digit = i % 2 == 1,
                            .end_ns = UINT64_MAX,
                            .keeps_axis = true};
        struct trace_model *cut;
        struct calls wished;

        memset(wish.tracks, 1, sizeof wish.tracks);
        if (wish.digit != 0) {
            (void)sprintf(wish.text, "%s%c$", wish.not_digit ? "!" : "",
                          wish.digit);
        }
        cr_assert(cut_to(model, &wish, path, NULL));
        cut = cut_open_model(path);
        wished = cut_wished_calls(&wish, model);
        cut_expect_same_calls(model, &wished, cut, &wish);
        cut_expect_same_gaps(model, cut);
        cut_expect_same_axis(model, cut, &wish);
        free(wished.slices);
        trace_model_close(cut);
    }
    free(path);
}

Test(trace_cut, keeps_gaps_where_calls_were_lost)
{
    char *folder = temporary_folder_make();
    char *source = temporary_folder_file(folder, "losses.vzt");
    struct trace_model *model;

    write_with_losses(source);
    model = cut_open_model(source);
    cr_assert(eq(sz, trace_model_track(model, 0)->gap_count, 3));
    cr_assert(eq(u64, trace_model_summary(model).lost_calls, 12));
    expect_right_cuts(model, folder);
    trace_model_close(model);
    free(source);
    temporary_folder_remove(folder);
}

Test(trace_cut, closes_calls_at_gaps_where_they_were_closed)
{
    char *folder = temporary_folder_make();
    char *source = temporary_folder_file(folder, "gaps.vzt");
    struct trace_model *model;

    write_with_gaps(source);
    model = cut_open_model(source);
    cr_assert(eq(sz, trace_model_track(model, 0)->gap_count, 4));
    expect_right_cuts(model, folder);
    trace_model_close(model);
    free(source);
    temporary_folder_remove(folder);
}

static bool
stop_later(void *context, uint64_t done, uint64_t total)
{
    int *left = context;

    (void)done;
    (void)total;
    return (*left)-- > 0;
}

Test(trace_cut, keeps_what_was_not_read_as_a_gap)
{
    const struct trace_random_options random_options = {.seed = 11,
                                                        .thread_count = 3,
                                                        .calls_per_thread =
                                                            1000,
                                                        .block_size = 600};
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    struct trace_oracle *oracle = trace_random(folder, &random_options);
    const char *source = oracle->path;
    int reports = 9;
    const struct trace_model_options options = {
        .thread_count = 1,
        .progress = {.report = stop_later, .context = &reports},
        .keeps_when_stopped = true,
    };
    struct wish wish = {.end_ns = UINT64_MAX, .keeps_axis = true};
    struct trace_model *model = NULL;
    struct trace_model *cut;

    memset(wish.tracks, 1, sizeof wish.tracks);
    cr_assert(trace_model_open(&model, &source, 1, &options, NULL));
    cr_assert(gt(u64, trace_model_summary(model).lost_calls, 0));
    cr_assert(gt(u64, trace_model_summary(model).call_count, 0));
    cr_assert(cut_to(model, &wish, path, NULL));
    cut = cut_open_model(path);
    cut_expect_same_gaps(model, cut);
    cr_assert(eq(u64, trace_model_summary(model).duration_ns,
                 trace_model_summary(cut).duration_ns));
    cr_assert(eq(u64, trace_model_summary(model).lost_calls,
                 trace_model_summary(cut).lost_calls));
    trace_model_close(cut);
    trace_model_close(model);
    trace_oracle_free(oracle);
    free(path);
    temporary_folder_remove(folder);
}
