// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/scope_profile.h"
#include "profile_oracle.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

enum { SCOPES_PER_TRACE = 6, DEEP_LEVELS = 6000 };

static struct scope_profile
build(const struct random_model *random, const struct trace_scope *scope,
      unsigned thread_count, uint32_t node_max)
{
    struct scope_profile_options options = {.thread_count = thread_count,
                                            .node_max = node_max};
    struct scope_profile profile;
    struct error err = {0};

    cr_assert(
        scope_profile_build(&profile, random->model, scope, &options, &err),
        "%s", err.message);
    return profile;
}

static const char *
name_of(const struct random_model *random, uint32_t function)
{
    return function == PROFILE_OTHER
               ? "other"
               : scope_profile_function(random->model, function)->name;
}

static void
check_order(const struct random_model *random, const struct profile_node *a,
            const struct profile_node *b)
{
    cr_assert(ne(u32, a->function, PROFILE_OTHER));
    if (b->function == PROFILE_OTHER) {
        return;
    }
    cr_assert(ge(u64, a->total_ns, b->total_ns));
    if (a->total_ns == b->total_ns) {
        cr_assert(lt(str, (char *)name_of(random, a->function),
                     (char *)name_of(random, b->function)));
    }
}

/* The shape: children are where their parent says, sorted, and add up. */
static void
check_shape(const struct random_model *random,
            const struct scope_profile *profile)
{
    uint32_t next = 1;

    cr_assert(eq(u32, profile->nodes[0].function, PROFILE_ROOT));
    cr_assert(eq(u64, profile->nodes[0].total_ns, profile->total_ns));
    cr_assert(eq(u64, profile->nodes[0].self_ns, 0));
    for (uint32_t i = 0; i < profile->node_count; i++) {
        const struct profile_node *node = &profile->nodes[i];
        uint64_t sum_ns = node->self_ns;

        cr_assert(eq(u32, node->first_child, next));
        for (uint32_t k = 0; k < node->child_count; k++) {
            const struct profile_node *child = &profile->nodes[next + k];

            cr_assert(eq(u32, child->parent, i));
            cr_assert(eq(u32, child->level, node->level + 1));
            sum_ns += child->total_ns;
            if (k > 0) {
                check_order(random, child - 1, child);
            }
        }
        next += node->child_count;
        cr_assert(le(u64, node->self_ns, node->total_ns));
        cr_assert(eq(u64, sum_ns, node->total_ns));
    }
    cr_assert(eq(u32, next, profile->node_count));
}

/* The oracle's functions from the outermost call down to a node. */
static size_t
path_to(const struct random_model *random, const struct scope_profile *profile,
        uint32_t node, uint32_t *functions)
{
    size_t length = profile->nodes[node].level;

    for (size_t i = length; i-- > 0; node = profile->nodes[node].parent) {
        functions[i] =
            random_model_function(random, profile->nodes[node].function);
    }
    return length;
}

/* Each path of the oracle is a node with its numbers. A node that is none is
 * around calls of no length at the border of the scope. */
static void
check_tree(const struct random_model *random, const struct trace_scope *scope,
           const struct scope_profile *profile)
{
    size_t count;
    struct oracle_path *paths = oracle_paths(random, scope, &count);
    uint32_t *functions = calloc(profile->node_count, sizeof *functions);
    size_t found = 0;

    cr_assert(ne(ptr, functions, NULL));
    for (uint32_t i = 1; i < profile->node_count; i++) {
        const struct profile_node *node = &profile->nodes[i];
        size_t length = path_to(random, profile, i, functions);
        const struct oracle_path *path =
            oracle_path_find(paths, count, functions, length);

        if (path == NULL) {
            cr_assert(eq(u64, node->total_ns + node->call_count, 0));
            cr_assert(gt(u32, node->child_count, 0));
            continue;
        }
        found++;
        cr_assert(eq(u64, node->total_ns, path->total_ns));
        cr_assert(eq(u64, node->call_count, path->call_count));
    }
    cr_assert(eq(sz, found, count));
    free(functions);
    oracle_paths_free(paths, count);
}

static void
check_function(const struct profile_function *seen,
               const struct profile_function *expected, const char *name)
{
    cr_assert(eq(u64, seen->call_count, expected->call_count), "%s", name);
    cr_assert(eq(u64, seen->total_ns, expected->total_ns), "%s", name);
    cr_assert(eq(u64, seen->self_ns, expected->self_ns), "%s", name);
    cr_assert(eq(u64, seen->min_ns, expected->min_ns), "%s", name);
    cr_assert(eq(u64, seen->max_ns, expected->max_ns), "%s", name);
    cr_assert(eq(u64, seen->unfinished_count, expected->unfinished_count), "%s",
              name);
}

static void
check_functions(const struct random_model *random,
                const struct trace_scope *scope,
                const struct scope_profile *profile)
{
    uint64_t call_count = 0;

    for (uint32_t i = 0; i < profile->function_count; i++) {
        struct profile_function expected = oracle_profile_function(
            random, scope, random_model_function(random, i));

        check_function(&profile->functions[i], &expected, name_of(random, i));
        call_count += expected.call_count;
    }
    cr_assert(eq(u64, profile->call_count, call_count));
}

/* What the tree says of functions: self times and calls as they are, total
 * times of nodes with no node of the same function around them. */
static void
check_sums_agree(const struct scope_profile *profile)
{
    struct profile_function *sums =
        calloc(profile->function_count + 1, sizeof *sums);

    cr_assert(ne(ptr, sums, NULL));
    for (uint32_t i = 1; i < profile->node_count; i++) {
        const struct profile_node *node = &profile->nodes[i];
        struct profile_function *sum = &sums[node->function];
        uint32_t around = node->parent;

        while (around != 0
               && profile->nodes[around].function != node->function) {
            around = profile->nodes[around].parent;
        }
        sum->self_ns += node->self_ns;
        sum->call_count += node->call_count;
        sum->total_ns += around == 0 ? node->total_ns : 0;
    }
    for (uint32_t i = 0; i < profile->function_count; i++) {
        cr_assert(eq(u64, sums[i].self_ns, profile->functions[i].self_ns));
        cr_assert(
            eq(u64, sums[i].call_count, profile->functions[i].call_count));
        cr_assert(eq(u64, sums[i].total_ns, profile->functions[i].total_ns));
    }
    free(sums);
}

Test(scope_profile, equals_sums_over_the_clipped_calls)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 70};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < SCOPES_PER_TRACE; i++) {
            struct random_scope choice = {0};
            struct scope_profile profile;

            random_scope_choose(&choice, &random, &numbers);
            profile = build(&random, &choice.scope, (unsigned)i % 4 + 1, 0);
            cr_assert(eq(u32, profile.level_max, UINT32_MAX));
            check_shape(&random, &profile);
            check_tree(&random, &choice.scope, &profile);
            check_functions(&random, &choice.scope, &profile);
            check_sums_agree(&profile);
            scope_profile_release(&profile);
        }
        random_model_close(&random);
    }
}

static void
check_same(const struct scope_profile *a, const struct scope_profile *b)
{
    cr_assert(eq(u32, a->node_count, b->node_count));
    cr_assert(eq(u32, a->level_max, b->level_max));
    cr_assert(eq(u64, a->total_ns, b->total_ns));
    cr_assert(eq(
        int, memcmp(a->nodes, b->nodes, a->node_count * sizeof *a->nodes), 0));
    cr_assert(eq(int,
                 memcmp(a->functions, b->functions,
                        (a->function_count + 1) * sizeof *a->functions),
                 0));
}

/* How many nodes the tree has that is cut at a level. */
static uint32_t
size_at(const struct scope_profile *whole, uint32_t level_max)
{
    uint32_t size = 0;

    for (uint32_t i = 0; i < whole->node_count; i++) {
        const struct profile_node *node = &whole->nodes[i];

        size += node->level <= level_max;
        size += node->level == level_max && node->child_count > 0;
    }
    return size;
}

/* A node of the tree as it is when cut, with its subtree. */
static void
check_cut_node(const struct random_model *random,
               const struct scope_profile *whole, uint32_t place,
               const struct scope_profile *cut, uint32_t cut_place)
{
    const struct profile_node *a = &whole->nodes[place];
    const struct profile_node *b = &cut->nodes[cut_place];

    cr_assert(eq(u32, a->function, b->function));
    cr_assert(eq(u64, a->total_ns, b->total_ns));
    cr_assert(eq(u64, a->self_ns, b->self_ns));
    cr_assert(eq(u64, a->call_count, b->call_count));
    if (b->level == cut->level_max) {
        cr_assert(eq(u32, b->child_count, (uint32_t)(a->child_count > 0)));
        return;
    }
    cr_assert(eq(u32, a->child_count, b->child_count));
    for (uint32_t i = 0; i < a->child_count; i++) {
        check_cut_node(random, whole, a->first_child + i, cut,
                       b->first_child + i);
    }
}

static uint64_t
count_calls(const struct scope_profile *profile)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < profile->node_count; i++) {
        count += profile->nodes[i].call_count;
    }
    return count;
}

static void
check_cut(const struct random_model *random, const struct trace_scope *scope,
          const struct scope_profile *whole, uint32_t node_max)
{
    struct scope_profile cut = build(random, scope, 1, node_max);

    cr_assert(le(u32, cut.node_count, node_max));
    check_shape(random, &cut);
    check_cut_node(random, whole, 0, &cut, 0);
    cr_assert(eq(u64, count_calls(&cut), whole->call_count));
    if (cut.level_max != UINT32_MAX) {
        cr_assert(eq(u32, size_at(whole, cut.level_max), cut.node_count));
        cr_assert(gt(u32, size_at(whole, cut.level_max + 1), node_max));
    } else {
        cr_assert(eq(u32, whole->node_count, cut.node_count));
    }
    for (unsigned threads = 2; threads < 6; threads++) {
        struct scope_profile again = build(random, scope, threads, node_max);

        check_same(&cut, &again);
        scope_profile_release(&again);
    }
    scope_profile_release(&cut);
}

static int
compare_durations(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static void
check_percentile(uint64_t seen, const uint64_t *durations, uint64_t count,
                 uint64_t percent)
{
    uint64_t exact = durations[(count * percent + 99) / 100 - 1];

    cr_assert(le(dbl, fabs((double)seen - (double)exact), 0.02 * (double)exact),
              "%" PRIu64 " is %" PRIu64 " for p%" PRIu64, exact, seen, percent);
}

static void
check_durations(const struct random_model *random,
                const struct trace_scope *scope, uint32_t function,
                const struct duration_facts *facts)
{
    size_t all;
    struct slice *slices = random_scope_slices(random, scope, &all);
    uint64_t *durations = calloc(all + 1, sizeof *durations);
    size_t count = 0;

    cr_assert(ne(ptr, durations, NULL));
    for (size_t i = 0; i < all; i++) {
        if (slices[i].function == random_model_function(random, function)) {
            durations[count++] = slices[i].end_ns - slices[i].start_ns;
        }
    }
    qsort(durations, count, sizeof *durations, compare_durations);
    cr_assert(eq(u64, facts->call_count, count));
    if (count > 0) {
        cr_assert(eq(u64, facts->min_ns, durations[0]));
        cr_assert(eq(u64, facts->max_ns, durations[count - 1]));
        check_percentile(facts->p50_ns, durations, count, 50);
        check_percentile(facts->p95_ns, durations, count, 95);
        check_percentile(facts->p99_ns, durations, count, 99);
    }
    free(durations);
    free(slices);
}

Test(scope_profile, has_percentiles_within_two_percent)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 130};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < SCOPES_PER_TRACE; i++) {
            struct random_scope choice = {0};
            struct scope_profile_options options = {
                .has_no_tree = true,
                .has_durations = true,
                .thread_count = (unsigned)i % 4 + 1,
            };
            struct scope_profile profile;

            random_scope_choose(&choice, &random, &numbers);
            cr_assert(scope_profile_build(&profile, random.model, &choice.scope,
                                          &options, NULL));
            check_functions(&random, &choice.scope, &profile);
            for (uint32_t f = 0; f < profile.function_count; f++) {
                check_durations(&random, &choice.scope, f,
                                &profile.durations[f]);
            }
            scope_profile_release(&profile);
        }
        random_model_close(&random);
    }
}

Test(scope_profile, is_cut_at_the_lowest_level_that_fits)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 90};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < SCOPES_PER_TRACE; i++) {
            struct random_scope choice = {0};
            struct scope_profile whole;

            random_scope_choose(&choice, &random, &numbers);
            whole = build(&random, &choice.scope, 2, 0);
            check_cut(&random, &choice.scope, &whole,
                      (uint32_t)random_below(&numbers, 300) + 2);
            scope_profile_release(&whole);
        }
        random_model_close(&random);
    }
}

/* Where the path of a node leads in another tree; 0 = nowhere. */
static uint32_t
find_place(const struct scope_profile *from, uint32_t node,
           const struct scope_profile *to)
{
    const struct profile_node *parent;
    uint32_t place;

    if (node == 0) {
        return 0;
    }
    place = find_place(from, from->nodes[node].parent, to);
    if (place == 0 && from->nodes[node].level > 1) {
        return 0;
    }
    parent = &to->nodes[place];
    for (uint32_t i = 0; i < parent->child_count; i++) {
        if (to->nodes[parent->first_child + i].function
            == from->nodes[node].function) {
            return parent->first_child + i;
        }
    }
    return 0;
}

static bool
is_at_or_below(const struct scope_profile *profile, uint32_t node,
               uint32_t around)
{
    while (profile->nodes[node].level > profile->nodes[around].level) {
        node = profile->nodes[node].parent;
    }
    return node == around;
}

/* The tree along and below one node is that of the whole. */
static void
check_below(const struct random_model *random, const struct trace_scope *scope,
            const struct scope_profile *whole, uint32_t node)
{
    uint32_t functions[512];
    struct scope_profile_options options = {
        .thread_count = 3,
        .path = functions,
        .path_length = whole->nodes[node].level,
    };
    struct scope_profile below;
    uint32_t expected = 0;

    for (uint32_t i = node; i != 0; i = whole->nodes[i].parent) {
        functions[whole->nodes[i].level - 1] = whole->nodes[i].function;
    }
    cr_assert(
        scope_profile_build(&below, random->model, scope, &options, NULL));
    cr_assert(eq(u64, below.nodes[0].total_ns, whole->total_ns));
    for (uint32_t i = 0; i < whole->node_count; i++) {
        expected +=
            is_at_or_below(whole, i, node) || is_at_or_below(whole, node, i);
    }
    cr_assert(eq(u32, below.node_count, expected));
    for (uint32_t i = 1; i < below.node_count; i++) {
        uint32_t place = find_place(&below, i, whole);

        cr_assert(ne(u32, place, 0));
        cr_assert(
            eq(u64, below.nodes[i].total_ns, whole->nodes[place].total_ns));
        cr_assert(
            eq(u64, below.nodes[i].call_count, whole->nodes[place].call_count));
        if (is_at_or_below(whole, place, node)) {
            cr_assert(
                eq(u64, below.nodes[i].self_ns, whole->nodes[place].self_ns));
        }
    }
    cr_assert(eq(int,
                 memcmp(below.functions, whole->functions,
                        (whole->function_count + 1) * sizeof *below.functions),
                 0));
    scope_profile_release(&below);
}

Test(scope_profile, below_a_path_is_as_in_the_whole)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 110};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < SCOPES_PER_TRACE; i++) {
            struct random_scope choice = {0};
            struct scope_profile whole;

            random_scope_choose(&choice, &random, &numbers);
            whole = build(&random, &choice.scope, 2, 0);
            check_below(&random, &choice.scope, &whole,
                        (uint32_t)random_below(&numbers, whole.node_count));
            scope_profile_release(&whole);
        }
        random_model_close(&random);
    }
}

Test(scope_profile, of_a_whole_trace_equals_the_sums_of_the_model)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct trace_scope scope = trace_scope_whole();
        struct scope_profile_options options = {.has_no_tree = true};
        struct random_model random = {0};
        struct scope_profile passed;
        struct scope_profile known;

        random_model_open(&random, random_model_kind(kind), 2);
        passed = build(&random, &scope, 2, 0);
        cr_assert(
            scope_profile_build(&known, random.model, &scope, &options, NULL));
        cr_assert(eq(ptr, known.nodes, NULL));
        cr_assert(eq(u64, known.total_ns, passed.total_ns));
        cr_assert(eq(u64, known.call_count, passed.call_count));
        for (uint32_t i = 0; i <= known.function_count; i++) {
            check_function(&known.functions[i], &passed.functions[i],
                           scope_profile_function(random.model, i)->name);
        }
        scope_profile_release(&known);
        scope_profile_release(&passed);
        random_model_close(&random);
    }
}

/* The tree of one track alone. */
static struct scope_profile
build_one(const struct random_model *random, const struct trace_scope *scope,
          uint32_t track)
{
    struct trace_scope one = *scope;
    struct scope_profile profile;
    uint8_t tracks[RANDOM_SCOPE_TRACKS_MAX] = {0};

    tracks[track] = scope->tracks == NULL || scope->tracks[track];
    one.tracks = tracks;
    profile = build(random, &one, 1, 0);
    return profile;
}

/* Everything below a node is as below another one. */
static void
check_same_below(const struct scope_profile *a, uint32_t node,
                 const struct scope_profile *b, uint32_t other)
{
    const struct profile_node *left = &a->nodes[node];
    const struct profile_node *right = &b->nodes[other];

    cr_assert(eq(u64, left->total_ns, right->total_ns));
    cr_assert(eq(u64, left->self_ns, right->self_ns));
    cr_assert(eq(u64, left->call_count, right->call_count));
    cr_assert(eq(u32, left->child_count, right->child_count));
    for (uint32_t i = 0; i < left->child_count; i++) {
        cr_assert(eq(u32, a->nodes[left->first_child + i].function,
                     b->nodes[right->first_child + i].function));
        check_same_below(a, left->first_child + i, b, right->first_child + i);
    }
}

/* Along and below one node of a tree with tracks. */
static void
check_path_of_track(const struct random_model *random,
                    const struct trace_scope *scope,
                    const struct scope_profile *apart, uint32_t node)
{
    uint32_t path[512];
    struct scope_profile_options options = {
        .has_tracks = true,
        .thread_count = 2,
        .path = path,
        .path_length = apart->nodes[node].level,
    };
    struct scope_profile below;
    uint32_t place = 0;

    for (uint32_t i = node; i != 0; i = apart->nodes[i].parent) {
        path[apart->nodes[i].level - 1] = apart->nodes[i].function;
    }
    cr_assert(
        scope_profile_build(&below, random->model, scope, &options, NULL));
    cr_assert(eq(u64, below.nodes[0].total_ns, apart->nodes[0].total_ns));
    for (size_t i = 0; i < options.path_length; i++) {
        cr_assert(eq(u32, below.nodes[place].child_count, 1));
        place = below.nodes[place].first_child;
        cr_assert(eq(u32, below.nodes[place].function, path[i]));
    }
    check_same_below(&below, place, apart, node);
    scope_profile_release(&below);
}

static void
check_tracks(const struct random_model *random, const struct trace_scope *scope,
             struct random *numbers)
{
    struct scope_profile_options options = {.has_tracks = true,
                                            .thread_count = 2};
    struct scope_profile whole = build(random, scope, 1, 0);
    struct scope_profile apart;

    cr_assert(
        scope_profile_build(&apart, random->model, scope, &options, NULL));
    cr_assert(eq(u64, apart.nodes[0].total_ns, whole.total_ns));
    cr_assert(eq(u64, apart.nodes[0].self_ns, 0));
    cr_assert(eq(int,
                 memcmp(apart.functions, whole.functions,
                        (whole.function_count + 1) * sizeof *whole.functions),
                 0));
    if (apart.node_count > 1) {
        check_path_of_track(
            random, scope, &apart,
            1 + (uint32_t)random_below(numbers, apart.node_count - 1));
    }
    for (uint32_t i = 1; i <= apart.nodes[0].child_count; i++) {
        uint32_t track = apart.nodes[i].function - PROFILE_TRACK;
        struct scope_profile one = build_one(random, scope, track);

        cr_assert(profile_is_track(apart.nodes[i].function));
        check_same_below(&apart, i, &one, 0);
        scope_profile_release(&one);
    }
    scope_profile_release(&apart);
    scope_profile_release(&whole);
}

Test(scope_profile, tells_tracks_apart)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 130};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < 3; i++) {
            struct random_scope choice = {0};

            random_scope_choose(&choice, &random, &numbers);
            check_tracks(&random, &choice.scope, &numbers);
        }
        random_model_close(&random);
    }
}

/* A function that calls itself, in blocks that list thousands of open calls. */
static char *
make_deep_trace(const char *folder)
{
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function;
    uint32_t thread;

    trace_builder_block_size(builder, 4096);
    function = trace_builder_function(builder, "dive", "/w/dive.py", 1);
    thread = trace_builder_thread(builder, "MainThread");
    for (uint64_t i = 0; i < DEEP_LEVELS; i++) {
        trace_builder_call(builder, thread, function, 1000 + i * 10);
    }
    for (uint64_t i = 0; i < DEEP_LEVELS; i++) {
        trace_builder_return(builder, thread, function,
                             1000 + (DEEP_LEVELS + i) * 10);
    }
    return trace_builder_finish(builder);
}

Test(scope_profile, takes_deep_recursion)
{
    char *folder = temporary_folder_make();
    char *path = make_deep_trace(folder);
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    struct trace_model_options options = {0};
    struct scope_profile profile;

    cr_assert(trace_model_open(&random.model, (const char *const *)&path, 1,
                               &options, NULL));
    profile = build(&random, &scope, 2, 0);
    check_shape(&random, &profile);
    cr_assert(eq(u32, profile.node_count, DEEP_LEVELS + 1));
    for (uint32_t i = 1; i <= DEEP_LEVELS; i++) {
        cr_assert(eq(u32, profile.nodes[i].level, i));
        cr_assert(eq(u64, profile.nodes[i].total_ns,
                     (2 * (uint64_t)(DEEP_LEVELS - i) + 1) * 10));
    }
    cr_assert(eq(u64, profile.functions[0].total_ns, profile.total_ns));
    cr_assert(eq(u64, profile.functions[0].call_count, DEEP_LEVELS));
    cr_assert(eq(u64, profile.functions[0].max_ns, profile.total_ns));
    cr_assert(eq(u64, profile.functions[0].min_ns, 10));
    scope_profile_release(&profile);
    profile = build(&random, &scope, 2, 1000);
    check_shape(&random, &profile);
    cr_assert(eq(u32, profile.node_count, 1000));
    cr_assert(eq(u64, count_calls(&profile), DEEP_LEVELS));
    scope_profile_release(&profile);
    trace_model_close(random.model);
    free(path);
    temporary_folder_remove(folder);
}

static bool
refuse(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done > total;
}

Test(scope_profile, can_be_cancelled)
{
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    struct scope_profile_options options = {.progress = {.report = refuse}};
    struct scope_profile profile = {.node_count = 1};
    struct error err = {0};

    random_model_open(&random, random_model_kind(3), 2);
    cr_assert(not(
        scope_profile_build(&profile, random.model, &scope, &options, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(eq(u32, profile.node_count, 0));
    random_model_close(&random);
}

Test(scope_profile, survives_every_failed_allocation)
{
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    bool has_failed = true;

    random_model_open(&random, random_model_kind(8), 2);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct scope_profile_options options = {
            .has_durations = true, .thread_count = 1, .node_max = 20};
        struct scope_profile profile;
        struct error err = {0};
        bool ok =
            scope_profile_build(&profile, random.model, &scope, &options, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        scope_profile_release(&profile);
    }
    random_model_close(&random);
}
