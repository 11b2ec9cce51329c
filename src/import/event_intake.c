// SPDX-License-Identifier: Apache-2.0
#include "import/event_intake.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/intern.h"
#include "import/async_calls.h"
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"
#include "import/half_calls.h"
#include "import/stack_samples.h"
#include "import/temporary_file.h"

/* What is put aside is in memory up to this; all is on disk in tests. */
enum { PAYLOAD_IN_MEMORY = 16 * 1024 * 1024 };

/* What events become: a line for each kind. */
static const struct intake_rule *const rules[] = {
    &intake_call_rule,    &intake_half_rule,   &intake_instant_rule,
    &intake_counter_rule, &intake_object_rule, &intake_metadata_rule,
    &intake_flow_rule,    &intake_sample_rule, &intake_async_rule,
};

static void
find_rules(struct event_intake *intake)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        for (const char *phase = rules[i]->phases; *phase != '\0'; phase++) {
            intake->rules[(unsigned char)*phase] = rules[i];
        }
    }
}

bool
event_intake_init(struct event_intake *intake, size_t run_size,
                  struct error *err)
{
    const uint64_t nothing = 0; /* so that no payload is at place 0 */

    *intake = (struct event_intake){.first_ns = INT64_MAX};
    find_rules(intake);
    return event_tables_init(&intake->tables, err)
           && event_sort_new(&intake->calls, EVENT_ORDER_TRACK, run_size, err)
           && event_sort_new(&intake->halves, EVENT_ORDER_TRACK, run_size, err)
           && event_sort_new(&intake->samples, EVENT_ORDER_TRACK, run_size, err)
           && intern_table_new(&intake->stack_sources, err)
           && stack_frames_init(&intake->frames, intake->tables.names, err)
           && event_sort_new(&intake->async_halves, EVENT_ORDER_TIME, run_size,
                             err)
           && temporary_file_open(&intake->payload,
                                  run_size == 0 ? PAYLOAD_IN_MEMORY : 0, err)
           && temporary_file_append(intake->payload, &nothing, sizeof nothing,
                                    err);
}

bool
event_intake_put_aside(struct event_intake *intake, const void *data,
                       size_t size, uint64_t *place, struct error *err)
{
    static const char zeros[8] = {0};

    *place = temporary_file_size(intake->payload);
    return temporary_file_append(intake->payload, data, size, err)
           && temporary_file_append(intake->payload, zeros, -size % 8, err);
}

bool
event_intake_payload(struct event_intake *intake, uint32_t place,
                     const uint64_t **words, size_t *count, struct error *err)
{
    const uint64_t *lent =
        temporary_file_lend(intake->payload, (uint64_t)place * 8, 8);
    uint64_t head;

    if (lent != NULL) {
        *count = 1 + (size_t)record_size(*lent);
        *words = temporary_file_lend(intake->payload, (uint64_t)place * 8,
                                     *count * sizeof head);
        if (*words != NULL) {
            return true;
        }
    }
    if (!temporary_file_read(intake->payload, (uint64_t)place * 8, &head,
                             sizeof head, err)
        || !intake_reserve_words(intake, (size_t)record_size(head) * 8, err)
        || !temporary_file_read(
            intake->payload, (uint64_t)place * 8, intake->words,
            (1 + (size_t)record_size(head)) * sizeof head, err)) {
        return false;
    }
    *words = intake->words;
    *count = 1 + (size_t)record_size(head);
    return true;
}

bool
event_intake_add(struct event_intake *intake, const struct chrome_event *event,
                 struct error *err)
{
    const struct intake_rule *rule = intake->rules[(unsigned char)event->phase];
    struct sort_entry entry = {0};
    bool found;

    if (event->phase == '\0') {
        return intake_lose(intake, IMPORT_LOSS_NO_PHASE);
    }
    if (rule == NULL) {
        intake->losses.unknown[(unsigned char)event->phase]++;
        return true;
    }
    if (rule->place == INTAKE_PLACE_NONE) {
        return rule->add(intake, event, entry, err);
    }
    if (event->time != CHROME_VALUE_GOOD) {
        return intake_lose(intake, IMPORT_LOSS_NO_TIME);
    }
    if (!(rule->place == INTAKE_PLACE_THREAD
              ? intake_find_place(intake, event, &entry, &found, err)
              : intake_find_process(intake, event, &entry.process, &found,
                                    err))) {
        return false;
    }
    entry.start_ns = entry.end_ns = event->time_ns;
    return !found || rule->add(intake, event, entry, err);
}

bool
event_intake_finish(struct event_intake *intake,
                    const struct progress *progress, struct error *err)
{
    intake->progress = *progress;
    /* Samples look threads up; they come first. */
    if (!half_calls_pair(intake, err) || !stack_samples_add(intake, err)
        || !async_calls_pair(intake, err)) {
        return false;
    }
    event_sort_free(intake->samples);
    intake->samples = NULL;
    event_sort_free(intake->halves);
    event_sort_free(intake->async_halves);
    intake->halves = intake->async_halves = NULL;
    return event_sort_finish(intake->calls, err);
}

void
event_intake_release(struct event_intake *intake)
{
    event_tables_release(&intake->tables);
    event_sort_free(intake->calls);
    event_sort_free(intake->halves);
    event_sort_free(intake->async_halves);
    event_sort_free(intake->samples);
    intern_table_free(intake->stack_sources);
    stack_frames_release(&intake->frames);
    temporary_file_close(intake->payload);
    free(intake->words);
    counter_args_release(&intake->counter);
    buffer_release(&intake->text);
    buffer_release(&intake->more_text);
    *intake = (struct event_intake){0};
}
