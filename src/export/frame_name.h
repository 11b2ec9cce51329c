// SPDX-License-Identifier: Apache-2.0
/*
 * export/frame_name.h - functions as names in formats made of lines of text.
 */
#ifndef EXPORT_FRAME_NAME_H
#define EXPORT_FRAME_NAME_H

#include <stdint.h>

struct buffer;
struct trace_model;

/*
 * Append "Cart.total (/w/shop.py:14)", or the name alone where no file is
 * known, sanitised: it holds no control characters, so no end of a line.
 * function is one of the model, UINT32_MAX for the unknown one, or
 * PROFILE_OTHER.
 */
void frame_name_append(struct buffer *text, const struct trace_model *model,
                       uint32_t function);

#endif
