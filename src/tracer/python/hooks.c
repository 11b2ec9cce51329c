// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/hooks.c - the hooks of each interpreter.
 */
#include "tracer/python/hooks.h"

#include <stdlib.h>

#include "tracer/python/recording.h"

#include "tracer/python/functions.h"

/* Only ever grows: callbacks keep pointers into it. */
static struct hooks *all_hooks;

struct hooks *
hooks_of_interpreter(void)
{
    int64_t interpreter = python_interpreter_number();
    struct hooks *first = __atomic_load_n(&all_hooks, __ATOMIC_ACQUIRE);
    struct hooks *hooks = first;

    while (hooks != NULL && hooks->interpreter != interpreter) {
        hooks = hooks->next;
    }
    if (hooks != NULL) {
        return hooks;
    }
    hooks = calloc(1, sizeof *hooks);
    if (hooks == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    hooks->interpreter = interpreter;
    hooks->in_use = HOOKS_OTHER;
    do {
        hooks->next = first;
    } while (!__atomic_compare_exchange_n(&all_hooks, &first, hooks, false,
                                          __ATOMIC_RELEASE, __ATOMIC_RELAXED));
    return hooks;
}

bool
hooks_prepare_functions(struct hooks *hooks)
{
    if (!hooks->has_functions) {
        hooks->has_functions = functions_prepare();
    }
    return hooks->has_functions;
}

void
hooks_leave_if_over(void)
{
    struct hooks *hooks = NULL;

    if (recording.recorder == NULL
        || recorder_is_recording(recording.recorder)) {
        return;
    }
    hooks = hooks_of_interpreter();
    if (hooks == NULL || !hooks_stop(hooks)) {
        PyErr_Clear(); /* the program goes on, slower than need be */
    }
}
