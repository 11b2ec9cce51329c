// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/functions.h - from code objects and C functions to ids.
 *
 * The slow half of a lookup: called when the hot path finds nothing that it
 * could record. Each returns the function's facts (see function_table.h), made
 * on first use; 0 when there is no memory or recording has stopped.
 */
#ifndef TRACER_PYTHON_FUNCTIONS_H
#define TRACER_PYTHON_FUNCTIONS_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>
#include <stdint.h>

/* Once per interpreter, before anything is recorded. False with an exception
 * set. */
bool functions_prepare(void);

/* first_argument: see qualified_name.h. */
uint64_t function_find_code(PyObject *code, PyObject *first_argument);

uint64_t function_find_c(PyObject *callable, const PyMethodDef *method);

/* Neither this code object nor what it calls is recorded, see
 * recording_ignore. False with an exception set. */
bool function_ignore(PyObject *code);

/* A definition that is made at the address of one that is gone has a name of
 * its own; where the name is the same as well, the wrong one reads right. */
static inline const void *
c_function_check(const PyMethodDef *method)
{
    return method->ml_name;
}

#endif
