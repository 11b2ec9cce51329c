// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/greenlets.c - a stream of calls for each greenlet.
 *
 * Which log belongs to a greenlet is noted when it is switched away from. The
 * stream's number goes with it, so that a log that was used again since is not
 * taken for the old one.
 */
#include "tracer/python/greenlets.h"

#include <stdio.h>
#include <string.h>

#include "tracer/python/code_names.h"
#include "tracer/python/recording.h"

/* From the address of a greenlet that is not running to its log, of the
 * recorder in this generation. */
static struct branches {
    struct function_table *table;
    const struct recorder *recorder;
    uint32_t generation;
} branches;

/* The trace function is the thread's, and stays. */
static _Thread_local
    __attribute__((tls_model("global-dynamic"))) bool is_watching;

/* False when there is no memory. */
static bool
prepare(const struct recorder *recorder)
{
    uint32_t generation = recorder_generation(recorder);

    if (branches.table == NULL && !function_table_new(&branches.table, 0)) {
        return false;
    }
    if (branches.recorder != recorder || branches.generation != generation) {
        function_table_clear(branches.table);
        branches.recorder = recorder;
        branches.generation = generation;
    }
    return true;
}

static bool
is_dead(PyObject *greenlet)
{
    PyObject *value = PyObject_GetAttrString(greenlet, "dead");
    bool is_true = value == Py_True;

    Py_XDECREF(value);
    PyErr_Clear();
    return is_true;
}

/* The number of its log has an address of its own: an odd one. */
static const void *
number_key(const PyObject *greenlet)
{
    return (const char *)greenlet + 1;
}

/* The log that the greenlet had when it last ran, or NULL. */
static struct thread_log *
find_log(const PyObject *greenlet)
{
    struct thread_log *log =
        (void *)(uintptr_t)function_table_look(branches.table, greenlet);

    if (log != NULL
        && recorder_log_number(log)
               != function_table_look(branches.table, number_key(greenlet))) {
        log = NULL; /* of a thread that has ended */
    }
    return log;
}

static void
note_log(const PyObject *greenlet, const struct thread_log *log)
{
    if (function_table_set(branches.table, number_key(greenlet),
                           recorder_log_number(log))) {
        (void)function_table_set(branches.table, greenlet,
                                 (uint64_t)(uintptr_t)log);
    }
}

static void
forget_log(const PyObject *greenlet)
{
    function_table_remove(branches.table, greenlet);
    function_table_remove(branches.table, number_key(greenlet));
}

static struct thread_log *
new_log(struct recorder *recorder, PyObject *greenlet)
{
    char name[64];
    PyObject *type_name =
        PyObject_GetAttrString((PyObject *)Py_TYPE(greenlet), "__name__");
    struct buffer text = {0};
    struct thread_log *log = NULL;

    append_text(&text, type_name);
    PyErr_Clear();
    (void)snprintf(name, sizeof name, "%.40s at %p",
                   text.data != NULL ? text.data : "greenlet",
                   (void *)greenlet);
    log = recorder_branch(recorder, (struct text_span){name, strlen(name)});
    buffer_release(&text);
    Py_XDECREF(type_name);
    return log;
}

/* The thread has switched from one greenlet to another. */
static void
follow(struct recorder *recorder, PyObject *origin, PyObject *target)
{
    struct thread_log *from = thread_log_current;
    struct thread_log *to = NULL;

    if (from == NULL || from->recorder != recorder || !prepare(recorder)) {
        return; /* nothing of this thread is recorded, yet or now */
    }
    to = find_log(target);
    if (to == NULL) {
        to = new_log(recorder, target);
    }
    if (to == NULL || to == from) {
        return;
    }
    if (to->epoch != from->epoch) { /* it has not run since a pause */
        to->epoch = from->epoch;
        to->depth = 0;
        to->hidden_count = 0;
    }
    recorder_switch(recorder, to);
    forget_log(target);
    if (is_dead(origin)) {
        recorder_end_branch(recorder, from);
    } else {
        note_log(origin, from);
    }
}

/* previous is the program's own trace function, or None. */
static PyObject *
on_switch(PyObject *previous, PyObject *arguments)
{
    PyObject *event = NULL;
    PyObject *origin = NULL;
    PyObject *target = NULL;

    if (recording.recorder != NULL
        && PyArg_ParseTuple(arguments, "O(OO)", &event, &origin, &target)) {
        follow(recording.recorder, origin, target);
    }
    PyErr_Clear();
    if (previous != Py_None) {
        return PyObject_CallObject(previous, arguments);
    }
    Py_INCREF(Py_None);
    return Py_None;
}

static PyMethodDef on_switch_definition = {"viztracer_on_switch", on_switch,
                                           METH_VARARGS, NULL};

static PyObject *
call_settrace(PyObject *settrace, PyObject *function)
{
    return PyObject_CallFunctionObjArgs(settrace, function, NULL);
}

/* Put ours in the place of what is there, and have ours call that. */
static bool
install(PyObject *settrace)
{
    PyObject *previous = call_settrace(settrace, Py_None);
    PyObject *ours = previous != NULL
                         ? PyCFunction_New(&on_switch_definition, previous)
                         : NULL;
    PyObject *result = ours != NULL ? call_settrace(settrace, ours) : NULL;
    bool ok = result != NULL;

    Py_XDECREF(result);
    Py_XDECREF(ours);
    Py_XDECREF(previous);
    return ok;
}

void
greenlets_watch(void)
{
    PyObject *modules = NULL;
    PyObject *module = NULL;
    PyObject *settrace = NULL;

    if (is_watching) {
        return;
    }
    modules = PySys_GetObject("modules"); /* borrowed */
    if (modules == NULL || !PyDict_CheckExact(modules)) {
        return;
    }
    module = PyDict_GetItemString(modules, "greenlet"); /* borrowed */
    if (module == NULL || !PyModule_Check(module)) {
        return;
    }
    settrace = PyDict_GetItemString(PyModule_GetDict(module), "settrace");
    if (settrace != NULL && PyCFunction_Check(settrace)) {
        is_watching = true; /* before: what it calls may come back here */
        is_watching = install(settrace);
        PyErr_Clear();
    }
}
