// SPDX-License-Identifier: Apache-2.0
/*
 * import/event_tables.h - the processes, threads and names that events speak
 * of, each once.
 *
 * Ids in a foreign trace may be any text ("stream 7"). What is a number keeps
 * it, everything else gets one that is made up, and its text as a name.
 */
#ifndef IMPORT_EVENT_TABLES_H
#define IMPORT_EVENT_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "format/record_encode.h"

struct error;
struct intern_table;

enum {
    IMPORT_PROCESSES_MAX = 65536, /* each costs 4 KiB of disk */
    IMPORT_THREADS_MAX = 1 << 22,
    IMPORT_PLACES_REMEMBERED = 64,
};

struct import_process {
    uint32_t pid;
    int64_t sort_index;
    int64_t first_ns;     /* of its first event; INT64_MAX = it has none */
    const char *name;     /* NULL when it is not known */
    const char *labels;   /* likewise */
    uint32_t home_thread; /* the first one with calls, or UINT32_MAX */
};

/* A thread, or another stack of calls. */
struct import_thread {
    uint32_t process;
    enum vzt_stream_kind kind; /* no lanes, which are made when writing */
    uint32_t home; /* of VZT_STREAM_ASYNC: the first of its group; of
                      VZT_STREAM_SAMPLES: its thread */
    uint64_t thread_id;
    int64_t sort_index;
    int64_t first_ns;
    const char *name;
    const char *category; /* of VZT_STREAM_ASYNC */
};

/* The process and thread of ids that were seen before. */
struct known_place {
    char pid[20];
    char tid[20];
    bool is_known;
    uint8_t pid_size;
    uint8_t tid_size;
    uint32_t process;
    uint32_t thread;
};

/* {0} is empty. */
struct event_tables {
    struct intern_table *process_keys;
    struct intern_table *thread_keys;
    struct intern_table *names;
    struct intern_table *categories; /* as they stand in the file */
    struct intern_table *async_ids;  /* see intake_id_key */
    struct import_process *processes;
    size_t process_count;
    size_t process_capacity;
    struct import_thread *threads;
    size_t thread_count;
    size_t thread_capacity;
    struct arena texts;
    struct known_place places[IMPORT_PLACES_REMEMBERED]; /* the latest ones */
};

bool event_tables_init(struct event_tables *tables, struct error *err);

/* The index of a process and of its thread, by the texts of their ids. A new
 * one beyond the limits is UINT32_MAX. */
bool event_tables_process(struct event_tables *tables, struct text_span pid,
                          uint32_t *process, struct error *err);
bool event_tables_thread(struct event_tables *tables, uint32_t process,
                         struct text_span tid, uint32_t *thread,
                         struct error *err);

/* The same for ids that are remembered; false when these are not. */
bool event_tables_recall(const struct event_tables *tables,
                         struct text_span pid, struct text_span tid,
                         uint32_t *process, uint32_t *thread);
void event_tables_remember(struct event_tables *tables, struct text_span pid,
                           struct text_span tid, uint32_t process,
                           uint32_t thread);
/* One more, which no event names; *index is its. Nothing may be looked up by
 * event_tables_thread from then on. UINT32_MAX beyond the limit. */
bool event_tables_add_track(struct event_tables *tables,
                            const struct import_thread *track, uint32_t *index,
                            struct error *err);

/* Keep a text as long as the tables. */
bool event_tables_keep(struct event_tables *tables, struct text_span text,
                       const char **kept, struct error *err);

/* The indices of all threads by process, and within one in the order in which
 * they are to be shown. The caller frees; NULL without memory. */
uint32_t *event_tables_thread_order(const struct event_tables *tables,
                                    struct error *err);

void event_tables_release(struct event_tables *tables);

#endif
