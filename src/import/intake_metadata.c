// SPDX-License-Identifier: Apache-2.0
/* Names of processes and threads, and what else M says of them. */
#include <string.h>

#include "base/error.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"
#include "import/json_object.h"
#include "import/json_value.h"

static bool
set_name(struct event_intake *intake, const struct chrome_event *event,
         const char **name, struct error *err)
{
    struct text_span text = json_object_member(event->args, "name");

    if (text.size == 0) {
        return true;
    }
    buffer_clear(&intake->text);
    json_value_string(text, &intake->text);
    if (!buffer_is_ok(&intake->text)) {
        return error_set_no_memory(err);
    }
    return event_tables_keep(&intake->tables, intake_span(&intake->text), name,
                             err);
}

static void
set_sort_index(const struct chrome_event *event, int64_t *sort_index)
{
    struct text_span text = json_object_member(event->args, "sort_index");
    struct counter_value value;

    if (json_value_number(text, &value) && value.type == VZT_VALUE_INT64) {
        *sort_index = value.value.integer;
    }
}

static bool
is_named(const struct chrome_event *event, const char *name)
{
    return event->name.size == strlen(name)
           && memcmp(event->name.data, name, event->name.size) == 0;
}

/* Names of processes and threads; other metadata is of no use here. */
static bool
add_metadata(struct event_intake *intake, const struct chrome_event *event,
             struct sort_entry entry, struct error *err)
{
    struct event_tables *tables = &intake->tables;
    bool is_process = is_named(event, "process_name");
    bool found;

    intake->event_count++;
    if (is_process) {
        if (!event_tables_process(tables, event->pid, &entry.process, err)) {
            return false;
        }
        return entry.process == UINT32_MAX
                   ? intake_lose(intake, IMPORT_LOSS_TOO_MANY_PROCESSES)
                   : set_name(intake, event,
                              &tables->processes[entry.process].name, err);
    }
    if (!is_named(event, "thread_name")
        && !is_named(event, "thread_sort_index")) {
        return true;
    }
    if (!intake_find_place(intake, event, &entry, &found, err)) {
        return false;
    }
    if (!found) {
        return true;
    }
    if (is_named(event, "thread_name")) {
        return set_name(intake, event, &tables->threads[entry.thread].name,
                        err);
    }
    set_sort_index(event, &tables->threads[entry.thread].sort_index);
    return true;
}

const struct intake_rule intake_metadata_rule = {
    .phases = "M",
    .place = INTAKE_PLACE_NONE,
    .add = add_metadata,
};
