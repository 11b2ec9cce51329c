// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/python_compat.h - Python.h first, and what versions spell
 * differently.
 *
 * The frame_* functions say what the profile hook asks of a frame, without
 * counting references: objects they return are borrowed.
 */
#ifndef TRACER_PYTHON_PYTHON_COMPAT_H
#define TRACER_PYTHON_PYTHON_COMPAT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <pythread.h>

#include "format/event.h"

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

#if PY_VERSION_HEX >= 0x030B0000
/* 3.11: the frame object points to the interpreter's own frame. */
#define Py_BUILD_CORE 1
#include <internal/pycore_frame.h>
#undef Py_BUILD_CORE
#include <opcode.h>

static inline PyObject *
frame_code(PyFrameObject *frame)
{
    return (PyObject *)frame->f_frame->f_code;
}

static inline PyObject *
frame_globals(PyFrameObject *frame)
{
    return frame->f_frame->f_globals;
}

/* The first argument, also where a closure has taken it; or NULL. */
static inline PyObject *
frame_first_argument(PyFrameObject *frame)
{
    PyObject *value = frame->f_frame->localsplus[0];

    if (frame->f_frame->f_code->co_argcount == 0) {
        return NULL;
    }
    return value != NULL && PyCell_Check(value) ? PyCell_GET(value) : value;
}

/* How a function is entered: called, resumed or thrown into. */
static inline enum event_kind
frame_entry_kind(PyFrameObject *frame)
{
    _Py_CODEUNIT instruction = *frame->f_frame->prev_instr;
    int opcode = _Py_OPCODE(instruction);

    if (opcode != RESUME && opcode != RESUME_QUICK) {
        return EVENT_THROW_IN;
    }
    return _Py_OPARG(instruction) == 0 ? EVENT_CALL : EVENT_RESUME;
}

/* How many calls of Python functions are open. */
static inline int64_t
python_frame_count(PyThreadState *thread)
{
    int64_t count = 0;

    for (_PyInterpreterFrame *frame = thread->cframe->current_frame;
         frame != NULL; frame = frame->previous) {
        count++;
    }
    return count;
}

/* Whether a frame that is left has only yielded. */
static inline int
frame_is_suspended(PyFrameObject *frame)
{
    _PyInterpreterFrame *inner = frame->f_frame;

    return inner->owner == FRAME_OWNED_BY_GENERATOR
           && _PyFrame_GetGenerator(inner)->gi_frame_state == FRAME_SUSPENDED;
}

#else /* 3.6 - 3.10: the frame object is the frame */

static inline PyObject *
frame_code(PyFrameObject *frame)
{
    return (PyObject *)frame->f_code;
}

static inline PyObject *
frame_globals(PyFrameObject *frame)
{
    return frame->f_globals;
}

static inline PyObject *
frame_first_argument(PyFrameObject *frame)
{
    PyCodeObject *code = frame->f_code;
    PyObject *value = frame->f_localsplus[0];

    if (code->co_argcount == 0) {
        return NULL;
    }
    if (value == NULL && code->co_cell2arg != NULL) {
        Py_ssize_t count = PyTuple_GET_SIZE(code->co_cellvars);

        for (Py_ssize_t i = 0; i < count; i++) {
            if (code->co_cell2arg[i] == 0) {
                return PyCell_GET(frame->f_localsplus[code->co_nlocals + i]);
            }
        }
    }
    return value;
}

/* throw() cannot be told from a resumption here. */
static inline enum event_kind
frame_entry_kind(PyFrameObject *frame)
{
    return frame->f_lasti < 0 ? EVENT_CALL : EVENT_RESUME;
}

static inline int64_t
python_frame_count(PyThreadState *thread)
{
    int64_t count = 0;

    for (PyFrameObject *frame = thread->frame; frame != NULL;
         frame = frame->f_back) {
        count++;
    }
    return count;
}

static inline int
frame_is_suspended(PyFrameObject *frame)
{
#if PY_VERSION_HEX >= 0x030A0000
    return frame->f_state == FRAME_SUSPENDED;
#else
    return frame->f_stacktop != NULL;
#endif
}
#endif
#endif

#endif
