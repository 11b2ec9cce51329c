// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "export/trace_cut.h"
#include "format/layout.h"
#include "format/writer.h"
#include "model/span_query.h"
#include "model/trace_model.h"
#include "model/trace_query.h"
#include "support/failing_malloc.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"

/* What is looked at of how a call ended or began. */
#define FLAGS (SLICE_RAISED | SLICE_YIELDED | SLICE_RESUMED)

struct calls {
    struct slice *slices; /* by track, then start, callers first */
    size_t count;
};

static struct trace_model *
open_model(const char *path)
{
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, (const char *[]){path}, 1,
                               &(struct trace_model_options){.thread_count = 1},
                               &err),
              "%s", err.message);
    return model;
}

static struct calls
all_calls(const struct trace_model *model)
{
    struct calls calls = {0};
    struct span_scratch *scratch = NULL;
    const struct slice *slices;
    size_t count;
    size_t first_new;

    cr_assert(span_scratch_new(&scratch, NULL));
    for (uint32_t track = 0; track < trace_model_track_count(model); track++) {
        for (size_t b = 0; b < span_block_count(model, track); b++) {
            cr_assert(span_block_slices(model, track, b, scratch, &slices,
                                        &count, &first_new, NULL));
            count -= first_new;
            calls.slices = realloc(calls.slices,
                                   (calls.count + count + 1) * sizeof *slices);
            memcpy(calls.slices + calls.count, slices + first_new,
                   count * sizeof *slices);
            calls.count += count;
        }
    }
    span_scratch_free(scratch);
    return calls;
}

static const char *
name_of(const struct trace_model *model, uint32_t function)
{
    return function == UINT32_MAX ? "?"
                                  : trace_model_function(model, function)->name;
}

/* What is asked for, in words and by itself. */
struct wish {
    char text[128];
    char digit; /* that the name ends with; 0 = any */
    bool not_digit;
    uint64_t longer_ns;
    uint64_t least_self_ns;
    uint64_t start_ns;
    uint64_t end_ns;
    uint8_t tracks[64];
    bool keeps_axis;
};

static bool
is_wished(const struct wish *wish, const struct trace_model *model,
          const struct slice *slice)
{
    const char *name = name_of(model, slice->function);

    return (wish->digit == 0
            || (name[strlen(name) - 1] == wish->digit) != wish->not_digit)
           && slice->end_ns - slice->start_ns >= wish->longer_ns
           && slice->self_ns >= wish->least_self_ns
           && wish->tracks[slice->track] != 0 && slice->start_ns < wish->end_ns
           && (slice->start_ns >= wish->start_ns
               || slice->end_ns > wish->start_ns);
}

/* The last of the kept calls before it that holds a call, by what they were in
 * the whole trace. */
static size_t
find_caller(const struct slice *whole, size_t count, const struct slice *call)
{
    while (count-- > 0) {
        if (whole[count].track == call->track
            && whole[count].depth < call->depth
            && whole[count].end_ns >= call->end_ns) {
            return count;
        }
    }
    return SIZE_MAX;
}

/* The calls that must be left, with their times, depths and self times. */
static struct calls
wished_calls(const struct wish *wish, const struct trace_model *model)
{
    struct calls calls = all_calls(model);
    struct slice *whole = calloc(calls.count + 1, sizeof *whole);
    size_t count = 0;

    for (size_t i = 0; i < calls.count; i++) {
        struct slice slice = calls.slices[i];
        size_t caller = find_caller(whole, count, &slice);

        if (!is_wished(wish, model, &slice)) {
            continue;
        }
        whole[count] = slice;
        slice.start_ns =
            slice.start_ns > wish->start_ns ? slice.start_ns : wish->start_ns;
        slice.end_ns =
            slice.end_ns < wish->end_ns ? slice.end_ns : wish->end_ns;
        slice.self_ns = slice.end_ns - slice.start_ns;
        slice.depth = 0;
        if (caller != SIZE_MAX) {
            calls.slices[caller].self_ns -= slice.end_ns - slice.start_ns;
            slice.depth = calls.slices[caller].depth + 1;
        }
        calls.slices[count++] = slice;
    }
    calls.count = count;
    free(whole);
    return calls;
}

static void
expect_same_calls(const struct trace_model *old, const struct calls *wished,
                  const struct trace_model *cut, const struct wish *wish)
{
    struct calls found = all_calls(cut);
    uint64_t shift = trace_model_summary(cut).start_monotonic_ns
                     - trace_model_summary(old).start_monotonic_ns;

    cr_assert(eq(sz, found.count, wished->count), "%s %llu..%llu", wish->text,
              (unsigned long long)wish->start_ns,
              (unsigned long long)wish->end_ns);
    for (size_t i = 0; i < found.count; i++) {
        const struct slice *a = &found.slices[i];
        const struct slice *b = &wished->slices[i];
        const char *what = wish->text;

        cr_assert(eq(u64, a->start_ns + shift, b->start_ns), "%s %zu", what, i);
        cr_assert(eq(u64, a->end_ns + shift, b->end_ns), "%s %zu", what, i);
        cr_assert(eq(u64, a->self_ns, b->self_ns), "%s %zu", what, i);
        cr_assert(eq(u32, a->depth, b->depth), "%s %zu", what, i);
        cr_assert(eq(u32, a->track, b->track), "%s %zu", what, i);
        cr_assert(eq(str, (char *)name_of(cut, a->function),
                     (char *)name_of(old, b->function)),
                  "%s %zu", what, i);
        if (b->end_ns < wish->end_ns && b->start_ns > wish->start_ns
            && !(b->flags & SLICE_TRUNCATED)) {
            cr_assert(eq(u32, a->flags & FLAGS, b->flags & FLAGS), "%s %zu",
                      what, i);
        }
    }
    free(found.slices);
}

/* Instants and counter points of the wished time and tracks. */
static void
expect_same_points(const struct trace_model *old, const struct trace_model *cut,
                   const struct wish *wish)
{
    uint64_t shift = trace_model_summary(cut).start_monotonic_ns
                     - trace_model_summary(old).start_monotonic_ns;
    size_t at = 0;

    for (size_t i = 0; i < trace_model_instant_count(old); i++) {
        struct model_instant a = trace_model_instant(old, i);
        struct model_instant b;
        char last = a.name[a.name_size - 1];

        if (a.time_ns < wish->start_ns || a.time_ns >= wish->end_ns
            || wish->tracks[a.track] == 0
            || (wish->digit != 0 && (last == wish->digit) == wish->not_digit)) {
            continue;
        }
        cr_assert(lt(sz, at, trace_model_instant_count(cut)));
        b = trace_model_instant(cut, at++);
        cr_assert(eq(u64, b.time_ns + shift, a.time_ns), "%s", wish->text);
        cr_assert(eq(str, (char *)b.name, (char *)a.name));
        cr_assert(eq(str, (char *)b.args, (char *)a.args));
        cr_assert(eq(str, (char *)b.id, (char *)a.id));
        cr_assert(eq(int, b.phase, a.phase));
        cr_assert(eq(u32, b.track, a.track));
    }
    cr_assert(eq(sz, at, trace_model_instant_count(cut)));
}

static size_t
points_of(const struct trace_model *model, const struct wish *wish)
{
    size_t count = 0;

    for (size_t i = 0; i < trace_model_counter_count(model); i++) {
        const struct counter_point *points =
            trace_model_counter_points(model, i);

        for (size_t k = 0; k < trace_model_counter(model, i)->point_count;
             k++) {
            count += wish == NULL
                     || (points[k].time_ns >= wish->start_ns
                         && points[k].time_ns < wish->end_ns
                         && wish->tracks[points[k].track] != 0);
        }
    }
    return count;
}

/* Tracks stay what and where they are. */
static void
expect_same_axis(const struct trace_model *old, const struct trace_model *cut,
                 const struct wish *wish)
{
    struct trace_summary a = trace_model_summary(old);
    struct trace_summary b = trace_model_summary(cut);

    cr_assert(eq(u64, a.start_monotonic_ns, b.start_monotonic_ns));
    cr_assert(eq(u64, a.start_realtime_ns, b.start_realtime_ns));
    cr_assert(eq(u64, a.duration_ns, b.duration_ns));
    for (size_t i = 0; i < trace_model_track_count(old); i++) {
        const struct model_track *one = trace_model_track(old, i);
        const struct model_track *two = trace_model_track(cut, i);

        cr_assert(eq(u64, one->start_ns, two->start_ns), "track %zu", i);
        /* A range in which only unfinished calls are begins with an event. */
        cr_assert(eq(u64,
                     one->end_ns > wish->start_ns || two->end_ns == one->end_ns
                         ? one->end_ns
                         : wish->start_ns,
                     two->end_ns),
                  "track %zu", i);
    }
    for (size_t i = 0; i < trace_model_process_count(old); i++) {
        cr_assert(eq(u64, trace_model_process(old, i)->start_ns,
                     trace_model_process(cut, i)->start_ns));
        cr_assert(eq(u64, trace_model_process(old, i)->end_ns,
                     trace_model_process(cut, i)->end_ns));
    }
}

static void
expect_same_rows(const struct trace_model *old, const struct trace_model *cut)
{
    cr_assert(
        eq(sz, trace_model_track_count(old), trace_model_track_count(cut)));
    cr_assert(
        eq(sz, trace_model_process_count(old), trace_model_process_count(cut)));
    for (size_t i = 0; i < trace_model_track_count(old); i++) {
        const struct model_track *a = trace_model_track(old, i);
        const struct model_track *b = trace_model_track(cut, i);

        cr_assert(eq(str, (char *)a->name, (char *)b->name));
        cr_assert(eq(u64, a->thread_id, b->thread_id));
        cr_assert(eq(int, a->kind, b->kind));
        cr_assert(eq(u32, a->process, b->process));
    }
    for (size_t i = 0; i < trace_model_process_count(old); i++) {
        const struct model_process *a = trace_model_process(old, i);
        const struct model_process *b = trace_model_process(cut, i);

        cr_assert(eq(str, (char *)a->name, (char *)b->name));
        cr_assert(eq(u32, a->pid, b->pid));
        cr_assert(eq(u64, a->section_id, b->section_id));
        cr_assert(eq(str, (char *)a->end_text, (char *)b->end_text));
    }
}

static void
make_wish(struct wish *wish, struct random *numbers,
          const struct trace_model *model, size_t number)
{
    uint64_t duration_ns = trace_model_summary(model).duration_ns;
    int used = 0;

    *wish = (struct wish){.end_ns = UINT64_MAX, .keeps_axis = number % 2 == 0};
    memset(wish->tracks, 1, sizeof wish->tracks);
    if (number < 2) {
        return; /* everything */
    }
    if (random_permille(numbers, 600)) {
        wish->digit = (char)('0' + random_below(numbers, 10));
        wish->not_digit = random_permille(numbers, 500);
        used = sprintf(wish->text, "%s%c$ ", wish->not_digit ? "!" : "",
                       wish->digit);
    }
    if (random_permille(numbers, 400)) {
        wish->longer_ns = random_below(numbers, 10000);
        used += sprintf(wish->text + used, "dur>=%lluns ",
                        (unsigned long long)wish->longer_ns);
    }
    if (random_permille(numbers, 300)) {
        wish->least_self_ns = random_below(numbers, 3000);
        sprintf(wish->text + used, "self>=%lluns",
                (unsigned long long)wish->least_self_ns);
    }
    if (random_permille(numbers, 600)) {
        wish->start_ns = random_below(numbers, duration_ns);
        wish->end_ns = wish->start_ns
                       + random_below(numbers, duration_ns - wish->start_ns);
    }
    for (size_t i = 0; i < sizeof wish->tracks; i++) {
        wish->tracks[i] = !random_permille(numbers, 200);
    }
}

static bool
cut_to(const struct trace_model *model, const struct wish *wish,
       const char *path, struct error *err)
{
    struct trace_query *query = NULL;
    struct trace_cut_options options = {
        .scope = {.start_ns = wish->start_ns,
                  .end_ns = wish->end_ns,
                  .tracks = wish->tracks},
        .keeps_axis = wish->keeps_axis,
        .thread_count = 3,
        .block_size = 400,
    };
    bool ok;

    (void)unlink(path);
    if (!trace_query_parse(&query, wish->text, NAME_PATTERN_REGEX, NULL, err)) {
        return false;
    }
    options.query = query;
    ok = trace_cut(model, path, &options, NULL, err);
    trace_query_free(query);
    return ok;
}

static const struct trace_random_options kinds[] = {
    {.seed = 1, .calls_per_thread = 120, .block_size = 512},
    {.seed = 2,
     .process_count = 2,
     .thread_count = 3,
     .calls_per_thread = 80,
     .instant_permille = 60,
     .object_permille = 30,
     .counter_permille = 60,
     .has_unfinished = true,
     .block_size = 512},
    {.seed = 3,
     .calls_per_thread = 150,
     .far_permille = 10,
     .instant_permille = 50,
     .gap_permille = 30,
     .block_size = 700},
    {.seed = 4,
     .calls_per_thread = 150,
     .mismatch_permille = 60,
     .has_unfinished = true,
     .block_size = 512},
    {.seed = 5, .calls_per_thread = 90, .depth_max = 80, .is_deep = true},
    {.seed = 6,
     .thread_count = 2,
     .calls_per_thread = 100,
     .gap_permille = 20,
     .mismatch_permille = 20,
     .counter_permille = 30,
     .has_unfinished = true,
     .block_size = 400},
};

Test(trace_cut, holds_what_a_look_at_each_call_leaves)
{
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        char *folder = temporary_folder_make();
        char *path = temporary_folder_file(folder, "cut.vzt");
        struct trace_oracle *oracle = trace_random(folder, &kinds[kind]);
        struct trace_model *model = open_model(oracle->path);
        struct random numbers = {kind + 1};

        for (size_t i = 0; i < 40; i++) {
            struct error err = {0};
            struct trace_model *cut;
            struct calls wished;
            struct wish wish;

            make_wish(&wish, &numbers, model, i);
            cr_log_info("kind %zu, wish %zu", kind, i);
            cr_assert(cut_to(model, &wish, path, &err), "%s", err.message);
            cut = open_model(path);
            wished = wished_calls(&wish, model);
            expect_same_rows(model, cut);
            if (wish.keeps_axis) {
                expect_same_axis(model, cut, &wish);
            }
            expect_same_calls(model, &wished, cut, &wish);
            expect_same_points(model, cut, &wish);
            cr_assert(eq(sz, points_of(cut, NULL), points_of(model, &wish)));
            trace_model_close(cut);
            free(wished.slices);
        }
        trace_model_close(model);
        trace_oracle_free(oracle);
        free(path);
        temporary_folder_remove(folder);
    }
}

static void
expect_same_gaps(const struct trace_model *old, const struct trace_model *cut)
{
    for (size_t i = 0; i < trace_model_track_count(old); i++) {
        size_t count = trace_model_track(old, i)->gap_count;

        cr_assert(eq(sz, count, trace_model_track(cut, i)->gap_count));
        for (size_t k = 0; k < count; k++) {
            struct model_gap a = trace_model_gaps(old, i)[k];
            struct model_gap b = trace_model_gaps(cut, i)[k];

            cr_assert(eq(u64, a.start_ns, b.start_ns), "%zu %zu", i, k);
            cr_assert(eq(u64, a.end_ns, b.end_ns), "%zu %zu", i, k);
            cr_assert(eq(u64, a.lost_calls, b.lost_calls), "%zu %zu", i, k);
        }
    }
}

Test(trace_cut, of_everything_is_the_same_trace)
{
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        char *folder = temporary_folder_make();
        char *path = temporary_folder_file(folder, "cut.vzt");
        struct trace_oracle *oracle = trace_random(folder, &kinds[kind]);
        struct trace_model *model = open_model(oracle->path);
        struct trace_model *cut;
        struct random numbers = {1};
        struct wish wish;

        make_wish(&wish, &numbers, model, 0);
        cr_assert(cut_to(model, &wish, path, NULL));
        cut = open_model(path);
        expect_same_gaps(model, cut);
        cr_assert(eq(u64, trace_model_summary(model).call_count,
                     trace_model_summary(cut).call_count));
        cr_assert(eq(u64, trace_model_summary(model).unfinished_calls,
                     trace_model_summary(cut).unfinished_calls));
        for (uint32_t i = 0; i < trace_model_function_count(model); i++) {
            const struct model_function *a = trace_model_function(model, i);
            uint32_t index;

            if (a->call_count == 0) {
                continue;
            }
            cr_assert(trace_model_find_function(cut, a, &index));
            cr_assert(eq(u64, a->total_ns,
                         trace_model_function(cut, index)->total_ns));
            cr_assert(
                eq(u64, a->self_ns, trace_model_function(cut, index)->self_ns));
        }
        trace_model_close(cut);
        trace_model_close(model);
        trace_oracle_free(oracle);
        free(path);
        temporary_folder_remove(folder);
    }
}

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
        cut = open_model(path);
        wished = wished_calls(&wish, model);
        expect_same_calls(model, &wished, cut, &wish);
        expect_same_gaps(model, cut);
        expect_same_axis(model, cut, &wish);
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
    model = open_model(source);
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
    model = open_model(source);
    cr_assert(eq(sz, trace_model_track(model, 0)->gap_count, 4));
    expect_right_cuts(model, folder);
    trace_model_close(model);
    free(source);
    temporary_folder_remove(folder);
}

/* Cut what can be opened of a damaged file: everything of it is there. */
static void
try_damaged(const char *damaged, const char *path, bool is_changed, size_t at)
{
    struct trace_model *model = NULL;
    struct trace_model *cut;
    struct random numbers = {1};
    struct wish wish;
    struct calls wished;
    struct error err = {0};

    if (!trace_model_open(&model, &damaged, 1,
                          &(struct trace_model_options){.thread_count = 1},
                          &err)) {
        return;
    }
    make_wish(&wish, &numbers, model, 0);
    (void)snprintf(wish.text, sizeof wish.text, "!2$");
    wish.digit = '2';
    wish.not_digit = true;
    cr_assert(cut_to(model, &wish, path, &err), "%d at %zu: %s", is_changed, at,
              err.message);
    cut = open_model(path);
    wished = wished_calls(&wish, model);
    if (!is_changed) { /* times that a changed byte moved may be anything */
        expect_same_calls(model, &wished, cut, &wish);
    }
    cr_assert(le(u64, trace_model_summary(cut).call_count,
                 trace_model_summary(model).call_count));
    free(wished.slices);
    trace_model_close(cut);
    trace_model_close(model);
}

static void
write_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(bytes, 1, size, file), size));
    cr_assert(eq(int, fclose(file), 0));
}

Test(trace_cut, takes_what_is_left_of_damaged_files)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    char *damaged = temporary_folder_file(folder, "damaged.vzt");
    struct trace_oracle *oracle = trace_random(folder, &kinds[5]);
    struct random numbers = {9};
    struct stat status;
    char *bytes;
    FILE *file;

    cr_assert(eq(int, stat(oracle->path, &status), 0));
    bytes = malloc((size_t)status.st_size);
    file = fopen(oracle->path, "rb");
    cr_assert(eq(sz, fread(bytes, 1, (size_t)status.st_size, file),
                 (size_t)status.st_size));
    (void)fclose(file);
    for (size_t size = 4096; size < (size_t)status.st_size; size += 97) {
        write_file(damaged, bytes, size);
        try_damaged(damaged, path, false, size);
    }
    for (int i = 0; i < 150; i++) {
        size_t at =
            4096 + random_below(&numbers, (size_t)status.st_size - 4096);
        char before = bytes[at];

        bytes[at] = (char)random_u64(&numbers);
        write_file(damaged, bytes, (size_t)status.st_size);
        bytes[at] = before;
        try_damaged(damaged, path, true, at);
    }
    free(bytes);
    trace_oracle_free(oracle);
    free(damaged);
    free(path);
    temporary_folder_remove(folder);
}

Test(trace_cut, judges_and_keeps_arguments_over_many_blocks)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    struct trace_builder *builder = trace_builder_new(folder);
    struct wish wish = {.text = "arg:n=^7", .end_ns = UINT64_MAX};
    struct trace_model *model;
    struct trace_model *cut;
    uint32_t thread;
    uint32_t function;
    char *trace;
    uint64_t now = 0;

    trace_builder_block_size(builder, 300);
    thread = trace_builder_thread(builder, "main");
    function = trace_builder_function(builder, "f", "/w/f.py", 1);
    for (int i = 0; i < 80; i++) { /* open over many blocks */
        char args[32];

        (void)sprintf(args, "{\"n\": %d}", i);
        trace_builder_call_with(builder, thread, function, args, ++now);
    }
    for (int i = 0; i < 80; i++) {
        trace_builder_return(builder, thread, function, ++now);
    }
    trace = trace_builder_finish(builder);
    model = open_model(trace);
    memset(wish.tracks, 1, sizeof wish.tracks);
    for (int i = 0; i < 2; i++) {
        struct calls calls;

        wish.start_ns = i == 0 ? 0 : 79; /* behind all entries but one */
        cr_assert(cut_to(model, &wish, path, NULL));
        cut = open_model(path);
        calls = all_calls(cut);
        cr_assert(eq(sz, calls.count, 11)); /* 7, 70 ... 79 */
        cr_assert(eq(u64, calls.slices[0].end_ns - calls.slices[0].start_ns,
                     i == 0 ? 145 : 152 - 79));
        cr_assert(eq(u32, calls.slices[10].depth, 10));
        free(calls.slices);
        trace_model_close(cut);
    }
    trace_model_close(model);
    free(trace);
    free(path);
    temporary_folder_remove(folder);
}

static bool
stop_soon(void *context, uint64_t done, uint64_t total)
{
    (void)total;
    return done < *(uint64_t *)context;
}

Test(trace_cut, can_be_cancelled)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    struct trace_oracle *oracle = trace_random(folder, &kinds[1]);
    struct trace_model *model = open_model(oracle->path);

    for (uint64_t limit = 0; limit < 20; limit += 5) {
        struct error err = {0};
        const struct trace_cut_options options = {
            .scope = trace_scope_whole(),
            .thread_count = 2,
            .progress = {.report = stop_soon, .context = &limit}};

        cr_assert(not(trace_cut(model, path, &options, NULL, &err)));
        cr_assert(eq(int, err.code, ERROR_CANCELLED));
    }
    trace_model_close(model);
    trace_oracle_free(oracle);
    free(path);
    temporary_folder_remove(folder);
}

Test(trace_cut, gives_back_all_when_memory_ends)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "cut.vzt");
    struct trace_oracle *oracle = trace_random(folder, &kinds[0]);
    struct trace_model *model = open_model(oracle->path);
    const struct trace_cut_options options = {.scope = trace_scope_whole(),
                                              .thread_count = 1};
    bool has_failed = true;

    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct error err = {0};
        bool ok = trace_cut(model, path, &options, NULL, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed), "%u", i);
        cr_assert(ok || err.code == ERROR_NO_MEMORY, "%u: %s", i, err.message);
    }
    trace_model_close(model);
    trace_oracle_free(oracle);
    free(path);
    temporary_folder_remove(folder);
}
