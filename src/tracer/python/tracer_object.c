// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/tracer_object.c - the type _tracer.Tracer.
 *
 * Methods that do real work call one of the same name with an underscore in
 * front, written in Python by VizTracer, while the thread is muted.
 */
#include "tracer/python/tracer_object.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "tracer/python/code_names.h"
#include "tracer/python/inline_recording.h"
#include "tracer/python/python_error.h"
#include "tracer/python/recording.h"
#include "tracer/python/value_json.h"

/* Call a Python method; the thread is muted. */
static PyObject *
call_muted(PyObject *self, const char *name, PyObject *arguments,
           PyObject *keywords)
{
    PyObject *method = NULL;
    PyObject *result = NULL;

    recording_mute_thread();
    method = PyObject_GetAttrString(self, name);
    if (method != NULL) {
        result = PyObject_Call(method, arguments, keywords);
        Py_DECREF(method);
    }
    recording_unmute_thread();
    return result;
}

static PyObject *
none_if(bool ok)
{
    if (!ok) {
        return NULL;
    }
    Py_INCREF(Py_None);
    return Py_None;
}

static bool
parse_options(struct recording_options *options, PyObject *text)
{
    PyObject *bytes = PyUnicode_AsUTF8String(text);
    struct error err = {0};
    bool ok = false;

    if (bytes == NULL) {
        return false;
    }
    ok = recording_options_parse(options, PyBytes_AsString(bytes), &err);
    if (!ok) {
        python_error_raise(&err);
    }
    Py_DECREF(bytes);
    return ok;
}

/* What to record, as VizTracer's _options() says. */
static bool
read_options(PyObject *self, struct recording_options *options)
{
    PyObject *nothing = PyTuple_New(0);
    PyObject *text = NULL;
    bool ok = false;

    if (nothing != NULL) {
        text = call_muted(self, "_options", nothing, NULL);
        Py_DECREF(nothing);
    }
    if (text != NULL) {
        ok = parse_options(options, text);
        Py_DECREF(text);
    }
    return ok;
}

static PyObject *
tracer_start(PyObject *self, PyObject *unused)
{
    struct recording_options options = recording_options_default();

    (void)unused;
    return none_if(read_options(self, &options)
                   && inline_recording_start(&options));
}

static PyObject *
tracer_stop(PyObject *self, PyObject *unused)
{
    (void)self;
    (void)unused;
    return none_if(inline_recording_stop());
}

static PyObject *
tracer_clear(PyObject *self, PyObject *unused)
{
    struct recording_options options = recording_options_default();

    (void)unused;
    return none_if(read_options(self, &options)
                   && inline_recording_clear(&options));
}

static PyObject *
tracer_save(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    return call_muted(self, "_save", arguments, keywords);
}

static PyObject *
tracer_enter(PyObject *self, PyObject *unused)
{
    PyObject *result = tracer_start(self, unused);

    if (result == NULL) {
        return NULL;
    }
    Py_DECREF(result);
    Py_INCREF(self);
    return self;
}

/* What was recorded is saved also when the block raised. */
static PyObject *
tracer_exit(PyObject *self, PyObject *arguments)
{
    PyObject *nothing = NULL;
    PyObject *result = NULL;

    (void)arguments;
    if (!inline_recording_stop()) {
        return NULL;
    }
    nothing = PyTuple_New(0);
    if (nothing != NULL) {
        result = call_muted(self, "_save", nothing, NULL);
    }
    Py_XDECREF(nothing);
    return result;
}

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

static void
record_instant(enum vzt_scope scope, PyObject *name, PyObject *arguments)
{
    struct buffer name_text = {0};
    struct buffer json = {0};

    recording_mute_thread();
    append_text(&name_text, name);
    if (arguments != NULL && arguments != Py_None) {
        value_json_append(&json, arguments);
    }
    recording_unmute_thread();
    if (buffer_is_ok(&name_text) && buffer_is_ok(&json)
        && recording_thread() != NULL) {
        recorder_instant(recording.recorder, scope, span_of(&name_text),
                         span_of(&json));
    }
    buffer_release(&json);
    buffer_release(&name_text);
}

static PyObject *
tracer_add_instant(PyObject *self, PyObject *arguments, PyObject *keywords)
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
    return none_if(true);
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

static PyObject *
tracer_add_counter(PyObject *self, PyObject *arguments, PyObject *keywords)
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
    return none_if(ok);
}

static PyObject *
tracer_get_enable(PyObject *self, void *unused)
{
    (void)self;
    (void)unused;
    return PyBool_FromLong(inline_recording_is_running());
}

/* A function with keywords has another type than the table's. */
#define WITH_KEYWORDS(function) ((PyCFunction)(void (*)(void))(function))

static PyMethodDef tracer_methods[] = {
    {"start", tracer_start, METH_NOARGS, "Record from now on."},
    {"stop", tracer_stop, METH_NOARGS, "Stop recording."},
    {"clear", tracer_clear, METH_NOARGS, "Forget what was recorded."},
    {"save", WITH_KEYWORDS(tracer_save), METH_VARARGS | METH_KEYWORDS,
     "save(output_file=None, file_info=None, verbose=None)\n\n"
     "Write what was recorded to output_file: .html, .json, .json.gz or .vzt. "
     "Without\nit to the output_file that the constructor was given; see there "
     "for what it is\nwhen none was."},
    {"add_instant", WITH_KEYWORDS(tracer_add_instant),
     METH_VARARGS | METH_KEYWORDS,
     "add_instant(name, args=None, scope='g')\n\n"
     "Mark this moment for the thread ('t'), process ('p') or everything "
     "('g')."},
    {"add_counter", WITH_KEYWORDS(tracer_add_counter),
     METH_VARARGS | METH_KEYWORDS,
     "add_counter(name, args)\n\nRecord the numbers in the dict args, now."},
    {"__enter__", tracer_enter, METH_NOARGS, NULL},
    {"__exit__", tracer_exit, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef tracer_attributes[] = {
    {"enable", tracer_get_enable, NULL, "Whether calls are being recorded.",
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot tracer_slots[] = {
    {Py_tp_doc, "The recorder of this process."},
    {Py_tp_methods, tracer_methods},
    {Py_tp_getset, tracer_attributes},
    {0, NULL},
};

static PyType_Spec tracer_spec = {
    .name = "viztracer._tracer.Tracer",
    .basicsize = sizeof(PyObject),
    /* The macro has operands that are 0. */
    // NOLINTNEXTLINE(misc-redundant-expression)
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = tracer_slots,
};

PyObject *
tracer_object_type(void)
{
    return PyType_FromSpec(&tracer_spec);
}
