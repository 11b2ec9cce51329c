// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/hooks.h - hear of every call in this interpreter.
 *
 * hooks_profile.c (3.6 - 3.11) uses the profile function of each thread,
 * hooks_monitoring.c (from 3.12) sys.monitoring. What hooks made is never
 * freed: events come until the interpreter is gone. Functions that return
 * false have set a Python exception.
 */
#ifndef TRACER_PYTHON_HOOKS_H
#define TRACER_PYTHON_HOOKS_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>
#include <stdint.h>

enum { HOOKS_EVENT_COUNT = 9 }; /* of sys.monitoring that we use */

/* One per interpreter. */
struct hooks {
    struct hooks *next;
    int64_t interpreter; /* its number */
    bool is_prepared;
    bool has_callbacks; /* those that record, not the one that waits */
    int tool_id;        /* of sys.monitoring */
    int event_numbers[HOOKS_EVENT_COUNT];
    PyObject *module;  /* sys.monitoring */
    PyObject *missing; /* its "no argument" */
    PyObject *disable; /* its "no more of this" */
};

/* Those of this interpreter, made when first asked for. NULL with an exception
 * set when there is no memory. */
struct hooks *hooks_of_interpreter(void);

/* Record from the first frame of __main__ on. */
bool hooks_arm(struct hooks *hooks);

/* Record from now on, in all threads. */
bool hooks_start(struct hooks *hooks);

/* Stop hearing, in all threads; hooks_start goes on. */
bool hooks_stop(struct hooks *hooks);

#endif
