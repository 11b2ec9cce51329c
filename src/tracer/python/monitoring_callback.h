// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/monitoring_callback.h - what the callbacks of sys.monitoring
 * share, from 3.12.
 *
 * hooks_monitoring.c has those that record everything, and is the fast one;
 * monitoring_filter.c those that go by call_filter.h.
 */
#ifndef TRACER_PYTHON_MONITORING_CALLBACK_H
#define TRACER_PYTHON_MONITORING_CALLBACK_H

#include "tracer/python/python_compat.h"

#include <stddef.h>

#include "tracer/python/c_function_layout.h"
#include "tracer/python/hooks.h"

struct thread_log;

struct callback {
    PyObject base;
    vectorcallfunc call;
    struct hooks *hooks; /* the interpreter's; lives as long as it */
};

/* What sys.monitoring passes. */
enum {
    ARGUMENT_CODE = 0,
    ARGUMENT_CALLABLE = 2,
    ARGUMENT_FIRST = 3,
};

/* One vectorcall function an event. */
#define CALLBACK(name, result)                                        \
    static PyObject *name(PyObject *self, PyObject *const *arguments, \
                          size_t count, PyObject *keywords)           \
    {                                                                 \
        (void)self;                                                   \
        (void)count;                                                  \
        (void)keywords;                                               \
        return result;                                                \
    }

/* PyCMethod_Type is public but not in the limited API. */
PyAPI_DATA(PyTypeObject) PyCMethod_Type;

/*
 * Only what sys.setprofile reports: builtin functions and method descriptors
 * that get their self, no types and no slot wrappers.
 */
static inline const PyMethodDef *
reported_method(const struct hooks *hooks, PyObject *const *arguments)
{
    PyObject *callable = arguments[ARGUMENT_CALLABLE];
    const PyTypeObject *type = Py_TYPE(callable);

    if (type == &PyCFunction_Type) {
        return ((struct c_function_layout *)callable)->definition;
    }
    if (type == &PyMethodDescr_Type) {
        return arguments[ARGUMENT_FIRST] != hooks->missing
                   ? ((struct method_descriptor_layout *)callable)->definition
                   : NULL;
    }
    if (__builtin_expect(type == &PyCMethod_Type, 0)) {
        return ((struct c_function_layout *)callable)->definition;
    }
    return NULL;
}

/* The log of the calling thread, in which this code runs; NULL when nothing is
 * to be recorded. A thread that is new gets its name. */
struct thread_log *monitoring_thread(PyObject *code);

/* The callbacks that filter, in the order of event_callbacks. */
extern const vectorcallfunc monitoring_filter_callbacks[HOOKS_EVENT_COUNT];

#endif
