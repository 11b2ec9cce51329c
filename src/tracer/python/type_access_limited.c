// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/type_access_limited.c - over the limited API.
 */
#include "tracer/python/type_access.h"

#include <string.h>

#include "tracer/python/c_function_layout.h"

/*
 * What type.__dict__[name] gives for this type, without asking its metaclass.
 * A new reference; NULL with an exception set.
 */
static PyObject *
read_type_field(PyObject *type, const char *name)
{
    PyObject *fields =
        PyObject_GetAttrString((PyObject *)&PyType_Type, "__dict__");
    PyObject *key = PyUnicode_FromString(name);
    PyObject *field = NULL;
    PyObject *value = NULL;

    if (fields != NULL && key != NULL) {
        field = PyObject_GetItem(fields, key);
    }
    if (field != NULL) {
        descrgetfunc get =
            (descrgetfunc)PyType_GetSlot(Py_TYPE(field), Py_tp_descr_get);

        value = get(field, type, (PyObject *)Py_TYPE(type));
    }
    Py_XDECREF(field);
    Py_XDECREF(key);
    Py_XDECREF(fields);
    return value;
}

static PyObject *
without_exception(PyObject *value)
{
    if (value == NULL) {
        PyErr_Clear();
    }
    return value;
}

PyObject *
type_mro(PyObject *type)
{
    PyObject *mro = without_exception(read_type_field(type, "__mro__"));

    if (mro != NULL && !PyTuple_Check(mro)) {
        Py_CLEAR(mro);
    }
    return mro;
}

PyObject *
type_own_attribute(PyObject *type, PyObject *name)
{
    PyObject *own = without_exception(read_type_field(type, "__dict__"));
    PyObject *value = NULL;

    if (own != NULL) {
        value = without_exception(PyObject_GetItem(own, name));
        Py_DECREF(own);
    }
    return value;
}

PyObject *
type_name(PyObject *type, bool has_qualified)
{
    return without_exception(has_qualified
                                 ? PyType_GetQualName((PyTypeObject *)type)
                                 : PyType_GetName((PyTypeObject *)type));
}

const PyMethodDef *
c_function_definition(PyObject *callable)
{
    if (PyObject_TypeCheck(callable, &PyCFunction_Type)) {
        return ((struct c_function_layout *)callable)->definition;
    }
    if (Py_IS_TYPE(callable, &PyMethodDescr_Type)
        || Py_IS_TYPE(callable, &PyClassMethodDescr_Type)) {
        return ((struct method_descriptor_layout *)callable)->definition;
    }
    return NULL;
}

/* Whether the function's definition is where it is expected. */
static bool
function_has_known_layout(PyObject *function, const char *name)
{
    const struct c_function_layout *layout = NULL;

    if (function == NULL || !PyCFunction_Check(function)) {
        return false;
    }
    layout = (const struct c_function_layout *)function;
    return layout->definition->ml_meth == PyCFunction_GetFunction(function)
           && strcmp(layout->definition->ml_name, name) == 0;
}

/* Whether list.append and [].append lead to the same definition. */
static bool
method_has_known_layout(void)
{
    PyObject *list = PyList_New(0);
    PyObject *bound = NULL;
    PyObject *descriptor =
        PyObject_GetAttrString((PyObject *)&PyList_Type, "append");
    bool is_known = false;

    if (list != NULL) {
        bound = PyObject_GetAttrString(list, "append");
    }
    if (bound != NULL && descriptor != NULL
        && Py_IS_TYPE(descriptor, &PyMethodDescr_Type)) {
        is_known = function_has_known_layout(bound, "append")
                   && c_function_definition(bound)
                          == c_function_definition(descriptor);
    }
    Py_XDECREF(descriptor);
    Py_XDECREF(bound);
    Py_XDECREF(list);
    return is_known;
}

bool
type_access_prepare(void)
{
    PyObject *function = PySys_GetObject("intern"); /* borrowed */

    if (function_has_known_layout(function, "intern")
        && method_has_known_layout()) {
        return true;
    }
    PyErr_SetString(PyExc_RuntimeError,
                    "builtin functions of this interpreter are not laid out as "
                    "viztracer knows them: it cannot record here");
    return false;
}
