// SPDX-License-Identifier: Apache-2.0
/*
 * A stable merge sort of each run in memory, from stretches sorted by
 * insertion; then a heap over the heads of the runs. A run that is in order as
 * it comes, as of a file that lists events by start, costs one look.
 */
#include "import/event_sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "import/temporary_file.h"

enum {
    RUN_SIZE = 512 * 1024, /* entries */
    STRETCH_SIZE = 16,
    WINDOW_SIZE = 2048, /* entries of a run that are read at once */
};

/* A sorted run on disk, being merged. */
struct sort_run {
    uint64_t offset;           /* of the entries not yet in the window */
    uint64_t left;             /* how many of them */
    struct sort_entry *window; /* owned */
    size_t next;
    size_t count;
    size_t order; /* among the runs */
};

struct event_sort {
    enum event_order order;
    struct sort_entry *entries; /* not yet on disk; owned */
    struct sort_entry *scratch; /* owned */
    size_t count;
    size_t capacity;
    size_t run_size;
    uint64_t total;
    struct temporary_file *file; /* of the runs; NULL = there is none */
    struct sort_run *runs;       /* a heap while merging; owned */
    size_t run_count;
    size_t run_capacity;
    size_t next; /* of entries, when all are in memory */
};

static inline bool
is_before(enum event_order order, const struct sort_entry *a,
          const struct sort_entry *b)
{
    if (order == EVENT_ORDER_TIME) {
        return a->start_ns < b->start_ns;
    }
    if (a->process != b->process) {
        return a->process < b->process;
    }
    if (a->thread != b->thread) {
        return a->thread < b->thread;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns;
    }
    return a->end_ns > b->end_ns;
}

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

static bool
is_in_order(enum event_order order, const struct sort_entry *entries,
            size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (is_before(order, &entries[i], &entries[i - 1])) {
            return false;
        }
    }
    return true;
}

static void
sort_stretch(enum event_order order, struct sort_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sort_entry entry = entries[i];
        size_t k = i;

        while (k > 0 && is_before(order, &entry, &entries[k - 1])) {
            entries[k] = entries[k - 1];
            k--;
        }
        entries[k] = entry;
    }
}

/* Merge [0, middle) and [middle, count) of from into to. */
static void
merge_pair(enum event_order order, const struct sort_entry *from, size_t middle,
           size_t count, struct sort_entry *to)
{
    size_t a = 0;
    size_t b = middle;

    while (a < middle && b < count) {
        *to++ = is_before(order, &from[b], &from[a]) ? from[b++] : from[a++];
    }
    memcpy(to, &from[a], (middle - a) * sizeof *to);
    memcpy(to + (middle - a), &from[b], (count - b) * sizeof *to);
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* One round: pairs of sorted stretches of this width become one. */
static void
merge_round(enum event_order order, const struct sort_entry *from, size_t count,
            size_t width, struct sort_entry *to)
{
    for (size_t i = 0; i < count; i += 2 * width) {
        size_t middle = least(width, count - i);

        merge_pair(order, &from[i], middle, least(2 * width, count - i),
                   &to[i]);
    }
}

static bool
sort_entries(struct event_sort *sort, struct error *err)
{
    size_t count = sort->count;

    if (is_in_order(sort->order, sort->entries, count)) {
        return true;
    }
    for (size_t i = 0; i < count; i += STRETCH_SIZE) {
        sort_stretch(sort->order, &sort->entries[i],
                     least(STRETCH_SIZE, count - i));
    }
    if (sort->scratch == NULL) {
        sort->scratch = array_new(sort->capacity, sizeof *sort->scratch, err);
        if (sort->scratch == NULL) {
            return false;
        }
    }
    for (size_t width = STRETCH_SIZE; width < count; width *= 2) {
        struct sort_entry *sorted = sort->scratch;

        merge_round(sort->order, sort->entries, count, width, sorted);
        sort->scratch = sort->entries;
        sort->entries = sorted;
    }
    return true;
}

/* Sort what is in memory and put it aside. */
static bool
put_run_aside(struct event_sort *sort, struct error *err)
{
    struct sort_run *run;

    if (sort->file == NULL && !temporary_file_open(&sort->file, err)) {
        return false;
    }
    if (!array_reserve((void **)&sort->runs, &sort->run_capacity,
                       sort->run_count + 1, sizeof *sort->runs, err)
        || !sort_entries(sort, err)) {
        return false;
    }
    run = &sort->runs[sort->run_count];
    *run = (struct sort_run){
        .offset = temporary_file_size(sort->file),
        .left = sort->count,
        .order = sort->run_count,
    };
    sort->run_count++;
    if (!temporary_file_append(sort->file, sort->entries,
                               sort->count * sizeof *sort->entries, err)) {
        return false;
    }
    sort->count = 0;
    return true;
}

/* The scratch is as large as the entries: it must not be there when they grow.
 */
static bool
grow(struct event_sort *sort, struct error *err)
{
    size_t wanted =
        sort->count * 2 < sort->run_size ? sort->count * 2 : sort->run_size;

    free(sort->scratch);
    sort->scratch = NULL;
    return array_reserve((void **)&sort->entries, &sort->capacity,
                         wanted > sort->count ? wanted : sort->count + 1,
                         sizeof *sort->entries, err);
}

bool
event_sort_add(struct event_sort *sort, const struct sort_entry *entry,
               struct error *err)
{
    if (sort->count == sort->run_size && !put_run_aside(sort, err)) {
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

    if (is_before(order, a_entry, b_entry)) {
        return true;
    }
    return !is_before(order, b_entry, a_entry) && a->order < b->order;
}

static void
sift_down(struct event_sort *sort, size_t at)
{
    struct sort_run *heap = sort->runs;

    for (;;) {
        size_t first = at;

        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++) {
            if (child < sort->run_count
                && is_run_before(sort->order, &heap[child], &heap[first])) {
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
    if (sort->run_count == 0) {
        return sort_entries(sort, err);
    }
    if (sort->count > 0 && !put_run_aside(sort, err)) {
        return false;
    }
    free(sort->entries);
    free(sort->scratch);
    sort->entries = sort->scratch = NULL;
    for (size_t i = 0; i < sort->run_count; i++) {
        if (!fill_window(sort, &sort->runs[i], err)) {
            return false;
        }
    }
    for (size_t i = sort->run_count; i-- > 0;) {
        sift_down(sort, i);
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
    sift_down(sort, 0);
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
    for (size_t i = 0; i < sort->run_count; i++) {
        free(sort->runs[i].window);
    }
    free(sort->runs);
    temporary_file_close(sort->file);
    free(sort->entries);
    free(sort->scratch);
    free(sort);
}
