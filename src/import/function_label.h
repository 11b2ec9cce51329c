// SPDX-License-Identifier: Apache-2.0
/*
 * import/function_label.h - what the name of an event says about a function.
 *
 * VizTracer writes "qualified.name (file:line)" for Python functions since
 * 0.10, "file(line).name" and "file.name" before, and "module.name" or "name"
 * for C functions.
 */
#ifndef IMPORT_FUNCTION_LABEL_H
#define IMPORT_FUNCTION_LABEL_H

#include <stdbool.h>

#include "format/record_encode.h"

/* Take a label apart; the parts are lent from it. is_function says that it is
 * known to be one of VizTracer's function calls. */
struct function_definition function_label_split(struct text_span label,
                                                bool is_function);

#endif
