// SPDX-License-Identifier: Apache-2.0
/* Calls, whole (X) or as a begin and an end (B, E). */
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"

static bool
add_call(struct event_intake *intake, const struct chrome_event *event,
         struct sort_entry entry, struct error *err)
{
    struct import_process *process = &intake->tables.processes[entry.process];
    uint32_t name;

    if (event->duration == CHROME_VALUE_BAD) {
        return intake_lose(intake, IMPORT_LOSS_BAD_DURATION);
    }
    if (event->duration == CHROME_VALUE_GOOD && event->duration_ns < 0) {
        return intake_lose(intake, IMPORT_LOSS_NEGATIVE_DURATION);
    }
    if (event->duration == CHROME_VALUE_GOOD) {
        entry.end_ns += event->duration_ns;
    }
    if (!intake_find_name(intake, event, &name, err)
        || !intake_put_arguments(intake, event, &entry.payload, err)) {
        return false;
    }
    entry.what = (uint32_t)INTAKE_CALL << INTAKE_KIND_SHIFT | name;
    if (process->home_thread == UINT32_MAX) {
        process->home_thread = entry.thread;
    }
    return intake_add_entry(intake, intake->calls, &entry, err);
}

static bool
add_half(struct event_intake *intake, const struct chrome_event *event,
         struct sort_entry entry, struct error *err)
{
    struct import_process *process = &intake->tables.processes[entry.process];
    enum intake_kind kind = event->phase == 'B' ? INTAKE_BEGIN : INTAKE_END;
    uint32_t name;

    if (!intake_find_name(intake, event, &name, err)
        || !intake_put_arguments(intake, event, &entry.payload, err)) {
        return false;
    }
    entry.what = (uint32_t)kind << INTAKE_KIND_SHIFT | name;
    if (process->home_thread == UINT32_MAX) {
        process->home_thread = entry.thread;
    }
    return intake_add_entry(intake, intake->halves, &entry, err);
}

const struct intake_rule intake_call_rule = {
    .phases = "X",
    .add = add_call,
};

const struct intake_rule intake_half_rule = {
    .phases = "BE",
    .add = add_half,
};
