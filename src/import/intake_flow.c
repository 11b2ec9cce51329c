// SPDX-License-Identifier: Apache-2.0
/* Arrows between calls: a start (s), steps (t), an end (f). */
#include "base/error.h"
#include "base/hash.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"
#include "import/json_value.h"

/* What belongs together has one category, id and name; of all processes, but
 * for an id that says to be local. */
static bool
find_id(struct event_intake *intake, const struct chrome_event *event,
        uint32_t process, uint64_t *id, struct error *err)
{
    struct buffer *key = &intake->text;
    uint64_t hashes[2] = {intake->input_hash};

    if (!intake_id_key(intake, event,
                       event->id_scope == CHROME_ID_LOCAL ? process
                                                          : UINT32_MAX,
                       'f', key, err)) {
        return false;
    }
    buffer_append_char(key, '\0');
    buffer_append(key, event->name.data, event->name.size);
    if (!buffer_is_ok(key)) {
        return error_set_no_memory(err);
    }
    hashes[1] = hash_bytes(key->data, key->size);
    *id = hash_bytes(hashes, sizeof hashes);
    return true;
}

static bool
put_end(struct event_intake *intake, const struct chrome_event *event,
        struct sort_entry entry, enum record_type type,
        const struct flow_record *flow, struct error *err)
{
    return intake_reserve_words(intake, flow->name.size, err)
           && intake_add_record(intake, event, entry,
                                record_encode_flow(intake->words,
                                                   intake->word_capacity, type,
                                                   flow),
                                err);
}

static bool
add_flow(struct event_intake *intake, const struct chrome_event *event,
         struct sort_entry entry, struct error *err)
{
    struct flow_record flow = {0};

    if (!find_id(intake, event, entry.process, &flow.id, err)) {
        return false;
    }
    buffer_clear(&intake->text);
    json_value_string(event->name, &intake->text);
    intake->losses.cut[IMPORT_CUT_NAME] += event->is_name_cut;
    if (!buffer_is_ok(&intake->text)) {
        return error_set_no_memory(err);
    }
    flow.name = intake_span(&intake->text);
    if (event->phase == 'f' && event->bind != 'e') {
        flow.flags = VZT_FLOW_BINDS_NEXT;
        entry.end_ns = INT64_MAX; /* in front of calls that begin then */
    }
    return (event->phase == 's'
            || put_end(intake, event, entry, RECORD_FLOW_END, &flow, err))
           && (event->phase == 'f'
               || put_end(intake, event, entry, RECORD_FLOW_START, &flow, err));
}

const struct intake_rule intake_flow_rule = {
    .phases = "stf",
    .add = add_flow,
};
