// SPDX-License-Identifier: Apache-2.0
/* What happened at a moment: i, I of old, and R, a mark. */
#include "base/error.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"
#include "import/json_value.h"

static enum vzt_scope
scope_of(char letter)
{
    return letter == 'g'   ? VZT_SCOPE_GLOBAL
           : letter == 'p' ? VZT_SCOPE_PROCESS
                           : VZT_SCOPE_THREAD;
}

static bool
add_instant(struct event_intake *intake, const struct chrome_event *event,
            struct sort_entry entry, struct error *err)
{
    struct text_span args = event->args;
    struct buffer *name = &intake->text;

    buffer_clear(name);
    json_value_string(event->name, name);
    intake->losses.cut[IMPORT_CUT_NAME] += event->is_name_cut;
    intake->losses.cut[IMPORT_CUT_ARGS] += event->are_args_cut;
    if (!buffer_is_ok(name)) {
        return error_set_no_memory(err);
    }
    if (!intake_reserve_words(intake, name->size + args.size, err)) {
        return false;
    }
    return intake_add_record(
        intake, event, entry,
        record_encode_instant(intake->words, intake->word_capacity,
                              scope_of(event->scope), intake_span(name), args),
        err);
}

const struct intake_rule intake_instant_rule = {
    .phases = "iIR",
    .add = add_instant,
};
