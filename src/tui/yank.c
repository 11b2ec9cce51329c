// SPDX-License-Identifier: Apache-2.0
#include "tui/yank.h"

#include <inttypes.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "model/call_family.h"
#include "model/trace_model.h"
#include "tui/clipboard.h"
#include "tui/viewer.h"

static const struct model_function *
function_of(const struct viewer *viewer, uint32_t index)
{
    return index < trace_model_function_count(viewer->model)
               ? trace_model_function(viewer->model, index)
               : NULL;
}

void
yank_append_function(struct buffer *out, const struct viewer *viewer,
                     uint32_t index)
{
    const struct model_function *function = function_of(viewer, index);

    buffer_append_text(out, function == NULL ? "?" : function->name);
    if (function != NULL && function->file[0] != '\0') {
        buffer_append_format(out, " (%s:%" PRIu32 ")", function->file,
                             function->line);
    }
}

/* The same, and how long it took and when. */
static void
append_call(struct buffer *out, const struct viewer *viewer,
            const struct slice *call)
{
    bool is_ascii = viewer->theme.is_ascii;
    char duration[TEXT_NUMBER_SIZE];
    char start[TEXT_NUMBER_SIZE];

    yank_append_function(out, viewer, call->function);
    buffer_append_format(
        out, "  %s at %s\n",
        text_duration(duration, sizeof duration, call->end_ns - call->start_ns,
                      is_ascii),
        text_duration(start, sizeof start, call->start_ns, is_ascii));
}

/* A call and those it was made in, outermost first. */
static bool
append_stack(struct buffer *out, const struct viewer *viewer,
             const struct slice *call, struct error *err)
{
    struct span_scratch *scratch = NULL;
    const struct slice *callers;
    size_t count;
    bool is_ok =
        span_scratch_new(&scratch, err)
        && call_callers(viewer->model, call, scratch, &callers, &count, err);

    for (size_t i = 0; is_ok && i < count; i++) {
        append_call(out, viewer, &callers[i]);
    }
    span_scratch_free(scratch);
    if (is_ok) {
        append_call(out, viewer, call);
    }
    return is_ok;
}

static bool
append_subject(struct buffer *out, const struct viewer *viewer,
               const struct viewer_subject *subject, bool is_all,
               struct error *err)
{
    if (subject->has_slice) {
        if (is_all) {
            return append_stack(out, viewer, &subject->slice, err);
        }
        append_call(out, viewer, &subject->slice);
    } else if (subject->has_function) {
        yank_append_function(out, viewer, subject->function);
        buffer_append_char(out, '\n');
    }
    return true;
}

bool
yank_append(struct buffer *out, struct viewer *viewer, enum view_id id,
            const void *view, bool is_all, struct error *err)
{
    const struct view_class *class = view_at(id);
    struct viewer_subject subject = {0};
    struct buffer text = {0};
    bool is_ok = true;

    if (class->copy != NULL) {
        is_ok = class->copy(view, is_all, &text, err);
    } else if (class->subject != NULL) {
        class->subject(view, &subject);
        is_ok = append_subject(&text, viewer, &subject, is_all, err);
    }
    if (is_ok && text.size > 0) {
        clipboard_append_clean(out, text.data, text.size);
    }
    if (is_ok && (!buffer_is_ok(&text) || !buffer_is_ok(out))) {
        is_ok = error_set_no_memory(err);
    }
    buffer_release(&text);
    return is_ok;
}
