// SPDX-License-Identifier: Apache-2.0
#include "report/function_place.h"

#include <inttypes.h>

#include "base/buffer.h"
#include "model/trace_model.h"
#include "report/report_document.h"

bool
function_place_set(struct report_document *document, struct report_value *value,
                   const struct model_function *function, struct error *err)
{
    const char *text;

    if (function->file[0] == '\0') {
        return true;
    }
    text = function->line == 0 ? function->file
                               : report_text(document, err, "%s:%" PRIu32,
                                             function->file, function->line);
    if (text == NULL) {
        return false;
    }
    report_set_text(value, text);
    return true;
}

void
function_place_append(struct buffer *text,
                      const struct model_function *function)
{
    if (function->file[0] != '\0') {
        buffer_append_format(text, " (%s", function->file);
        if (function->line > 0) {
            buffer_append_format(text, ":%" PRIu32, function->line);
        }
        buffer_append_char(text, ')');
    }
}
