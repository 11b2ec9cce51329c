// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/python_compat.h - Python.h first, and what versions spell
 * differently.
 */
#ifndef TRACER_PYTHON_PYTHON_COMPAT_H
#define TRACER_PYTHON_PYTHON_COMPAT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pythread.h>

/* 3.12 wants to hear that interpreters may run in parallel; the slot's number
 * and value are part of the stable ABI. */
#ifdef Py_LIMITED_API
#define PYTHON_MULTIPLE_INTERPRETERS_SLOT {3, (void *)2},
#else
#define PYTHON_MULTIPLE_INTERPRETERS_SLOT
#endif

/* Public, but not in the limited API. */
#ifdef Py_LIMITED_API
PyAPI_DATA(PyTypeObject) PyCode_Type;
#endif

static inline int
python_is_code(PyObject *object)
{
    return Py_TYPE(object) == &PyCode_Type;
}

/* A number that tells interpreters of a process apart. 3.6 has none, and its
 * sub-interpreters are told apart by address. */
static inline int64_t
python_interpreter_number(void)
{
#if PY_VERSION_HEX >= 0x03090000
    return PyInterpreterState_GetID(PyInterpreterState_Get());
#elif PY_VERSION_HEX >= 0x03070000
    return PyInterpreterState_GetID(PyThreadState_Get()->interp);
#else
    return (int64_t)(intptr_t)PyThreadState_Get()->interp;
#endif
}

/*
 * Have a function called when the interpreter does nothing more but is still
 * there, where that is the last moment to do something: 3.10 frees its state
 * before it calls what Py_AtExit was given, and a daemon thread that meanwhile
 * waits for its turn to run crashes the process. True, and never called, where
 * that is no matter; false with an exception set. Delete when 3.11 is the
 * minimum.
 */
static inline int
python_call_before_end(PyCapsule_Destructor function)
{
#if PY_VERSION_HEX >= 0x030A0000 && PY_VERSION_HEX < 0x030B0000
    static const char name[] = "viztracer.end";
    PyObject *variables = /* borrowed */
        PyInterpreterState_GetDict(PyInterpreterState_Main());
    PyObject *capsule = PyCapsule_New((void *)name, name, function);
    int ok = variables != NULL && capsule != NULL
             && PyDict_SetItemString(variables, name, capsule) == 0;

    Py_XDECREF(capsule);
    return ok;
#else
    (void)function;
    return 1;
#endif
}

/* Fast calls, where METH_FASTCALL says which they are. Delete when 3.7 is the
 * minimum: in 3.6 all of them take keywords, and -1 is no way to call. */
#if PY_VERSION_HEX < 0x03070000
#define PYTHON_FAST_CALL               (-1)
#define PYTHON_FAST_CALL_WITH_KEYWORDS METH_FASTCALL
#else
#define PYTHON_FAST_CALL               METH_FASTCALL
#define PYTHON_FAST_CALL_WITH_KEYWORDS (METH_FASTCALL | METH_KEYWORDS)
#endif

#if !defined(Py_LIMITED_API) && PY_VERSION_HEX < 0x030C0000
/* All of this: delete when 3.12 is the minimum. */
#include <frameobject.h>

#if PY_VERSION_HEX < 0x03090000
/* Delete when 3.9 is the minimum. */
#define Py_IS_TYPE(object, type) (Py_TYPE(object) == (type))
#endif

/* Let a thread see that its profile function was changed. */
static inline void
python_update_tracing(PyThreadState *thread)
{
    int is_traced =
        thread->c_profilefunc != NULL || thread->c_tracefunc != NULL;

#if PY_VERSION_HEX >= 0x030B0000
    thread->cframe->use_tracing =
        (uint8_t)(is_traced && thread->tracing == 0 ? 255 : 0);
#elif PY_VERSION_HEX >= 0x030A0000
    thread->cframe->use_tracing = is_traced;
#else
    thread->use_tracing = is_traced;
#endif
}
#endif

#endif
