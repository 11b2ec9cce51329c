// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/main_frame.h - where the user's code begins.
 */
#ifndef TRACER_PYTHON_MAIN_FRAME_H
#define TRACER_PYTHON_MAIN_FRAME_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

#include "tracer/python/code_names.h"

/* Whether this is the code of a module's body. */
static inline bool
main_frame_is_module(PyObject *code)
{
    PyObject *name = read_attribute(code, "co_name");
    bool is_module = text_equals(name, "<module>");

    Py_XDECREF(name);
    return is_module;
}

/* Whether these globals (borrowed, may be NULL) are the program's __main__. */
static inline bool
main_frame_has_globals(PyObject *globals)
{
    return globals != NULL && PyDict_Check(globals)
           && text_equals(PyDict_GetItemString(globals, "__name__"),
                          "__main__");
}

#endif
