// SPDX-License-Identifier: Apache-2.0
#include "import/half_stack.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/intern.h"
#include "import/event_intake_parts.h"
#include "import/payload_merge.h"

static bool
push(struct sort_entry **entries, size_t *count, size_t *capacity,
     const struct sort_entry *entry, struct error *err)
{
    if (!array_reserve((void **)entries, capacity, *count + 1, sizeof **entries,
                       err)) {
        return false;
    }
    (*entries)[(*count)++] = *entry;
    return true;
}

bool
half_stack_begin(struct half_stack *stack, const struct sort_entry *begin,
                 struct error *err)
{
    return push(&stack->open, &stack->count, &stack->capacity, begin, err);
}

static bool
flush(struct half_stack *stack, struct event_intake *intake, struct error *err)
{
    while (stack->closed_count > 0) {
        if (!intake_put_entry(intake, &stack->closed[--stack->closed_count],
                              err)) {
            return false;
        }
    }
    return true;
}

/* The name as it stands in the file, which has one number among the names. */
static uint32_t
name_of(const struct sort_entry *entry)
{
    return (entry->what & INTAKE_NAME_MASK) >> INTAKE_NAME_SHIFT;
}

static bool
is_empty(const struct event_intake *intake, uint32_t name)
{
    size_t size;

    (void)intern_table_text(intake->tables.names, name, &size);
    return size == 0;
}

/* The place of the call that is ended. */
static size_t
find(const struct half_stack *stack, struct event_intake *intake,
     const struct sort_entry *end, bool is_by_name)
{
    uint32_t name = name_of(end);
    size_t innermost = stack->count - 1;

    for (size_t i = stack->count; is_by_name && i-- > 0;) {
        if (name_of(&stack->open[i]) == name) {
            return i;
        }
    }
    if (name_of(&stack->open[innermost]) != name && !is_empty(intake, name)) {
        intake->losses.cut[IMPORT_CUT_OTHER_NAME]++;
    }
    return innermost;
}

/* Take a call out of the stack. */
static struct sort_entry
take(struct half_stack *stack, size_t index)
{
    struct sort_entry entry = stack->open[index];

    stack->count--;
    memmove(&stack->open[index], &stack->open[index + 1],
            (stack->count - index) * sizeof entry);
    return entry;
}

bool
half_stack_end(struct half_stack *stack, struct event_intake *intake,
               const struct sort_entry *end, bool is_by_name,
               enum import_loss orphan, struct error *err)
{
    const struct sort_entry *last = NULL;
    struct sort_entry call;

    if (stack->count == 0) {
        return intake_lose(intake, orphan);
    }
    call = take(stack, find(stack, intake, end, is_by_name));
    call.end_ns = end->start_ns;
    call.what &= INTAKE_NAME_MASK;
    if (!payload_merge(intake, call.payload, end->payload, &call.payload,
                       err)) {
        return false;
    }
    if (stack->closed_count > 0) {
        last = &stack->closed[stack->closed_count - 1];
    }
    if (last != NULL
        && (last->start_ns != call.start_ns || last->end_ns != call.end_ns)
        && !flush(stack, intake, err)) {
        return false;
    }
    return push(&stack->closed, &stack->closed_count, &stack->closed_capacity,
                &call, err);
}

bool
half_stack_leave(struct half_stack *stack, struct event_intake *intake,
                 struct error *err)
{
    bool ok = flush(stack, intake, err);

    for (size_t i = 0; ok && i < stack->count; i++) {
        struct sort_entry call = stack->open[i];

        call.end_ns = INT64_MAX;
        call.what &= INTAKE_NAME_MASK;
        ok = intake_put_entry(intake, &call, err);
    }
    stack->count = 0;
    return ok;
}

void
half_stack_release(struct half_stack *stack)
{
    free(stack->open);
    free(stack->closed);
    *stack = (struct half_stack){0};
}
