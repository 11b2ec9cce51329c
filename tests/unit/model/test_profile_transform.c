// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/profile_transform.h"
#include "random_model.h"
#include "random_scope.h"
#include "stack_oracle.h"
#include "support/failing_malloc.h"
#include "support/random.h"

enum { CHAINS_PER_TRACE = 6, CHAIN_MAX = 4, PATH_MAX_LENGTH = 512 };

static struct scope_profile
build(const struct random_model *random, const struct trace_scope *scope,
      uint32_t node_max)
{
    struct scope_profile_options options = {.thread_count = 1,
                                            .node_max = node_max};
    struct scope_profile profile;

    cr_assert(
        scope_profile_build(&profile, random->model, scope, &options, NULL));
    return profile;
}

static void
apply(struct scope_profile *out, const struct scope_profile *from,
      const struct random_model *random,
      const struct profile_transform *transforms, size_t count,
      uint32_t node_max)
{
    struct profile_transform_options options = {.node_max = node_max};
    struct error err = {0};

    cr_assert(profile_transform_apply(out, from, random->model, transforms,
                                      count, &options, &err),
              "%s", err.message);
}

/* The functions from the root down to a node. */
static size_t
path_to(const struct scope_profile *profile, uint32_t node, uint32_t *path)
{
    size_t length = profile->nodes[node].level;

    for (size_t i = length; i-- > 0; node = profile->nodes[node].parent) {
        path[i] = profile->nodes[node].function;
    }
    return length;
}

/* Children are where their parent says, ordered, and add up. */
static void
check_shape(const struct scope_profile *profile)
{
    uint32_t next = 1;

    cr_assert(eq(u64, profile->nodes[0].total_ns, profile->total_ns));
    cr_assert(eq(u64, profile->nodes[0].call_count, 0));
    for (uint32_t i = 0; i < profile->node_count; i++) {
        const struct profile_node *node = &profile->nodes[i];
        uint64_t sum_ns = node->self_ns;

        cr_assert(eq(u32, node->first_child, next));
        for (uint32_t k = 0; k < node->child_count; k++) {
            const struct profile_node *child = &profile->nodes[next + k];

            cr_assert(eq(u32, child->parent, i));
            cr_assert(eq(u32, child->level, node->level + 1));
            cr_assert(k == 0 || child->function == PROFILE_OTHER
                      || child[-1].total_ns >= child->total_ns);
            sum_ns += child->total_ns;
        }
        next += node->child_count;
        cr_assert(eq(u64, sum_ns, node->total_ns));
    }
    cr_assert(eq(u32, next, profile->node_count));
}

/* A node's own calls. */
static uint64_t
own_calls(const struct scope_profile *profile, uint32_t node)
{
    uint64_t count = profile->nodes[node].call_count;

    for (uint32_t k = 0;
         profile->is_inverted && k < profile->nodes[node].child_count; k++) {
        count -=
            profile->nodes[profile->nodes[node].first_child + k].call_count;
    }
    return count;
}

/* Every stack is a node, every node with something of its own a stack. */
static void
check_stacks(const struct scope_profile *profile,
             const struct oracle_stacks *stacks)
{
    uint64_t total_ns = 0;
    size_t found = 0;

    for (uint32_t i = 0; i < profile->node_count; i++) {
        uint32_t path[PATH_MAX_LENGTH];
        size_t length = path_to(profile, i, path);
        const struct oracle_stack *stack =
            oracle_stacks_find(stacks, path, length);

        found += stack != NULL;
        cr_assert(eq(u64, profile->nodes[i].self_ns,
                     stack == NULL ? 0 : stack->self_ns));
        if (i > 0) {
            cr_assert(eq(u64, own_calls(profile, i),
                         stack == NULL ? 0 : stack->call_count));
        }
    }
    cr_assert(eq(sz, found, stacks->count));
    for (size_t i = 0; i < stacks->count; i++) {
        total_ns += stacks->items[i].self_ns;
    }
    cr_assert(eq(u64, profile->total_ns, total_ns));
}

static bool
is_on(const struct oracle_stack *stack, uint32_t function)
{
    for (size_t i = 0; i < stack->length; i++) {
        if (stack->frames[i] == function) {
            return true;
        }
    }
    return false;
}

/* The sums of functions: a stack's time once, however often one is on it. */
static void
check_functions(const struct scope_profile *profile,
                const struct oracle_stacks *stacks)
{
    for (uint32_t f = 0; f < profile->function_count; f++) {
        struct profile_function sums = {0};

        for (size_t i = 0; i < stacks->count; i++) {
            const struct oracle_stack *stack = &stacks->items[i];
            size_t end = stacks->is_inverted ? 0 : stack->length - 1;

            if (is_on(stack, f)) {
                sums.total_ns += stack->self_ns;
                if (stack->frames[end] == f) {
                    sums.self_ns += stack->self_ns;
                    sums.call_count += stack->call_count;
                }
            }
        }
        cr_assert(eq(u64, profile->functions[f].total_ns, sums.total_ns));
        cr_assert(eq(u64, profile->functions[f].self_ns, sums.self_ns));
        cr_assert(eq(u64, profile->functions[f].call_count, sums.call_count));
    }
}

/* Any transform that the profile can take. The path lives in path. */
static struct profile_transform
choose(const struct scope_profile *profile, struct random *numbers,
       uint32_t *path)
{
    uint32_t node = (uint32_t)random_below(numbers, profile->node_count);
    struct profile_transform transform = {
        .kind = (enum profile_transform_kind)random_below(
            numbers, PROFILE_TRANSFORM_COUNT - profile->is_inverted),
        .function = profile->nodes[node].function,
        .path = path,
    };

    if (node == 0 || transform.function == PROFILE_OTHER) {
        transform.function =
            random_permille(numbers, 200)
                ? UINT32_MAX
                : (uint32_t)random_below(numbers, profile->function_count);
    } /* perhaps on no stack */
    transform.path_length = path_to(profile, node, path);
    if (transform.path_length == 0) {
        path[0] = transform.function;
        transform.path_length = 1;
    }
    if ((transform.kind == PROFILE_COLLAPSE_DIRECT
         || transform.kind == PROFILE_COLLAPSE_RECURSION)
        && random_permille(numbers, 500)) {
        transform.function = PROFILE_EVERY;
    }
    return transform;
}

/* One transform after the other, and all of them at once. */
static void
check_chain(const struct random_model *random,
            const struct scope_profile *first, struct oracle_stacks *stacks,
            struct random *numbers)
{
    static uint32_t paths[CHAIN_MAX][PATH_MAX_LENGTH];
    struct profile_transform chain[CHAIN_MAX];
    size_t length = 1 + random_below(numbers, CHAIN_MAX);
    struct scope_profile now = *first;
    struct scope_profile next;

    for (size_t i = 0; i < length; i++) {
        chain[i] = choose(&now, numbers, paths[i]);
        apply(&next, &now, random, &chain[i], 1, 0);
        oracle_stacks_transform(stacks, random->model, &chain[i]);
        if (i > 0) {
            scope_profile_release(&now);
        }
        now = next;
        check_shape(&now);
        check_stacks(&now, stacks);
        if (first->level_max == UINT32_MAX) { /* or it knows more than that */
            check_functions(&now, stacks);
        }
    }
    apply(&next, first, random, chain, length, 0);
    cr_assert(eq(u32, next.node_count, now.node_count));
    cr_assert(eq(u64, next.call_count, now.call_count));
    cr_assert(eq(
        int, memcmp(next.nodes, now.nodes, now.node_count * sizeof *now.nodes),
        0));
    scope_profile_release(&next);
    scope_profile_release(&now);
}

static void
check_scope(const struct random_model *random, const struct trace_scope *scope,
            struct random *numbers)
{
    struct scope_profile profile = build(random, scope, 0);
    struct oracle_stacks stacks = oracle_stacks_take(random, scope);

    check_stacks(&profile, &stacks);
    check_chain(random, &profile, &stacks, numbers);
    oracle_stacks_release(&stacks);
    scope_profile_release(&profile);
}

Test(profile_transform, equals_the_transform_of_every_stack)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 7};
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < CHAINS_PER_TRACE; i++) {
            struct random_scope choice = {0};

            random_scope_choose(&choice, &random, &numbers);
            check_scope(&random, &choice.scope, &numbers);
        }
        random_model_close(&random);
    }
}

/* What was cut off is a frame like others, except that it has no callers. */
Test(profile_transform, takes_cut_trees)
{
    for (size_t kind = 1; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 50};
        struct trace_scope scope = trace_scope_whole();
        struct random_model random = {0};

        random_model_open(&random, random_model_kind(kind), 2);
        for (size_t i = 0; i < 3 * CHAINS_PER_TRACE; i++) {
            struct scope_profile profile = build(
                &random, &scope, 5 + (uint32_t)random_below(&numbers, 100));
            struct oracle_stacks stacks = oracle_stacks_of(&profile);

            check_chain(&random, &profile, &stacks, &numbers);
            oracle_stacks_release(&stacks);
            scope_profile_release(&profile);
        }
        random_model_close(&random);
    }
}

/* What a cut tree tells is what the whole one does. */
static void
check_cut_node(const struct scope_profile *whole, uint32_t place,
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
        check_cut_node(whole, a->first_child + i, cut, b->first_child + i);
    }
}

/* Below the root the others stand where the tree was cut. */
static void
check_level(const struct scope_profile *profile)
{
    for (uint32_t i = 0; i < profile->node_count; i++) {
        const struct profile_node *node = &profile->nodes[i];

        if (node->function == PROFILE_OTHER && node->level > 1) {
            cr_assert(eq(u32, node->level - 1, profile->level_max));
        }
    }
}

Test(profile_transform, inverts_down_to_the_level_that_fits)
{
    const struct profile_transform invert = {.kind = PROFILE_INVERT};

    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {.state = kind + 30};
        struct trace_scope scope = trace_scope_whole();
        struct random_model random = {0};
        struct scope_profile profile;
        struct scope_profile whole;

        random_model_open(&random, random_model_kind(kind), 2);
        profile = build(&random, &scope, 0);
        apply(&whole, &profile, &random, &invert, 1, 0);
        check_level(&whole);
        for (size_t i = 0; i < CHAINS_PER_TRACE; i++) {
            uint32_t node_max = 2 + (uint32_t)random_below(&numbers, 300);
            struct scope_profile cut;

            apply(&cut, &profile, &random, &invert, 1, node_max);
            cr_assert(le(u32, cut.node_count, node_max));
            cr_assert(eq(int, cut.level_max == UINT32_MAX,
                         whole.level_max == UINT32_MAX
                             && whole.node_count <= node_max));
            check_shape(&cut);
            check_level(&cut);
            check_cut_node(&whole, 0, &cut, 0);
            scope_profile_release(&cut);
        }
        scope_profile_release(&whole);
        scope_profile_release(&profile);
        random_model_close(&random);
    }
}

/* However few steps it may take, what it tells is right. */
Test(profile_transform, inverts_as_deep_as_time_allows)
{
    const struct profile_transform invert = {.kind = PROFILE_INVERT};
    struct trace_scope scope = trace_scope_whole();
    struct random_model random = {0};
    struct scope_profile profile;
    struct scope_profile whole;

    random_model_open(&random, random_model_kind(6), 2);
    profile = build(&random, &scope, 0);
    apply(&whole, &profile, &random, &invert, 1, 0);
    for (uint64_t step_max = 1; step_max < 50000; step_max *= 3) {
        const struct profile_transform_options options = {.step_max = step_max};
        struct scope_profile cut;

        cr_assert(profile_transform_apply(&cut, &profile, random.model, &invert,
                                          1, &options, NULL));
        cr_assert(lt(u32, cut.level_max, whole.level_max));
        check_shape(&cut);
        check_level(&cut);
        check_cut_node(&whole, 0, &cut, 0);
        scope_profile_release(&cut);
    }
    scope_profile_release(&whole);
    scope_profile_release(&profile);
    random_model_close(&random);
}

/* Chains of calls below the root, each of a length of CHAIN_LENGTH. */
enum { CHAIN_COUNT = 52, CHAIN_LENGTH = 5000 };

static struct scope_profile
make_chains(uint32_t function_count)
{
    struct scope_profile profile = {
        .node_count = 1 + CHAIN_COUNT * CHAIN_LENGTH,
        .level_max = UINT32_MAX,
        .function_count = function_count,
        .total_ns = CHAIN_COUNT * CHAIN_LENGTH,
    };
    struct random numbers = {.state = 1};

    profile.nodes = calloc(profile.node_count, sizeof *profile.nodes);
    profile.functions = calloc(function_count + 1, sizeof *profile.functions);
    cr_assert(profile.nodes != NULL && profile.functions != NULL);
    profile.nodes[0] = (struct profile_node){
        .function = PROFILE_ROOT,
        .total_ns = profile.total_ns,
        .first_child = 1,
        .child_count = CHAIN_COUNT,
    };
    for (uint32_t i = 1; i < profile.node_count; i++) {
        uint32_t level = (i - 1) / CHAIN_COUNT + 1;

        profile.nodes[i] = (struct profile_node){
            .total_ns = CHAIN_LENGTH - level + 1,
            .self_ns = 1,
            .call_count = 1,
            .function = level == 1
                            ? (i - 1) % function_count
                            : (uint32_t)random_below(&numbers, function_count),
            .parent = level == 1 ? 0 : i - CHAIN_COUNT,
            .first_child =
                level == CHAIN_LENGTH ? profile.node_count : i + CHAIN_COUNT,
            .child_count = level < CHAIN_LENGTH,
            .level = level,
        };
    }
    return profile;
}

static uint64_t
own_time(const struct scope_profile *profile)
{
    uint64_t sum_ns = 0;

    for (uint32_t i = 0; i < profile->node_count; i++) {
        sum_ns += profile->nodes[i].self_ns;
    }
    return sum_ns;
}

Test(profile_transform, takes_many_deep_paths)
{
    static const struct profile_transform transforms[] = {
        {.kind = PROFILE_INVERT},
        {.kind = PROFILE_COLLAPSE_RECURSION, .function = PROFILE_EVERY},
        {.kind = PROFILE_END_AT, .function = 1},
    };
    struct scope_profile profile;
    struct random_model random = {0};

    random_model_open(&random, random_model_kind(7), 1);
    profile = make_chains(trace_model_function_count(random.model));
    for (size_t i = 0; i < sizeof transforms / sizeof transforms[0]; i++) {
        struct scope_profile made;

        apply(&made, &profile, &random, &transforms[i], 1, 0);
        cr_assert(le(u32, made.node_count, PROFILE_NODE_MAX));
        cr_assert(eq(u64, own_time(&made), made.total_ns));
        scope_profile_release(&made);
    }
    scope_profile_release(&profile);
    random_model_close(&random);
}

static bool
refuse(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    return done > total;
}

static void
check_refusal(const struct scope_profile *profile,
              const struct random_model *random,
              const struct profile_transform *transform)
{
    struct profile_transform_options options = {.progress = {.report = refuse}};
    struct scope_profile made = {.node_count = 1};
    struct error err = {0};

    cr_assert(not(profile_transform_apply(&made, profile, random->model,
                                          transform, 1, &options, &err)));
    cr_assert(eq(int, err.code, ERROR_CANCELLED));
    cr_assert(eq(u32, made.node_count, 0));
}

Test(profile_transform, can_be_cancelled)
{
    const struct profile_transform transforms[] = {
        {.kind = PROFILE_INVERT},
        {.kind = PROFILE_MERGE_FUNCTION, .function = 1},
    };
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    struct scope_profile profile;

    random_model_open(&random, random_model_kind(3), 1);
    profile = build(&random, &scope, 0);
    check_refusal(&profile, &random, &transforms[0]);
    check_refusal(&profile, &random, &transforms[1]);
    scope_profile_release(&profile);
    random_model_close(&random);
}

Test(profile_transform, inverts_once)
{
    const struct profile_transform twice[] = {
        {.kind = PROFILE_INVERT},
        {.kind = PROFILE_INVERT},
    };
    struct profile_transform_options options = {0};
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    struct scope_profile profile;
    struct scope_profile made;
    struct error err = {0};

    random_model_open(&random, random_model_kind(0), 1);
    profile = build(&random, &scope, 0);
    cr_assert(not(profile_transform_apply(&made, &profile, random.model, twice,
                                          2, &options, &err)));
    cr_assert(eq(int, err.code, ERROR_USAGE));
    scope_profile_release(&profile);
    random_model_close(&random);
}

Test(profile_transform, survives_every_failed_allocation)
{
    struct random_model random = {0};
    struct trace_scope scope = trace_scope_whole();
    struct scope_profile profile;
    struct profile_transform chain[] = {
        {.kind = PROFILE_COLLAPSE_MODULE},
        {.kind = PROFILE_END_AT},
        {.kind = PROFILE_INVERT},
    };
    bool has_failed = true;

    random_model_open(&random, random_model_kind(8), 1);
    profile = build(&random, &scope, 0);
    chain[0].function = profile.nodes[1].function;
    chain[1].function = profile.nodes[profile.node_count - 1].function;
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct profile_transform_options options = {.node_max = 20};
        struct scope_profile made;
        struct error err = {0};
        bool is_ok = profile_transform_apply(&made, &profile, random.model,
                                             chain, 3, &options, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, is_ok, !has_failed));
        cr_assert(eq(int, err.code, is_ok ? ERROR_NONE : ERROR_NO_MEMORY));
        scope_profile_release(&made);
    }
    scope_profile_release(&profile);
    random_model_close(&random);
}
