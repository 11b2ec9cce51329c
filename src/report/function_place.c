// SPDX-License-Identifier: Apache-2.0
#include "report/function_place.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "model/trace_model.h"
#include "report/report_document.h"

enum { WORDS_SIZE_MAX = 120 };

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

/* Append a text; of a long one the end is left out. */
static void
append_cut(struct buffer *text, const char *words)
{
    size_t size = strlen(words);

    if (size > WORDS_SIZE_MAX) {
        size = WORDS_SIZE_MAX - 3;
        while (size > 0 && ((unsigned char)words[size] & 0xC0) == 0x80) {
            size--; /* not within a character */
        }
    }
    buffer_append(text, words, size);
    if (words[size] != '\0') {
        buffer_append_text(text, "...");
    }
}

void
function_place_append_all(struct buffer *text,
                          const struct model_function *function)
{
    append_cut(text, function->name);
    if (function->file[0] != '\0') {
        buffer_append_text(text, " (");
        append_cut(text, function->file);
        if (function->line > 0) {
            buffer_append_format(text, ":%" PRIu32, function->line);
        }
        buffer_append_char(text, ')');
    }
}
