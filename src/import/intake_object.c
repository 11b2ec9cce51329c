// SPDX-License-Identifier: Apache-2.0
/* Objects are created (N), shown (O) and deleted (D). */
#include "base/error.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"
#include "import/json_value.h"

static enum vzt_object_phase
phase_of(char letter)
{
    return letter == 'N'   ? VZT_OBJECT_CREATED
           : letter == 'D' ? VZT_OBJECT_DELETED
                           : VZT_OBJECT_SNAPSHOT;
}

static bool
add_object(struct event_intake *intake, const struct chrome_event *event,
           struct sort_entry entry, struct error *err)
{
    struct object_record object = {
        .phase = phase_of(event->phase),
        .args = event->args,
    };

    intake->losses.cut[IMPORT_CUT_NAME] += event->is_name_cut;
    intake->losses.cut[IMPORT_CUT_ARGS] += event->are_args_cut;
    buffer_clear(&intake->text);
    buffer_clear(&intake->more_text);
    json_value_string(event->name, &intake->text);
    json_value_string(event->id, &intake->more_text);
    if (!buffer_is_ok(&intake->text) || !buffer_is_ok(&intake->more_text)) {
        return error_set_no_memory(err);
    }
    object.name = intake_span(&intake->text);
    object.id = intake_span(&intake->more_text);
    if (!intake_reserve_words(
            intake, object.name.size + object.id.size + object.args.size,
            err)) {
        return false;
    }
    return intake_add_record(
        intake, event, entry,
        record_encode_object(intake->words, intake->word_capacity, &object),
        err);
}

const struct intake_rule intake_object_rule = {
    .phases = "NOD",
    .add = add_object,
};
