// SPDX-License-Identifier: Apache-2.0
#include "tui/sandwich_calls.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/call_family.h"
#include "model/slice_args.h"
#include "tui/function_facts.h"

void
sandwich_calls_release(struct sandwich_calls *calls)
{
    span_scratch_free(calls->scratch);
    free(calls->items);
    buffer_release(&calls->args);
    buffer_release(&calls->texts);
    *calls = (struct sandwich_calls){0};
}

static bool
read_call(struct sandwich_calls *calls, const struct trace_model *model,
          struct function_facts *facts, size_t index,
          struct sandwich_call *call, struct error *err)
{
    const struct slice *callers;
    size_t count;

    *call = (struct sandwich_call){0};
    if (!function_facts_slice(facts, index, &call->slice, err)
        || !call_callers(model, &call->slice, calls->scratch, &callers, &count,
                         err)) {
        return false;
    }
    if (count > 0) {
        call->has_caller = true;
        call->caller = callers[count - 1].function;
    }
    if (!slice_args(model, &call->slice, calls->scratch, &calls->args, err)) {
        return false;
    }
    call->args = calls->texts.size;
    buffer_append(&calls->texts, calls->args.data, calls->args.size);
    buffer_append_char(&calls->texts, '\0');
    return buffer_is_ok(&calls->texts) || error_set_no_memory(err);
}

bool
sandwich_calls_load(struct sandwich_calls *calls,
                    const struct trace_model *model,
                    struct function_facts *facts, size_t first, size_t count,
                    struct error *err)
{
    unsigned number = function_facts_number(facts);

    if (calls->facts_number == number && calls->first == first
        && calls->count == count) {
        return true;
    }
    calls->count = 0;
    buffer_clear(&calls->texts);
    if ((calls->scratch == NULL && !span_scratch_new(&calls->scratch, err))
        || !array_reserve((void **)&calls->items, &calls->capacity, count,
                          sizeof *calls->items, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_call(calls, model, facts, first + i, &calls->items[i], err)) {
            return false;
        }
    }
    calls->count = count;
    calls->first = first;
    calls->facts_number = number;
    return true;
}

const char *
sandwich_call_args(const struct sandwich_calls *calls,
                   const struct sandwich_call *call)
{
    return calls->texts.data + call->args;
}
