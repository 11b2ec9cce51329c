// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/code_watch_watcher.c - hear of a code object's end by a code
 * watcher, from 3.12.
 *
 * The function is public but not in the limited API, so it is looked up by
 * name; its types are part of what the name promises.
 */
#include "tracer/python/code_watch.h"

#include <dlfcn.h>

#include "tracer/python/recording.h"

enum { CODE_EVENT_DESTROY = 1 };

typedef int code_watcher(int event, PyObject *code);
typedef int add_code_watcher(code_watcher *watcher);

static int
see_code(int event, PyObject *code)
{
    if (event == CODE_EVENT_DESTROY) {
        recording_forget(code);
    }
    return 0;
}

bool
code_watch_prepare(void)
{
    add_code_watcher *add = NULL;
    void *symbol = dlsym(RTLD_DEFAULT, "PyCode_AddWatcher");

    if (symbol == NULL) {
        PyErr_SetString(PyExc_RuntimeError,
                        "viztracer cannot record here: this interpreter has no "
                        "PyCode_AddWatcher");
        return false;
    }
    *(void **)&add = symbol;
    return add(see_code) >= 0; /* it has set the exception */
}

bool
code_watch(PyObject *code)
{
    (void)code; /* all of them are watched */
    return true;
}
