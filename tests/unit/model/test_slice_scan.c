// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/slice_scan.h"
#include "model/trace_scope.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { SCOPES_PER_TRACE = 40 };

/* Collects what is new and touches the scope. */
struct collection {
    const struct trace_scope *scope;
    struct slice *slices;
    size_t count;
    size_t capacity;
};

static bool
collect(struct collection *collection, const struct slice *slice,
        struct error *err)
{
    if (!array_reserve((void **)&collection->slices, &collection->capacity,
                       collection->count + 1, sizeof *slice, err)) {
        return false;
    }
    collection->slices[collection->count++] = *slice;
    return true;
}

static void *
collection_new(void *context, struct error *err)
{
    const struct collection *all = context;
    struct collection *one = array_new(1, sizeof *one, err);

    if (one != NULL) {
        one->scope = all->scope;
    }
    return one;
}

static bool
collect_batch(void *worker, const struct slice_batch *batch, struct error *err)
{
    struct collection *collection = worker;
    uint64_t start_ns;
    uint64_t end_ns;

    cr_assert(le(sz, batch->first_new, batch->count));
    for (size_t i = 0; i < batch->count; i++) {
        const struct slice *slice = &batch->slices[i];

        cr_assert(eq(u32, slice->track, batch->track));
        cr_assert(eq(u32, slice->depth,
                     i < batch->first_new ? (uint32_t)i : slice->depth));
        if (i >= batch->first_new
            && trace_scope_clip(collection->scope, slice, &start_ns, &end_ns)
            && !collect(collection, slice, err)) {
            return false;
        }
    }
    return true;
}

static bool
collection_merge(void *context, void *worker, struct error *err)
{
    const struct collection *one = worker;

    for (size_t i = 0; i < one->count; i++) {
        if (!collect(context, &one->slices[i], err)) {
            return false;
        }
    }
    return true;
}

static void
collection_free(void *worker)
{
    struct collection *collection = worker;

    if (collection != NULL) {
        free(collection->slices);
        free(collection);
    }
}

static struct slice_visitor
visitor_of(struct collection *collection)
{
    return (struct slice_visitor){
        .context = collection,
        .worker_new = collection_new,
        .visit = collect_batch,
        .merge = collection_merge,
        .worker_free = collection_free,
    };
}

static int
compare_slices(const void *left, const void *right)
{
    const struct slice *a = left;
    const struct slice *b = right;

    if (a->track != b->track) {
        return a->track < b->track ? -1 : 1;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    return a->depth < b->depth ? -1 : a->depth > b->depth;
}

static void
check_scope(const struct random_model *random, const struct trace_scope *scope,
            unsigned thread_count)
{
    struct collection all = {.scope = scope};
    struct slice_visitor visitor = visitor_of(&all);
    struct slice_scan_options options = {.thread_count = thread_count};
    struct error err = {0};
    size_t expected_count;
    struct slice *expected =
        random_scope_slices(random, scope, &expected_count);

    cr_assert(slice_scan(random->model, scope, &visitor, &options, &err), "%s",
              err.message);
    cr_assert(eq(sz, all.count, expected_count), "%" PRIu64 " to %" PRIu64,
              scope->start_ns, scope->end_ns);
    if (all.count > 0) {
        qsort(all.slices, all.count, sizeof *all.slices, compare_slices);
    }
    for (size_t i = 0; i < all.count; i++) {
        struct slice seen = all.slices[i];

        seen.function = random_model_function(random, seen.function);
        cr_assert(eq(int, memcmp(&seen, &expected[i], sizeof seen), 0),
                  "slice %zu", i);
    }
    free(all.slices);
    free(expected);
}

Test(slice_scan, visits_each_slice_of_a_scope_once)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 40};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < SCOPES_PER_TRACE; i++) {
            struct random_scope choice = {0};

            random_scope_choose(&choice, &random, &numbers);
            check_scope(&random, &choice.scope, (unsigned)i % 4 + 1);
        }
        random_model_close(&random);
    }
}

struct stop_after {
    unsigned reports;
    uint64_t total;
};

static bool
stop_soon(void *context, uint64_t done, uint64_t total)
{
    struct stop_after *stop = context;

    stop->total = total;
    return done <= total && stop->reports-- > 0;
}

Test(slice_scan, can_be_cancelled)
{
    struct random_model random = {0};
    struct stop_after stop = {.reports = 2};
    struct trace_scope scope = trace_scope_whole();
    struct collection all = {.scope = &scope};
    struct slice_visitor visitor = visitor_of(&all);
    struct slice_scan_options options = {
        .thread_count = 1,
        .progress = {.report = stop_soon, .context = &stop},
    };
    struct error err = {0};

    random_model_open(&random, random_model_kind(2), 2);
    cr_assert(not(slice_scan(random.model, &scope, &visitor, &options, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(eq(sz, all.count, 0));
    cr_assert(eq(u64, stop.total, (uint64_t)span_block_count(random.model, 0)));
    random_model_close(&random);
}

Test(slice_scan, knows_the_whole_of_a_trace)
{
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    uint8_t tracks[RANDOM_SCOPE_TRACKS_MAX];

    random_model_open(&random, random_model_kind(3), 2);
    memset(tracks, 1, sizeof tracks);
    cr_assert(trace_scope_is_whole(&scope, random.model));
    scope.tracks = tracks;
    scope.end_ns = trace_model_summary(random.model).duration_ns + 1;
    cr_assert(trace_scope_is_whole(&scope, random.model));
    scope.end_ns--; /* a call of no length may start there */
    cr_assert(not(trace_scope_is_whole(&scope, random.model)));
    scope = trace_scope_whole();
    scope.start_ns = 1;
    cr_assert(not(trace_scope_is_whole(&scope, random.model)));
    scope = trace_scope_whole();
    scope.tracks = tracks;
    tracks[1] = 0;
    cr_assert(not(trace_scope_is_whole(&scope, random.model)));
    random_model_close(&random);
}

Test(slice_scan, survives_every_failed_allocation)
{
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    bool has_failed = true;

    random_model_open(&random, random_model_kind(1), 2);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct collection all = {.scope = &scope};
        struct slice_visitor visitor = visitor_of(&all);
        struct slice_scan_options options = {.thread_count = 1};
        struct error err = {0};
        bool ok = slice_scan(random.model, &scope, &visitor, &options, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        free(all.slices);
    }
    random_model_close(&random);
}
