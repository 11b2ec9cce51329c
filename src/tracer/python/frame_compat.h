// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/frame_compat.h - what the profile hooks ask of a frame, which
 * versions spell differently. Delete when 3.12 is the minimum.
 *
 * Nothing here counts references: objects that are returned are borrowed.
 */
#ifndef TRACER_PYTHON_FRAME_COMPAT_H
#define TRACER_PYTHON_FRAME_COMPAT_H

#include "tracer/python/python_compat.h"

#include <stdint.h>

#include "format/event.h"

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
