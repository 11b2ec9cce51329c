// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/code_watch.h - hear of a code object's end, so that the next
 * one at its address does not get its name.
 *
 * code_watch_extra.c (3.6 - 3.11) hangs a note on each code object,
 * code_watch_watcher.c (from 3.12) is told of all of them.
 */
#ifndef TRACER_PYTHON_CODE_WATCH_H
#define TRACER_PYTHON_CODE_WATCH_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

/* Once per interpreter. False with an exception set. */
bool code_watch_prepare(void);

/* recording_forget will be called when this code object dies. False when that
 * cannot be promised: there is no memory. */
bool code_watch(PyObject *code);

#endif
