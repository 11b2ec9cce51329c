// SPDX-License-Identifier: Apache-2.0
#include "import/event_tables.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "import/json_value.h"

enum { KEY_SIZE_MAX = 512 };

bool
event_tables_init(struct event_tables *tables, struct error *err)
{
    *tables = (struct event_tables){0};
    if (!intern_table_new(&tables->process_keys, err)
        || !intern_table_new(&tables->thread_keys, err)
        || !intern_table_new(&tables->names, err)
        || !intern_table_new(&tables->categories, err)
        || !intern_table_new(&tables->async_ids, err)) {
        event_tables_release(tables);
        return false;
    }
    return true;
}

bool
event_tables_keep(struct event_tables *tables, struct text_span text,
                  const char **kept, struct error *err)
{
    const char *copy = arena_copy(&tables->texts, text.data, text.size);

    if (copy == NULL) {
        return error_set_no_memory(err);
    }
    *kept = copy;
    return true;
}

static bool
add_process(struct event_tables *tables, struct text_span pid,
            struct error *err)
{
    size_t index = tables->process_count;
    struct import_process process = {
        .pid = UINT32_MAX - (uint32_t)index,
        .first_ns = INT64_MAX,
        .home_thread = UINT32_MAX,
    };
    uint64_t number;

    if (pid.size == 0) {
        process.pid = 0;
    } else if (json_value_u64(pid, &number) && number <= UINT32_MAX) {
        process.pid = (uint32_t)number;
    } else if (!event_tables_keep(tables, pid, &process.name, err)) {
        return false;
    }
    if (!array_reserve((void **)&tables->processes, &tables->process_capacity,
                       index + 1, sizeof process, err)) {
        return false;
    }
    tables->processes[index] = process;
    tables->process_count++;
    return true;
}

/* Ids of the intern tables are dense: they are the indices. */
bool
event_tables_process(struct event_tables *tables, struct text_span pid,
                     uint32_t *process, struct error *err)
{
    if (!intern_table_add(tables->process_keys, pid.data, pid.size, process,
                          err)) {
        return false;
    }
    if (*process >= IMPORT_PROCESSES_MAX) {
        *process = UINT32_MAX;
        return true;
    }
    return *process < tables->process_count || add_process(tables, pid, err);
}

bool
event_tables_add_track(struct event_tables *tables,
                       const struct import_thread *track, uint32_t *index,
                       struct error *err)
{
    if (tables->thread_count >= IMPORT_THREADS_MAX) {
        *index = UINT32_MAX;
        return true;
    }
    if (!array_reserve((void **)&tables->threads, &tables->thread_capacity,
                       tables->thread_count + 1, sizeof *track, err)) {
        return false;
    }
    *index = (uint32_t)tables->thread_count++;
    tables->threads[*index] = *track;
    return true;
}

static bool
add_thread(struct event_tables *tables, uint32_t process, struct text_span tid,
           struct error *err)
{
    uint32_t index;
    struct import_thread thread = {
        .process = process,
        .kind = VZT_STREAM_THREAD,
        .thread_id = VZT_MADE_UP_THREAD_ID + tables->thread_count,
        .first_ns = INT64_MAX,
    };

    if (tid.size == 0) {
        thread.thread_id = 0;
    } else if (!json_value_u64(tid, &thread.thread_id)
               && !event_tables_keep(tables, tid, &thread.name, err)) {
        return false;
    }
    return event_tables_add_track(tables, &thread, &index, err);
}

bool
event_tables_thread(struct event_tables *tables, uint32_t process,
                    struct text_span tid, uint32_t *thread, struct error *err)
{
    char key[KEY_SIZE_MAX];
    size_t size = tid.size < sizeof key - sizeof process
                      ? tid.size
                      : sizeof key - sizeof process;

    memcpy(key, &process, sizeof process);
    if (size > 0) {
        memcpy(key + sizeof process, tid.data, size);
    }
    if (!intern_table_add(tables->thread_keys, key, sizeof process + size,
                          thread, err)) {
        return false;
    }
    if (*thread >= IMPORT_THREADS_MAX) {
        *thread = UINT32_MAX;
        return true;
    }
    return *thread < tables->thread_count
           || add_thread(tables, process, tid, err);
}

static bool
is_same(struct text_span text, const char *kept, size_t size)
{
    return text.size == size
           && (size == 0 || memcmp(text.data, kept, size) == 0);
}

/* Where these ids are remembered, if they are: by their last bytes. */
static size_t
place_slot(struct text_span pid, struct text_span tid)
{
    size_t hash = pid.size == 0 ? 0 : (unsigned char)pid.data[pid.size - 1];

    for (size_t i = tid.size < 4 ? 0 : tid.size - 4; i < tid.size; i++) {
        hash = hash * 11 + (unsigned char)tid.data[i];
    }
    return hash % IMPORT_PLACES_REMEMBERED;
}

bool
event_tables_recall(const struct event_tables *tables, struct text_span pid,
                    struct text_span tid, uint32_t *process, uint32_t *thread)
{
    const struct known_place *place = &tables->places[place_slot(pid, tid)];

    if (!place->is_known || !is_same(tid, place->tid, place->tid_size)
        || !is_same(pid, place->pid, place->pid_size)) {
        return false;
    }
    *process = place->process;
    *thread = place->thread;
    return true;
}

void
event_tables_remember(struct event_tables *tables, struct text_span pid,
                      struct text_span tid, uint32_t process, uint32_t thread)
{
    struct known_place *place = &tables->places[place_slot(pid, tid)];

    if (pid.size > sizeof place->pid || tid.size > sizeof place->tid) {
        return;
    }
    place->is_known = true;
    place->pid_size = (uint8_t)pid.size;
    place->tid_size = (uint8_t)tid.size;
    place->process = process;
    place->thread = thread;
    if (pid.size > 0) {
        memcpy(place->pid, pid.data, pid.size);
    }
    if (tid.size > 0) {
        memcpy(place->tid, tid.data, tid.size);
    }
}

static int
compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int
compare_numbers_then(int order, int64_t a, int64_t b)
{
    return order != 0 ? order : compare_numbers(a, b);
}

/* Groups as they appear in time, each with its lanes. */
static int
compare_async(const struct event_tables *tables, const struct import_thread *a,
              const struct import_thread *b)
{
    int order = compare_numbers(tables->threads[a->home].first_ns,
                                tables->threads[b->home].first_ns);

    return compare_numbers_then(order, a->home, b->home);
}

static uint32_t
home_of(const struct event_tables *tables, uint32_t index)
{
    return tables->threads[index].kind == VZT_STREAM_SAMPLES
               ? tables->threads[index].home
               : index;
}

/* Threads as the trace says, else the main thread, then as they appear in time;
 * behind each its samples. */
static int
compare_homes(const struct event_tables *tables, uint32_t a_index,
              uint32_t b_index)
{
    uint32_t a_home = home_of(tables, a_index);
    uint32_t b_home = home_of(tables, b_index);
    const struct import_thread *a = &tables->threads[a_home];
    const struct import_thread *b = &tables->threads[b_home];
    uint32_t pid = tables->processes[a->process].pid;
    int order = compare_numbers(a->sort_index, b->sort_index);

    order =
        compare_numbers_then(order, b->thread_id == pid, a->thread_id == pid);
    order = compare_numbers_then(order, a->first_ns, b->first_ns);
    order = compare_numbers_then(order, a_home, b_home);
    return compare_numbers_then(order, a_index != a_home, b_index != b_home);
}

/* Behind the threads what is none. */
static int
compare_threads(const void *left, const void *right, void *context)
{
    const struct event_tables *tables = context;
    uint32_t a_index = *(const uint32_t *)left;
    uint32_t b_index = *(const uint32_t *)right;
    const struct import_thread *a = &tables->threads[a_index];
    const struct import_thread *b = &tables->threads[b_index];
    int order = compare_numbers(a->process, b->process);

    order = compare_numbers_then(order, a->kind == VZT_STREAM_ASYNC,
                                 b->kind == VZT_STREAM_ASYNC);
    if (order == 0) {
        order = a->kind == VZT_STREAM_ASYNC
                    ? compare_async(tables, a, b)
                    : compare_homes(tables, a_index, b_index);
    }
    return compare_numbers_then(order, a_index, b_index);
}

uint32_t *
event_tables_thread_order(const struct event_tables *tables, struct error *err)
{
    uint32_t *order = array_new(tables->thread_count, sizeof *order, err);

    if (order == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < tables->thread_count; i++) {
        order[i] = (uint32_t)i;
    }
    qsort_r(order, tables->thread_count, sizeof *order, compare_threads,
            (void *)tables);
    return order;
}

void
event_tables_release(struct event_tables *tables)
{
    intern_table_free(tables->process_keys);
    intern_table_free(tables->thread_keys);
    intern_table_free(tables->names);
    intern_table_free(tables->categories);
    intern_table_free(tables->async_ids);
    free(tables->processes);
    free(tables->threads);
    arena_release(&tables->texts);
    *tables = (struct event_tables){0};
}
