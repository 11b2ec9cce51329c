// SPDX-License-Identifier: Apache-2.0
#include "export/frame_name.h"

#include <inttypes.h>
#include <string.h>

#include "base/buffer.h"
#include "format/sanitise.h"
#include "model/scope_profile.h"
#include "model/trace_model.h"

void
frame_name_append(struct buffer *text, const struct trace_model *model,
                  uint32_t index)
{
    const struct model_function *function;

    if (index == PROFILE_OTHER) {
        buffer_append_text(text, "(deeper calls)");
        return;
    }
    function = scope_profile_function(model, index);
    sanitise_append(text, function->name, strlen(function->name));
    if (function->file[0] != '\0') {
        buffer_append_text(text, " (");
        sanitise_append(text, function->file, strlen(function->file));
        if (function->line > 0) {
            buffer_append_format(text, ":%" PRIu32, function->line);
        }
        buffer_append_char(text, ')');
    }
}
