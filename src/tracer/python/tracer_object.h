// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/tracer_object.h - the type _tracer.Tracer, which VizTracer
 * extends.
 *
 * Its methods are in C so that calls of them are not recorded; what they call
 * is muted.
 */
#ifndef TRACER_PYTHON_TRACER_OBJECT_H
#define TRACER_PYTHON_TRACER_OBJECT_H

#include "tracer/python/python_compat.h"

/* A new reference, or NULL with an exception set. */
PyObject *tracer_object_type(void);

#endif
