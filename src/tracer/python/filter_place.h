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

/* The thread's log and what is known of the code that runs in it. */
struct filter_place {
    struct thread_log *log;
    uint64_t function; /* its facts, see function_table.h */
};

/* The facts of a C function, or 0, see function_find_c. */
static inline uint64_t
filter_find_c(PyObject *callable, const PyMethodDef *method)
{
    uint64_t facts = function_table_find(recording.functions, method);

    return facts != 0 && function_agrees(facts, c_function_check(method))
               ? facts
               : function_find_c(callable, method);
}

/* A C function in a place where C functions count. */
static inline void
filter_log_c(enum event_kind kind, const struct filter_place *place,
             uint64_t facts)
{
    if (kind == EVENT_C_CALL) {
        if (call_filter_enter_c(place->log, place->function)) {
            recording_put(place->log, kind, facts);
        }
    } else if (call_filter_leave_c(place->log, place->function)) {
        recording_put_exit(place->log, kind, facts);
    }
}

#endif
