// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/print_log.h - what print() writes becomes an instant, too.
 *
 * builtins.print is replaced by a builtin function of the same name, which
 * calls the one that was there with a file between that hears what is written.
 * So all that can be seen of print() stays: where the text goes and in which
 * pieces, str() of each value once, what is raised. It is shown as
 * builtins.print.
 */
#ifndef TRACER_PYTHON_PRINT_LOG_H
#define TRACER_PYTHON_PRINT_LOG_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

/* Replace print of this interpreter, unless it is. False with an exception
 * set. */
bool print_log_install(void);

/* Put back what was there, unless the program has replaced it since. */
void print_log_remove(void);

/* Whether this is the definition of our print: of the few functions of the
 * recorder that are shown. */
bool print_log_is_print(const PyMethodDef *method);

#endif
