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

/* Which callbacks of sys.monitoring are in use. */
enum hooks_callbacks {
    HOOKS_RECORD, /* all calls */
    HOOKS_FILTER, /* what call_filter.h says */
    HOOKS_OTHER,  /* none that record */
};

/* One per interpreter. */
struct hooks {
    struct hooks *next;
    int64_t interpreter; /* its number */
    bool has_functions;  /* functions_prepare was called */
    bool is_prepared;
    bool is_hearing; /* between hooks_start and hooks_stop */
    int tool_id;     /* of sys.monitoring */
    int event_numbers[HOOKS_EVENT_COUNT];
    enum hooks_callbacks in_use;
    PyObject *callbacks[HOOKS_OTHER][HOOKS_EVENT_COUNT]; /* made when used */
    PyObject *module;                                    /* sys.monitoring */
    PyObject *missing;                                   /* its "no argument" */
    PyObject *disable; /* its "no more of this" */
};

/* Those of this interpreter, made when first asked for. NULL with an exception
 * set when there is no memory. */
struct hooks *hooks_of_interpreter(void);

/* Be told of the ends of code objects, also when nothing is recorded. */
bool hooks_prepare_functions(struct hooks *hooks);

/* Record from the first frame of __main__ on. */
bool hooks_arm(struct hooks *hooks);

/* Record from now on, in all threads. */
bool hooks_start(struct hooks *hooks);

/* Go by filters from now on, if calls are heard of: one was added. */
bool hooks_refresh(struct hooks *hooks);

/* When recording has stopped for good (no file, a full disk), stop hearing in
 * this interpreter: what is not recorded should cost nothing. */
void hooks_leave_if_over(void);

/* The calling thread has heard its last event. If the program has taken the
 * profile slot for good, that is when the gap ends. Uses nothing of Python. */
void hooks_note_end(void);

/* Stop hearing, in all threads; hooks_start goes on. */
bool hooks_stop(struct hooks *hooks);

#endif
