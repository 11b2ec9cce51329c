// SPDX-License-Identifier: Apache-2.0
/* Names of processes and threads, and what else M says of them. */
#include <string.h>

#include "base/error.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"
#include "import/json_object.h"
#include "import/json_value.h"

/* What metadata says; the text is in text when there is one. */
struct metadata {
    struct event_intake *intake;
    struct text_span value; /* as it stands in the file */
    struct import_process *process;
    struct import_thread *thread; /* NULL = it is about the process */
};

static bool
keep_text(const struct metadata *metadata, const char **kept, struct error *err)
{
    struct buffer *text = &metadata->intake->text;

    buffer_clear(text);
    json_value_string(metadata->value, text);
    if (!buffer_is_ok(text)) {
        return error_set_no_memory(err);
    }
    return text->size == 0
           || event_tables_keep(&metadata->intake->tables, intake_span(text),
                                kept, err);
}

static bool
set_name(const struct metadata *metadata, struct error *err)
{
    return keep_text(metadata,
                     metadata->thread != NULL ? &metadata->thread->name
                                              : &metadata->process->name,
                     err);
}

static bool
set_labels(const struct metadata *metadata, struct error *err)
{
    return keep_text(metadata, &metadata->process->labels, err);
}

static bool
set_sort_index(const struct metadata *metadata, struct error *err)
{
    struct counter_value value;

    (void)err;
    if (json_value_number(metadata->value, &value)
        && value.type == VZT_VALUE_INT64) {
        *(metadata->thread != NULL ? &metadata->thread->sort_index
                                   : &metadata->process->sort_index) =
            value.value.integer;
    }
    return true;
}

static const struct metadata_rule {
    const char *name;
    const char *member; /* of the arguments */
    bool is_of_thread;
    bool (*set)(const struct metadata *metadata, struct error *err);
} metadata_rules[] = {
    {"process_name", "name", false, set_name},
    {"process_labels", "labels", false, set_labels},
    {"process_sort_index", "sort_index", false, set_sort_index},
    {"thread_name", "name", true, set_name},
    {"thread_sort_index", "sort_index", true, set_sort_index},
};

static bool
is_named(const struct chrome_event *event, const char *name)
{
    return event->name.size == strlen(name)
           && memcmp(event->name.data, name, event->name.size) == 0;
}

static const struct metadata_rule *
find_rule(const struct chrome_event *event)
{
    for (size_t i = 0; i < sizeof metadata_rules / sizeof *metadata_rules;
         i++) {
        if (is_named(event, metadata_rules[i].name)) {
            return &metadata_rules[i];
        }
    }
    return NULL;
}

/* Other metadata is of no use here. */
static bool
add_metadata(struct event_intake *intake, const struct chrome_event *event,
             struct sort_entry entry, struct error *err)
{
    const struct metadata_rule *rule = find_rule(event);
    struct metadata metadata = {.intake = intake};
    bool found;

    intake->event_count++;
    if (rule == NULL) {
        return true;
    }
    if (!(rule->is_of_thread
              ? intake_find_place(intake, event, &entry, &found, err)
              : intake_find_process(intake, event, &entry.process, &found,
                                    err))) {
        return false;
    }
    metadata.value = json_object_member(event->args, rule->member);
    if (!found || metadata.value.size == 0) {
        return true;
    }
    metadata.process = &intake->tables.processes[entry.process];
    metadata.thread =
        rule->is_of_thread ? &intake->tables.threads[entry.thread] : NULL;
    return rule->set(&metadata, err);
}

const struct intake_rule intake_metadata_rule = {
    .phases = "M",
    .place = INTAKE_PLACE_NONE,
    .add = add_metadata,
};
