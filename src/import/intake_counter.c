// SPDX-License-Identifier: Apache-2.0
/* Values of counters (C). */
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"

static bool
add_counter(struct event_intake *intake, const struct chrome_event *event,
            struct sort_entry entry, struct error *err)
{
    struct counter_args *counter = &intake->counter;
    struct text_span name;

    if (!counter_args_read(counter, event->name, event->id, event->args, err)) {
        return false;
    }
    intake->losses.lost[IMPORT_LOSS_NO_VALUE] += counter->lost_count;
    intake->losses.cut[IMPORT_CUT_NAME] += counter->cut_count;
    if (counter->count == 0) {
        return true;
    }
    name = (struct text_span){counter->text.data, counter->name_size};
    if (!intake_reserve_words(intake,
                              counter->text.size
                                  + counter->count * sizeof(struct vzt_series),
                              err)) {
        return false;
    }
    return intake_add_record(
        intake, event, entry,
        record_encode_counter(intake->words, intake->word_capacity, name,
                              counter->values, counter->count),
        err);
}

const struct intake_rule intake_counter_rule = {
    .phases = "C",
    .add = add_counter,
};
