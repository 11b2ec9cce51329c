// SPDX-License-Identifier: Apache-2.0
/* What a search finds against a look at every call of the oracle. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/search_query.h"
#include "model/slice_hits.h"
#include "model/slice_step.h"
#include "model/trace_scope.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

enum { COLUMNS = 50, TEXT_SIZE = 256 };

static const struct progress no_progress;

/* What a query asks, to be asked again by other means. */
struct wish {
    char text[TEXT_SIZE];
    char last;     /* of the name; 0 = any */
    char not_last; /* likewise */
    uint64_t least_ns;
    uint64_t most_self_ns;
    uint64_t start_ns;
    uint64_t end_ns;
    uint64_t tid; /* 0 = any */
};

static void
append(struct wish *wish, const char *term)
{
    size_t used = strlen(wish->text);

    (void)snprintf(wish->text + used, sizeof wish->text - used, "%s%s",
                   used == 0 ? "" : " ", term);
}

static void
wish_for_names(struct wish *wish, struct random *numbers)
{
    char term[TEXT_SIZE];

    if (random_permille(numbers, 600)) {
        wish->last = (char)('0' + random_below(numbers, 10));
        (void)snprintf(term, sizeof term, "%c$", wish->last);
        append(wish, term);
    } else if (random_permille(numbers, 500)) {
        wish->not_last = (char)('0' + random_below(numbers, 10));
        (void)snprintf(term, sizeof term, "!%c$", wish->not_last);
        append(wish, term);
    }
}

/* Often the figures of a call that is there. */
static void
wish_for_times(struct wish *wish, const struct slice *like,
               struct random *numbers)
{
    char term[TEXT_SIZE];

    wish->most_self_ns = UINT64_MAX;
    wish->end_ns = UINT64_MAX;
    if (random_permille(numbers, 400)) {
        wish->least_ns = like->end_ns - like->start_ns;
        (void)snprintf(term, sizeof term, "dur>=%lu", wish->least_ns);
        append(wish, term);
    }
    if (random_permille(numbers, 300)) {
        wish->most_self_ns = like->self_ns;
        (void)snprintf(term, sizeof term, "self<=%luns", wish->most_self_ns);
        append(wish, term);
    }
    if (random_permille(numbers, 300)) {
        wish->start_ns = like->start_ns;
        wish->end_ns = like->end_ns + 1;
        (void)snprintf(term, sizeof term, "ts:%luns..%luns", wish->start_ns,
                       wish->end_ns);
        append(wish, term);
    }
}

static void
wish_for_thread(struct wish *wish, const struct trace_model *model,
                struct random *numbers)
{
    uint32_t track =
        (uint32_t)random_below(numbers, trace_model_track_count(model));
    char term[TEXT_SIZE];

    if (random_permille(numbers, 300)) {
        wish->tid = trace_model_track(model, track)->thread_id;
        (void)snprintf(term, sizeof term, "tid:%lu", wish->tid);
        append(wish, term);
    }
}

static bool
is_wished(const struct wish *wish, const struct random_model *random,
          const struct slice *slice)
{
    uint64_t duration_ns = slice->end_ns - slice->start_ns;
    const char *name = random->oracle->functions[slice->function].name;
    char last = name[strlen(name) - 1];
    /* a call of no length lies where it starts */
    uint64_t end_ns = duration_ns == 0 ? slice->end_ns + 1 : slice->end_ns;

    return (wish->last == 0 || wish->last == last)
           && (wish->not_last == 0 || wish->not_last != last)
           && duration_ns >= wish->least_ns
           && slice->self_ns <= wish->most_self_ns
           && slice->start_ns < wish->end_ns && end_ns > wish->start_ns
           && (wish->tid == 0
               || trace_model_track(random->model, slice->track)->thread_id
                      == wish->tid);
}

/* From the first hit to the last one, a step each. */
static uint64_t
walk(const struct random_model *random, const struct slice_hit_set *set,
     const uint32_t *block_counts)
{
    struct slice_step_request request = {
        .set = *set, .block_counts = block_counts, .is_inclusive = true};
    struct slice_step_result result;
    uint64_t count = 0;

    for (;;) {
        cr_assert(slice_step(random->model, &request, &no_progress,
                             random->scratch, &result, NULL));
        if (!result.found) {
            return count;
        }
        request.from = result.place;
        request.is_inclusive = false;
        count++;
    }
}

static void
check(const struct random_model *random, const struct wish *wish,
      uint64_t expected)
{
    uint32_t function_count = trace_model_function_count(random->model);
    struct slice_hits_request request = {
        .window_end_ns = 1,
        .grid = {.column_ns = 1000, .column_count = COLUMNS},
    };
    struct search_query *query;
    struct slice_hits hits;
    struct error err = {0};

    cr_assert(search_query_make(&query, random->model, wish->text,
                                NAME_PATTERN_REGEX, &err),
              "%s: %s", wish->text, err.message);
    request.set = (struct slice_hit_set){
        .functions = query->bound.functions,
        .function_count = function_count,
        .track = UINT32_MAX,
        .query = &query->bound,
    };
    cr_assert(
        slice_hits_count(random->model, &request, &no_progress, &hits, NULL));
    cr_assert(eq(u64, hits.count, expected), "%s", wish->text);
    if (expected < 40) {
        cr_assert(eq(u64, walk(random, &request.set, NULL), expected), "%s",
                  wish->text);
        cr_assert(
            eq(u64, walk(random, &request.set, hits.block_counts), expected),
            "%s", wish->text);
    }
    slice_hits_release(&hits);
    search_query_drop(query);
}

Test(search_query, finds_what_a_look_at_each_call_finds)
{
    struct random numbers = {3};

    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random_model random = {0};
        struct trace_scope whole = trace_scope_whole();
        struct slice *slices;
        size_t count;

        random_model_open(&random, random_model_kind(kind), 2);
        slices = random_scope_slices(&random, &whole, &count);
        for (int turn = 0; turn < 12 && count > 0; turn++) {
            struct wish wish = {0};
            uint64_t expected = 0;

            wish_for_names(&wish, &numbers);
            wish_for_times(&wish, &slices[random_below(&numbers, count)],
                           &numbers);
            wish_for_thread(&wish, random.model, &numbers);
            for (size_t i = 0; i < count; i++) {
                expected += is_wished(&wish, &random, &slices[i]);
            }
            check(&random, &wish, expected);
        }
        free(slices);
        random_model_close(&random);
    }
}

/* Calls number 1, 2, ... with their number as an argument. */
static char *
write_numbered_calls(const char *folder, unsigned count)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function =
        trace_builder_function(builder, "render", "/w/app.py", 3);
    uint32_t thread;

    thread = trace_builder_thread(builder, "MainThread");
    for (unsigned i = 1; i <= count; i++) {
        char args[TEXT_SIZE];

        (void)snprintf(args, sizeof args, "{\"func_args\": {\"n\": \"x%u\"}}",
                       i % 10);
        trace_builder_call_with(builder, thread, function, args, i * 100);
        trace_builder_return(builder, thread, function, i * 100 + i % 7 + 1);
    }
    return trace_builder_finish(builder);
}

Test(search_query, finds_calls_by_their_arguments)
{
    enum { CALLS = 3000 };
    char *folder = temporary_folder_make();
    char *path = write_numbered_calls(folder, CALLS);
    struct random_model random = {0};
    const struct trace_model_options options = {.thread_count = 2};
    struct wish wish = {0};
    struct error err = {0};
    uint64_t expected = 0;

    cr_assert(trace_model_open(&random.model, (const char *const[]){path}, 1,
                               &options, &err));
    cr_assert(span_scratch_new(&random.scratch, &err));
    append(&wish, "render");
    append(&wish, "arg:n=^x3$");
    check(&random, &wish, CALLS / 10);
    append(&wish, "dur>=5");
    for (unsigned i = 1; i <= CALLS; i++) {
        expected += i % 10 == 3 && i % 7 + 1 >= 5;
    }
    check(&random, &wish, expected);
    span_scratch_free(random.scratch);
    trace_model_close(random.model);
    temporary_folder_remove(folder);
    free(path);
}
