// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/c_function_layout.h - where builtin functions and method
 * descriptors keep their definition.
 *
 * The limited API has no way to a function's PyMethodDef, which is the only
 * thing that names it and does not die with a bound method. The fields have
 * stood at these places since 3.8; type_access_prepare compares them with what
 * the interpreter says of some functions before anything is recorded.
 */
#ifndef TRACER_PYTHON_C_FUNCTION_LAYOUT_H
#define TRACER_PYTHON_C_FUNCTION_LAYOUT_H

#include "tracer/python/python_compat.h"

struct c_function_layout {
    PyObject base;
    PyMethodDef *definition;
};

struct method_descriptor_layout {
    PyObject base;
    PyTypeObject *type;
    PyObject *name;
    PyObject *qualified_name;
    PyMethodDef *definition;
};

#endif
