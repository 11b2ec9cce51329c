// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/module.c - the extension module _tracer.
 */
#include "tracer/python/python_compat.h"

#include <stdlib.h>

#include "base/error.h"
#include "tracer/python/functions.h"
#include "tracer/python/hooks.h"
#include "tracer/python/inline_recording.h"
#include "tracer/python/own_code.h"
#include "tracer/python/print_log.h"
#include "tracer/python/python_error.h"
#include "tracer/python/recording.h"
#include "tracer/python/thread_names.h"
#include "tracer/python/tracer_object.h"
#include "tracer/record/first_process.h"

/* Open the recording of this process, unless it is another process' turn. */
static bool
open_launched(const char *folder, struct error *err)
{
    struct recording_options options = recording_options_default();
    bool is_wanted = true;

    if (!recording_options_parse(&options, getenv("VIZTRACER_RECORD_OPTIONS"),
                                 err)) {
        return false;
    }
    if (options.has_one_process
        && !first_process_claim(folder, &is_wanted, err)) {
        recording_options_release(&options);
        return false;
    }
    if (!is_wanted) {
        recording_options_release(&options);
        return true;
    }
    recording.is_launched = recording_open(folder, &options, err);
    return recording.is_launched;
}

/* Each interpreter hooks itself; the first one opens the recording. */
static PyObject *
record_as_launched(const char *folder)
{
    struct hooks *hooks = hooks_of_interpreter();
    struct error err = {0};
    bool is_hooked = false;

    if (hooks == NULL) {
        return NULL;
    }
    if (recording.recorder == NULL && !open_launched(folder, &err)) {
        return python_error_raise(&err);
    }
    if (recording.recorder == NULL) {
        Py_INCREF(Py_None);
        return Py_None;
    }
    is_hooked = recording.options.has_startup || recording.has_begun
                    ? hooks_start(hooks)
                    : hooks_arm(hooks);
    if (!is_hooked || (recording.options.logs_print && !print_log_install())) {
        return NULL;
    }
    Py_INCREF(Py_None);
    return Py_None;
}

static PyObject *
module_bootstrap(PyObject *module, PyObject *unused)
{
    const char *folder = getenv("VIZTRACER_RECORD_DIR");

    (void)module;
    (void)unused;
    if (folder == NULL || folder[0] == '\0') {
        Py_INCREF(Py_None);
        return Py_None;
    }
    return record_as_launched(folder);
}

static PyObject *
module_save(PyObject *module, PyObject *arguments)
{
    PyObject *path = NULL;
    int has_file_info = 0;
    int ends_open_calls = 0;
    int is_flame_graph = 0;
    unsigned long long event_count = 0;
    unsigned flags = 0;
    bool ok = false;

    (void)module;
    if (!PyArg_ParseTuple(arguments, "O&ppp:save", PyUnicode_FSConverter, &path,
                          &has_file_info, &ends_open_calls, &is_flame_graph)) {
        return NULL;
    }
    flags = (has_file_info ? INLINE_SAVE_FILE_INFO : 0u)
            | (ends_open_calls ? INLINE_SAVE_ENDS_OPEN_CALLS : 0u)
            | (is_flame_graph ? INLINE_SAVE_FLAME_GRAPH : 0u);
    ok = inline_recording_save(PyBytes_AsString(path), flags, &event_count);
    Py_DECREF(path);
    return ok ? PyLong_FromUnsignedLongLong(event_count) : NULL;
}

static PyObject *
module_ignore(PyObject *module, PyObject *code)
{
    struct hooks *hooks = hooks_of_interpreter();

    (void)module;
    if (!python_is_code(code)) {
        PyErr_SetString(PyExc_TypeError, "ignore() takes a code object");
        return NULL;
    }
    if (hooks == NULL || !hooks_prepare_functions(hooks)
        || !function_ignore(code) || !hooks_refresh(hooks)) {
        return NULL;
    }
    Py_INCREF(Py_None);
    return Py_None;
}

static PyObject *
module_is_launched(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    return PyBool_FromLong(recording.is_launched);
}

static PyObject *
module_mute(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    recording_mute_thread();
    Py_INCREF(Py_None);
    return Py_None;
}

static PyObject *
module_unmute(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    recording_unmute_thread();
    Py_INCREF(Py_None);
    return Py_None;
}

static PyObject *
module_name_process(PyObject *module, PyObject *name)
{
    (void)module;
    if (!PyUnicode_Check(name)) {
        PyErr_SetString(PyExc_TypeError, "name_process() takes a string");
        return NULL;
    }
    if (recording.recorder != NULL) {
        names_set_process(name);
    }
    Py_INCREF(Py_None);
    return Py_None;
}

static PyMethodDef module_methods[] = {
    {"bootstrap", module_bootstrap, METH_NOARGS,
     "Record this process if its environment says so."},
    {"save", module_save, METH_VARARGS,
     "save(path, has_file_info, ends_open_calls, is_flame_graph)\n\n"
     "Write a report; the number of events."},
    {"ignore", module_ignore, METH_O,
     "ignore(code)\n\nFrom its next call on, a code object and all that it "
     "calls is not recorded."},
    {"is_launched", module_is_launched, METH_NOARGS,
     "Whether the viztracer command records this process."},
    {"name_process", module_name_process, METH_O,
     "name_process(name)\n\nCall this process so in what is recorded now."},
    {"mute", module_mute, METH_NOARGS,
     "mute()\n\nRecord nothing of this thread until as many unmute()."},
    {"unmute", module_unmute, METH_NOARGS, "unmute()\n\nEnd a mute()."},
    {NULL, NULL, 0, NULL},
};

static int
add_tracer_type(PyObject *module)
{
    PyObject *type = tracer_object_type();

    if (type == NULL || PyModule_AddObject(module, "Tracer", type) != 0) {
        Py_XDECREF(type); /* stolen only on success */
        return -1;
    }
    return 0;
}

static int
module_exec(PyObject *module)
{
    own_code_prepare();
    if (add_tracer_type(module) != 0) {
        return -1;
    }
    if (PyModule_AddIntConstant(module, "has_html", VIZTRACER_HAS_HTML) != 0) {
        return -1;
    }
    return PyModule_AddStringConstant(module, "version", VIZTRACER_VERSION);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    PYTHON_MULTIPLE_INTERPRETERS_SLOT{0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_tracer",
    .m_doc = "The recorder inside the interpreter.",
    .m_methods = module_methods,
    .m_slots = module_slots,
};

/* Before 3.9 PyMODINIT_FUNC says nothing about visibility. */
__attribute__((visibility("default"))) PyMODINIT_FUNC PyInit__tracer(void);

PyMODINIT_FUNC
PyInit__tracer(void)
{
    return PyModuleDef_Init(&module_definition);
}
