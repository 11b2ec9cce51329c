// SPDX-License-Identifier: Apache-2.0
/*
 * Arrows against brute force: every end looks at every start, every call at
 * every arrow.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/flow_query.h"
#include "model/trace_model.h"
#include "model_check.h"
#include "random_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

struct expected_arrow {
    size_t from; /* index in the oracle's flows */
    size_t to;
};

struct expected {
    const struct random_model *random;
    struct expected_arrow *arrows;
    size_t count;
};

/* What qsort is to know. */
static const struct random_model *sorted_random;

static const struct oracle_flow *
flow_at(const struct random_model *random, size_t index)
{
    return &random->oracle->flows[index];
}

/* An end with a start of its id behind it, at the same time. */
static bool
is_step(const struct random_model *random, size_t end)
{
    const struct oracle_flow *flow = flow_at(random, end);

    return end + 1 < random->oracle->flow_count && flow->is_end
           && !flow[1].is_end && flow[1].thread == flow->thread
           && flow[1].id == flow->id && flow[1].written_ns == flow->written_ns;
}

static unsigned
class_of(const struct random_model *random, size_t index)
{
    if (is_step(random, index) || (index > 0 && is_step(random, index - 1))) {
        return 1;
    }
    return flow_at(random, index)->is_end ? 2 : 0;
}

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* In which order the ends of one id happened. */
static int
compare_ends(const struct random_model *random, size_t a, size_t b)
{
    const struct oracle_flow *left = flow_at(random, a);
    const struct oracle_flow *right = flow_at(random, b);
    int order = compare_numbers(left->written_ns, right->written_ns);

    if (order == 0) {
        order = compare_numbers(class_of(random, a), class_of(random, b));
    }
    if (order == 0) {
        order = compare_numbers(random_model_track(random, left->thread),
                                random_model_track(random, right->thread));
    }
    return order != 0 ? order : compare_numbers(a, b);
}

static uint64_t
shown_ns(const struct random_model *random, size_t index)
{
    const struct oracle_flow *flow = flow_at(random, index);
    uint64_t time_ns = flow->binds_next && flow->call != SIZE_MAX
                           ? random->oracle->calls[flow->call].start_ns
                           : flow->time_ns;

    return time_ns - random->oracle->first_ns;
}

static int
compare_touch(const struct random_model *random, size_t a, size_t b)
{
    int order = compare_numbers(shown_ns(random, a), shown_ns(random, b));

    return order != 0 ? order : compare_numbers(a, b);
}

static int
compare_forward(const void *left, const void *right)
{
    const struct expected_arrow *a = left;
    const struct expected_arrow *b = right;
    int order = compare_touch(sorted_random, a->from, b->from);

    return order != 0 ? order : compare_ends(sorted_random, a->to, b->to);
}

static int
compare_back(const void *left, const void *right)
{
    const struct expected_arrow *a = left;
    const struct expected_arrow *b = right;

    return compare_touch(sorted_random, a->to, b->to);
}

static struct expected
all_arrows(const struct random_model *random)
{
    size_t count = random->oracle->flow_count;
    struct expected expected = {
        .random = random,
        .arrows = calloc(count + 1, sizeof *expected.arrows),
    };

    for (size_t to = 0; to < count; to++) {
        size_t best = SIZE_MAX;

        for (size_t from = 0; flow_at(random, to)->is_end && from < count;
             from++) {
            if (!flow_at(random, from)->is_end
                && flow_at(random, from)->id == flow_at(random, to)->id
                && compare_ends(random, from, to) < 0
                && (best == SIZE_MAX || compare_ends(random, best, from) < 0)) {
                best = from;
            }
        }
        if (best != SIZE_MAX) {
            expected.arrows[expected.count++] =
                (struct expected_arrow){best, to};
        }
    }
    return expected;
}

static void
check_place(const struct random_model *random, const struct flow_place *place,
            size_t index)
{
    const struct oracle_flow *flow = flow_at(random, index);

    cr_assert(eq(u64, place->time_ns, shown_ns(random, index)));
    cr_assert(eq(u32, place->track, random_model_track(random, flow->thread)));
    cr_assert(eq(int, place->has_call, flow->call != SIZE_MAX));
    if (place->has_call) {
        cr_assert(
            eq(u32, place->depth, random->oracle->calls[flow->call].depth));
    }
}

static void
check_list(const struct expected *all, const struct slice *call,
           size_t call_index, enum flow_way way)
{
    const struct random_model *random = all->random;
    struct flow_list list = flow_list_of_call(random->model, call, way);
    struct expected_arrow *found = calloc(all->count + 1, sizeof *found);
    size_t count = 0;
    char name[32];

    for (size_t i = 0; i < all->count; i++) {
        const struct expected_arrow *arrow = &all->arrows[i];
        size_t mine = way == FLOW_WAY_FORWARD ? arrow->from : arrow->to;

        if (flow_at(random, mine)->call == call_index) {
            found[count++] = *arrow;
        }
    }
    sorted_random = random;
    qsort(found, count, sizeof *found,
          way == FLOW_WAY_FORWARD ? compare_forward : compare_back);
    cr_assert(eq(sz, list.count, count));
    for (size_t i = 0; i < count; i++) {
        struct flow_arrow arrow = flow_list_arrow(&list, i);
        uint64_t time_ns =
            (way == FLOW_WAY_FORWARD ? arrow.from : arrow.to).time_ns;
        size_t at = flow_list_find(&list, time_ns);

        check_place(random, &arrow.from, found[i].from);
        check_place(random, &arrow.to, found[i].to);
        snprintf(name, sizeof name, "flow %u",
                 (unsigned)flow_at(random, found[i].from)->id);
        cr_assert(eq(str, (char *)arrow.name, name));
        cr_assert(eq(sz, arrow.name_size, strlen(name)));
        cr_assert(le(sz, at, i));
        cr_assert(ge(sz, flow_list_find(&list, time_ns + 1), i + 1));
    }
    cr_assert(zero(sz, flow_list_find(&list, 0)));
    cr_assert(eq(sz, flow_list_find(&list, UINT64_MAX), count));
    free(found);
}

/* Whether arrows touch a call that is the oracle's, on this side. */
static size_t
count_touches(const struct expected *all, size_t call)
{
    size_t count = 0;

    for (size_t i = 0; i < all->count; i++) {
        count += flow_at(all->random, all->arrows[i].from)->call == call;
        count += flow_at(all->random, all->arrows[i].to)->call == call;
    }
    return count;
}

static void
check_below(const struct expected *all, const struct slice *slices,
            size_t first_call, size_t count)
{
    for (size_t i = 0; i < count; i += 37) {
        size_t expected = 0;

        for (size_t k = i; k < count && slices[k].start_ns <= slices[i].end_ns;
             k++) {
            if (slices[k].depth >= slices[i].depth) {
                expected += count_touches(all, first_call + k);
            }
        }
        cr_assert(eq(sz,
                     flow_count_below(all->random->model, slices[i].track,
                                      slices[i].depth, slices[i].start_ns,
                                      slices[i].end_ns),
                     expected));
    }
}

static void
check_next(const struct expected *all, uint32_t track, uint64_t time_ns,
           enum flow_way way)
{
    const struct random_model *random = all->random;
    uint64_t best = 0;
    bool is_any = false;
    struct flow_place place = {0};

    for (size_t i = 0; i < 2 * all->count; i++) {
        size_t flow =
            i % 2 == 0 ? all->arrows[i / 2].from : all->arrows[i / 2].to;
        uint64_t at_ns = shown_ns(random, flow);
        bool is_there =
            random_model_track(random, flow_at(random, flow)->thread) == track
            && flow_at(random, flow)->call != SIZE_MAX
            && (way == FLOW_WAY_FORWARD ? at_ns > time_ns : at_ns < time_ns);

        if (is_there
            && (!is_any
                || (way == FLOW_WAY_FORWARD ? at_ns < best : at_ns > best))) {
            best = at_ns;
            is_any = true;
        }
    }
    cr_assert(eq(int,
                 flow_next_place(random->model, track, time_ns, way, &place),
                 is_any));
    if (is_any) {
        cr_assert(eq(u64, place.time_ns, best));
        cr_assert(eq(u32, place.track, track));
    }
}

static void
check_counts(const struct expected *all)
{
    struct flow_counts counts = trace_model_flow_counts(all->random->model);
    const struct trace_oracle *oracle = all->random->oracle;
    struct flow_counts expected = {.arrows = all->count};

    for (size_t i = 0; i < oracle->flow_count; i++) {
        expected.ends += oracle->flows[i].is_end;
        expected.no_call += oracle->flows[i].call == SIZE_MAX;
    }
    expected.starts = oracle->flow_count - expected.ends;
    expected.ends_alone = expected.ends - all->count;
    cr_assert(zero(int, memcmp(&counts, &expected, sizeof counts)));
}

static void
check_trace(struct trace_random_options options, unsigned thread_count)
{
    struct random_model random = {0};
    struct expected all;
    size_t first_call = 0;

    options.flow_permille = 150;
    /* Where a block ends, events of one time are not told apart like this. */
    options.zero_permille = options.block_size == 0 ? 200 : 0;
    options.calls_per_thread = 1 + options.calls_per_thread / 4;
    random_model_open(&random, &options, thread_count);
    all = all_arrows(&random);
    check_counts(&all);
    model_check(random.model, options.seed);
    for (uint32_t i = 0; i < random.oracle->thread_count; i++) {
        uint32_t track = random_model_track(&random, i);
        size_t count;
        struct slice *slices = oracle_slices(random.oracle, i, &count);

        for (size_t k = 0; k < count; k++) {
            slices[k].track = track;
            check_list(&all, &slices[k], first_call + k, FLOW_WAY_BACK);
            check_list(&all, &slices[k], first_call + k, FLOW_WAY_FORWARD);
            if (k % 29 == 0) {
                check_next(&all, track, slices[k].start_ns, FLOW_WAY_BACK);
                check_next(&all, track, slices[k].end_ns, FLOW_WAY_FORWARD);
            }
        }
        check_below(&all, slices, first_call, count);
        first_call += count;
        free(slices);
    }
    free(all.arrows);
    random_model_close(&random);
}

Test(flow_query, arrows_of_every_call_are_those_of_brute_force)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        check_trace(*random_model_kind(kind), 1 + kind % 3);
    }
}

/* A trace made by hand, opened. */
struct hand_made {
    char *folder;
    struct trace_builder *builder;
    struct trace_model *model;
};

static struct hand_made
begin(void)
{
    struct hand_made made = {.folder = temporary_folder_make()};

    made.builder = trace_builder_new(made.folder);
    return made;
}

static void
open_made(struct hand_made *made)
{
    char *path = trace_builder_finish(made->builder);
    const char *const paths[] = {path};
    struct error err = {0};

    cr_assert(trace_model_open(&made->model, paths, 1, NULL, &err), "%s",
              err.message);
    free(path);
}

static void
finish(struct hand_made *made)
{
    trace_model_close(made->model);
    temporary_folder_remove(made->folder);
}

static struct slice
call_on(uint32_t track, uint64_t start_ns, uint64_t end_ns)
{
    return (struct slice){
        .track = track, .start_ns = start_ns, .end_ns = end_ns};
}

Test(flow_query, a_million_ends_of_one_start_cost_a_few_steps_each)
{
    enum { ENDS = 1000000 };
    struct hand_made made = begin();
    uint32_t function = trace_builder_function(made.builder, "f", "f.py", 1);
    uint32_t first = trace_builder_thread(made.builder, "first");
    uint32_t second = trace_builder_thread(made.builder, "second");
    struct slice call = call_on(0, 0, 10);
    struct slice other = call_on(1, 10, 3000000);
    struct flow_list list;

    trace_builder_call(made.builder, first, function, 100);
    trace_builder_flow(made.builder, first, RECORD_FLOW_START, 7, 0, "x", 103);
    trace_builder_return(made.builder, first, function, 110);
    trace_builder_call(made.builder, second, function, 110);
    for (uint64_t i = 0; i < ENDS; i++) {
        trace_builder_flow(made.builder, second, RECORD_FLOW_END, 7, 0, "x",
                           120 + 2 * i);
    }
    trace_builder_return(made.builder, second, function, 3000100);
    open_made(&made);
    list = flow_list_of_call(made.model, &call, FLOW_WAY_FORWARD);
    cr_assert(eq(sz, list.count, ENDS));
    for (size_t i = 0; i < ENDS; i += 999) {
        cr_assert(eq(u64, flow_list_arrow(&list, i).to.time_ns, 20 + 2 * i));
    }
    list = flow_list_of_call(made.model, &other, FLOW_WAY_BACK);
    cr_assert(eq(sz, list.count, ENDS));
    for (size_t i = 0; i < ENDS; i += 999) {
        cr_assert(eq(u64, flow_list_arrow(&list, i).from.time_ns, 3));
        cr_assert(eq(sz, flow_list_find(&list, 20 + 2 * i), i));
    }
    finish(&made);
}

Test(flow_query, ends_without_a_start_and_starts_behind_their_end_are_alone)
{
    struct hand_made made = begin();
    uint32_t function = trace_builder_function(made.builder, "f", "f.py", 1);
    uint32_t thread = trace_builder_thread(made.builder, "t");
    struct slice call = call_on(0, 0, 100);
    struct flow_counts counts;
    struct flow_place place;

    trace_builder_call(made.builder, thread, function, 100);
    trace_builder_flow(made.builder, thread, RECORD_FLOW_END, 7, 0, "x", 110);
    trace_builder_flow(made.builder, thread, RECORD_FLOW_START, 7, 0, "x", 120);
    trace_builder_flow(made.builder, thread, RECORD_FLOW_END, 8, 0, "", 130);
    trace_builder_return(made.builder, thread, function, 200);
    trace_builder_flow(made.builder, thread, RECORD_FLOW_START, 8, 0, "", 210);
    open_made(&made);
    counts = trace_model_flow_counts(made.model);
    cr_assert(zero(sz, counts.arrows));
    cr_assert(eq(sz, counts.ends_alone, 2));
    cr_assert(eq(sz, counts.starts, 2));
    cr_assert(eq(sz, counts.no_call, 1));
    cr_assert(
        zero(sz, flow_list_of_call(made.model, &call, FLOW_WAY_FORWARD).count));
    cr_assert(
        zero(sz, flow_list_of_call(made.model, &call, FLOW_WAY_BACK).count));
    cr_assert(not(flow_next_place(made.model, 0, 0, FLOW_WAY_FORWARD, &place)));
    finish(&made);
}

Test(flow_query, an_arrow_leads_from_process_to_process)
{
    struct hand_made made = begin();
    uint32_t function = trace_builder_function(made.builder, "f", "f.py", 1);
    uint32_t thread = trace_builder_thread(made.builder, "t");
    struct slice call = call_on(0, 0, 20);
    struct flow_list list;
    struct flow_arrow arrow;

    trace_builder_call(made.builder, thread, function, 100);
    trace_builder_flow(made.builder, thread, RECORD_FLOW_START, 7, 0, "", 110);
    trace_builder_return(made.builder, thread, function, 120);
    trace_builder_process(made.builder, "child", 200, 100);
    thread = trace_builder_thread(made.builder, "t");
    trace_builder_flow(made.builder, thread, RECORD_FLOW_END, 7,
                       VZT_FLOW_BINDS_NEXT, "job", 130);
    trace_builder_call(made.builder, thread, function, 140);
    trace_builder_return(made.builder, thread, function, 150);
    open_made(&made);
    list = flow_list_of_call(made.model, &call, FLOW_WAY_FORWARD);
    cr_assert(eq(sz, list.count, 1));
    arrow = flow_list_arrow(&list, 0);
    cr_assert(eq(u32, arrow.to.track, 1));
    cr_assert(eq(u64, arrow.to.time_ns, 40));
    cr_assert(arrow.to.has_call);
    cr_assert(eq(str, (char *)arrow.name, "job"));
    finish(&made);
}

Test(flow_query, a_trace_without_flows_has_none)
{
    struct hand_made made = begin();
    uint32_t function = trace_builder_function(made.builder, "f", "f.py", 1);
    uint32_t thread = trace_builder_thread(made.builder, "t");
    struct slice call = call_on(0, 0, 20);
    struct flow_place place;

    trace_builder_call(made.builder, thread, function, 100);
    trace_builder_return(made.builder, thread, function, 120);
    open_made(&made);
    cr_assert(
        zero(sz, flow_list_of_call(made.model, &call, FLOW_WAY_FORWARD).count));
    cr_assert(zero(sz, flow_count_below(made.model, 0, 0, 0, 20)));
    cr_assert(not(flow_next_place(made.model, 0, 20, FLOW_WAY_BACK, &place)));
    finish(&made);
}

Test(flow_query, a_step_of_one_moment_is_not_its_own_start)
{
    struct hand_made made = begin();
    uint32_t function = trace_builder_function(made.builder, "f", "f.py", 1);
    uint32_t threads[3];
    struct flow_list list;
    struct slice call;

    for (unsigned i = 0; i < 3; i++) {
        threads[i] = trace_builder_thread(made.builder, "t");
        trace_builder_call(made.builder, threads[i], function, 100);
    }
    /* From the second thread over the first to the third. */
    trace_builder_flow(made.builder, threads[1], RECORD_FLOW_START, 7, 0, "",
                       110);
    trace_builder_flow(made.builder, threads[0], RECORD_FLOW_END, 7, 0, "",
                       110);
    trace_builder_flow(made.builder, threads[0], RECORD_FLOW_START, 7, 0, "",
                       110);
    trace_builder_flow(made.builder, threads[2], RECORD_FLOW_END, 7, 0, "",
                       110);
    for (unsigned i = 0; i < 3; i++) {
        trace_builder_return(made.builder, threads[i], function, 200);
    }
    open_made(&made);
    cr_assert(eq(sz, trace_model_flow_counts(made.model).arrows, 2));
    call = call_on(1, 0, 100);
    list = flow_list_of_call(made.model, &call, FLOW_WAY_FORWARD);
    cr_assert(eq(sz, list.count, 1));
    cr_assert(zero(u32, flow_list_arrow(&list, 0).to.track));
    call = call_on(0, 0, 100);
    list = flow_list_of_call(made.model, &call, FLOW_WAY_FORWARD);
    cr_assert(eq(sz, list.count, 1));
    cr_assert(eq(u32, flow_list_arrow(&list, 0).to.track, 2));
    finish(&made);
}

Test(flow_query, what_waits_gets_the_first_call_of_a_later_block)
{
    enum { ENDS = 60 };
    struct hand_made made = begin();
    uint32_t function;
    uint32_t thread;
    struct slice outer = call_on(0, 0, 400);
    struct slice inner = call_on(0, 300, 310);

    trace_builder_block_size(made.builder, 256);
    function = trace_builder_function(made.builder, "f", "f.py", 1);
    thread = trace_builder_thread(made.builder, "t");
    inner.depth = 1;
    trace_builder_call(made.builder, thread, function, 100);
    trace_builder_flow(made.builder, thread, RECORD_FLOW_START, 7, 0, "", 110);
    for (uint64_t i = 0; i < ENDS; i++) {
        trace_builder_flow(made.builder, thread, RECORD_FLOW_END, 7,
                           VZT_FLOW_BINDS_NEXT, "", 120 + 2 * i);
    }
    trace_builder_call(made.builder, thread, function, 400);
    trace_builder_return(made.builder, thread, function, 410);
    trace_builder_return(made.builder, thread, function, 500);
    trace_builder_flow(made.builder, thread, RECORD_FLOW_END, 7,
                       VZT_FLOW_BINDS_NEXT, "", 510);
    open_made(&made);
    cr_assert(gt(sz, span_block_count(made.model, 0), 5));
    cr_assert(eq(sz, flow_list_of_call(made.model, &inner, FLOW_WAY_BACK).count,
                 ENDS));
    cr_assert(eq(sz,
                 flow_list_of_call(made.model, &outer, FLOW_WAY_FORWARD).count,
                 ENDS + 1));
    cr_assert(eq(sz, trace_model_flow_counts(made.model).no_call, 1));
    finish(&made);
}
