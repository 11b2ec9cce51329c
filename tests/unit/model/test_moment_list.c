// SPDX-License-Identifier: Apache-2.0
/* Rows of moments against all that the model has, sorted. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/instant_hits.h"
#include "model/moment_calls.h"
#include "model/moment_list.h"
#include "model/search_query.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

static const struct trace_random_options options = {
    .seed = 7,
    .calls_per_thread = 300,
    .process_count = 2,
    .thread_count = 2,
    .instant_permille = 100,
    .object_permille = 60,
    .counter_permille = 150,
    .gap_permille = 20,
    .has_unfinished = true,
    .step_ns = 3, /* many at the same time */
    .block_size = 512,
};

enum { MOMENTS_MAX = 8000 };

/* Everything of a request, in any order. */
struct expected {
    struct moment moments[MOMENTS_MAX];
    size_t count;
    size_t kind_counts[MOMENT_KIND_COUNT];
};

static bool
is_inside(const struct moment_request *request, uint64_t time_ns,
          uint32_t track)
{
    return time_ns >= request->scope.start_ns && time_ns < request->scope.end_ns
           && trace_scope_has_track(&request->scope, track);
}

static void
expect(struct expected *all, const struct moment_request *request,
       const struct moment *moment, uint32_t track, bool is_hit)
{
    if (!is_inside(request, moment->time_ns, track)) {
        return;
    }
    all->kind_counts[moment->kind]++;
    if (request->only_hits && !is_hit) {
        return;
    }
    if ((request->kinds & 1u << moment->kind) != 0
        || (is_hit && (request->kinds & 1u << MOMENT_HIT) != 0)) {
        cr_assert(lt(sz, all->count, MOMENTS_MAX));
        all->moments[all->count++] = *moment;
    }
}

static void
expect_instants(struct expected *all, const struct trace_model *model,
                const struct moment_request *request)
{
    for (size_t i = 0; i < trace_model_instant_count(model); i++) {
        struct model_instant instant = trace_model_instant(model, i);
        struct moment moment = {instant.time_ns, MOMENT_INSTANT,
                                MOMENT_OF_INSTANT, 0, i};

        moment.kind = instant.phase != 0 ? MOMENT_OBJECT : MOMENT_INSTANT;
        expect(all, request, &moment, instant.track,
               request->instants != NULL && request->instants->is_hit[i]);
    }
}

static void
expect_points(struct expected *all, const struct trace_model *model,
              const struct moment_request *request)
{
    for (uint32_t c = 0; c < trace_model_counter_count(model); c++) {
        const struct counter_point *points =
            trace_model_counter_points(model, c);

        for (size_t i = 0; i < trace_model_counter(model, c)->point_count;
             i++) {
            struct moment moment = {points[i].time_ns, MOMENT_COUNTER,
                                    MOMENT_OF_POINT, c, i};

            expect(all, request, &moment, points[i].track, false);
        }
    }
}

static void
expect_gaps(struct expected *all, const struct trace_model *model,
            const struct moment_request *request)
{
    for (uint32_t t = 0; t < trace_model_track_count(model); t++) {
        const struct model_gap *gaps = trace_model_gaps(model, t);

        for (size_t i = 0; i < trace_model_track(model, t)->gap_count; i++) {
            struct moment moment = {gaps[i].start_ns, MOMENT_ERROR,
                                    MOMENT_OF_GAP, t, i};

            expect(all, request, &moment, t, false);
        }
    }
}

/* Whether the exception that left a call had left the last of its callees
 * before, as far as that is in the scope. */
static bool
is_passed_on(const struct trace_oracle *oracle, size_t index,
             const struct moment_request *request)
{
    const struct oracle_call *call = &oracle->calls[index];
    const struct oracle_call *last = NULL;

    for (size_t i = index + 1;
         i < oracle->call_count && oracle->calls[i].thread == call->thread
         && oracle->calls[i].depth > call->depth;
         i++) {
        if (oracle->calls[i].depth == call->depth + 1) {
            last = &oracle->calls[i];
        }
    }
    return last != NULL && last->is_raised
           && last->end_ns - oracle->first_ns >= request->scope.start_ns;
}

/* Calls of the oracle: those that are unfinished, raised, or hits. Their index
 * is not known here. */
static void
expect_calls(struct expected *all, const struct random_model *random,
             const struct moment_request *request,
             const struct slice_hit_set *hits)
{
    const struct trace_oracle *oracle = random->oracle;

    for (size_t i = 0; i < oracle->call_count; i++) {
        const struct oracle_call *call = &oracle->calls[i];
        uint32_t track = random_model_track(random, call->thread);
        struct moment moment = {.source = MOMENT_OF_CALL, .index = SIZE_MAX};
        bool is_hit = false;

        for (uint32_t f = 0; f < hits->function_count; f++) {
            is_hit |= hits->functions[f] != 0
                      && random_model_function(random, f) == call->function;
        }
        moment.time_ns = (call->is_raised ? call->end_ns : call->start_ns)
                         - oracle->first_ns;
        if ((call->is_raised && (is_hit || !is_passed_on(oracle, i, request)))
            || is_hit) {
            moment.kind = call->is_raised ? MOMENT_ERROR : MOMENT_HIT;
            expect(all, request, &moment, track, is_hit);
        }
        if (call->is_unfinished) {
            moment.time_ns = call->start_ns - oracle->first_ns;
            moment.kind = MOMENT_ERROR;
            moment.source = MOMENT_OF_UNFINISHED;
            expect(all, request, &moment, track, false);
        }
    }
}

static struct moment *
find_expected(struct expected *all, const struct moment *moment)
{
    bool is_call = moment->source == MOMENT_OF_CALL
                   || moment->source == MOMENT_OF_UNFINISHED;

    for (size_t i = 0; i < all->count; i++) {
        struct moment *at = &all->moments[i];

        if (at->time_ns == moment->time_ns && at->kind == moment->kind
            && at->source == moment->source && at->owner == moment->owner
            && at->index == (is_call ? SIZE_MAX : moment->index)) {
            return at;
        }
    }
    return NULL;
}

static bool
is_same(const struct moment *a, const struct moment *b)
{
    return a->time_ns == b->time_ns && a->kind == b->kind
           && a->source == b->source && a->owner == b->owner
           && a->index == b->index;
}

/* Each row is expected, once, in the order of time; a page that begins
 * anywhere has the same rows; each row is found again. */
static void
check_rows(const struct moment_list *list, struct expected *all,
           struct random *numbers)
{
    static struct moment rows[MOMENTS_MAX];
    struct moment page[16];
    size_t count;
    size_t taken;

    cr_assert(moment_list_rows(list, 0, MOMENTS_MAX, rows, &count, NULL));
    cr_assert(eq(sz, count, all->count));
    cr_assert(eq(sz, moment_list_count(list), count));
    for (size_t i = 0; i < count; i++) {
        struct moment *found = find_expected(all, &rows[i]);

        cr_assert(ne(ptr, found, NULL));
        found->time_ns = UINT64_MAX; /* taken */
        cr_assert(eq(sz, moment_list_find(list, &rows[i]), i));
        cr_assert(i == 0 || rows[i - 1].time_ns <= rows[i].time_ns);
    }
    for (unsigned turn = 0; turn < 20 && count > 0; turn++) {
        size_t first = random_below(numbers, count);
        size_t at = moment_list_find_time(list, rows[first].time_ns);

        cr_assert(moment_list_rows(list, first, 16, page, &taken, NULL));
        cr_assert(eq(sz, taken, count - first < 16 ? count - first : 16));
        for (size_t i = 0; i < taken; i++) {
            cr_assert(is_same(&page[i], &rows[first + i]));
        }
        cr_assert(eq(u64, rows[at].time_ns, rows[first].time_ns));
        cr_assert(at == 0 || rows[at - 1].time_ns < rows[first].time_ns);
    }
}

/* All rows of another list, also those that are not in this one, stand before
 * as many rows of this list as are before them by time, source and index. */
static void
check_before(const struct moment_list *list, const struct moment_list *others)
{
    static struct moment rows[MOMENTS_MAX];
    size_t count;
    size_t own = 0;

    cr_assert(moment_list_rows(others, 0, MOMENTS_MAX, rows, &count, NULL));
    for (size_t i = 0; i < count; i++) {
        cr_assert(eq(sz, moment_list_before(list, &rows[i]), own));
        own += moment_list_find(list, &rows[i]) != SIZE_MAX;
    }
    cr_assert(eq(sz, own, moment_list_count(list)));
}

Test(moment_list, has_all_of_the_scope_in_the_order_of_time)
{
    static struct expected all;
    struct random_model random = {0};
    struct random numbers = {11};
    uint8_t functions[64] = {[1] = 1, [4] = 1};
    struct slice_hit_set hits = {.functions = functions, .track = UINT32_MAX};
    struct instant_hits_request named = {.track = UINT32_MAX,
                                         .window_end_ns = 1};
    struct search_query *query;
    struct progress progress = {0};
    struct instant_hits instants;
    struct moment_list *whole = NULL;

    random_model_open(&random, &options, 2);
    hits.function_count = trace_model_function_count(random.model);
    cr_assert(lt(u32, hits.function_count, 63));
    cr_assert(search_query_make(&query, random.model, "[13]$",
                                NAME_PATTERN_REGEX, NULL));
    named.query = &query->bound;
    cr_assert(
        instant_hits_find(random.model, &named, &progress, &instants, NULL));
    cr_assert(gt(u64, instants.count, 0));
    for (unsigned turn = 0; turn < 40; turn++) {
        struct random_scope scope;
        struct moment_calls *calls;
        struct moment_list *list;
        struct moment_request request = {
            .kinds = turn == 0 ? MOMENT_KINDS_ALL
                               : (unsigned)random_below(&numbers, 64),
            .instants = turn % 3 == 0 ? NULL : &instants,

        };

        random_scope_choose(&scope, &random, &numbers);
        request.only_hits = turn % 4 == 2;
        request.scope = turn == 0 ? trace_scope_whole() : scope.scope;
        cr_assert(moment_calls_find(&calls, random.model, &request.scope, &hits,
                                    &progress, NULL));
        request.calls = calls;
        cr_assert(
            moment_list_new(&list, random.model, &request, &progress, NULL));
        all = (struct expected){0};
        expect_instants(&all, random.model, &request);
        expect_points(&all, random.model, &request);
        expect_gaps(&all, random.model, &request);
        expect_calls(&all, &random, &request, &hits);
        check_rows(list, &all, &numbers);
        for (int i = 0; i < MOMENT_KIND_COUNT; i++) {
            cr_assert(
                eq(sz, moment_list_kind_count(list, i), all.kind_counts[i]));
        }
        request.kinds = MOMENT_KINDS_ALL;
        request.only_hits = false;
        cr_assert(
            moment_list_new(&whole, random.model, &request, &progress, NULL));
        check_before(list, whole);
        moment_list_free(whole);
        moment_list_free(list);
        moment_calls_drop(calls);
    }
    instant_hits_release(&instants);
    search_query_drop(query);
    random_model_close(&random);
}
