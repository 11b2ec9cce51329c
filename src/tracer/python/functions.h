// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/functions.h - from code objects and C functions to ids.
 *
 * The slow half of a lookup: called when the hot path finds no slot, or one
 * that belongs to another function. Each returns the slot, made on first use;
 * NULL when there is no memory or recording has stopped.
 */
#ifndef TRACER_PYTHON_FUNCTIONS_H
#define TRACER_PYTHON_FUNCTIONS_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>
#include <stdint.h>

struct function_slot;

/* Once per interpreter, before anything is recorded. False with an exception
 * set. */
bool functions_prepare(void);

/* first_argument: see qualified_name.h. */
const struct function_slot *function_find_code(PyObject *code,
                                               PyObject *first_argument);

const struct function_slot *function_find_c(PyObject *callable,
                                            const PyMethodDef *method);

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
