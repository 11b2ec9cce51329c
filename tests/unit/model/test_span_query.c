// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/span_query.h"
#include "random_model.h"
#include "support/random.h"

/* Whether a slice of the model is that of the oracle; says how it differs. */
static bool
is_same(const struct random_model *random, const struct slice *seen,
        const struct slice *expected)
{
    uint32_t function = random_model_function(random, seen->function);

    if (seen->start_ns == expected->start_ns && seen->end_ns == expected->end_ns
        && seen->self_ns == expected->self_ns && function == expected->function
        && seen->depth == expected->depth && seen->flags == expected->flags) {
        return true;
    }
    cr_log_error("start %" PRIu64 " (%" PRIu64 ") end %" PRIu64 " (%" PRIu64
                 ") self %" PRIu64 " (%" PRIu64
                 ") function %u (%u) depth %u (%u) flags %x (%x)",
                 seen->start_ns, expected->start_ns, seen->end_ns,
                 expected->end_ns, seen->self_ns, expected->self_ns, function,
                 expected->function, seen->depth, expected->depth, seen->flags,
                 expected->flags);
    return false;
}

/* Every slice that a block begins, over all blocks, is the next expected one;
 * those from before have been seen. */
static void
check_blocks(struct random_model *random, uint32_t thread)
{
    uint32_t track = random_model_track(random, thread);
    size_t expected_count;
    struct slice *expected =
        oracle_slices(random->oracle, thread, &expected_count);
    size_t next = 0;

    for (size_t block = 0; block < span_block_count(random->model, track);
         block++) {
        const struct slice *slices;
        struct error err = {0};
        size_t count;
        size_t first_new;

        cr_assert(span_block_slices(random->model, track, block,
                                    random->scratch, &slices, &count,
                                    &first_new, &err),
                  "%s", err.message);
        for (size_t i = 0; i < first_new; i++) {
            size_t k = next;

            while (k-- > 0 && expected[k].start_ns != slices[i].start_ns) {
            }
            cr_assert(lt(sz, k, next));
            cr_assert(is_same(random, &slices[i], &expected[k]));
        }
        for (size_t i = first_new; i < count; i++) {
            cr_assert(lt(sz, next, expected_count));
            cr_assert(is_same(random, &slices[i], &expected[next]));
            cr_assert(eq(u32, slices[i].track, track));
            next++;
        }
    }
    cr_assert(eq(sz, next, expected_count));
    free(expected);
}

Test(span_query, gives_every_call_once_and_whole)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (uint32_t i = 0; i < random.oracle->thread_count; i++) {
            check_blocks(&random, i);
        }
        random_model_close(&random);
    }
}

static const struct slice *
find_at(const struct slice *slices, size_t count, uint32_t depth,
        uint64_t time_ns)
{
    for (size_t i = 0; i < count; i++) {
        if (slices[i].depth == depth && slices[i].start_ns <= time_ns
            && slices[i].end_ns > time_ns) {
            return &slices[i];
        }
    }
    return NULL;
}

static const struct slice *
find_next(const struct slice *slices, size_t count, uint32_t depth,
          uint64_t time_ns)
{
    for (size_t i = 0; i < count; i++) {
        if (slices[i].depth == depth && slices[i].start_ns > time_ns) {
            return &slices[i];
        }
    }
    return NULL;
}

static const struct slice *
find_previous(const struct slice *slices, size_t count, uint32_t depth,
              uint64_t time_ns)
{
    for (size_t i = count; i-- > 0;) {
        if (slices[i].depth == depth && slices[i].start_ns < time_ns) {
            return &slices[i];
        }
    }
    return NULL;
}

static void
check_found(const struct random_model *random, bool found,
            const struct slice *seen, const struct slice *expected)
{
    cr_assert(eq(int, found, expected != NULL));
    if (found) {
        cr_assert(is_same(random, seen, expected));
    }
}

/* Random times, among them exact borders of slices, and beyond the end. */
static uint64_t
choose_time(struct random *numbers, const struct slice *slices, size_t count)
{
    const struct slice *slice = &slices[random_below(numbers, count)];
    uint64_t end_ns = slices[0].end_ns + slices[count - 1].end_ns;

    switch (random_below(numbers, 4)) {
    case 0:
        return slice->start_ns;
    case 1:
        return slice->end_ns;
    case 2:
        return slice->end_ns - 1;
    }
    return random_below(numbers, end_ns + 1000);
}

static void
check_searches(struct random_model *random, uint32_t thread)
{
    uint32_t track = random_model_track(random, thread);
    uint32_t depth_end = trace_model_track(random->model, track)->depth + 2;
    size_t count;
    struct slice *slices = oracle_slices(random->oracle, thread, &count);
    struct random numbers = {thread};

    for (unsigned i = 0; i < 300; i++) {
        uint64_t time_ns = choose_time(&numbers, slices, count);
        uint32_t depth = (uint32_t)random_below(&numbers, depth_end);
        struct error err = {0};
        struct slice slice;
        bool found;

        cr_assert(span_at(random->model, track, depth, time_ns, random->scratch,
                          &slice, &found, &err));
        check_found(random, found, &slice,
                    find_at(slices, count, depth, time_ns));
        cr_assert(span_next(random->model, track, depth, time_ns,
                            random->scratch, &slice, &found, &err));
        check_found(random, found, &slice,
                    find_next(slices, count, depth, time_ns));
        cr_assert(span_previous(random->model, track, depth, time_ns,
                                random->scratch, &slice, &found, &err));
        check_found(random, found, &slice,
                    find_previous(slices, count, depth, time_ns));
    }
    free(slices);
}

Test(span_query, finds_what_a_search_of_all_calls_finds)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 1);
        for (uint32_t i = 0; i < random.oracle->thread_count; i++) {
            check_searches(&random, i);
        }
        random_model_close(&random);
    }
}
