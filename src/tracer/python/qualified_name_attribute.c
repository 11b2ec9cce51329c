// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/qualified_name_attribute.c - from 3.11 a code object knows its
 * qualified name.
 */
#include "tracer/python/qualified_name.h"

#include "tracer/python/code_names.h"

void
append_qualified_name(struct buffer *out, PyObject *code,
                      PyObject *first_argument)
{
    PyObject *name = read_attribute(code, "co_qualname");

    (void)first_argument;
    append_text(out, name);
    Py_XDECREF(name);
}
