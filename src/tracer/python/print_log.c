// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/print_log.c - what print() writes becomes an instant, too.
 */
#include "tracer/python/print_log.h"

#include "base/buffer.h"
#include "tracer/python/code_names.h"
#include "tracer/python/inline_recording.h"
#include "tracer/python/recording.h"

static const char instant_prefix[] = "print - ";

/* A file that passes all on and remembers it. */
struct listening_file {
    PyObject base;
    PyObject *file; /* owned */
    struct buffer text;
};

static PyObject *
listening_file_write(PyObject *self, PyObject *text)
{
    struct listening_file *listener = (struct listening_file *)self;
    PyObject *result =
        PyObject_CallMethod(listener->file, "write", "(O)", text);

    if (result != NULL && PyUnicode_Check(text)) {
        append_text(&listener->text, text);
    }
    return result;
}

static PyObject *
listening_file_flush(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyObject_CallMethod(((struct listening_file *)self)->file, "flush",
                               NULL);
}

static void
listening_file_free(PyObject *self)
{
    struct listening_file *listener = (struct listening_file *)self;
    PyTypeObject *type = Py_TYPE(self);

    Py_CLEAR(listener->file);
    buffer_release(&listener->text);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyMethodDef listening_file_methods[] = {
    {"write", listening_file_write, METH_O, NULL},
    {"flush", listening_file_flush, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot listening_file_slots[] = {
    {Py_tp_methods, listening_file_methods},
    {Py_tp_dealloc, (void *)listening_file_free},
    {0, NULL},
};

static PyType_Spec listening_file_spec = {
    .name = "viztracer._tracer.ListeningFile",
    .basicsize = sizeof(struct listening_file),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = listening_file_slots,
};

/* Where print() is to write: borrowed, NULL = nowhere, or it is an error. */
static PyObject *
find_file(PyObject *keywords)
{
    PyObject *file = keywords != NULL ? PyDict_GetItemString(keywords, "file")
                                      : NULL; /* borrowed */

    if (file == NULL || file == Py_None) {
        file = PySys_GetObject("stdout"); /* borrowed */
    }
    return file == Py_None ? NULL : file;
}

static void
record_text(const struct buffer *text)
{
    struct buffer name = {0};

    if (text->size == 0 || recording_thread() == NULL) {
        return;
    }
    if (recording.options.has_args) {
        buffer_append_text(&name, instant_prefix);
        buffer_append(&name, text->data, text->size);
    } else {
        buffer_append_text(&name, "print");
    }
    if (buffer_is_ok(text) && buffer_is_ok(&name)) {
        recorder_instant(recording.recorder, VZT_SCOPE_GLOBAL,
                         (struct text_span){name.data, name.size},
                         (struct text_span){0});
    }
    buffer_release(&name);
}

/* print() with another file, which is borrowed. */
static PyObject *
print_into(PyObject *print, PyObject *arguments, PyObject *keywords,
           PyObject *file)
{
    PyObject *changed = keywords != NULL ? PyDict_Copy(keywords) : PyDict_New();
    PyObject *result = NULL;

    if (changed != NULL && PyDict_SetItemString(changed, "file", file) == 0) {
        result = PyObject_Call(print, arguments, changed);
    }
    Py_XDECREF(changed);
    return result;
}

static PyObject *
print_listening(PyObject *print, PyObject *arguments, PyObject *keywords,
                PyObject *listening_file_type)
{
    PyObject *file = find_file(keywords);
    struct listening_file *listener = NULL;
    PyObject *result = NULL;

    if (file == NULL) {
        return PyObject_Call(print, arguments, keywords);
    }
    listener = (struct listening_file *)PyType_GenericAlloc(
        (PyTypeObject *)listening_file_type, 0);
    if (listener == NULL) {
        return NULL;
    }
    Py_INCREF(file);
    listener->file = file;
    result = print_into(print, arguments, keywords, (PyObject *)listener);
    record_text(&listener->text);
    Py_DECREF(listener);
    return result;
}

static bool
is_recording(void)
{
    return recording.recorder != NULL
           && (recording.is_launched ? recording.has_begun
                                     : inline_recording_is_running());
}

/* self is a module whose variables are the print that was there before, and
 * the type of listening files. */
static PyObject *
print_and_record(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    PyObject *variables = PyModule_GetDict(self); /* borrowed, as its items */
    PyObject *print = PyDict_GetItemString(variables, "print");
    PyObject *type = PyDict_GetItemString(variables, "ListeningFile");

    if (print == NULL || type == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "lost print");
        return NULL;
    }
    return is_recording() ? print_listening(print, arguments, keywords, type)
                          : PyObject_Call(print, arguments, keywords);
}

/* What help() and inspect show of the real one. */
static PyMethodDef print_method = {
    "print", (PyCFunction)(void (*)(void))print_and_record,
    METH_VARARGS | METH_KEYWORDS,
    "print($module, /, *args, sep=' ', end='\\n', file=None, flush=False)\n"
    "--\n\n"
    "Prints the values to a stream, or to sys.stdout by default."};

bool
print_log_is_print(const PyMethodDef *method)
{
    return method == &print_method;
}

/* The variables of builtins: borrowed, NULL with an exception set. */
static PyObject *
builtins_variables(void)
{
    /* That of sys.modules; an import could call code of the program. */
    PyObject *module = PyImport_AddModule("builtins"); /* borrowed */

    return module != NULL ? PyModule_GetDict(module) : NULL;
}

/* Ours among the variables of builtins: borrowed, NULL if it is not there. */
static PyObject *
installed_print(PyObject *builtins)
{
    PyObject *print = PyDict_GetItemString(builtins, "print"); /* borrowed */
    bool is_ours = print != NULL && PyCFunction_Check(print)
                   && PyCFunction_GetFunction(print)
                          == (PyCFunction)(void (*)(void))print_and_record;

    return is_ours ? print : NULL;
}

/* Our print in front of the one that is there. */
static PyObject *
make_print(PyObject *before)
{
    PyObject *module = PyModule_New("builtins");
    PyObject *type = PyType_FromSpec(&listening_file_spec);
    PyObject *name = PyUnicode_FromString("builtins");
    PyObject *print = NULL;

    if (module != NULL && type != NULL && name != NULL
        && PyObject_SetAttrString(module, "print", before) == 0
        && PyObject_SetAttrString(module, "ListeningFile", type) == 0) {
        print = PyCFunction_NewEx(&print_method, module, name);
    }
    Py_XDECREF(name);
    Py_XDECREF(type);
    Py_XDECREF(module);
    return print;
}

bool
print_log_install(void)
{
    PyObject *builtins = builtins_variables();
    PyObject *before = NULL;
    PyObject *print = NULL;
    bool ok = false;

    if (builtins == NULL) {
        return false;
    }
    before = PyDict_GetItemString(builtins, "print"); /* borrowed */
    if (before == NULL || installed_print(builtins) != NULL) {
        return true;
    }
    print = make_print(before);
    ok = print != NULL && PyDict_SetItemString(builtins, "print", print) == 0;
    Py_XDECREF(print);
    return ok;
}

void
print_log_remove(void)
{
    PyObject *builtins = builtins_variables();
    PyObject *print = builtins != NULL ? installed_print(builtins) : NULL;
    PyObject *before = NULL;

    if (print != NULL) {
        before = PyObject_GetAttrString(PyCFunction_GetSelf(print), "print");
    }
    if (before != NULL) {
        (void)PyDict_SetItemString(builtins, "print", before);
        Py_DECREF(before);
    }
    PyErr_Clear();
}
