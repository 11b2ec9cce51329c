// SPDX-License-Identifier: Apache-2.0
/* Samples of stacks (P, and what stands under "samples"). */
#include "base/error.h"
#include "base/intern.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"
#include "import/stack_samples.h"

/* Where it is: samples may say their thread alone. */
static bool
find_source(struct event_intake *intake, const struct chrome_event *event,
            uint32_t *source, bool *found, struct error *err)
{
    struct stack_source place = {.process = UINT32_MAX};
    struct buffer *key = &intake->text;
    uint32_t name;

    *found = true;
    if (!intake_find_name(intake, event, &name, err)
        || (event->pid.size > 0
            && !intake_find_process(intake, event, &place.process, found,
                                    err))) {
        return false;
    }
    place.name = name >> INTAKE_NAME_SHIFT;
    buffer_clear(key);
    buffer_append(key, &place, sizeof place);
    buffer_append(key, event->tid.data, event->tid.size);
    if (!buffer_is_ok(key)) {
        return error_set_no_memory(err);
    }
    return intern_table_add(intake->stack_sources, key->data, key->size, source,
                            err);
}

static bool
add_sample(struct event_intake *intake, const struct chrome_event *event,
           struct sort_entry entry, struct error *err)
{
    bool found;

    if (event->time != CHROME_VALUE_GOOD) {
        return intake_lose(intake, IMPORT_LOSS_NO_TIME);
    }
    if (!intake_find_stack(intake, event, &entry.payload, err)) {
        return false;
    }
    if (entry.payload == STACK_NONE) {
        return intake_lose(intake, IMPORT_LOSS_NO_STACK);
    }
    if (!find_source(intake, event, &entry.thread, &found, err)) {
        return false;
    }
    if (!found) {
        return true;
    }
    entry.process = 0;
    entry.start_ns = entry.end_ns = event->time_ns;
    intake->event_count++;
    return event_sort_add(intake->samples, &entry, err);
}

const struct intake_rule intake_sample_rule = {
    .phases = "P",
    .place = INTAKE_PLACE_NONE,
    .add = add_sample,
};
