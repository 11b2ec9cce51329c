// SPDX-License-Identifier: Apache-2.0
#include "profile_oracle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How long a slice lies in the scope; -1 when it does not touch it. */
static int64_t
time_inside(const struct trace_scope *scope, const struct slice *slice)
{
    uint64_t start_ns =
        slice->start_ns > scope->start_ns ? slice->start_ns : scope->start_ns;
    uint64_t end_ns =
        slice->end_ns < scope->end_ns ? slice->end_ns : scope->end_ns;

    if (slice->start_ns == slice->end_ns) {
        return start_ns == slice->start_ns && start_ns < scope->end_ns ? 0 : -1;
    }
    return end_ns > start_ns ? (int64_t)(end_ns - start_ns) : -1;
}

static struct slice *
thread_slices(const struct random_model *random,
              const struct trace_scope *scope, uint32_t thread, size_t *count)
{
    uint32_t track = random_model_track(random, thread);
    struct slice *slices = oracle_slices(random->oracle, thread, count);

    if (scope->tracks != NULL && !scope->tracks[track]) {
        *count = 0;
    }
    return slices;
}

static int
compare_functions(const uint32_t *a, size_t a_length, const uint32_t *b,
                  size_t b_length)
{
    for (size_t i = 0; i < a_length && i < b_length; i++) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return (a_length > b_length) - (a_length < b_length);
}

static int
compare_paths(const void *left, const void *right)
{
    const struct oracle_path *a = left;
    const struct oracle_path *b = right;

    return compare_functions(a->functions, a->length, b->functions, b->length);
}

/* The path of the call that was entered last. */
static struct oracle_path
copy_path(const uint32_t *functions, size_t length, int64_t inside_ns)
{
    struct oracle_path path = {
        .functions = calloc(length, sizeof *functions),
        .length = length,
        .total_ns = (uint64_t)inside_ns,
        .call_count = 1,
    };

    if (path.functions == NULL) {
        abort();
    }
    memcpy(path.functions, functions, length * sizeof *functions);
    return path;
}

static size_t
merge_equal(struct oracle_path *paths, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && compare_paths(&paths[kept - 1], &paths[i]) == 0) {
            paths[kept - 1].total_ns += paths[i].total_ns;
            paths[kept - 1].call_count += paths[i].call_count;
            free(paths[i].functions);
        } else {
            paths[kept++] = paths[i];
        }
    }
    return kept;
}

struct oracle_path *
oracle_paths(const struct random_model *random, const struct trace_scope *scope,
             size_t *count)
{
    size_t call_count = random->oracle->call_count;
    struct oracle_path *paths = calloc(call_count + 1, sizeof *paths);
    uint32_t *open = calloc(call_count + 1, sizeof *open);

    if (paths == NULL || open == NULL) {
        abort();
    }
    *count = 0;
    for (uint32_t thread = 0; thread < random->oracle->thread_count; thread++) {
        size_t slice_count;
        struct slice *slices =
            thread_slices(random, scope, thread, &slice_count);

        for (size_t i = 0; i < slice_count; i++) {
            int64_t inside_ns = time_inside(scope, &slices[i]);

            open[slices[i].depth] = slices[i].function;
            if (inside_ns >= 0) {
                paths[(*count)++] =
                    copy_path(open, slices[i].depth + (size_t)1, inside_ns);
            }
        }
        free(slices);
    }
    free(open);
    qsort(paths, *count, sizeof *paths, compare_paths);
    *count = merge_equal(paths, *count);
    return paths;
}

const struct oracle_path *
oracle_path_find(const struct oracle_path *paths, size_t count,
                 const uint32_t *functions, size_t length)
{
    struct oracle_path key = {.functions = (uint32_t *)functions,
                              .length = length};

    return bsearch(&key, paths, count, sizeof *paths, compare_paths);
}

void
oracle_paths_free(struct oracle_path *paths, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(paths[i].functions);
    }
    free(paths);
}

/* Whether a call around slices[i] is of the same function. */
static bool
is_recursive(const struct slice *slices, size_t i)
{
    uint32_t depth = slices[i].depth;

    for (size_t k = i; k-- > 0 && depth > 0;) {
        if (slices[k].depth < depth) {
            depth = slices[k].depth;
            if (slices[k].function == slices[i].function) {
                return true;
            }
        }
    }
    return false;
}

/* What the calls right below slices[i] take of the scope. */
static uint64_t
callee_time(const struct trace_scope *scope, const struct slice *slices,
            size_t count, size_t i)
{
    uint64_t sum_ns = 0;

    for (size_t k = i + 1; k < count && slices[k].depth > slices[i].depth;
         k++) {
        int64_t inside_ns = time_inside(scope, &slices[k]);

        if (slices[k].depth == slices[i].depth + 1 && inside_ns > 0) {
            sum_ns += (uint64_t)inside_ns;
        }
    }
    return sum_ns;
}

static void
add_call(struct profile_function *sums, const struct trace_scope *scope,
         const struct slice *slices, size_t count, size_t i)
{
    int64_t inside = time_inside(scope, &slices[i]);
    uint64_t inside_ns = (uint64_t)inside;

    if (inside < 0) {
        return;
    }
    sums->call_count++;
    sums->total_ns += is_recursive(slices, i) ? 0 : inside_ns;
    sums->self_ns += inside_ns - callee_time(scope, slices, count, i);
    sums->max_ns = inside_ns > sums->max_ns ? inside_ns : sums->max_ns;
    if (slices[i].flags & SLICE_UNFINISHED) {
        sums->unfinished_count++;
    } else if (inside_ns == slices[i].end_ns - slices[i].start_ns
               && inside_ns < sums->min_ns) {
        sums->min_ns = inside_ns;
    }
}

struct profile_function
oracle_profile_function(const struct random_model *random,
                        const struct trace_scope *scope, uint32_t function)
{
    struct profile_function sums = {.min_ns = UINT64_MAX};

    for (uint32_t thread = 0; thread < random->oracle->thread_count; thread++) {
        size_t count;
        struct slice *slices = thread_slices(random, scope, thread, &count);

        for (size_t i = 0; i < count; i++) {
            if (slices[i].function == function) {
                add_call(&sums, scope, slices, count, i);
            }
        }
        free(slices);
    }
    if (sums.min_ns == UINT64_MAX) {
        sums.min_ns = 0;
    }
    return sums;
}
