// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/code_names.c - what people call a function.
 */
#include "tracer/python/code_names.h"

#include <string.h>

#include "tracer/python/qualified_name.h"
#include "tracer/python/type_access.h"

PyObject *
read_attribute(PyObject *object, const char *name)
{
    PyObject *value = PyObject_GetAttrString(object, name);

    if (value == NULL) {
        PyErr_Clear();
    }
    return value;
}

void
append_text(struct buffer *out, PyObject *text)
{
    PyObject *bytes = NULL;
    char *data = NULL;
    Py_ssize_t size = 0;

    if (text == NULL || !PyUnicode_Check(text)) {
        return;
    }
    bytes = PyUnicode_AsEncodedString(text, "utf-8", "surrogateescape");
    if (bytes == NULL) {
        PyErr_Clear();
        bytes = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    }
    if (bytes == NULL || PyBytes_AsStringAndSize(bytes, &data, &size) < 0) {
        PyErr_Clear();
    } else {
        buffer_append(out, data, (size_t)size);
    }
    Py_XDECREF(bytes);
}

bool
text_equals(PyObject *text, const char *ascii)
{
    return text != NULL && PyUnicode_Check(text)
           && PyUnicode_CompareWithASCIIString(text, ascii) == 0;
}

static void
point_to_texts(struct function_text *text)
{
    text->definition.name =
        (struct text_span){text->name.data, text->name.size};
    text->definition.file =
        (struct text_span){text->file.data, text->file.size};
}

void
describe_code(struct function_text *text, PyObject *code,
              PyObject *first_argument)
{
    PyObject *file = read_attribute(code, "co_filename");
    PyObject *line = read_attribute(code, "co_firstlineno");
    long number = line != NULL ? PyLong_AsLong(line) : 0;

    if (number < 0 || number > INT32_MAX) {
        PyErr_Clear();
        number = 0;
    }
    append_qualified_name(&text->name, code, first_argument);
    append_text(&text->file, file);
    text->definition.kind = VZT_FUNCTION_PYTHON;
    text->definition.line = (uint32_t)number;
    point_to_texts(text);
    Py_XDECREF(line);
    Py_XDECREF(file);
}

/* The type among the bases of type whose own attribute is this definition: a
 * new reference, or NULL. */
static PyObject *
find_defining_type(PyObject *type, PyObject *name, const PyMethodDef *method)
{
    PyObject *mro = type_mro(type);
    PyObject *found = NULL;
    Py_ssize_t count = mro != NULL ? PyTuple_Size(mro) : 0;

    for (Py_ssize_t i = 0; i < count && found == NULL; i++) {
        PyObject *base = PyTuple_GetItem(mro, i); /* borrowed */
        PyObject *own =
            PyType_Check(base) ? type_own_attribute(base, name) : NULL;

        if (own != NULL && !PyCFunction_Check(own)
            && c_function_definition(own) == method) {
            found = base;
            Py_INCREF(found);
        }
        Py_XDECREF(own);
    }
    Py_XDECREF(mro);
    return found;
}

/*
 * The type to name before the method: the one that defines it; for __new__ and
 * static methods self itself, else its type. A new reference; NULL for a plain
 * function.
 */
static PyObject *
owner_of_method(PyObject *callable, PyObject *name)
{
    const PyMethodDef *method = c_function_definition(callable);
    PyObject *self = NULL;
    PyObject *type = NULL;

    if (!PyCFunction_Check(callable)) {
        return read_attribute(callable, "__objclass__");
    }
    self = read_attribute(callable, "__self__");
    if (self == NULL || self == Py_None) {
        Py_XDECREF(self);
        return NULL;
    }
    if (PyType_Check(self)) {
        type = find_defining_type(self, name, method);
    }
    if (type == NULL) {
        type = find_defining_type((PyObject *)Py_TYPE(self), name, method);
    }
    if (type == NULL) {
        type = PyType_Check(self) ? self : (PyObject *)Py_TYPE(self);
        Py_INCREF(type);
    }
    Py_DECREF(self);
    return type;
}

void
describe_c_function(struct function_text *text, PyObject *callable)
{
    const PyMethodDef *method = c_function_definition(callable);
    PyObject *name = PyUnicode_FromString(method->ml_name);
    PyObject *module = PyCFunction_Check(callable)
                           ? read_attribute(callable, "__module__")
                           : NULL;
    PyObject *type = NULL;

    if (name == NULL) {
        PyErr_Clear();
    }
    if (module != NULL && PyUnicode_Check(module)) {
        append_text(&text->name, module);
        buffer_append_char(&text->name, '.');
    } else if (name != NULL && (type = owner_of_method(callable, name))) {
        PyObject *owner = type_name(type, false);

        append_text(&text->name, owner);
        buffer_append_char(&text->name, '.');
        Py_XDECREF(owner);
    }
    buffer_append_text(&text->name, method->ml_name);
    text->definition.kind = VZT_FUNCTION_C;
    point_to_texts(text);
    Py_XDECREF(type);
    Py_XDECREF(module);
    Py_XDECREF(name);
}

void
function_text_release(struct function_text *text)
{
    buffer_release(&text->name);
    buffer_release(&text->file);
}
