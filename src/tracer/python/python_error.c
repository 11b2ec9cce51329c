// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/python_error.c - our errors as Python exceptions.
 */
#include "tracer/python/python_error.h"

#include "base/error.h"

static PyObject *
exception_for(enum error_code code)
{
    switch (code) {
    case ERROR_NO_MEMORY:
        return PyExc_MemoryError;
    case ERROR_SYSTEM:
        return PyExc_OSError;
    case ERROR_UNSUPPORTED:
        return PyExc_NotImplementedError;
    case ERROR_USAGE:
    case ERROR_BAD_INPUT:
        return PyExc_ValueError;
    case ERROR_NONE:
    case ERROR_BAD_TRACE:
    case ERROR_CANCELLED:
        break;
    }
    return PyExc_RuntimeError;
}

PyObject *
python_error_raise(const struct error *err)
{
    PyObject *message =
        PyUnicode_DecodeFSDefault(err->message); /* it may name a path */

    if (message != NULL) {
        PyErr_SetObject(exception_for(err->code), message);
        Py_DECREF(message);
    }
    return NULL;
}
