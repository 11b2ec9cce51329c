// SPDX-License-Identifier: Apache-2.0
/* Who called whom, against a look at all calls of random traces. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"
#include "model/call_edges.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

enum { FUNCTIONS_MAX = 256, DEPTH_MAX = 512 };

static const struct slice_scan_options options = {.thread_count = 2};

/* One byte for each pair of functions of the oracle. */
static void
find_pairs(const struct random_model *random,
           uint8_t pairs[FUNCTIONS_MAX][FUNCTIONS_MAX])
{
    struct trace_scope whole = trace_scope_whole();
    uint32_t open[DEPTH_MAX];
    size_t count;
    struct slice *slices = random_scope_slices(random, &whole, &count);

    for (size_t i = 0; i < count; i++) {
        const struct slice *slice = &slices[i];

        cr_assert(lt(u32, slice->depth, DEPTH_MAX));
        open[slice->depth] = slice->function;
        if (slice->depth > 0 && slice->function < FUNCTIONS_MAX
            && open[slice->depth - 1] < FUNCTIONS_MAX) {
            pairs[open[slice->depth - 1]][slice->function] = 1;
        }
    }
    free(slices);
}

Test(call_edges, are_those_that_a_look_at_all_calls_finds)
{
    static uint8_t pairs[FUNCTIONS_MAX][FUNCTIONS_MAX];

    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random;
        struct call_edges edges;
        struct error err = {0};
        size_t expected = 0;
        size_t seen = 0;

        memset(pairs, 0, sizeof pairs);
        random_model_open(&random, random_model_kind(kind), 2);
        find_pairs(&random, pairs);
        for (size_t i = 0; i < sizeof pairs; i++) {
            expected += ((const uint8_t *)pairs)[i];
        }
        cr_assert(call_edges_find(&edges, random.model, &options, &err), "%s",
                  err.message);
        cr_assert(eq(sz, edges.count, expected));
        for (uint32_t f = 0; f < trace_model_function_count(random.model);
             f++) {
            for (uint32_t callee = 0; call_edges_next(&edges, f, &callee);
                 callee++) {
                cr_assert(pairs[random_model_function(&random, f)]
                               [random_model_function(&random, callee)]
                          == 1);
                seen++;
            }
        }
        cr_assert(eq(sz, seen, edges.count));
        call_edges_release(&edges);
        random_model_close(&random);
    }
}

/* More than a bit for each pair is for. */
Test(call_edges, of_many_functions_are_listed)
{
    enum { MANY = 12000, STEP = 7 };
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_model *model = NULL;
    struct call_edges edges;
    struct error err = {0};
    uint32_t thread;
    uint32_t *functions = calloc(MANY, sizeof *functions);
    uint64_t now = 10;
    char *path;
    size_t seen = 0;

    for (uint32_t f = 0; f < MANY; f++) {
        char name[16];

        snprintf(name, sizeof name, "f%u", f);
        functions[f] = trace_builder_function(builder, name, "/a.py", f + 1);
    }
    thread = trace_builder_thread(builder, "main");
    for (uint32_t f = 0; f < MANY; f++) {
        uint32_t callee = functions[(uint64_t)f * STEP % MANY];

        trace_builder_call(builder, thread, functions[f], now++);
        trace_builder_call(builder, thread, callee, now++);
        trace_builder_return(builder, thread, callee, now++);
        trace_builder_return(builder, thread, functions[f], now++);
    }
    path = trace_builder_finish(builder);
    cr_assert(
        trace_model_open(&model, (const char *const *)&path, 1, NULL, &err));
    cr_assert(call_edges_find(&edges, model, &options, &err), "%s",
              err.message);
    cr_assert(zero(ptr, edges.words));
    cr_assert(eq(sz, edges.count, MANY));
    for (uint32_t f = 0; f < MANY; f++) {
        uint32_t line = trace_model_function(model, f)->line;
        uint32_t callee = 0;

        while (call_edges_next(&edges, f, &callee)) {
            cr_assert(eq(u32, trace_model_function(model, callee)->line,
                         (line - 1) * STEP % MANY + 1));
            callee++;
            seen++;
        }
    }
    cr_assert(eq(sz, seen, MANY));
    call_edges_release(&edges);
    trace_model_close(model);
    free(functions);
    free(path);
    temporary_folder_remove(folder);
}

Test(call_edges, survive_every_failed_allocation)
{
    struct random_model random;
    bool has_failed = true;

    random_model_open(&random, random_model_kind(1), 1);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        const struct slice_scan_options alone = {.thread_count = 1};
        struct call_edges edges;
        struct error err = {0};
        bool ok = call_edges_find(&edges, random.model, &alone, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        call_edges_release(&edges);
    }
    random_model_close(&random);
}
