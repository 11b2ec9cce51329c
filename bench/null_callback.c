// SPDX-License-Identifier: Apache-2.0
/*
 * bench/null_callback.c - the floor that a recorder is measured against: the
 * hooks of this interpreter, with callbacks that do nothing, or only read the
 * clock and keep the value.
 *
 *     import null_callback
 *     null_callback.start(reads_clock=True, has_c_functions=True)
 *     ...
 *     null_callback.stop()
 *
 * Up to 3.11 the hook is PyEval_SetProfile, of the calling thread alone; from
 * 3.12 sys.monitoring with callables whose vectorcall is the C function, which
 * is the cheapest that the interpreter offers.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

static volatile uint64_t last_tick;

#if PY_VERSION_HEX >= 0x030C0000

enum { TOOL_ID = 4, EVENT_COUNT = 9 };

/* A callable that is nothing but a C function. */
struct hook {
    PyObject_HEAD vectorcallfunc vectorcall;
};

static PyObject *
do_nothing(PyObject *self, PyObject *const *arguments, size_t flags,
           PyObject *names)
{
    (void)self, (void)arguments, (void)flags, (void)names;
    Py_RETURN_NONE;
}

static PyObject *
read_clock(PyObject *self, PyObject *const *arguments, size_t flags,
           PyObject *names)
{
    (void)self, (void)arguments, (void)flags, (void)names;
    last_tick = clock_tick(CLOCK_TSC);
    Py_RETURN_NONE;
}

/* CALL fires for Python functions too, which PY_START reports by itself. */
static PyObject *
read_clock_of_c_call(PyObject *self, PyObject *const *arguments, size_t flags,
                     PyObject *names)
{
    PyTypeObject *type = Py_TYPE(arguments[2]);

    (void)self, (void)flags, (void)names;
    if (type == &PyCFunction_Type || type == &PyMethodDescr_Type) {
        last_tick = clock_tick(CLOCK_TSC);
    }
    Py_RETURN_NONE;
}

static PyTypeObject hook_type = {
    PyVarObject_HEAD_INIT(NULL, 0).tp_name = "null_callback.hook",
    .tp_basicsize = sizeof(struct hook),
    .tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL,
    .tp_vectorcall_offset = offsetof(struct hook, vectorcall),
    .tp_call = PyVectorcall_Call,
};

static const struct {
    const char *name;
    int is_c;
} events[EVENT_COUNT] = {
    {"PY_START", 0},  {"PY_RESUME", 0}, {"PY_THROW", 0},
    {"PY_RETURN", 0}, {"PY_YIELD", 0},  {"PY_UNWIND", 0},
    {"CALL", 1},      {"C_RETURN", 1},  {"C_RAISE", 1},
};

static PyObject *
monitoring(void)
{
    return PySys_GetObject("monitoring"); /* borrowed */
}

static long
event_bit(const char *name)
{
    PyObject *names = PyObject_GetAttrString(monitoring(), "events");
    PyObject *bit = names ? PyObject_GetAttrString(names, name) : NULL;
    long value = bit ? PyLong_AsLong(bit) : -1;

    Py_XDECREF(bit);
    Py_XDECREF(names);
    return value;
}

static int
register_hook(const char *name, vectorcallfunc function)
{
    struct hook *hook = PyObject_New(struct hook, &hook_type);
    PyObject *old = NULL;

    if (hook == NULL) {
        return -1;
    }
    hook->vectorcall = function;
    old = PyObject_CallMethod(monitoring(), "register_callback", "ilO", TOOL_ID,
                              event_bit(name), hook);
    Py_DECREF(hook);
    Py_XDECREF(old);
    return old != NULL ? 0 : -1;
}

static int
install(int reads_clock, int has_c_functions)
{
    PyObject *done = PyObject_CallMethod(monitoring(), "use_tool_id", "is",
                                         TOOL_ID, "null_callback");
    long set = 0;

    if (done == NULL) {
        return -1;
    }
    Py_DECREF(done);
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        vectorcallfunc function = reads_clock ? read_clock : do_nothing;

        if (events[i].is_c && !has_c_functions) {
            continue;
        }
        if (reads_clock && i == 6) {
            function = read_clock_of_c_call;
        }
        if (register_hook(events[i].name, function) < 0) {
            return -1;
        }
        /* C_RETURN and C_RAISE come with CALL and have no bit to set. */
        set |= i <= 6 ? event_bit(events[i].name) : 0;
    }
    done = PyObject_CallMethod(monitoring(), "set_events", "il", TOOL_ID, set);
    Py_XDECREF(done);
    return done != NULL ? 0 : -1;
}

static int
uninstall(void)
{
    PyObject *done =
        PyObject_CallMethod(monitoring(), "set_events", "ii", TOOL_ID, 0);

    Py_XDECREF(done);
    done = done
               ? PyObject_CallMethod(monitoring(), "free_tool_id", "i", TOOL_ID)
               : NULL;
    Py_XDECREF(done);
    return done != NULL ? 0 : -1;
}

static int
prepare(void)
{
    return PyType_Ready(&hook_type);
}

#else

static int
is_c_event(int what)
{
    return what == PyTrace_C_CALL || what == PyTrace_C_RETURN
           || what == PyTrace_C_EXCEPTION;
}

static int
do_nothing(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self, (void)frame, (void)what, (void)argument;
    return 0;
}

static int
read_clock(PyObject *self, PyFrameObject *frame, int what, PyObject *argument)
{
    (void)self, (void)frame, (void)what, (void)argument;
    last_tick = clock_tick(CLOCK_TSC);
    return 0;
}

static int
read_clock_without_c(PyObject *self, PyFrameObject *frame, int what,
                     PyObject *argument)
{
    (void)self, (void)frame, (void)argument;
    if (!is_c_event(what)) {
        last_tick = clock_tick(CLOCK_TSC);
    }
    return 0;
}

static int
install(int reads_clock, int has_c_functions)
{
    PyEval_SetProfile(!reads_clock      ? do_nothing
                      : has_c_functions ? read_clock
                                        : read_clock_without_c,
                      NULL);
    return 0;
}

static int
uninstall(void)
{
    PyEval_SetProfile(NULL, NULL);
    return 0;
}

static int
prepare(void)
{
    return 0;
}

#endif

static PyObject *
start(PyObject *self, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"reads_clock", "has_c_functions", NULL};
    int reads_clock = 0;
    int has_c_functions = 1;

    (void)self;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "|pp", names,
                                     &reads_clock, &has_c_functions)
        || install(reads_clock, has_c_functions) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *
stop(PyObject *self, PyObject *arguments)
{
    (void)self, (void)arguments;
    if (uninstall() < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"start", (PyCFunction)(void (*)(void))start, METH_VARARGS | METH_KEYWORDS,
     "Put the callbacks in."},
    {"stop", stop, METH_NOARGS, "Take them out."},
    {0},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "null_callback",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit_null_callback(void)
{
    return prepare() < 0 ? NULL : PyModule_Create(&module);
}
