// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/type_access_struct.c - over the structs of one version.
 */
#include "tracer/python/type_access.h"

#include <string.h>

bool
type_access_prepare(void)
{
    return true; /* compiled against this very version */
}

PyObject *
type_mro(PyObject *type)
{
    PyObject *mro = ((PyTypeObject *)type)->tp_mro;

    Py_XINCREF(mro);
    return mro;
}

PyObject *
type_own_attribute(PyObject *type, PyObject *name)
{
    PyObject *own = ((PyTypeObject *)type)->tp_dict;
    PyObject *value = NULL;

    if (own != NULL) {
        value = PyDict_GetItemWithError(own, name); /* borrowed */
        if (value == NULL) {
            PyErr_Clear();
        }
    }
    Py_XINCREF(value);
    return value;
}

PyObject *
type_name(PyObject *type, bool has_qualified)
{
    PyTypeObject *self = (PyTypeObject *)type;
    const char *dot = strrchr(self->tp_name, '.');
    PyObject *name = NULL;

    if (self->tp_flags & Py_TPFLAGS_HEAPTYPE) {
        PyHeapTypeObject *heap = (PyHeapTypeObject *)type;

        name = has_qualified ? heap->ht_qualname : heap->ht_name;
        Py_XINCREF(name);
        return name;
    }
    name = PyUnicode_FromString(dot != NULL ? dot + 1 : self->tp_name);
    if (name == NULL) {
        PyErr_Clear();
    }
    return name;
}

const PyMethodDef *
c_function_definition(PyObject *callable)
{
    if (PyCFunction_Check(callable)) {
        return ((PyCFunctionObject *)callable)->m_ml;
    }
    if (PyObject_TypeCheck(callable, &PyMethodDescr_Type)
        || PyObject_TypeCheck(callable, &PyClassMethodDescr_Type)) {
        return ((PyMethodDescrObject *)callable)->d_method;
    }
    return NULL;
}
