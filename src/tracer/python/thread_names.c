// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/thread_names.c - what the program calls its threads and
 * processes.
 */
#include "tracer/python/thread_names.h"

#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/os.h"
#include "tracer/python/code_names.h"
#include "tracer/python/recording.h"

/* A variable of a module that is already imported: borrowed, or NULL. */
static PyObject *
module_variable(const char *module_name, const char *name)
{
    /* Not PyImport_GetModuleDict: that ends a process which is ending. */
    PyObject *modules = PySys_GetObject("modules"); /* borrowed */
    PyObject *module = NULL;

    if (modules == NULL || !PyDict_CheckExact(modules)) {
        return NULL;
    }
    module = PyDict_GetItemString(modules, module_name); /* borrowed */
    if (module == NULL || !PyModule_Check(module)) {
        return NULL;
    }
    return PyDict_GetItemString(PyModule_GetDict(module), name);
}

/* The _name of a Thread or Process object, from its own __dict__. */
static void
append_own_name(struct buffer *out, PyObject *object)
{
    PyObject *key = PyUnicode_FromString("_name");
    PyObject *name = key != NULL ? PyObject_GenericGetAttr(object, key) : NULL;

    if (name == NULL) {
        PyErr_Clear();
    }
    append_text(out, name);
    Py_XDECREF(name);
    Py_XDECREF(key);
}

static void
name_thread(const struct buffer *name)
{
    if (name->size > 0 && buffer_is_ok(name)) {
        recorder_name_thread(recording.recorder,
                             (struct text_span){name->data, name->size});
    }
}

static void
name_process(const struct buffer *name)
{
    if (name->size > 0 && buffer_is_ok(name)) {
        recorder_name_process(recording.recorder,
                              (struct text_span){name->data, name->size});
    }
}

/* The calling thread's object in threading._active: borrowed, or NULL. The
 * dummies for threads that threading did not start have no name worth having.
 */
static PyObject *
find_thread(void)
{
    PyObject *active = module_variable("threading", "_active");
    PyObject *dummy = module_variable("threading", "_DummyThread");
    PyObject *key = NULL;
    PyObject *thread = NULL;

    if (active == NULL || !PyDict_CheckExact(active)) {
        return NULL;
    }
    key = PyLong_FromUnsignedLong((unsigned long)PyThread_get_thread_ident());
    if (key != NULL) {
        thread = PyDict_GetItemWithError(active, key);
        Py_DECREF(key);
    }
    if (thread == NULL) {
        PyErr_Clear();
        return NULL;
    }
    return (PyObject *)Py_TYPE(thread) == dummy ? NULL : thread;
}

static void
refresh_thread(void)
{
    struct buffer name = {0};
    PyObject *thread = find_thread();

    if (thread != NULL) {
        append_own_name(&name, thread);
    } else if (os_thread_id() == (uint64_t)getpid()) {
        buffer_append_text(&name, "MainThread");
    }
    name_thread(&name);
    buffer_release(&name);
}

/* The children of multiprocessing have names; a process which it calls the main
 * one, as it does any that it did not start, keeps that of its program. */
static void
refresh_process(void)
{
    PyObject *process =
        module_variable("multiprocessing.process", "_current_process");
    struct buffer name = {0};

    if (process != NULL && !recording.is_named) {
        append_own_name(&name, process);
        if (name.size > 0 && strcmp(name.data, "MainProcess") != 0) {
            name_process(&name);
        }
    }
    buffer_release(&name);
}

void
names_refresh(void)
{
    refresh_thread();
    refresh_process();
}

void
names_set_thread(PyObject *thread)
{
    struct buffer name = {0};

    append_own_name(&name, thread);
    name_thread(&name);
    buffer_release(&name);
}

void
names_set_process(PyObject *text)
{
    struct buffer name = {0};

    append_text(&name, text);
    name_process(&name);
    recording.is_named = name.size > 0;
    buffer_release(&name);
}

/* The module that "python -m" runs, "" when it runs none. */
static void
append_module_name(struct buffer *out, PyObject *globals)
{
    PyObject *spec = PyDict_GetItemString(globals, "__spec__"); /* borrowed */
    PyObject *key = PyUnicode_FromString("name");
    PyObject *name = NULL;
    static const char suffix[] = ".__main__";
    size_t suffix_size = sizeof suffix - 1;

    if (spec != NULL && spec != Py_None && key != NULL) {
        name = PyObject_GenericGetAttr(spec, key);
    }
    if (name == NULL) {
        PyErr_Clear();
    }
    append_text(out, name);
    if (out->size > suffix_size
        && strcmp(out->data + out->size - suffix_size, suffix) == 0) {
        out->size -= suffix_size;
        out->data[out->size] = '\0';
    }
    if (strcmp(out->data != NULL ? out->data : "", "__main__") == 0) {
        buffer_clear(out); /* of a folder or an archive */
    }
    Py_XDECREF(name);
    Py_XDECREF(key);
}

/* The last component of a path. */
static void
append_file_name(struct buffer *out, PyObject *path)
{
    struct buffer text = {0};
    size_t start;

    append_text(&text, path);
    while (text.size > 1 && text.data[text.size - 1] == '/') {
        text.size--;
    }
    start = text.size;
    while (start > 0 && text.data[start - 1] != '/') {
        start--;
    }
    if (buffer_is_ok(&text) && text.size > 0) {
        buffer_append(out, text.data + start, text.size - start);
    }
    buffer_release(&text);
}

void
names_set_program(PyObject *globals)
{
    PyObject *arguments = PySys_GetObject("argv"); /* borrowed */
    struct buffer name = {0};

    append_module_name(&name, globals);
    if (name.size == 0 && arguments != NULL && PyList_CheckExact(arguments)
        && PyList_Size(arguments) > 0) {
        PyObject *program = PyList_GetItem(arguments, 0); /* borrowed */

        if (text_equals(program, "-c")) {
            buffer_append_text(&name, "python -c");
        } else {
            append_file_name(&name, program);
        }
    }
    name_process(&name);
    buffer_release(&name);
}
