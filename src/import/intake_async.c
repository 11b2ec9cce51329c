// SPDX-License-Identifier: Apache-2.0
/* What goes on beside the threads: begins, moments and ends that an id holds
 * together, as b, n, e and of old as S, T or p, F. */
#include "base/intern.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"

static enum intake_kind
kind_of(char phase)
{
    return phase == 'b' || phase == 'S'   ? INTAKE_BEGIN
           : phase == 'e' || phase == 'F' ? INTAKE_END
                                          : INTAKE_RECORD;
}

static bool
put_payload(struct event_intake *intake, const struct chrome_event *event,
            enum intake_kind kind, uint32_t *place, struct error *err)
{
    size_t count;

    if (kind != INTAKE_RECORD) {
        return intake_put_arguments(intake, event, place, err);
    }
    return intake_make_instant(intake, event, VZT_SCOPE_THREAD, &count, err)
           && intake_put_record(intake, count, place, err);
}

static bool
add_async(struct event_intake *intake, const struct chrome_event *event,
          struct sort_entry entry, struct error *err)
{
    struct buffer *key = &intake->text;
    enum intake_kind kind = kind_of(event->phase);
    uint32_t name;

    if (!intake_id_key(intake, event, entry.process, 'a', key, err)
        || !intern_table_add(intake->tables.async_ids, key->data, key->size,
                             &entry.thread, err)
        || !intake_find_name(intake, event, &name, err)
        || !put_payload(intake, event, kind, &entry.payload, err)) {
        return false;
    }
    if (kind == INTAKE_RECORD && entry.payload == 0) {
        return true; /* there are too many, and that was counted */
    }
    entry.what = (uint32_t)kind << INTAKE_KIND_SHIFT | name;
    intake->event_count++;
    return event_sort_add(intake->async_halves, &entry, err);
}

const struct intake_rule intake_async_rule = {
    .phases = "bneSTpF",
    .place = INTAKE_PLACE_PROCESS,
    .add = add_async,
};
