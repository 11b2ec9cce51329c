// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/code_watch_extra.c - hear of a code object's end by the extra
 * data it carries (PEP 523), on 3.6 - 3.11.
 */
#include "tracer/python/code_watch.h"

#include "tracer/python/recording.h"

/*
 * Each interpreter counts its own indexes; ours is the first one's, and a
 * later interpreter that gives another one is not recorded.
 */
static Py_ssize_t extra_index = -1;
static PyInterpreterState *first_interpreter;

static void
forget_code(void *extra)
{
    recording_forget(extra); /* the extra is the code object's own address */
}

bool
code_watch_prepare(void)
{
    PyInterpreterState *interpreter = PyThreadState_Get()->interp;
    Py_ssize_t index = -1;

    if (interpreter == first_interpreter) {
        return true;
    }
    index = _PyEval_RequestCodeExtraIndex(forget_code);
    if (index >= 0 && first_interpreter == NULL) {
        first_interpreter = interpreter;
        extra_index = index;
    }
    if (index < 0 || index != extra_index) {
        PyErr_SetString(PyExc_RuntimeError,
                        "viztracer finds no room in this interpreter's code "
                        "objects: too many tools use it");
        return false;
    }
    return true;
}

bool
code_watch(PyObject *code)
{
    void *extra = NULL;

    /* To set it again would forget the code: the old one is "freed". */
    if (_PyCode_GetExtra(code, extra_index, &extra) == 0 && extra == code) {
        return true;
    }
    PyErr_Clear();
    if (_PyCode_SetExtra(code, extra_index, code) != 0) {
        PyErr_Clear();
        return false;
    }
    return true;
}
