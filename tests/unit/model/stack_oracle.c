// SPDX-License-Identifier: Apache-2.0
#include "stack_oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profile_oracle.h"

static int
compare_stacks(const void *left, const void *right)
{
    const struct oracle_stack *a = left;
    const struct oracle_stack *b = right;

    for (size_t i = 0; i < a->length && i < b->length; i++) {
        if (a->frames[i] != b->frames[i]) {
            return a->frames[i] < b->frames[i] ? -1 : 1;
        }
    }
    return (a->length > b->length) - (a->length < b->length);
}

/* The model's number of a function of the oracle. */
static uint32_t
number_of(const struct random_model *random, uint32_t function)
{
    uint32_t i = 0;

    while (random_model_function(random, i) != function) {
        i++;
    }
    return i;
}

const struct oracle_stack *
oracle_stacks_find(const struct oracle_stacks *stacks, const uint32_t *frames,
                   size_t length)
{
    const struct oracle_stack key = {.frames = (uint32_t *)frames,
                                     .length = length};

    return bsearch(&key, stacks->items, stacks->count, sizeof *stacks->items,
                   compare_stacks);
}

/* Take the time of each path from the path one shorter. */
static void
leave_own_time(struct oracle_stacks *stacks)
{
    for (size_t i = 0; i < stacks->count; i++) {
        const struct oracle_stack *stack = &stacks->items[i];
        const struct oracle_stack *above =
            oracle_stacks_find(stacks, stack->frames, stack->length - 1);

        if (above != NULL) {
            stacks->items[above - stacks->items].self_ns -= stack->self_ns;
        }
    }
}

struct oracle_stacks
oracle_stacks_take(const struct random_model *random,
                   const struct trace_scope *scope)
{
    struct oracle_stacks stacks = {0};
    struct oracle_path *paths = oracle_paths(random, scope, &stacks.count);

    stacks.items = calloc(stacks.count + 1, sizeof *stacks.items);
    if (stacks.items == NULL) {
        abort();
    }
    for (size_t i = 0; i < stacks.count; i++) {
        stacks.items[i] = (struct oracle_stack){
            .frames = calloc(paths[i].length + 1, sizeof(uint32_t)),
            .length = paths[i].length,
            .self_ns = paths[i].total_ns,
            .call_count = paths[i].call_count,
        };
        for (size_t k = 0; k < paths[i].length; k++) {
            stacks.items[i].frames[k] =
                number_of(random, paths[i].functions[k]);
        }
    }
    oracle_paths_free(paths, stacks.count);
    qsort(stacks.items, stacks.count, sizeof *stacks.items, compare_stacks);
    leave_own_time(&stacks);
    return stacks;
}

struct oracle_stacks
oracle_stacks_of(const struct scope_profile *profile)
{
    struct oracle_stacks stacks = {.count = profile->node_count - 1};

    stacks.items = calloc(profile->node_count, sizeof *stacks.items);
    if (stacks.items == NULL) {
        abort();
    }
    for (uint32_t i = 1; i < profile->node_count; i++) {
        uint32_t node = i;
        struct oracle_stack *stack = &stacks.items[i - 1];

        *stack = (struct oracle_stack){
            .frames = calloc(profile->nodes[i].level, sizeof(uint32_t)),
            .length = profile->nodes[i].level,
            .self_ns = profile->nodes[i].self_ns,
            .call_count = profile->nodes[i].call_count,
        };
        for (size_t k = stack->length; k-- > 0;) {
            stack->frames[k] = profile->nodes[node].function;
            node = profile->nodes[node].parent;
        }
    }
    qsort(stacks.items, stacks.count, sizeof *stacks.items, compare_stacks);
    return stacks;
}

void
oracle_stacks_release(struct oracle_stacks *stacks)
{
    for (size_t i = 0; i < stacks->count; i++) {
        free(stacks->items[i].frames);
    }
    free(stacks->items);
    *stacks = (struct oracle_stacks){0};
}

static bool
is_same_module(const struct trace_model *model, uint32_t a, uint32_t b)
{
    const struct model_function *left;
    const struct model_function *right;
    char name[256];
    char other[256];

    a -= profile_is_module(a) ? PROFILE_MODULE : 0;
    b -= profile_is_module(b) ? PROFILE_MODULE : 0;
    if (a >= PROFILE_TRACK || b >= PROFILE_TRACK) {
        return false; /* no function, or an unknown one */
    }
    left = trace_model_function(model, a);
    right = trace_model_function(model, b);
    if (left->file[0] != '\0' || right->file[0] != '\0') {
        return strcmp(left->file, right->file) == 0;
    }
    (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(left->name, "."),
                   left->name);
    (void)snprintf(other, sizeof other, "%.*s", (int)strcspn(right->name, "."),
                   right->name);
    return strcmp(name, other) == 0;
}

static uint32_t
first_of_module(const struct trace_model *model, uint32_t function)
{
    uint32_t i = 0;

    while (!is_same_module(model, i, function)) {
        i++;
    }
    return PROFILE_MODULE + i;
}

/* Keep the frames from first up to end. */
static void
keep(struct oracle_stack *stack, size_t first, size_t end)
{
    memmove(stack->frames, stack->frames + first,
            (end - first) * sizeof *stack->frames);
    stack->length = end - first;
}

static void
remove_frame(struct oracle_stack *stack, size_t which)
{
    memmove(stack->frames + which, stack->frames + which + 1,
            (stack->length - which - 1) * sizeof *stack->frames);
    stack->length--;
}

/* From the outermost (or the innermost) of a function; length = none. */
static size_t
outermost(const struct oracle_stack *stack, uint32_t function)
{
    size_t i = 0;

    while (i < stack->length && stack->frames[i] != function) {
        i++;
    }
    return i;
}

static bool
starts_with(const struct oracle_stack *stack,
            const struct profile_transform *transform)
{
    return stack->length >= transform->path_length
           && memcmp(stack->frames, transform->path,
                     transform->path_length * sizeof *stack->frames)
                  == 0;
}

static void
join_recursion(struct oracle_stack *stack, uint32_t function, bool is_direct)
{
    for (size_t i = 0; i < stack->length; i++) {
        size_t last = i;

        if (function != PROFILE_EVERY && stack->frames[i] != function) {
            continue;
        }
        for (size_t k = i + 1; k < stack->length; k++) {
            if (is_direct && stack->frames[k] != stack->frames[i]) {
                break;
            }
            last = stack->frames[k] == stack->frames[i] ? k : last;
        }
        for (; last > i; last--) {
            remove_frame(stack, i + 1);
        }
    }
}

static void
join_module(struct oracle_stack *stack, const struct trace_model *model,
            uint32_t function)
{
    for (size_t i = stack->length; i-- > 0;) {
        if (!is_same_module(model, stack->frames[i], function)) {
            continue;
        }
        stack->frames[i] = first_of_module(model, function);
        if (i + 1 < stack->length && stack->frames[i + 1] == stack->frames[i]) {
            remove_frame(stack, i + 1);
        }
    }
}

static void
invert(struct oracle_stack *stack)
{
    if (stack->length > 0
        && stack->frames[stack->length - 1] == PROFILE_OTHER) {
        keep(stack, stack->length - 1, stack->length);
    }
    for (size_t i = 0; i < stack->length / 2; i++) {
        uint32_t frame = stack->frames[i];

        stack->frames[i] = stack->frames[stack->length - 1 - i];
        stack->frames[stack->length - 1 - i] = frame;
    }
}

/* Whether the innermost frame is one that goes away or into a frame that is
 * not of its own calls: judged on the stack as it was. */
static bool
loses_call(const struct oracle_stack *before, const struct oracle_stack *after,
           const struct trace_model *model,
           const struct profile_transform *transform)
{
    uint32_t last = before->frames[before->length - 1];

    switch (transform->kind) {
    case PROFILE_MERGE_FUNCTION:
        return last == transform->function;
    case PROFILE_MERGE_NODE:
        return before->length == transform->path_length
               && starts_with(before, transform);
    case PROFILE_COLLAPSE_FUNCTION:
    case PROFILE_END_AT:
        return after->length < before->length;
    case PROFILE_COLLAPSE_MODULE:
        return before->length > 1
               && is_same_module(model, last, transform->function)
               && is_same_module(model, before->frames[before->length - 2],
                                 transform->function);
    case PROFILE_DROP_FUNCTION:
    case PROFILE_FOCUS_FUNCTION:
    case PROFILE_FOCUS_SUBTREE:
    case PROFILE_COLLAPSE_DIRECT:
    case PROFILE_COLLAPSE_RECURSION:
    case PROFILE_INVERT:
    case PROFILE_TRANSFORM_COUNT:
        break;
    }
    return false;
}

/* False when the stack vanishes. */
static bool
change(struct oracle_stack *stack, const struct trace_model *model,
       const struct profile_transform *transform)
{
    uint32_t function = transform->function;
    size_t first = outermost(stack, function);
    size_t length = stack->length;

    switch (transform->kind) {
    case PROFILE_MERGE_FUNCTION:
        for (; first < stack->length; first = outermost(stack, function)) {
            remove_frame(stack, first);
        }
        return true;
    case PROFILE_MERGE_NODE:
        if (starts_with(stack, transform)) {
            remove_frame(stack, transform->path_length - 1);
        }
        return true;
    case PROFILE_DROP_FUNCTION:
        return first == length;
    case PROFILE_FOCUS_FUNCTION:
        keep(stack, first, length);
        return first < length;
    case PROFILE_FOCUS_SUBTREE:
        if (!starts_with(stack, transform)) {
            return false;
        }
        keep(stack, transform->path_length - 1, length);
        return true;
    case PROFILE_COLLAPSE_FUNCTION:
        keep(stack, 0, first < length ? first + 1 : length);
        return true;
    case PROFILE_COLLAPSE_DIRECT:
    case PROFILE_COLLAPSE_RECURSION:
        join_recursion(stack, function,
                       transform->kind == PROFILE_COLLAPSE_DIRECT);
        return true;
    case PROFILE_COLLAPSE_MODULE:
        join_module(stack, model, function);
        return true;
    case PROFILE_END_AT:
        for (size_t i = first; i < length; i++) {
            first = stack->frames[i] == function ? i : first;
        }
        keep(stack, 0, first < length ? first + 1 : length);
        return first < length;
    case PROFILE_INVERT:
        invert(stack);
        return true;
    case PROFILE_TRANSFORM_COUNT:
        break;
    }
    abort();
}

static void
merge_equal(struct oracle_stacks *stacks)
{
    size_t kept = 0;

    qsort(stacks->items, stacks->count, sizeof *stacks->items, compare_stacks);
    for (size_t i = 0; i < stacks->count; i++) {
        if (kept > 0
            && compare_stacks(&stacks->items[kept - 1], &stacks->items[i])
                   == 0) {
            stacks->items[kept - 1].self_ns += stacks->items[i].self_ns;
            stacks->items[kept - 1].call_count += stacks->items[i].call_count;
            free(stacks->items[i].frames);
        } else {
            stacks->items[kept++] = stacks->items[i];
        }
    }
    stacks->count = kept;
}

void
oracle_stacks_transform(struct oracle_stacks *stacks,
                        const struct trace_model *model,
                        const struct profile_transform *transform)
{
    size_t kept = 0;

    for (size_t i = 0; i < stacks->count; i++) {
        struct oracle_stack *stack = &stacks->items[i];
        struct oracle_stack before = *stack;

        before.frames = calloc(before.length + 1, sizeof *before.frames);
        if (before.frames == NULL) {
            abort();
        }
        memcpy(before.frames, stack->frames,
               before.length * sizeof *before.frames);
        if (!change(stack, model, transform)) {
            free(stack->frames);
        } else {
            if (!stacks->is_inverted && before.length > 0
                && loses_call(&before, stack, model, transform)) {
                stack->call_count = 0;
            }
            stacks->items[kept++] = *stack;
        }
        free(before.frames);
    }
    stacks->count = kept;
    stacks->is_inverted |= transform->kind == PROFILE_INVERT;
    merge_equal(stacks);
}
