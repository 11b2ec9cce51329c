// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/qualified_name.h - "Class.method" of a code object.
 */
#ifndef TRACER_PYTHON_QUALIFIED_NAME_H
#define TRACER_PYTHON_QUALIFIED_NAME_H

#include "tracer/python/python_compat.h"

#include "base/buffer.h"

/*
 * Append the qualified name of a code object. first_argument (borrowed, may be
 * NULL) is that of a call: before 3.11 its class, or the class that it is,
 * says where the function was defined.
 */
void append_qualified_name(struct buffer *out, PyObject *code,
                           PyObject *first_argument);

#endif
