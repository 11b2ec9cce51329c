// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/thread_names.h - what the program calls its threads and
 * processes.
 */
#ifndef TRACER_PYTHON_THREAD_NAMES_H
#define TRACER_PYTHON_THREAD_NAMES_H

#include "tracer/python/python_compat.h"

/*
 * Name the calling thread's stream as the threading module does, and the
 * process as multiprocessing does, if the program has imported them. Costs
 * little when nothing has changed. Runs no code of the program.
 */
void names_refresh(void);

/*
 * Name the calling thread after the threading.Thread whose _bootstrap method
 * has just been entered: the thread is not registered under its name yet.
 */
void names_set_thread(PyObject *thread);

/* Name the process as the program wants it (a str), whatever multiprocessing
 * calls it; not its children. Something is being recorded. */
void names_set_process(PyObject *text);

/* Name the process after the module that "python -m" runs, else the file name
 * in sys.argv[0], "python -c" for code on the command line.
 * globals (borrowed) are those of __main__. */
void names_set_program(PyObject *globals);

#endif
