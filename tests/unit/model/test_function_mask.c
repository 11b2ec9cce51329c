// SPDX-License-Identifier: Apache-2.0
/* Which blocks a mask leaves out, against the slices of every block. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "base/error.h"
#include "model/function_mask.h"
#include "random_model.h"
#include "support/failing_malloc.h"

/* Pairs of a block and a function, by what holds of them. */
struct tally {
    size_t touched;
    size_t untouched;
    size_t left_out; /* of the untouched ones */
};

/* Mark the functions of a block; the last byte is the unknown one's. */
static void
mark_functions(const struct random_model *random, uint32_t track, size_t block,
               uint8_t *functions)
{
    uint32_t count = trace_model_function_count(random->model);
    const struct slice *slices;
    size_t slice_count;
    size_t first_new;
    struct error err = {0};

    for (uint32_t i = 0; i <= count; i++) {
        functions[i] = 0;
    }
    cr_assert(span_block_slices(random->model, track, block, random->scratch,
                                &slices, &slice_count, &first_new, &err));
    for (size_t i = 0; i < slice_count; i++) {
        functions[slices[i].function < count ? slices[i].function : count] = 1;
    }
}

static void
check_block(const struct random_model *random, uint32_t track, size_t block,
            const struct function_mask *masks, struct tally *tally)
{
    uint32_t count = trace_model_function_count(random->model);
    uint8_t *functions = calloc(count + 1, 1);

    cr_assert(ne(ptr, functions, NULL));
    mark_functions(random, track, block, functions);
    for (uint32_t i = 0; i <= count; i++) {
        bool may = function_mask_may_touch(&masks[i], track, block);

        cr_assert(may || functions[i] == 0, "function %u, track %u, block %zu",
                  i, track, block);
        tally->touched += functions[i] != 0;
        tally->untouched += functions[i] == 0;
        tally->left_out += !may;
    }
    free(functions);
}

static struct tally
check_model(const struct random_model *random)
{
    uint32_t count = trace_model_function_count(random->model);
    size_t track_count = trace_model_track_count(random->model);
    struct function_mask *masks = calloc(count + 1, sizeof *masks);
    struct tally tally = {0};
    struct error err = {0};

    cr_assert(ne(ptr, masks, NULL));
    for (uint32_t i = 0; i <= count; i++) {
        cr_assert(function_mask_make_one(&masks[i], random->model,
                                         i < count ? i : UINT32_MAX, &err));
    }
    for (uint32_t track = 0; track < track_count; track++) {
        size_t blocks = span_block_count(random->model, track);

        for (size_t i = 0; i < blocks; i++) {
            check_block(random, track, i, masks, &tally);
        }
    }
    for (uint32_t i = 0; i <= count; i++) {
        function_mask_release(&masks[i]);
    }
    free(masks);
    return tally;
}

Test(function_mask, leaves_out_no_block_with_such_a_call)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        cr_assert(gt(sz, check_model(&random).touched, 0));
        random_model_close(&random);
    }
}

/* Each function has a bit of its own in a block of many calls: in all but the
 * last one. */
Test(function_mask, leaves_out_all_other_blocks_of_many_calls)
{
    const struct trace_random_options options = {.seed = 3,
                                                 .calls_per_thread = 4000,
                                                 .function_count = 300,
                                                 .block_size = 4096};
    struct random_model random = {0};
    struct tally tally;

    random_model_open(&random, &options, 2);
    tally = check_model(&random);
    cr_assert(gt(sz, tally.untouched, 1000));
    cr_assert(ge(sz, tally.left_out, tally.untouched - 300));
    random_model_close(&random);
}

Test(function_mask, leaves_out_most_blocks_when_functions_share_bits)
{
    const struct trace_random_options many_functions = {
        .seed = 4, .calls_per_thread = 1200, .function_count = 9000};
    const struct trace_random_options small_blocks = {.seed = 5,
                                                      .calls_per_thread = 1500,
                                                      .function_count = 300,
                                                      .block_size = 512};
    const struct trace_random_options *cases[] = {&many_functions,
                                                  &small_blocks};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct random_model random = {0};
        struct tally tally;

        random_model_open(&random, cases[i], 2);
        tally = check_model(&random);
        cr_assert(gt(sz, tally.touched, 0));
        cr_assert(gt(sz, tally.left_out, tally.untouched / 10 * 6));
        random_model_close(&random);
    }
}

Test(function_mask, of_many_functions_is_that_of_each)
{
    struct random_model random = {0};
    struct function_mask all;
    struct function_mask none;
    struct error err = {0};
    uint8_t *functions;

    random_model_open(&random, random_model_kind(3), 2);
    functions = calloc(trace_model_function_count(random.model) + 1, 1);
    cr_assert(ne(ptr, functions, NULL));
    cr_assert(function_mask_make(&none, random.model, functions, &err));
    for (uint32_t i = 0; i < trace_model_function_count(random.model); i++) {
        functions[i] = 1;
    }
    cr_assert(function_mask_make(&all, random.model, functions, &err));
    for (size_t i = 0; i < span_block_count(random.model, 0); i++) {
        cr_assert(function_mask_may_touch(&all, 0, i));
        cr_assert(not(function_mask_may_touch(&none, 0, i)));
    }
    function_mask_release(&all);
    function_mask_release(&none);
    free(functions);
    random_model_close(&random);
}

Test(function_mask, reports_that_there_is_no_memory)
{
    struct random_model random = {0};
    struct function_mask mask;
    struct error err = {0};

    random_model_open(&random, random_model_kind(0), 1);
    if (failing_malloc_arm(0)) {
        bool ok = function_mask_make_one(&mask, random.model, 0, &err);

        cr_assert(failing_malloc_disarm());
        cr_assert(not(ok));
        cr_assert(eq(int, err.code, ERROR_NO_MEMORY));
        function_mask_release(&mask);
    }
    random_model_close(&random);
}
