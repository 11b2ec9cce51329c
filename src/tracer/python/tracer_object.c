// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/tracer_object.c - the type _tracer.Tracer.
 *
 * It has no state of its own: there is one recording in a process. VizTracer,
 * which is written in Python, has one of these.
 */
#include "tracer/python/tracer_object.h"

#include "base/error.h"
#include "tracer/python/inline_recording.h"
#include "tracer/python/program_marks.h"
#include "tracer/python/python_error.h"
#include "tracer/python/recording.h"

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

static PyObject *
tracer_start(PyObject *self, PyObject *text)
{
    struct recording_options options = recording_options_default();

    (void)self;
    return none_if(parse_options(&options, text)
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
tracer_clear(PyObject *self, PyObject *text)
{
    struct recording_options options = recording_options_default();

    (void)self;
    return none_if(parse_options(&options, text)
                   && inline_recording_clear(&options));
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
    {"start", tracer_start, METH_O,
     "start(options)\n\nRecord from now on what the text says."},
    {"stop", tracer_stop, METH_NOARGS, "stop()\n\nStop recording."},
    {"clear", tracer_clear, METH_O,
     "clear(options)\n\nForget what was recorded; while it is running, record "
     "on with these."},
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
