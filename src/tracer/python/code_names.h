// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/code_names.h - what people call a function.
 *
 * Called from inside hooks: nothing here runs code of the program, allocates
 * an object that the garbage collector tracks where that could start it, or
 * leaves an exception behind.
 */
#ifndef TRACER_PYTHON_CODE_NAMES_H
#define TRACER_PYTHON_CODE_NAMES_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "format/record_encode.h"

/* A definition and the memory its texts stand in. {0} is empty. */
struct function_text {
    struct function_definition definition;
    struct buffer name;
    struct buffer file;
};

/*
 * Describe a code object: the qualified name from 3.11; before, first_argument
 * (borrowed, may be NULL) tells the class, when the class really has a function
 * with this code.
 */
void describe_code(struct function_text *text, PyObject *code,
                   PyObject *first_argument);

/* Describe a builtin function or method descriptor: "math.sqrt",
 * "list.append". */
void describe_c_function(struct function_text *text, PyObject *callable);

void function_text_release(struct function_text *text);

/* An attribute of an object whose type is known to run no code of the program
 * for it: a new reference, or NULL. */
PyObject *read_attribute(PyObject *object, const char *name);

/* Append a str: UTF-8, with the bytes that a file name could not decode as
 * they were. */
void append_text(struct buffer *out, PyObject *text);

/* Whether an object is a str with this ASCII text. NULL is none. */
bool text_equals(PyObject *text, const char *ascii);

#endif
