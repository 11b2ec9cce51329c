// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/unfollowed.h - tell whether a program that is started is a
 * Python that nobody will record.
 *
 * It is when its options (-I, -E, -S) or its environment keep it from finding
 * the recorder. Only what is plain to see counts: objects whose reading could
 * run code of the program, and programs that start a Python in their turn, are
 * taken for followed.
 */
#ifndef TRACER_PYTHON_UNFOLLOWED_H
#define TRACER_PYTHON_UNFOLLOWED_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

/*
 * program: a path, or several to be tried in turn. arguments: the command line,
 * its first word included. environment: None or NULL is this process' own. All
 * are borrowed; NULL is allowed, and no exception is left behind.
 */
bool unfollowed_program(PyObject *program, PyObject *arguments,
                        PyObject *environment);

#endif
