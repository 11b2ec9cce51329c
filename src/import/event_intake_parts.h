// SPDX-License-Identifier: Apache-2.0
/*
 * import/event_intake_parts.h - what the kinds of events share.
 *
 * A kind of event is a file that makes entries and records of events, and a
 * line in the table of event_intake.c.
 */
#ifndef IMPORT_EVENT_INTAKE_PARTS_H
#define IMPORT_EVENT_INTAKE_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "format/record_encode.h"
#include "import/event_intake.h"
#include "import/event_sort.h"

struct chrome_event;
struct error;

/* What is looked up of an event before it is added; the entry says it. */
enum intake_place {
    INTAKE_PLACE_THREAD,  /* its times, process and thread */
    INTAKE_PLACE_PROCESS, /* its times and process */
    INTAKE_PLACE_NONE,    /* nothing: it needs no time */
};

struct intake_rule {
    const char *phases; /* a letter each */
    enum intake_place place;
    bool (*add)(struct event_intake *intake, const struct chrome_event *event,
                struct sort_entry entry, struct error *err);
};

extern const struct intake_rule intake_call_rule;
extern const struct intake_rule intake_half_rule;
extern const struct intake_rule intake_instant_rule;
extern const struct intake_rule intake_counter_rule;
extern const struct intake_rule intake_object_rule;
extern const struct intake_rule intake_metadata_rule;
extern const struct intake_rule intake_async_rule;
extern const struct intake_rule intake_sample_rule;
extern const struct intake_rule intake_flow_rule;

static inline struct text_span
intake_span(const struct buffer *buffer)
{
    return (struct text_span){buffer->data, buffer->size};
}

/* Count an event that is left out; always true. */
bool intake_lose(struct event_intake *intake, enum import_loss why);

/* While finishing, before each entry; false when it was cancelled. */
bool intake_goes_on(struct event_intake *intake, struct error *err);

/* The process and thread of an event; *found is false when it was counted as
 * lost. */
bool intake_find_place(struct event_intake *intake,
                       const struct chrome_event *event,
                       struct sort_entry *entry, bool *found,
                       struct error *err);

/* The same of the process alone. */
bool intake_find_process(struct event_intake *intake,
                         const struct chrome_event *event, uint32_t *process,
                         bool *found, struct error *err);

/* Make room in intake->words for a record with so many bytes of text. */
bool intake_reserve_words(struct event_intake *intake, size_t text_size,
                          struct error *err);

/* Put a record aside that was made in intake->words. Entries have 32 bits for
 * its place; what comes behind is dropped, counted, and has place 0. */
bool intake_put_record(struct event_intake *intake, size_t count,
                       uint32_t *place, struct error *err);

/* The stack that an event says: "sf" or "stack". */
bool intake_find_stack(struct event_intake *intake,
                       const struct chrome_event *event, stack_reference *stack,
                       struct error *err);

/* The same for the arguments of an event, with its stacks (payload_merge.h);
 * without any the place is 0. */
bool intake_put_arguments(struct event_intake *intake,
                          const struct chrome_event *event, uint32_t *place,
                          struct error *err);

/* The number of the event's name. Names are kept as they stand in the file,
 * behind a letter that says whether it is a function of VizTracer's. */
bool intake_find_name(struct event_intake *intake,
                      const struct chrome_event *event, uint32_t *name,
                      struct error *err);

/* Make a record of an instant in intake->words; how many of them, in *count. */
bool intake_make_instant(struct event_intake *intake,
                         const struct chrome_event *event, enum vzt_scope scope,
                         size_t *count, struct error *err);

/* What the id of an event means as bytes: its process, unless the id is of all,
 * its category, a letter for what it is the id of, and the id, in which numbers
 * are equal however they are written. They begin with struct intake_id. */
struct intake_id {
    uint32_t process; /* UINT32_MAX = of all */
    uint32_t category;
};

bool intake_id_key(struct event_intake *intake,
                   const struct chrome_event *event, uint32_t process,
                   char letter, struct buffer *key, struct error *err);

/* Put an entry among the calls. */
bool intake_put_entry(struct event_intake *intake,
                      const struct sort_entry *entry, struct error *err);

/* Put an entry among the calls or the halves, and count the event it is. */
bool intake_add_entry(struct event_intake *intake, struct event_sort *sort,
                      const struct sort_entry *entry, struct error *err);

/* Put a record aside that was made in intake->words, and add its entry. */
bool intake_add_record(struct event_intake *intake,
                       const struct chrome_event *event,
                       struct sort_entry entry, size_t word_count,
                       struct error *err);

#endif
