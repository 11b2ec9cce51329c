// SPDX-License-Identifier: Apache-2.0
#include "cut_check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "export/trace_cut.h"
#include "model/flow_query.h"
#include "model/trace_model.h"
#include "model/trace_query.h"

/* What is looked at of how a call ended or began. */
#define FLAGS (SLICE_RAISED | SLICE_YIELDED | SLICE_RESUMED)

struct trace_model *
cut_open_model(const char *path)
{
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, (const char *[]){path}, 1,
                               &(struct trace_model_options){.thread_count = 1},
                               &err),
              "%s", err.message);
    return model;
}

struct calls
cut_all_calls(const struct trace_model *model)
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
struct calls
cut_wished_calls(const struct wish *wish, const struct trace_model *model)
{
    struct calls calls = cut_all_calls(model);
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

void
cut_expect_same_calls(const struct trace_model *old, const struct calls *wished,
                      const struct trace_model *cut, const struct wish *wish)
{
    struct calls found = cut_all_calls(cut);
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
void
cut_expect_same_points(const struct trace_model *old,
                       const struct trace_model *cut, const struct wish *wish)
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

size_t
cut_points_of(const struct trace_model *model, const struct wish *wish)
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
void
cut_expect_same_axis(const struct trace_model *old,
                     const struct trace_model *cut, const struct wish *wish)
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

void
cut_expect_same_rows(const struct trace_model *old,
                     const struct trace_model *cut)
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

void
cut_make_wish(struct wish *wish, struct random *numbers,
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

bool
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

void
cut_expect_same_gaps(const struct trace_model *old,
                     const struct trace_model *cut)
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

/* The calls of a cut, as they are in the whole trace. */
static struct calls
whole_wished_calls(const struct wish *wish, const struct trace_model *model)
{
    struct calls calls = cut_all_calls(model);
    size_t count = 0;

    for (size_t i = 0; i < calls.count; i++) {
        if (is_wished(wish, model, &calls.slices[i])) {
            calls.slices[count++] = calls.slices[i];
        }
    }
    calls.count = count;
    return calls;
}

/* An arrow between calls number from and to. */
struct flow_line {
    size_t from;
    size_t to;
    uint64_t from_ns;
    uint64_t to_ns;
    const char *name;
};

static size_t
find_call(const struct calls *calls, const struct flow_place *place)
{
    for (size_t i = 0; place->has_call && i < calls->count; i++) {
        const struct slice *slice = &calls->slices[i];

        if (slice->track == place->track && slice->depth == place->depth
            && slice->start_ns <= place->time_ns
            && place->time_ns <= slice->end_ns) {
            return i;
        }
    }
    return SIZE_MAX;
}

static int
compare_lines(const void *left, const void *right)
{
    const struct flow_line *a = left;
    const struct flow_line *b = right;

    if (a->from_ns != b->from_ns) {
        return a->from_ns < b->from_ns ? -1 : 1;
    }
    return (a->to_ns > b->to_ns) - (a->to_ns < b->to_ns);
}

/* Arrows between these calls with both ends in [start, end), times plus shift,
 * by time. */
static struct flow_line *
lines_of(const struct trace_model *model, const struct calls *calls,
         const struct wish *wish, uint64_t shift, size_t *count)
{
    struct flow_line *lines = NULL;

    *count = 0;
    for (size_t i = 0; i < calls->count; i++) {
        struct flow_list list =
            flow_list_of_call(model, &calls->slices[i], FLOW_WAY_FORWARD);

        lines = realloc(lines, (*count + list.count + 1) * sizeof *lines);
        for (size_t k = 0; k < list.count; k++) {
            struct flow_arrow arrow = flow_list_arrow(&list, k);
            struct flow_line line = {
                .from = i,
                .to = find_call(calls, &arrow.to),
                .from_ns = arrow.from.time_ns + shift,
                .to_ns = arrow.to.time_ns + shift,
                .name = arrow.name,
            };

            if (line.to != SIZE_MAX && line.from_ns >= wish->start_ns
                && line.from_ns < wish->end_ns && line.to_ns >= wish->start_ns
                && line.to_ns < wish->end_ns) {
                lines[(*count)++] = line;
            }
        }
    }
    if (*count > 0) {
        qsort(lines, *count, sizeof *lines, compare_lines);
    }
    return lines;
}

/* Arrows whose calls are both kept. What is of the call behind its record is
 * not there when a range begins between them. */
void
cut_expect_same_flows(const struct trace_model *old,
                      const struct trace_model *cut, const struct wish *wish)
{
    uint64_t shift = trace_model_summary(cut).start_monotonic_ns
                     - trace_model_summary(old).start_monotonic_ns;
    struct calls whole = whole_wished_calls(wish, old);
    struct calls kept = cut_all_calls(cut);
    size_t whole_count;
    size_t kept_count;
    struct flow_line *a = lines_of(old, &whole, wish, 0, &whole_count);
    struct flow_line *b = lines_of(cut, &kept, wish, shift, &kept_count);
    size_t at = 0;

    cr_assert(eq(sz, whole.count, kept.count));
    for (size_t i = 0; i < kept_count; i++) {
        while (at < whole_count && compare_lines(&a[at], &b[i]) != 0) {
            cr_assert(gt(u64, wish->start_ns, 0), "%s", wish->text);
            at++;
        }
        cr_assert(lt(sz, at, whole_count), "%s", wish->text);
        cr_assert(eq(sz, a[at].from, b[i].from), "%s", wish->text);
        cr_assert(eq(sz, a[at].to, b[i].to), "%s", wish->text);
        cr_assert(eq(str, (char *)a[at].name, (char *)b[i].name));
        at++;
    }
    if (wish->start_ns == 0) {
        cr_assert(eq(sz, kept_count, whole_count), "%s", wish->text);
    }
    free(a);
    free(b);
    free(whole.slices);
    free(kept.slices);
}
