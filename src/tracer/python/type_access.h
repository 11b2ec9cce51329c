// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/type_access.h - look into types and C functions without
 * running any code of the program.
 *
 * A metaclass may define __getattribute__, so "T.__mro__" is not safe inside a
 * hook. Implemented over the structs of one version (type_access_struct.c) and
 * over the limited API (type_access_limited.c). Exceptions are cleared.
 */
#ifndef TRACER_PYTHON_TYPE_ACCESS_H
#define TRACER_PYTHON_TYPE_ACCESS_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

/* Called once per interpreter before the others. False with an exception set
 * when this interpreter's objects are not laid out as known. */
bool type_access_prepare(void);

/* The tuple of base types, a new reference; NULL when there is none. */
PyObject *type_mro(PyObject *type);

/* What the type itself, not its bases, has under this name: a new reference,
 * or NULL. */
PyObject *type_own_attribute(PyObject *type, PyObject *name);

/* The name a person gives the type: "deque", and for a class inside another
 * "Outer.Inner" where has_qualified is true. A new reference, or NULL. */
PyObject *type_name(PyObject *type, bool has_qualified);

/* A builtin function's or a method descriptor's definition; NULL for any other
 * object. */
const PyMethodDef *c_function_definition(PyObject *callable);

#endif
