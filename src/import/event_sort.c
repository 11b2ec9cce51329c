// SPDX-License-Identifier: Apache-2.0
/*
 * Entries collect until there are enough for a run, which a thread of its own
 * sorts while the next one collects. The first runs stay in memory, the others
 * are put aside on disk; a heap over the heads of the runs merges them.
 */
#include "import/event_sort.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "base/os.h"
#include "import/entry_order.h"
#include "import/temporary_file.h"

enum {
    RUN_SIZE = 256 * 1024, /* entries */
    RUNS_IN_MEMORY = 10,
    WINDOW_SIZE = 2048, /* entries of a run on disk that are read at once */
};

/* A sorted run. */
struct sort_run {
    uint64_t offset;           /* of the entries not yet in the window */
    uint64_t left;             /* how many of them */
    struct sort_entry *window; /* owned; NULL = nothing was read yet */
    size_t next;
    size_t count;
    size_t number; /* among the runs */
};

/* A run that is being sorted, all of it the thread's. */
struct run_job {
    enum event_order order;
    pthread_t thread;
    bool has_thread;
    bool is_pending;            /* what becomes of it was not yet looked at */
    struct sort_entry *entries; /* owned */
    struct sort_entry *scratch; /* owned; as large as a run */
    size_t count;
    struct temporary_file *file; /* where it goes; NULL = it stays in memory */
    uint64_t offset;             /* there */
    bool has_failed;
    struct error error;
};

struct event_sort {
    enum event_order order;
    struct sort_entry *entries; /* of the next run; owned */
    size_t count;
    size_t capacity;
    size_t run_size;
    uint64_t total;
    struct run_job job;
    struct sort_entry *spare;    /* for entries, when there is one; owned */
    struct temporary_file *file; /* of the runs; NULL = there is none */
    struct sort_run *runs;       /* a heap while merging; owned */
    size_t run_count;
    size_t run_capacity;
    size_t next; /* of entries, when all are in memory */
};

bool
event_sort_new(struct event_sort **out, enum event_order order, size_t run_size,
               struct error *err)
{
    struct event_sort *sort = array_new(1, sizeof *sort, err);

    if (sort == NULL) {
        return false;
    }
    sort->order = order;
    sort->run_size = run_size == 0 ? RUN_SIZE : run_size;
    *out = sort;
    return true;
}

uint64_t
event_sort_count(const struct event_sort *sort)
{
    return sort->total;
}

static void *
run_job(void *context)
{
    struct run_job *job = context;

    job->has_failed = !entry_order_sort(job->order, &job->entries,
                                        &job->scratch, job->count, &job->error);
    if (!job->has_failed && job->file != NULL) {
        job->offset = temporary_file_size(job->file);
        job->has_failed = !temporary_file_append(
            job->file, job->entries, job->count * sizeof *job->entries,
            &job->error);
    }
    return NULL;
}

/* The run that was being sorted is one of the runs. */
static bool
end_job(struct event_sort *sort, struct error *err)
{
    struct run_job *job = &sort->job;
    struct sort_run *run = &sort->runs[sort->run_count];

    if (!job->is_pending) {
        return true;
    }
    job->is_pending = false;
    if (job->has_thread) {
        (void)pthread_join(job->thread, NULL);
        job->has_thread = false;
    }
    if (job->has_failed) {
        if (err != NULL) {
            *err = job->error;
        }
        return false;
    }
    *run = (struct sort_run){.number = sort->run_count++};
    if (job->file == NULL) {
        run->window = job->entries;
        run->count = job->count;
    } else {
        run->offset = job->offset;
        run->left = job->count;
        free(sort->spare);
        sort->spare = job->entries;
    }
    job->entries = NULL;
    return true;
}

/* Have what has collected sorted, after the run before it. */
static bool
begin_job(struct event_sort *sort, bool may_use_thread, struct error *err)
{
    struct run_job *job = &sort->job;

    if (!end_job(sort, err)
        || !array_reserve((void **)&sort->runs, &sort->run_capacity,
                          sort->run_count + 1, sizeof *sort->runs, err)) {
        return false;
    }
    if (sort->run_count >= RUNS_IN_MEMORY && sort->file == NULL
        && !temporary_file_open(&sort->file, 0, err)) {
        return false;
    }
    job->order = sort->order;
    job->entries = sort->entries;
    job->count = sort->count;
    job->file = sort->file;
    job->is_pending = true;
    sort->entries = NULL;
    sort->count = sort->capacity = 0;
    job->has_thread =
        may_use_thread && pthread_create(&job->thread, NULL, run_job, job) == 0;
    if (!job->has_thread) {
        (void)run_job(job);
    }
    return true;
}

/* All of it is going to be written once: each page on its own costs more. */
static struct sort_entry *
new_entries(size_t count, struct error *err)
{
    struct sort_entry *entries = array_new(count, sizeof *entries, err);

    if (entries != NULL) {
        os_prefer_large_pages(entries, count * sizeof *entries);
    }
    return entries;
}

/* Entries double up to the size of a run; behind the first run, they have it
 * at once. */
static bool
grow(struct event_sort *sort, struct error *err)
{
    size_t wanted =
        sort->count * 2 < sort->run_size ? sort->count * 2 : sort->run_size;

    if (sort->spare != NULL) {
        sort->entries = sort->spare;
        sort->capacity = sort->run_size;
        sort->spare = NULL;
        return true;
    }
    if (sort->job.is_pending || sort->run_count > 0) {
        sort->entries = new_entries(sort->run_size, err);
        sort->capacity = sort->entries == NULL ? 0 : sort->run_size;
        return sort->entries != NULL;
    }
    return array_reserve((void **)&sort->entries, &sort->capacity,
                         wanted > sort->count ? wanted : sort->count + 1,
                         sizeof *sort->entries, err);
}

bool
event_sort_add(struct event_sort *sort, const struct sort_entry *entry,
               struct error *err)
{
    if (sort->count == sort->run_size && !begin_job(sort, true, err)) {
        return false;
    }
    if (sort->count == sort->capacity && !grow(sort, err)) {
        return false;
    }
    sort->entries[sort->count++] = *entry;
    sort->total++;
    return true;
}

static bool
fill_window(struct event_sort *sort, struct sort_run *run, struct error *err)
{
    size_t count = run->left < WINDOW_SIZE ? (size_t)run->left : WINDOW_SIZE;

    if (run->window == NULL) {
        run->window = array_new(WINDOW_SIZE, sizeof *run->window, err);
        if (run->window == NULL) {
            return false;
        }
    }
    if (!temporary_file_read(sort->file, run->offset, run->window,
                             count * sizeof *run->window, err)) {
        return false;
    }
    run->offset += count * sizeof *run->window;
    run->left -= count;
    run->next = 0;
    run->count = count;
    return true;
}

static bool
is_run_before(enum event_order order, const struct sort_run *a,
              const struct sort_run *b)
{
    const struct sort_entry *a_entry = &a->window[a->next];
    const struct sort_entry *b_entry = &b->window[b->next];

    if (entry_is_before(order, a_entry, b_entry)) {
        return true;
    }
    return !entry_is_before(order, b_entry, a_entry) && a->number < b->number;
}

static void
sift_down(enum event_order order, struct sort_run *heap, size_t count,
          size_t at)
{
    for (;;) {
        size_t first = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++) {
            if (child < count
                && is_run_before(order, &heap[child], &heap[first])) {
                first = child;
            }
        }
        if (first == at) {
            return;
        }
        struct sort_run run = heap[at];
        heap[at] = heap[first];
        heap[first] = run;
        at = first;
    }
}

bool
event_sort_finish(struct event_sort *sort, struct error *err)
{
    if (sort->run_count == 0 && !sort->job.is_pending) {
        return entry_order_sort(sort->order, &sort->entries, &sort->job.scratch,
                                sort->count, err);
    }
    if ((sort->count > 0 && !begin_job(sort, false, err))
        || !end_job(sort, err)) {
        return false;
    }
    free(sort->job.scratch);
    free(sort->spare);
    sort->job.scratch = sort->spare = NULL;
    for (size_t i = 0; i < sort->run_count; i++) {
        if (sort->runs[i].window == NULL
            && !fill_window(sort, &sort->runs[i], err)) {
            return false;
        }
    }
    for (size_t i = sort->run_count; i-- > 0;) {
        sift_down(sort->order, sort->runs, sort->run_count, i);
    }
    return true;
}

/* Step over the head of the first run in the heap. */
static bool
pass_head(struct event_sort *sort, struct error *err)
{
    struct sort_run *run = &sort->runs[0];

    run->next++;
    if (run->next == run->count && run->left > 0
        && !fill_window(sort, run, err)) {
        return false;
    }
    if (run->next == run->count) {
        free(run->window);
        *run = sort->runs[--sort->run_count];
    }
    sift_down(sort->order, sort->runs, sort->run_count, 0);
    return true;
}

bool
event_sort_next(struct event_sort *sort, struct sort_entry *entry, bool *found,
                struct error *err)
{
    *found = true;
    if (sort->run_count > 0) {
        *entry = sort->runs[0].window[sort->runs[0].next];
        return pass_head(sort, err);
    }
    if (sort->next < sort->count) {
        *entry = sort->entries[sort->next++];
        return true;
    }
    *found = false;
    return true;
}

void
event_sort_free(struct event_sort *sort)
{
    if (sort == NULL) {
        return;
    }
    if (sort->job.has_thread) {
        (void)pthread_join(sort->job.thread, NULL);
    }
    for (size_t i = 0; i < sort->run_count; i++) {
        free(sort->runs[i].window);
    }
    free(sort->runs);
    temporary_file_close(sort->file);
    free(sort->entries);
    free(sort->spare);
    free(sort->job.entries);
    free(sort->job.scratch);
    free(sort);
}
