// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/value_json.c - Python values as JSON text.
 */
#include "tracer/python/value_json.h"

#include <math.h>

#include "tracer/python/code_names.h"

static void append_value(struct buffer *out, PyObject *value, unsigned depth);

static void
append_escaped(struct buffer *out, const char *data, size_t size)
{
    buffer_append_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)data[i];

        if (byte == '"' || byte == '\\') {
            buffer_append_char(out, '\\');
            buffer_append_char(out, (char)byte);
        } else if (byte < 0x20) {
            buffer_append_format(out, "\\u%04x", byte);
        } else {
            buffer_append_char(out, (char)byte);
        }
    }
    buffer_append_char(out, '"');
}

/* A str that JSON can hold: lone surrogates become "?". */
static void
append_string(struct buffer *out, PyObject *text, size_t size_max)
{
    PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8", "replace");
    char *data = NULL;
    Py_ssize_t size = 0;

    if (bytes == NULL || PyBytes_AsStringAndSize(bytes, &data, &size) < 0) {
        PyErr_Clear();
        buffer_append_text(out, "\"<not displayable>\"");
    } else {
        size_t kept = (size_t)size;

        if (kept > size_max) {
            kept = size_max;
            while (kept > 0 && ((unsigned char)data[kept] & 0xC0) == 0x80) {
                kept--; /* not inside a character */
            }
        }
        append_escaped(out, data, kept);
    }
    Py_XDECREF(bytes);
}

static void
append_repr(struct buffer *out, PyObject *value)
{
    PyObject *text = PyObject_Repr(value);

    if (text == NULL) {
        PyErr_Clear();
        buffer_append_text(out, "\"<not displayable>\"");
        return;
    }
    append_string(out, text, VALUE_JSON_REPR_SIZE_MAX);
    Py_DECREF(text);
}

static void
append_integer(struct buffer *out, PyObject *value)
{
    /* Not a subclass' own idea of its text. */
    int overflow = 0;
    long long number = PyLong_AsLongLongAndOverflow(value, &overflow);

    if (overflow == 0 && !(number == -1 && PyErr_Occurred())) {
        buffer_append_format(out, "%lld", number);
        return;
    }
    PyErr_Clear();
    append_repr(out, value); /* beyond what readers of JSON hold exactly */
}

static void
append_real(struct buffer *out, PyObject *value)
{
    double number = PyFloat_AsDouble(value);
    char *text = NULL;

    if (!isfinite(number)) {
        append_repr(out, value);
        return;
    }
    text = PyOS_double_to_string(number, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (text == NULL) {
        PyErr_Clear();
        buffer_append_text(out, "null");
        return;
    }
    buffer_append_text(out, text);
    PyMem_Free(text);
}

/* Elements are held while they are written: a repr may change the list. */
static void
append_sequence(struct buffer *out, PyObject *value, unsigned depth)
{
    bool is_first = true;

    buffer_append_char(out, '[');
    for (Py_ssize_t i = 0;
         i < PySequence_Size(value) && out->size < VALUE_JSON_SIZE_MAX; i++) {
        PyObject *item = PySequence_GetItem(value, i);

        if (item == NULL) {
            break;
        }
        if (!is_first) {
            buffer_append_char(out, ',');
        }
        is_first = false;
        append_value(out, item, depth - 1);
        Py_DECREF(item);
    }
    PyErr_Clear();
    buffer_append_char(out, ']');
}

static void
append_key(struct buffer *out, PyObject *key)
{
    if (PyUnicode_Check(key)) {
        append_string(out, key, VALUE_JSON_REPR_SIZE_MAX);
    } else {
        append_repr(out, key);
    }
    buffer_append_char(out, ':');
}

static void
append_mapping(struct buffer *out, PyObject *value, unsigned depth)
{
    PyObject *items = PyDict_Items(value); /* a copy: a repr may change it */
    Py_ssize_t count = items != NULL ? PyList_Size(items) : 0;

    PyErr_Clear();
    buffer_append_char(out, '{');
    for (Py_ssize_t i = 0; i < count && out->size < VALUE_JSON_SIZE_MAX; i++) {
        PyObject *item = PyList_GetItem(items, i); /* borrowed */

        if (i > 0) {
            buffer_append_char(out, ',');
        }
        append_key(out, PyTuple_GetItem(item, 0));
        append_value(out, PyTuple_GetItem(item, 1), depth - 1);
    }
    buffer_append_char(out, '}');
    Py_XDECREF(items);
}

static void
append_value(struct buffer *out, PyObject *value, unsigned depth)
{
    if (value == Py_None) {
        buffer_append_text(out, "null");
    } else if (value == Py_True) {
        buffer_append_text(out, "true");
    } else if (value == Py_False) {
        buffer_append_text(out, "false");
    } else if (PyUnicode_Check(value)) {
        append_string(out, value, VALUE_JSON_SIZE_MAX);
    } else if (PyLong_Check(value)) {
        append_integer(out, value);
    } else if (PyFloat_Check(value)) {
        append_real(out, value);
    } else if (depth > 0 && PyDict_Check(value)) {
        append_mapping(out, value, depth);
    } else if (depth > 0
               && (PyList_CheckExact(value) || PyTuple_Check(value))) {
        append_sequence(out, value, depth);
    } else {
        append_repr(out, value);
    }
}

void
value_json_append(struct buffer *out, PyObject *value)
{
    append_value(out, value, VALUE_JSON_DEPTH_MAX);
}
