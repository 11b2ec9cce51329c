// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/own_code.h - which functions are the recorder's own and are
 * not shown.
 */
#ifndef TRACER_PYTHON_OWN_CODE_H
#define TRACER_PYTHON_OWN_CODE_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

#include "format/record_encode.h"

/* Find out where this extension was loaded from. */
void own_code_prepare(void);

/* The folder of the package, without a slash at its end; "" when unknown. */
const char *own_code_folder(void);

/* Whether a source file is the package's. */
bool own_code_is_file(struct text_span path);

/* Whether a C function is this extension's. */
bool own_code_is_method(const PyMethodDef *method);

#endif
