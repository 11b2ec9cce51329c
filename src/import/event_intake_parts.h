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

struct intake_rule {
    const char *phases; /* a letter each */
    /* What has no time comes without a place: entry is all 0. Else both times
     * of the entry are that of the event, and its place is known. */
    bool has_no_time;
    bool (*add)(struct event_intake *intake, const struct chrome_event *event,
                struct sort_entry entry, struct error *err);
};

extern const struct intake_rule intake_call_rule;
extern const struct intake_rule intake_half_rule;
extern const struct intake_rule intake_instant_rule;
extern const struct intake_rule intake_counter_rule;
extern const struct intake_rule intake_object_rule;
extern const struct intake_rule intake_metadata_rule;

static inline struct text_span
intake_span(const struct buffer *buffer)
{
    return (struct text_span){buffer->data, buffer->size};
}

/* Count an event that is left out; always true. */
bool intake_lose(struct event_intake *intake, enum import_loss why);

/* The process and thread of an event; *found is false when it was counted as
 * lost. */
bool intake_find_place(struct event_intake *intake,
                       const struct chrome_event *event,
                       struct sort_entry *entry, bool *found,
                       struct error *err);

/* Make room in intake->words for a record with so many bytes of text. */
bool intake_reserve_words(struct event_intake *intake, size_t text_size,
                          struct error *err);

/* Put a record aside that was made in intake->words. Entries have 32 bits for
 * its place; what comes behind is dropped, counted, and has place 0. */
bool intake_put_record(struct event_intake *intake, size_t count,
                       uint32_t *place, struct error *err);

/* The same for the arguments of an event; without any the place is 0. */
bool intake_put_arguments(struct event_intake *intake,
                          const struct chrome_event *event, uint32_t *place,
                          struct error *err);

/* The number of the event's name. Names are kept as they stand in the file,
 * behind a letter that says whether it is a function of VizTracer's. */
bool intake_find_name(struct event_intake *intake,
                      const struct chrome_event *event, uint32_t *name,
                      struct error *err);

bool intake_add_entry(struct event_intake *intake, struct event_sort *sort,
                      const struct sort_entry *entry, struct error *err);

/* Put a record aside that was made in intake->words, and add its entry. */
bool intake_add_record(struct event_intake *intake,
                       const struct chrome_event *event,
                       struct sort_entry entry, size_t word_count,
                       struct error *err);

#endif
