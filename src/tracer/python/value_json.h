// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/value_json.h - Python values as JSON text.
 *
 * dict, list, tuple, str, int, float, bool and None become what they are in
 * JSON; anything else, and what nests deeper than VALUE_JSON_DEPTH_MAX, becomes
 * a string with its repr. Non-finite numbers become strings, since JSON has
 * none. A repr that raises reads "<not displayable>"; one that is long is cut.
 */
#ifndef TRACER_PYTHON_VALUE_JSON_H
#define TRACER_PYTHON_VALUE_JSON_H

#include "tracer/python/python_compat.h"

#include "base/buffer.h"

enum {
    VALUE_JSON_DEPTH_MAX = 32,
    VALUE_JSON_REPR_SIZE_MAX = 4096,
    VALUE_JSON_SIZE_MAX = 1 << 20, /* what is longer loses its last elements */
};

/* Append the text. Runs code of the program (repr); never leaves an exception.
 * buffer_is_ok says whether there was memory. */
void value_json_append(struct buffer *out, PyObject *value);

#endif
