// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/profile_hook.h - what the profile functions share, 3.6 - 3.11.
 *
 * hooks_profile.c has those that record everything, and is the fast one;
 * profile_filter.c the one that goes by call_filter.h.
 */
#ifndef TRACER_PYTHON_PROFILE_HOOK_H
#define TRACER_PYTHON_PROFILE_HOOK_H

#include "tracer/python/python_compat.h"

#include <stdint.h>

#include "format/event.h"

struct thread_log;

/* The profile function that filters. */
int profile_filter_event(PyObject *self, PyFrameObject *frame, int what,
                         PyObject *argument);

/* The log of the calling thread, in which this frame runs; NULL when nothing
 * is to be recorded. A thread that is new gets its name. */
struct thread_log *profile_thread(PyFrameObject *frame);

/* How a frame is left with this value, which is NULL after an exception. */
enum event_kind profile_exit_kind(PyFrameObject *frame, PyObject *value);

/* A call or return of a C function that means something to the recorder: its
 * function_flags. */
void profile_see_c(enum event_kind kind, uint32_t flags);

/* The same by its name, where C functions are not recorded. */
void profile_see_unrecorded_c(enum event_kind kind, PyObject *callable);

#endif
