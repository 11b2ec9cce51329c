// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/program_marks.c - what a program itself puts into its trace:
 * instants, counters, objects.
 */
#include "tracer/python/program_marks.h"

#include "base/buffer.h"
#include "tracer/python/code_names.h"
#include "tracer/python/inline_recording.h"
#include "tracer/python/recording.h"
#include "tracer/python/value_json.h"

static bool
parse_scope(PyObject *value, enum vzt_scope *scope)
{
    if (value == NULL || text_equals(value, "g")) {
        *scope = VZT_SCOPE_GLOBAL;
    } else if (text_equals(value, "p")) {
        *scope = VZT_SCOPE_PROCESS;
    } else if (text_equals(value, "t")) {
        *scope = VZT_SCOPE_THREAD;
    } else {
        PyErr_SetString(PyUnicode_Check(value) ? PyExc_ValueError
                                               : PyExc_TypeError,
                        "Scope must be one of 'g', 'p', 't'");
        return false;
    }
    return true;
}

static bool
check_name(PyObject *name)
{
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "name must be a string");
        return false;
    }
    return true;
}

static struct text_span
span_of(const struct buffer *text)
{
    return (struct text_span){text->data, text->size};
}

/* Recording happens while a launcher records, or between start and stop. */
static bool
is_recording(void)
{
    return recording.recorder != NULL
           && (recording.is_launched || inline_recording_is_running());
}

/* The name and the arguments of a mark. */
struct mark_texts {
    struct buffer name;
    struct buffer json;
};

/* False when there is no memory, or nothing is to be recorded on this thread.
 * Runs code of the program (repr). mark_texts_release follows in any case. */
static bool
mark_texts_write(struct mark_texts *texts, PyObject *name, PyObject *arguments)
{
    recording_mute_thread();
    append_text(&texts->name, name);
    if (recording.options.has_args && arguments != NULL
        && arguments != Py_None) {
        value_json_append(&texts->json, arguments);
    }
    recording_unmute_thread();
    return buffer_is_ok(&texts->name) && buffer_is_ok(&texts->json)
           && recording_thread() != NULL;
}

static void
mark_texts_release(struct mark_texts *texts)
{
    buffer_release(&texts->json);
    buffer_release(&texts->name);
}

static void
record_instant(enum vzt_scope scope, PyObject *name, PyObject *arguments)
{
    struct mark_texts texts = {0};

    if (mark_texts_write(&texts, name, arguments)) {
        recorder_instant(recording.recorder, scope, span_of(&texts.name),
                         span_of(&texts.json));
    }
    mark_texts_release(&texts);
}

PyObject *
program_marks_instant(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"name", "args", "scope", NULL};
    PyObject *name = NULL;
    PyObject *values = NULL;
    PyObject *scope_text = NULL;
    enum vzt_scope scope = VZT_SCOPE_GLOBAL;

    (void)self;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "O|OO:add_instant",
                                     names, &name, &values, &scope_text)
        || !check_name(name) || !parse_scope(scope_text, &scope)) {
        return NULL;
    }
    if (is_recording()) {
        record_instant(scope, name, values);
    }
    Py_RETURN_NONE;
}

enum { SERIES_MAX = 64 };

/* The values of a counter and the texts of their keys. */
struct counter_values {
    struct counter_value values[SERIES_MAX];
    size_t count;
    struct buffer keys;
    size_t key_ends[SERIES_MAX];
};

static bool
read_number(struct counter_value *value, PyObject *number)
{
    int overflow = 0;

    if (PyLong_Check(number)) {
        value->type = VZT_VALUE_INT64;
        value->value.integer = PyLong_AsLongLongAndOverflow(number, &overflow);
        if (overflow == 0) {
            return true;
        }
    } else if (!PyFloat_Check(number)) {
        PyErr_SetString(PyExc_TypeError,
                        "the values of a counter must be numbers");
        return false;
    }
    value->type = VZT_VALUE_DOUBLE;
    value->value.real = PyFloat_AsDouble(number);
    return !(value->value.real == -1.0 && PyErr_Occurred());
}

static bool
read_series(struct counter_values *counter, PyObject *key, PyObject *number)
{
    if (!PyUnicode_Check(key)) {
        PyErr_SetString(PyExc_TypeError,
                        "the keys of a counter must be strings");
        return false;
    }
    if (counter->count == SERIES_MAX) {
        PyErr_Format(PyExc_ValueError, "a counter has at most %d values",
                     SERIES_MAX);
        return false;
    }
    if (!read_number(&counter->values[counter->count], number)) {
        return false;
    }
    append_text(&counter->keys, key);
    counter->key_ends[counter->count] = counter->keys.size;
    counter->count++;
    return true;
}

/* Checked also while nothing is recorded: a wrong call is always wrong. */
static bool
read_counter(struct counter_values *counter, PyObject *values)
{
    PyObject *key = NULL;
    PyObject *number = NULL;
    Py_ssize_t position = 0;

    if (!PyDict_Check(values)) {
        PyErr_SetString(PyExc_TypeError,
                        "the values of a counter must be a dict");
        return false;
    }
    while (PyDict_Next(values, &position, &key, &number)) { /* borrowed */
        if (!read_series(counter, key, number)) {
            return false;
        }
    }
    for (size_t i = 0, start = 0; i < counter->count; i++) {
        counter->values[i].key = (struct text_span){
            counter->keys.data + start, counter->key_ends[i] - start};
        start = counter->key_ends[i];
    }
    return true;
}

PyObject *
program_marks_counter(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"name", "args", NULL};
    PyObject *name = NULL;
    PyObject *values = NULL;
    struct counter_values counter = {.count = 0};
    struct buffer name_text = {0};
    bool ok = false;

    (void)self;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OO:add_counter",
                                     names, &name, &values)) {
        return NULL;
    }
    ok = check_name(name) && read_counter(&counter, values);
    if (ok && is_recording() && recording_thread() != NULL) {
        append_text(&name_text, name);
        recorder_counter(recording.recorder, span_of(&name_text),
                         counter.values, counter.count);
    }
    buffer_release(&name_text);
    buffer_release(&counter.keys);
    if (!ok) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static bool
parse_phase(PyObject *value, enum vzt_object_phase *phase)
{
    if (text_equals(value, "N")) {
        *phase = VZT_OBJECT_CREATED;
    } else if (text_equals(value, "O")) {
        *phase = VZT_OBJECT_SNAPSHOT;
    } else if (text_equals(value, "D")) {
        *phase = VZT_OBJECT_DELETED;
    } else {
        PyErr_SetString(PyUnicode_Check(value) ? PyExc_ValueError
                                               : PyExc_TypeError,
                        "ph must be one of 'N', 'O', 'D'");
        return false;
    }
    return true;
}

/* The id as text, decimal of a number: a new reference. */
static PyObject *
parse_object_id(PyObject *value)
{
    if (PyUnicode_Check(value)) {
        Py_INCREF(value);
        return value;
    }
    if (PyLong_Check(value)) {
        return PyNumber_ToBase(value, 10); /* not a subclass' own idea of it */
    }
    PyErr_SetString(PyExc_TypeError,
                    "the id of an object must be an integer or a string");
    return NULL;
}

static void
record_object(enum vzt_object_phase phase, PyObject *id, PyObject *name,
              PyObject *arguments)
{
    struct mark_texts texts = {0};
    struct buffer id_text = {0};

    append_text(&id_text, id);
    if (mark_texts_write(&texts, name, arguments) && buffer_is_ok(&id_text)) {
        recorder_object(recording.recorder, phase, span_of(&id_text),
                        span_of(&texts.name), span_of(&texts.json));
    }
    buffer_release(&id_text);
    mark_texts_release(&texts);
}

PyObject *
program_marks_object(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"ph", "obj_id", "name", "args", NULL};
    PyObject *phase_text = NULL;
    PyObject *id = NULL;
    PyObject *name = NULL;
    PyObject *values = NULL;
    enum vzt_object_phase phase = VZT_OBJECT_SNAPSHOT;

    (void)self;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OOO|O:add_object",
                                     names, &phase_text, &id, &name, &values)
        || !parse_phase(phase_text, &phase) || !check_name(name)) {
        return NULL;
    }
    id = parse_object_id(id);
    if (id == NULL) {
        return NULL;
    }
    if (is_recording()) {
        record_object(phase, id, name, values);
    }
    Py_DECREF(id);
    Py_RETURN_NONE;
}
