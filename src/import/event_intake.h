// SPDX-License-Identifier: Apache-2.0
/*
 * import/event_intake.h - events as they come, on their way to be sorted.
 *
 * Each becomes an entry of 32 bytes; what does not fit there (instants,
 * counters, arguments, as words of the trace's stream) is put aside on disk.
 */
#ifndef IMPORT_EVENT_INTAKE_H
#define IMPORT_EVENT_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/progress.h"
#include "import/counter_args.h"
#include "import/event_tables.h"
#include "import/import_losses.h"
#include "import/stack_frames.h"

struct chrome_event;
struct error;
struct intake_rule;
struct event_sort;
struct intern_table;
struct sort_entry;
struct temporary_file;

/* The upper bits of sort_entry.what; the rest is the name of a call, and in the
 * lowest bit whether it is a function of VizTracer's. */
enum intake_kind {
    INTAKE_CALL = 0, /* end_ns is INT64_MAX when it is not known */
    INTAKE_RECORD = 1,
    INTAKE_BEGIN = 2, /* half a call, in halves and async_halves only */
    INTAKE_END = 3,
    INTAKE_KIND_SHIFT = 28,
    INTAKE_NAME_MASK = (1 << 28) - 1,
    INTAKE_NAME_SHIFT = 1,
};

/* {0} is empty. A payload is a place in the payload file, in words; 0 none. */
struct event_intake {
    const struct intake_rule *rules[256]; /* by the letter of their phase */
    struct event_tables tables;
    struct import_losses losses;
    struct event_sort *calls;        /* owned; and records */
    struct event_sort *halves;       /* owned; begins and ends, to be paired */
    struct event_sort *async_halves; /* owned; their thread is their id, a
                                        number of tables.async_ids; what is one
                                        whole is a record */
    struct event_sort *samples; /* owned; their thread is their source, their
                                   payload a reference to their stack */
    struct intern_table *stack_sources; /* owned; see stack_samples.h */
    struct stack_frames frames;
    struct temporary_file *payload; /* owned; records, word by word */
    uint64_t *words;                /* owned; a record that is being made */
    size_t word_capacity;
    struct counter_args counter; /* owned; of a counter event */
    struct buffer text;          /* owned; scratch */
    struct buffer more_text;
    uint64_t input_hash;      /* tells this input from others */
    int64_t first_ns;         /* of all events; INT64_MAX = there is none */
    uint64_t event_count;     /* that were used, metadata included */
    struct progress progress; /* of finishing: asked whether to go on, */
    uint64_t finished_count;  /* now and then of these */
};

/* run_size is for tests, see event_sort_new. */
bool event_intake_init(struct event_intake *intake, size_t run_size,
                       struct error *err);

/* Use an event, or count why not. */
bool event_intake_add(struct event_intake *intake,
                      const struct chrome_event *event, struct error *err);

/* All events are in: pair the halves and begin to give out what is sorted.
 * Progress is only asked whether to go on: how much there is to do is not
 * known. */
bool event_intake_finish(struct event_intake *intake,
                         const struct progress *progress, struct error *err);

/* Read a record that was put aside; its words are lent until the next one. */
bool event_intake_payload(struct event_intake *intake, uint32_t place,
                          const uint64_t **words, size_t *count,
                          struct error *err);

/* Keep bytes in the payload file; *place says where, in bytes. */
bool event_intake_put_aside(struct event_intake *intake, const void *data,
                            size_t size, uint64_t *place, struct error *err);

void event_intake_release(struct event_intake *intake);

#endif
