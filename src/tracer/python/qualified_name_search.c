// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/qualified_name_search.c - before 3.11 a code object does not
 * know its class: it is looked up through the first argument of a call.
 */
#include "tracer/python/qualified_name.h"

#include <string.h>

#include "tracer/python/code_names.h"
#include "tracer/python/type_access.h"

enum { WRAPPER_DEPTH_MAX = 16 };

/* Whether what stands in a class is a function with this code, possibly inside
 * classmethod, staticmethod, property or functools.wraps. */
static bool
leads_to_code(PyObject *value, PyObject *code, unsigned depth)
{
    static const char *const ways[] = {"__func__", "fget", "fset", "fdel",
                                       "__wrapped__"};
    PyObject *found = NULL;
    bool is_found = false;

    if (depth == 0 || value == NULL) {
        return false;
    }
    if (PyFunction_Check(value)) {
        found = read_attribute(value, "__code__");
        is_found = found == code;
        Py_XDECREF(found);
        if (is_found) {
            return true;
        }
    } else if (!Py_IS_TYPE(value, &PyProperty_Type)
               && !Py_IS_TYPE(value, &PyStaticMethod_Type)
               && !Py_IS_TYPE(value, &PyClassMethod_Type)) {
        return false; /* its attributes could be code of the program */
    }
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && !is_found; i++) {
        found = read_attribute(value, ways[i]);
        is_found = leads_to_code(found, code, depth - 1);
        Py_XDECREF(found);
    }
    return is_found;
}

/* Inside class _C, "__f" is stored as "_C__f". A new reference, or NULL. */
static PyObject *
mangle(PyObject *type, PyObject *name)
{
    struct buffer text = {0};
    struct buffer owner = {0};
    PyObject *class_name = type_name(type, false);
    PyObject *mangled = NULL;
    size_t skip = 0;

    append_text(&text, name);
    append_text(&owner, class_name);
    Py_XDECREF(class_name);
    if (text.size > 2 && owner.size > 0 && strncmp(text.data, "__", 2) == 0
        && strncmp(text.data + text.size - 2, "__", 2) != 0) {
        skip = strspn(owner.data, "_");
        mangled = PyUnicode_FromFormat("_%s%s", owner.data + skip, text.data);
        if (mangled == NULL) {
            PyErr_Clear();
        }
    }
    buffer_release(&owner);
    buffer_release(&text);
    return mangled;
}

static bool
type_holds_code(PyObject *type, PyObject *name, PyObject *code)
{
    PyObject *value = type_own_attribute(type, name);
    PyObject *mangled = NULL;
    bool holds = false;

    if (value == NULL) {
        mangled = mangle(type, name);
        value = mangled != NULL ? type_own_attribute(type, mangled) : NULL;
        Py_XDECREF(mangled);
    }
    holds = leads_to_code(value, code, WRAPPER_DEPTH_MAX);
    Py_XDECREF(value);
    return holds;
}

/* The class that defines the method with this code: a new reference, or
 * NULL. */
static PyObject *
find_class(PyObject *first_argument, PyObject *name, PyObject *code)
{
    PyObject *type = PyType_Check(first_argument)
                         ? first_argument
                         : (PyObject *)Py_TYPE(first_argument);
    PyObject *mro = type_mro(type);
    PyObject *found = NULL;
    Py_ssize_t count = mro != NULL ? PyTuple_Size(mro) : 0;

    for (Py_ssize_t i = 0; i < count && found == NULL; i++) {
        PyObject *base = PyTuple_GetItem(mro, i); /* borrowed */

        if (PyType_Check(base) && type_holds_code(base, name, code)) {
            found = base;
            Py_INCREF(found);
        }
    }
    Py_XDECREF(mro);
    return found;
}

void
append_qualified_name(struct buffer *out, PyObject *code,
                      PyObject *first_argument)
{
    PyObject *name = read_attribute(code, "co_name");
    PyObject *type = NULL;

    if (name != NULL && first_argument != NULL) {
        type = find_class(first_argument, name, code);
    }
    if (type != NULL) {
        PyObject *class_name = type_name(type, true);

        append_text(out, class_name);
        buffer_append_char(out, '.');
        Py_XDECREF(class_name);
        Py_DECREF(type);
    }
    append_text(out, name);
    Py_XDECREF(name);
}
