// SPDX-License-Identifier: Apache-2.0
/* report/function_place.h - where a function is defined, in words. */
#ifndef REPORT_FUNCTION_PLACE_H
#define REPORT_FUNCTION_PLACE_H

#include <stdbool.h>

struct buffer;
struct error;
struct model_function;
struct report_document;
struct report_value;

/* "app.py:12"; of what has no file the value stays absent. */
bool function_place_set(struct report_document *document,
                        struct report_value *value,
                        const struct model_function *function,
                        struct error *err);

/* Append "parse (app.py:12)"; what is too long for a sentence is cut. */
void function_place_append_all(struct buffer *text,
                               const struct model_function *function);

#endif
