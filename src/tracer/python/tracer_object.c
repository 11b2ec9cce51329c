// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/tracer_object.c - the type _tracer.Tracer.
 *
 * Methods that do real work call one of the same name with an underscore in
 * front, written in Python by VizTracer, while the thread is muted.
 */
#include "tracer/python/tracer_object.h"

#include "base/error.h"
#include "tracer/python/inline_recording.h"
#include "tracer/python/program_marks.h"
#include "tracer/python/python_error.h"
#include "tracer/python/recording.h"

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
    {"add_instant", WITH_KEYWORDS(program_marks_instant),
     METH_VARARGS | METH_KEYWORDS,
     "add_instant(name, args=None, scope='g')\n\n"
     "Mark this moment for the thread ('t'), process ('p') or everything "
     "('g')."},
    {"add_counter", WITH_KEYWORDS(program_marks_counter),
     METH_VARARGS | METH_KEYWORDS,
     "add_counter(name, args)\n\nRecord the numbers in the dict args, now."},
    {"add_object", WITH_KEYWORDS(program_marks_object),
     METH_VARARGS | METH_KEYWORDS,
     "add_object(ph, obj_id, name, args=None)\n\n"
     "Record that an object was created ('N'), what it is now ('O', with args "
     "{'snapshot':\n{...}}) or that it was deleted ('D')."},
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
