// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/python_error.h - our errors as Python exceptions.
 */
#ifndef TRACER_PYTHON_PYTHON_ERROR_H
#define TRACER_PYTHON_PYTHON_ERROR_H

#include "tracer/python/python_compat.h"

struct error;

/* Set the exception that fits the error. Returns NULL, for callers to do the
 * same. */
PyObject *python_error_raise(const struct error *err);

#endif
