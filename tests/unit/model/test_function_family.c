// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/function_family.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

enum { FUNCTIONS_PER_TRACE = 4, PATH_MAX_LENGTH = 1024 };

/* The own time of one call (or, of a call of the function, that it was called),
 * on the path of functions from the function on. */
struct moment {
    uint32_t *path; /* oracle's functions */
    size_t length;
    uint64_t self_ns;
    uint64_t call_count;
};

struct moments {
    struct moment *items;
    size_t count;
};

/* What brute force says of a function. */
struct expected {
    struct moments callers;
    struct moments callees;
    uint64_t call_count;
    double sum;
    double squares;
};

static int64_t
time_inside(const struct trace_scope *scope, const struct slice *slice)
{
    uint64_t start_ns;
    uint64_t end_ns;

    return trace_scope_clip(scope, slice, &start_ns, &end_ns)
               ? (int64_t)(end_ns - start_ns)
               : -1;
}

static uint64_t
self_inside(const struct trace_scope *scope, const struct slice *slices,
            size_t count, size_t i)
{
    int64_t self_ns = time_inside(scope, &slices[i]);

    self_ns = self_ns < 0 ? 0 : self_ns;
    for (size_t k = i + 1; k < count && slices[k].depth > slices[i].depth;
         k++) {
        int64_t inside_ns = time_inside(scope, &slices[k]);

        if (slices[k].depth == slices[i].depth + 1 && inside_ns > 0) {
            self_ns -= inside_ns;
        }
    }
    return (uint64_t)self_ns;
}

static void
add_moment(struct moments *moments, const uint32_t *stack, size_t from,
           size_t to, uint64_t self_ns, uint64_t call_count)
{
    bool is_upward = to < from;
    size_t length = (is_upward ? from - to : to - from) + 1;
    struct moment *moment = &moments->items[moments->count++];

    *moment = (struct moment){
        .path = calloc(length, sizeof *moment->path),
        .length = length,
        .self_ns = self_ns,
        .call_count = call_count,
    };
    cr_assert(ne(ptr, moment->path, NULL));
    for (size_t i = 0; i < length; i++) {
        moment->path[i] = stack[is_upward ? from - i : from + i];
    }
}

static void
add_slice(struct expected *all, const struct trace_scope *scope,
          const struct slice *slices, size_t count, size_t i,
          const uint32_t *stack, uint32_t function)
{
    size_t depth = slices[i].depth;
    size_t last = depth + 1;
    uint64_t self_ns = self_inside(scope, slices, count, i);
    bool is_inside = time_inside(scope, &slices[i]) >= 0;
    double duration = (double)(slices[i].end_ns - slices[i].start_ns);

    while (last > 0 && stack[last - 1] != function) {
        last--;
    }
    if (last == 0 || !is_inside) {
        return;
    }
    last--;
    add_moment(&all->callers, stack, last, 0, self_ns, last == depth);
    add_moment(&all->callees, stack, last, depth, self_ns, 1);
    if (last == depth) {
        all->call_count++;
        all->sum += duration;
        all->squares += duration * duration;
    }
}

static void
free_moments(struct moments *moments)
{
    for (size_t i = 0; i < moments->count; i++) {
        free(moments->items[i].path);
    }
    free(moments->items);
}

static void
look_at_all(struct expected *all, const struct random_model *random,
            const struct trace_scope *scope, uint32_t function)
{
    size_t call_count = random->oracle->call_count + 1;
    uint32_t *stack = calloc(call_count, sizeof *stack);

    *all = (struct expected){0};
    all->callers.items = calloc(call_count, sizeof *all->callers.items);
    all->callees.items = calloc(call_count, sizeof *all->callees.items);
    cr_assert(ne(ptr, stack, NULL));
    for (uint32_t thread = 0; thread < random->oracle->thread_count; thread++) {
        uint32_t track = random_model_track(random, thread);
        size_t count;
        struct slice *slices = oracle_slices(random->oracle, thread, &count);

        for (size_t i = 0; i < count && trace_scope_has_track(scope, track);
             i++) {
            stack[slices[i].depth] = slices[i].function;
            add_slice(all, scope, slices, count, i, stack, function);
        }
        free(slices);
    }
    free(stack);
}

static bool
begins_with(const struct moment *moment, const uint32_t *path, size_t length)
{
    return moment->length >= length
           && memcmp(moment->path, path, length * sizeof *path) == 0;
}

/* Each node has the time of all moments that go through it, the rest of its
 * children's is that of those that end there; so none is anywhere else. */
static void
check_node(const struct random_model *random,
           const struct scope_profile *profile, uint32_t index,
           const struct moments *moments, bool is_upward)
{
    const struct profile_node *node = &profile->nodes[index];
    uint32_t path[PATH_MAX_LENGTH];
    size_t length = node->level;
    struct moment through = {0};
    struct moment ending = {0};
    uint32_t place = index;

    cr_assert(le(sz, length, PATH_MAX_LENGTH));
    for (size_t i = length; i-- > 0; place = profile->nodes[place].parent) {
        path[i] = random_model_function(random, profile->nodes[place].function);
    }
    for (size_t i = 0; i < moments->count; i++) {
        if (begins_with(&moments->items[i], path, length)) {
            bool is_end = moments->items[i].length == length;

            through.self_ns += moments->items[i].self_ns;
            through.call_count += moments->items[i].call_count;
            ending.self_ns += is_end ? moments->items[i].self_ns : 0;
            ending.call_count += is_end ? moments->items[i].call_count : 0;
        }
    }
    cr_assert(eq(u64, node->total_ns, through.self_ns), "node %u", index);
    cr_assert(eq(u64, node->self_ns, ending.self_ns), "node %u", index);
    cr_assert(eq(u64, node->call_count,
                 is_upward ? through.call_count : ending.call_count),
              "node %u", index);
}

static void
check_tree(const struct random_model *random,
           const struct scope_profile *profile, const struct moments *moments,
           bool is_upward)
{
    uint64_t all_ns = 0;

    for (size_t i = 0; i < moments->count; i++) {
        all_ns += moments->items[i].self_ns;
    }
    cr_assert(eq(u64, profile->nodes[0].total_ns, all_ns));
    cr_assert(le(u32, profile->nodes[0].child_count, 1));
    cr_assert(eq(u32, profile->level_max, UINT32_MAX));
    for (uint32_t i = 1; i < profile->node_count; i++) {
        check_node(random, profile, i, moments, is_upward);
    }
}

/* The longest call that lies in each part of the time. */
static void
check_times(const struct random_model *random, const struct trace_scope *scope,
            uint32_t function, const struct function_family *family)
{
    uint64_t longest[FAMILY_TIMES] = {0};
    size_t count;
    struct slice *slices = random_scope_slices(random, scope, &count);

    for (size_t i = 0; i < count; i++) {
        uint64_t start_ns;
        uint64_t end_ns;
        uint64_t duration_ns = slices[i].end_ns - slices[i].start_ns;

        if (slices[i].function != function
            || !trace_scope_clip(scope, &slices[i], &start_ns, &end_ns)) {
            continue;
        }
        for (size_t part = 0; part < FAMILY_TIMES; part++) {
            uint64_t part_ns = family->first_ns + part * family->part_ns;
            bool is_in = start_ns < part_ns + family->part_ns
                         && (end_ns > part_ns || start_ns >= part_ns);

            if (is_in && duration_ns > longest[part]) {
                longest[part] = duration_ns;
            }
        }
    }
    for (size_t part = 0; part < FAMILY_TIMES; part++) {
        cr_assert(eq(u64, family->longest_ns[part], longest[part]), "part %zu",
                  part);
    }
    free(slices);
}

static void
check_durations(const struct function_family *family,
                const struct expected *all)
{
    double count = (double)all->call_count;
    double mean = all->call_count == 0 ? 0 : all->sum / count;
    double variance =
        all->call_count == 0 ? 0 : all->squares / count - mean * mean;

    cr_assert(eq(u64, family->call_count, all->call_count));
    cr_assert(le(dbl, fabs(family->mean_ns - mean), 1e-9 * mean));
    cr_assert(le(dbl,
                 fabs(family->deviation_ns - sqrt(variance > 0 ? variance : 0)),
                 1e-5 * mean));
}

static struct function_family
find(const struct random_model *random, const struct trace_scope *scope,
     uint32_t function, uint32_t node_max, unsigned thread_count)
{
    const struct function_family_options options = {
        .node_max = node_max, .thread_count = thread_count};
    struct function_family family;
    struct error err = {0};

    cr_assert(function_family_find(&family, random->model, scope, function,
                                   &options, &err),
              "%s", err.message);
    return family;
}

static void
check_function(const struct random_model *random, struct random *numbers)
{
    uint32_t function = (uint32_t)random_below(
        numbers, trace_model_function_count(random->model));
    uint32_t of_oracle = random_model_function(random, function);
    struct random_scope choice = {0};
    struct function_family family;
    struct expected all;

    random_scope_choose(&choice, random, numbers);
    look_at_all(&all, random, &choice.scope, of_oracle);
    family = find(random, &choice.scope, function, 0,
                  (unsigned)random_below(numbers, 4) + 1);
    check_tree(random, &family.callers, &all.callers, true);
    check_tree(random, &family.callees, &all.callees, false);
    check_durations(&family, &all);
    check_times(random, &choice.scope, of_oracle, &family);
    function_family_release(&family);
    free_moments(&all.callers);
    free_moments(&all.callees);
}

Test(function_family, equals_a_walk_over_all_calls)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 7};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < FUNCTIONS_PER_TRACE; i++) {
            check_function(&random, &numbers);
        }
        random_model_close(&random);
    }
}

static void
check_same(const struct scope_profile *a, const struct scope_profile *b)
{
    cr_assert(eq(u32, a->node_count, b->node_count));
    cr_assert(eq(u32, a->level_max, b->level_max));
    cr_assert(eq(
        int, memcmp(a->nodes, b->nodes, a->node_count * sizeof *a->nodes), 0));
}

/* A cut tree has the nodes of the whole one down to its level. */
static void
check_cut(const struct scope_profile *whole, uint32_t place,
          const struct scope_profile *cut, uint32_t cut_place)
{
    const struct profile_node *a = &whole->nodes[place];
    const struct profile_node *b = &cut->nodes[cut_place];

    cr_assert(eq(u64, a->total_ns, b->total_ns));
    cr_assert(eq(u64, a->self_ns, b->self_ns));
    cr_assert(eq(u64, a->call_count, b->call_count));
    if (b->level == cut->level_max) {
        cr_assert(eq(u32, b->child_count, (uint32_t)(a->child_count > 0)));
        return;
    }
    cr_assert(eq(u32, a->child_count, b->child_count));
    for (uint32_t i = 0; i < a->child_count; i++) {
        check_cut(whole, a->first_child + i, cut, b->first_child + i);
    }
}

Test(function_family, does_not_depend_on_threads_or_on_its_size)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 70};
        struct random_model random = {0};
        struct random_scope choice = {0};
        struct function_family whole;
        uint32_t function;
        uint32_t node_max = 3 + (uint32_t)random_below(&numbers, 60);

        random_model_open(&random, random_model_kind(kind), 2);
        random_scope_choose(&choice, &random, &numbers);
        function = (uint32_t)random_below(
            &numbers, trace_model_function_count(random.model));
        whole = find(&random, &choice.scope, function, 0, 1);
        for (unsigned threads = 1; threads < 5; threads++) {
            struct function_family cut =
                find(&random, &choice.scope, function, node_max, threads);
            struct function_family same =
                find(&random, &choice.scope, function, 0, threads);

            cr_assert(le(u32, cut.callers.node_count, node_max));
            cr_assert(le(u32, cut.callees.node_count, node_max));
            check_cut(&whole.callers, 0, &cut.callers, 0);
            check_cut(&whole.callees, 0, &cut.callees, 0);
            check_same(&whole.callers, &same.callers);
            check_same(&whole.callees, &same.callees);
            cr_assert(eq(dbl, whole.deviation_ns, same.deviation_ns));
            function_family_release(&cut);
            function_family_release(&same);
        }
        function_family_release(&whole);
        random_model_close(&random);
    }
}

/* Squares of such durations do not fit into 64 bits. */
Test(function_family, has_the_deviation_of_long_calls)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function = trace_builder_function(builder, "f", "/w/a.py", 1);
    uint32_t thread = trace_builder_thread(builder, "MainThread");
    struct random_model random = {0};
    struct function_family family;
    const struct trace_scope scope = trace_scope_whole();
    char *path;

    trace_builder_call(builder, thread, function, 1000);
    trace_builder_return(builder, thread, function, 1000 + 5000000000u);
    trace_builder_call(builder, thread, function, 6000000000u);
    trace_builder_return(builder, thread, function, 21000000000u);
    path = trace_builder_finish(builder);
    cr_assert(trace_model_open(&random.model, (const char *const *)&path, 1,
                               &(struct trace_model_options){0}, NULL));
    family = find(&random, &scope, 0, 0, 1);
    cr_assert(le(dbl, fabs(family.mean_ns - 10e9), 1));
    cr_assert(le(dbl, fabs(family.deviation_ns - 5e9), 1));
    function_family_release(&family);
    trace_model_close(random.model);
    free(path);
    temporary_folder_remove(folder);
}

Test(function_family, says_when_there_is_no_memory)
{
    struct random_model random = {0};
    const struct trace_scope scope = trace_scope_whole();
    bool has_failed = true;

    random_model_open(&random, random_model_kind(3), 2);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        const struct function_family_options options = {.node_max = 20,
                                                        .thread_count = 1};
        struct function_family family;
        struct error err = {0};
        bool is_ok = function_family_find(&family, random.model, &scope, 0,
                                          &options, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, is_ok, !has_failed));
        cr_assert(eq(int, err.code, is_ok ? ERROR_NONE : ERROR_NO_MEMORY));
        function_family_release(&family);
    }
    random_model_close(&random);
}
