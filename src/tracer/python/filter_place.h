// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/filter_place.h - where an event that may be filtered stands.
 *
 * What the callbacks of monitoring_filter.c and profile_filter.c have in
 * common beside the rules, which are call_filter.h's.
 */
#ifndef TRACER_PYTHON_FILTER_PLACE_H
#define TRACER_PYTHON_FILTER_PLACE_H

#include "tracer/python/python_compat.h"

#include "tracer/python/call_filter.h"
#include "tracer/python/functions.h"
#include "tracer/python/recording.h"

/* The thread's log and the slot of the code that runs in it. */
struct filter_place {
    struct thread_log *log;
    const struct function_slot *function;
};

/* The slot of a C function, or NULL, see function_find_c. */
static inline const struct function_slot *
filter_find_c(PyObject *callable, const PyMethodDef *method)
{
    const struct function_slot *slot =
        function_table_find(recording.functions, method);

    return slot != NULL && slot->check == c_function_check(method)
               ? slot
               : function_find_c(callable, method);
}

/* A C function in a place where C functions count. */
static inline void
filter_log_c(enum event_kind kind, const struct filter_place *place,
             const struct function_slot *slot)
{
    if (kind == EVENT_C_CALL) {
        if (call_filter_enter_c(place->log, place->function)) {
            recording_put(place->log, kind, slot->id);
        }
    } else if (call_filter_leave_c(place->log, place->function)) {
        recording_put_exit(place->log, kind, slot->id);
    }
}

#endif
