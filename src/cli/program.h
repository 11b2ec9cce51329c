// SPDX-License-Identifier: Apache-2.0
/*
 * cli/program.h - from the words on the command line to what is executed.
 *
 *     -m MODULE, -c CODE, -       the interpreter, with these words
 *     a Python file, zipapp or    the interpreter and the file
 *     folder with __main__.py
 *     any other executable file   itself, by its own #!
 *     the name of a command       itself, from the interpreter's folder or
 *                                 else $PATH
 *
 * A file counts as Python by its suffix, or when its #! asks for any python3
 * ("#!/usr/bin/env python3"); one whose #! names a certain interpreter is run
 * by that one, as it would be without us.
 */
#ifndef CLI_PROGRAM_H
#define CLI_PROGRAM_H

#include <stdbool.h>

struct error;
struct interpreter;
struct options;

enum { PROGRAM_NAME_SIZE = 64, PROGRAM_FLAG_SIZE = 3 };

/* Not to be copied: an argument may be the flag inside it. */
struct program {
    char *path;                   /* what to execute */
    char **arguments;             /* NULL-terminated; the texts are borrowed */
    char flag[PROGRAM_FLAG_SIZE]; /* "-m" or "-c" */
    char name[PROGRAM_NAME_SIZE]; /* for file names: letters, digits, . _ - */
};

/*
 * Resolve options.program. interpreter may be NULL when there is none: then
 * only commands that are not Python can be run, and *interpreter_error is why.
 * On failure *status is what a shell would exit with: 127 not found, 126 not
 * executable. The texts of the options, the interpreter and argv must outlive
 * the program.
 */
bool program_resolve(struct program *program, const struct options *options,
                     const struct interpreter *interpreter,
                     const struct error *interpreter_error, int *status,
                     struct error *err);

void program_release(struct program *program);

#endif
