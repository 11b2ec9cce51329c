// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/python_compat.h - Python.h first, and what versions spell
 * differently.
 */
#ifndef TRACER_PYTHON_PYTHON_COMPAT_H
#define TRACER_PYTHON_PYTHON_COMPAT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#endif
