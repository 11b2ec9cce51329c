// SPDX-License-Identifier: Apache-2.0
/*
 * cli/interpreter.h - which Python runs the program.
 *
 * $VIZTRACER_PYTHON; else the python3 beside the binary as it was invoked,
 * when that is a virtual or conda environment (cron calls it without
 * activating); else that of $VIRTUAL_ENV; else of $CONDA_PREFIX; else python3
 * on PATH.
 */
#ifndef CLI_INTERPRETER_H
#define CLI_INTERPRETER_H

#include <stdbool.h>
#include <stddef.h>

struct error;

struct interpreter {
    char *path;        /* what to execute */
    char *name;        /* its argv[0]: "python3" when found on PATH, so that
                           the program sees what it would see without us */
    char *folder;      /* where its console scripts are */
    char *option_text; /* owned; options point into it */
    char **options;    /* of the interpreter itself, before the program */
    size_t option_count;
};

/* *interpreter is released by the caller, also after a failure. */
bool interpreter_find(struct interpreter *interpreter, struct error *err);

void interpreter_release(struct interpreter *interpreter);

#endif
