// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/hooks_monitoring.c - hear of calls by sys.monitoring, from
 * 3.12.
 *
 * A callback is an object of our own type whose vectorcall is the C function
 * itself: a tenth cheaper than a builtin function. The hot path makes no call
 * of the Python API and counts no reference: None is immortal here.
 */
#include "tracer/python/monitoring_callback.h"

#include <stddef.h>

#include "tracer/python/functions.h"
#include "tracer/python/main_frame.h"
#include "tracer/python/recording.h"
#include "tracer/python/surroundings.h"

/* A thread's first event: its name is in the frame of Thread._bootstrap. */
static void
name_new_thread(PyObject *code)
{
    PyObject *name = read_attribute(code, "co_qualname");
    PyObject *frame = NULL;
    PyObject *variables = NULL;
    PyObject *key = NULL;
    PyObject *thread = NULL;

    if (text_equals(name, "Thread._bootstrap")) {
        frame = (PyObject *)PyEval_GetFrame(); /* borrowed */
        variables = frame != NULL ? read_attribute(frame, "f_locals") : NULL;
        key = PyUnicode_FromString("self");
    }
    if (variables != NULL && key != NULL) {
        thread = PyObject_GetItem(variables, key);
    }
    if (thread != NULL) {
        names_set_thread(thread);
    }
    PyErr_Clear();
    Py_XDECREF(thread);
    Py_XDECREF(key);
    Py_XDECREF(variables);
    Py_XDECREF(name);
}

struct thread_log *
monitoring_thread(PyObject *code)
{
    bool is_new = !recording_owns(thread_log_current);
    struct thread_log *log = recording_thread();

    if (log == NULL) {
        hooks_leave_if_over();
    } else if (is_new) {
        surroundings_look();
        name_new_thread(code);
    }
    return log;
}

/*
 * What is rare stands in functions of its own, which the callbacks end in: so
 * they need no frame of theirs.
 */
#define RARE static __attribute__((noinline, cold)) PyObject *

RARE
put_slowly(struct thread_log *log, uint64_t tag)
{
    thread_log_put_slowly(log, tag);
    return Py_None;
}

static inline PyObject *
put(struct thread_log *log, enum event_kind kind, uint64_t facts)
{
    uint64_t tag = function_tag(kind, facts);

    if (__builtin_expect(!thread_log_try_put(log, tag), 0)) {
        return put_slowly(log, tag);
    }
    return Py_None;
}

RARE
log_code_slowly(enum event_kind kind, PyObject *code)
{
    struct thread_log *log = monitoring_thread(code);

    if (log != NULL) {
        recording_put(log, kind, function_find_code(code, NULL));
    }
    return Py_None;
}

/* The return of a function that gives a thread its name. */
RARE
log_naming_return(struct thread_log *log, uint64_t facts)
{
    recording_put(log, EVENT_RETURN, facts);
    surroundings_look();
    return Py_None;
}

static inline PyObject *
log_code(enum event_kind kind, PyObject *code)
{
    struct thread_log *log = thread_log_current;
    uint64_t facts = function_table_find(recording.functions, code);

    if (__builtin_expect(!recording_owns(log) || function_id(facts) == 0, 0)) {
        return log_code_slowly(kind, code);
    }
    if (kind == EVENT_RETURN
        && __builtin_expect(facts & FUNCTION_CHANGES_SURROUNDINGS, 0)) {
        return log_naming_return(log, facts);
    }
    return put(log, kind, facts);
}

RARE
log_c_function_slowly(enum event_kind kind, PyObject *callable,
                      const PyMethodDef *method)
{
    struct thread_log *log = recording_thread();

    if (log != NULL) {
        recording_put(log, kind, function_find_c(callable, method));
    }
    return Py_None;
}

static inline PyObject *
log_c_function(enum event_kind kind, PyObject *callback,
               PyObject *const *arguments)
{
    const PyMethodDef *method =
        reported_method(((struct callback *)callback)->hooks, arguments);
    struct thread_log *log = thread_log_current;
    uint64_t facts = 0;

    if (method == NULL) {
        return Py_None;
    }
    facts = function_table_find(recording.functions, method);
    if (__builtin_expect(
            !recording_owns(log) || function_id(facts) == 0
                || !function_agrees(facts, c_function_check(method)),
            0)) {
        return log_c_function_slowly(kind, arguments[ARGUMENT_CALLABLE],
                                     method);
    }
    return put(log, kind, facts);
}

CALLBACK(on_start, log_code(EVENT_CALL, arguments[ARGUMENT_CODE]))
CALLBACK(on_resume, log_code(EVENT_RESUME, arguments[ARGUMENT_CODE]))
CALLBACK(on_throw, log_code(EVENT_THROW_IN, arguments[ARGUMENT_CODE]))
CALLBACK(on_return, log_code(EVENT_RETURN, arguments[ARGUMENT_CODE]))
CALLBACK(on_yield, log_code(EVENT_YIELD, arguments[ARGUMENT_CODE]))
CALLBACK(on_unwind, log_code(EVENT_UNWIND, arguments[ARGUMENT_CODE]))
CALLBACK(on_call, log_c_function(EVENT_C_CALL, self, arguments))
CALLBACK(on_c_return, log_c_function(EVENT_C_RETURN, self, arguments))
CALLBACK(on_c_raise, log_c_function(EVENT_C_RAISE, self, arguments))

static const struct event_callback {
    const char *name; /* in sys.monitoring.events */
    vectorcallfunc call;
    bool is_of_c; /* only wanted when C functions are recorded */
} event_callbacks[] = {
    {"PY_START", on_start, false}, {"PY_RESUME", on_resume, false},
    {"PY_THROW", on_throw, false}, {"PY_RETURN", on_return, false},
    {"PY_YIELD", on_yield, false}, {"PY_UNWIND", on_unwind, false},
    {"CALL", on_call, true},       {"C_RETURN", on_c_return, true},
    {"C_RAISE", on_c_raise, true},
};

enum {
    START_EVENT = 0, /* index of PY_START above */
    EVENT_CALLBACK_COUNT = sizeof event_callbacks / sizeof event_callbacks[0],
};

_Static_assert((int)EVENT_CALLBACK_COUNT == (int)HOOKS_EVENT_COUNT,
               "each event has its number in struct hooks");

static PyMemberDef callback_members[] = {
    {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(struct callback, call),
     Py_READONLY, NULL},
    {0},
};

static PyType_Slot callback_slots[] = {
    {Py_tp_members, callback_members},
    {Py_tp_call, PyVectorcall_Call},
    {0, NULL},
};

static PyType_Spec callback_spec = {
    .name = "viztracer._tracer.Callback",
    .basicsize = sizeof(struct callback),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL
             | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = callback_slots,
};

/* Call a function of sys.monitoring; steals nothing. */
static bool
call_monitoring(const struct hooks *hooks, const char *name, const char *format,
                int first, int second, PyObject *third)
{
    PyObject *function = PyObject_GetAttrString(hooks->module, name);
    PyObject *result = NULL;

    if (function != NULL) {
        result =
            third != NULL
                ? PyObject_CallFunction(function, format, first, second, third)
                : PyObject_CallFunction(function, format, first, second);
    }
    Py_XDECREF(function);
    Py_XDECREF(result);
    return result != NULL;
}

static PyObject *
make_callback(struct hooks *hooks, PyObject *type, vectorcallfunc call)
{
    PyObject *object = PyType_GenericAlloc((PyTypeObject *)type, 0);
    struct callback *callback = (struct callback *)object;

    if (callback != NULL) {
        callback->call = call;
        callback->hooks = hooks;
    }
    return object;
}

/* Those that record, all or what filters leave. They are kept for ever. */
static bool
make_callbacks(struct hooks *hooks, enum hooks_callbacks which)
{
    PyObject **made = hooks->callbacks[which];
    PyObject *type = PyType_FromSpec(&callback_spec);
    bool ok = type != NULL;

    for (size_t i = 0; ok && i < EVENT_CALLBACK_COUNT; i++) {
        if (made[i] == NULL) {
            made[i] = make_callback(hooks, type,
                                    which == HOOKS_FILTER
                                        ? monitoring_filter_callbacks[i]
                                        : event_callbacks[i].call);
        }
        ok = made[i] != NULL;
    }
    Py_XDECREF(type);
    return ok;
}

static bool
register_callback(struct hooks *hooks, int event, PyObject *callback)
{
    return call_monitoring(hooks, "register_callback", "(iiO)", hooks->tool_id,
                           event, callback);
}

/* The mapping from events to callbacks. */
static bool
register_callbacks(struct hooks *hooks)
{
    enum hooks_callbacks which =
        recording_is_filtered() ? HOOKS_FILTER : HOOKS_RECORD;
    bool ok = true;

    if (hooks->in_use == which) {
        return true;
    }
    ok = make_callbacks(hooks, which);
    hooks->in_use = HOOKS_OTHER;
    for (size_t i = 0; ok && i < EVENT_CALLBACK_COUNT; i++) {
        ok = register_callback(hooks, hooks->event_numbers[i],
                               hooks->callbacks[which][i]);
    }
    hooks->in_use = ok ? which : HOOKS_OTHER;
    return ok;
}

/* Versions number the events differently. */
static bool
read_event_numbers(struct hooks *hooks)
{
    PyObject *events = PyObject_GetAttrString(hooks->module, "events");
    bool ok = events != NULL;

    for (size_t i = 0; ok && i < EVENT_CALLBACK_COUNT; i++) {
        PyObject *number =
            PyObject_GetAttrString(events, event_callbacks[i].name);

        if (number != NULL) {
            hooks->event_numbers[i] = (int)PyLong_AsLong(number);
        }
        ok = number != NULL && !PyErr_Occurred();
        Py_XDECREF(number);
    }
    Py_XDECREF(events);
    return ok;
}

/* Never a tool id that has a meaning, even when it is free: the program's own
 * debugger, coverage tool or profiler would be refused then. */
static bool
take_tool_id(struct hooks *hooks)
{
    static const int wanted[] = {4, 3};

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        PyObject *result = PyObject_CallMethod(hooks->module, "use_tool_id",
                                               "is", wanted[i], "viztracer");

        if (result != NULL) {
            Py_DECREF(result);
            hooks->tool_id = wanted[i];
            return true;
        }
        if (!PyErr_ExceptionMatches(PyExc_ValueError)) {
            return false;
        }
        PyErr_Clear();
    }
    PyErr_SetString(PyExc_RuntimeError,
                    "viztracer cannot record: the tool ids 3 and 4 of "
                    "sys.monitoring are taken by other tools");
    return false;
}

static bool
prepare(struct hooks *hooks)
{
    PyObject *monitoring = PySys_GetObject("monitoring"); /* borrowed */

    if (hooks->is_prepared) {
        return true;
    }
    if (monitoring == NULL) {
        PyErr_SetString(PyExc_RuntimeError,
                        "this interpreter has no sys.monitoring");
        return false;
    }
    Py_INCREF(monitoring);
    hooks->module = monitoring;
    hooks->missing = PyObject_GetAttrString(monitoring, "MISSING");
    hooks->disable = PyObject_GetAttrString(monitoring, "DISABLE");
    hooks->is_prepared = hooks->missing != NULL && hooks->disable != NULL
                         && read_event_numbers(hooks)
                         && hooks_prepare_functions(hooks)
                         && take_tool_id(hooks);
    return hooks->is_prepared;
}

static bool
set_events(struct hooks *hooks, int events)
{
    return call_monitoring(hooks, "set_events", "(ii)", hooks->tool_id, events,
                           NULL);
}

/* Before the program's own code: wait for the first frame of __main__. */
static PyObject *
on_start_armed(PyObject *self, PyObject *const *arguments, size_t count,
               PyObject *keywords)
{
    struct hooks *hooks = ((struct callback *)self)->hooks;
    PyObject *code = arguments[ARGUMENT_CODE];
    PyObject *globals = NULL;
    PyObject *result = Py_None;

    if (!main_frame_is_module(code)) {
        Py_INCREF(hooks->disable);
        return hooks->disable;
    }
    globals = PyEval_GetGlobals(); /* borrowed: of the frame that starts */
    if (main_frame_has_globals(globals) && hooks_start(hooks)) {
        PyObject *callback = hooks->callbacks[hooks->in_use][START_EVENT];

        result = ((struct callback *)callback)
                     ->call(callback, arguments, count, keywords);
        names_set_program(globals);
    }
    PyErr_Clear();
    return result;
}

bool
hooks_arm(struct hooks *hooks)
{
    PyObject *type = NULL;
    PyObject *callback = NULL; /* kept for ever */

    if (!prepare(hooks)) {
        return false;
    }
    hooks->in_use = HOOKS_OTHER;
    type = PyType_FromSpec(&callback_spec);
    if (type != NULL) {
        callback = make_callback(hooks, type, on_start_armed);
        Py_DECREF(type);
    }
    return callback != NULL
           && register_callback(hooks, hooks->event_numbers[START_EVENT],
                                callback)
           && set_events(hooks, hooks->event_numbers[START_EVENT]);
}

/* Places that were disabled are heard of again: while armed, or by a filter
 * that has changed. */
static bool
restart_events(struct hooks *hooks)
{
    PyObject *result =
        PyObject_CallMethod(hooks->module, "restart_events", NULL);

    Py_XDECREF(result);
    return result != NULL;
}

bool
hooks_start(struct hooks *hooks)
{
    int events = 0;

    if (!prepare(hooks) || !register_callbacks(hooks)) {
        return false;
    }
    for (size_t i = 0; i < EVENT_CALLBACK_COUNT; i++) {
        if (!event_callbacks[i].is_of_c || recording.options.has_c_functions) {
            events |= hooks->event_numbers[i];
        }
    }
    hooks->is_hearing = restart_events(hooks) && set_events(hooks, events);
    recording.has_begun = hooks->is_hearing;
    return hooks->is_hearing;
}

bool
hooks_refresh(struct hooks *hooks)
{
    return !hooks->is_hearing
           || (register_callbacks(hooks) && restart_events(hooks));
}

bool
hooks_stop(struct hooks *hooks)
{
    hooks->is_hearing = false;
    return !hooks->is_prepared || set_events(hooks, 0);
}

void
hooks_note_end(void)
{
    /* There is no slot that the program could take. */
}
