// SPDX-License-Identifier: Apache-2.0
/*
 * The blocks form one row, and so do the places for what is left of them, which
 * are used over and over:
 *
 *     row:    ... taken | waiting, being cut ... | not yet begun ...
 *                       ^ given                  ^ begun
 *
 * Threads begin blocks as long as begun - given is below the number of places;
 * so does the caller's thread while it waits for a block.
 */
#include "export/cut_order.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "base/os.h"
#include "model/trace_model.h"

enum { THREADS_MAX = 64, PLACES_PER_THREAD = 8, REPORT_EVERY = 16 };

/* The blocks of a track that the range touches. */
struct block_range {
    uint32_t track;
    size_t first_block; /* of the track's */
    size_t first;       /* its number in the row */
};

struct place {
    struct cut_block cut;
    bool is_done;
    struct error error;
};

struct cut_order {
    const struct cut_rule *rule;
    const struct progress *progress;
    struct block_range *ranges; /* owned */
    size_t range_count;
    size_t block_count;

    struct place *places; /* owned */
    size_t place_count;
    struct cut_tools tools; /* of the caller's thread */

    pthread_mutex_t lock; /* for what follows, and places' is_done */
    pthread_cond_t changed;
    size_t begun;
    size_t given; /* the caller has taken these */
    bool must_stop;

    bool is_taken; /* the block number given is in the caller's hands */
    pthread_t threads[THREADS_MAX];
    size_t thread_count;
};

static bool
choose_blocks(struct cut_order *order, struct error *err)
{
    const struct cut_rule *rule = order->rule;
    uint32_t track_count = (uint32_t)trace_model_track_count(rule->model);

    order->ranges = array_new(track_count, sizeof *order->ranges, err);
    if (order->ranges == NULL) {
        return false;
    }
    for (uint32_t track = 0; track < track_count; track++) {
        size_t first;
        size_t last;

        block_events_range(rule->model, track, rule->query->start_ns,
                           rule->query->end_ns, &first, &last);
        if (rule->query->tracks[track] == 0 || first >= last) {
            continue;
        }
        order->ranges[order->range_count++] = (struct block_range){
            .track = track, .first_block = first, .first = order->block_count};
        order->block_count += last - first;
    }
    return true;
}

/* The range that holds a block of the row: the last that begins there. */
static const struct block_range *
find_range(const struct cut_order *order, size_t number)
{
    size_t low = 0;
    size_t high = order->range_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (order->ranges[middle].first <= number) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &order->ranges[low];
}

static void
fill(struct cut_order *order, size_t number, struct cut_tools *tools)
{
    struct place *place = &order->places[number % order->place_count];
    const struct block_range *range = find_range(order, number);

    place->cut.track = range->track;
    place->cut.block = range->first_block + (number - range->first);
    place->cut.is_first = number == range->first;
    place->error.code = ERROR_NONE;
    (void)cut_block_fill(&place->cut, order->rule, tools, &place->error);
}

/* Begin a block, with the lock held; false when there is none for now. */
static bool
begin_block(struct cut_order *order, size_t *number)
{
    if (order->must_stop || order->begun == order->block_count
        || order->begun - order->given >= order->place_count) {
        return false;
    }
    *number = order->begun++;
    order->places[*number % order->place_count].is_done = false;
    return true;
}

static void
end_block(struct cut_order *order, size_t number)
{
    (void)pthread_mutex_lock(&order->lock);
    order->places[number % order->place_count].is_done = true;
    (void)pthread_cond_broadcast(&order->changed);
    (void)pthread_mutex_unlock(&order->lock);
}

/* Without memory for its tools a thread leaves the work to the others; the
 * caller's thread can do all of it. */
static void *
run_thread(void *argument)
{
    struct cut_order *order = argument;
    struct cut_tools tools;
    size_t number = 0;

    if (!cut_tools_init(&tools, NULL)) {
        return NULL;
    }
    (void)pthread_mutex_lock(&order->lock);
    while (!order->must_stop && order->begun < order->block_count) {
        if (!begin_block(order, &number)) {
            (void)pthread_cond_wait(&order->changed, &order->lock);
            continue;
        }
        (void)pthread_mutex_unlock(&order->lock);
        fill(order, number, &tools);
        end_block(order, number);
        (void)pthread_mutex_lock(&order->lock);
    }
    (void)pthread_mutex_unlock(&order->lock);
    cut_tools_release(&tools);
    return NULL;
}

/* This thread is one of them; those that the system has no thread for are
 * missed by nobody. */
static void
start_threads(struct cut_order *order, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (pthread_create(&order->threads[order->thread_count], NULL,
                           run_thread, order)
            == 0) {
            order->thread_count++;
        }
    }
}

bool
cut_order_start(struct cut_order **out, const struct cut_rule *rule,
                unsigned thread_count, const struct progress *progress,
                struct error *err)
{
    struct cut_order *order = array_new(1, sizeof *order, err);
    size_t count = thread_count != 0 ? thread_count : os_processor_count();

    if (order == NULL) {
        return false;
    }
    order->rule = rule;
    order->progress = progress;
    (void)pthread_mutex_init(&order->lock, NULL);
    (void)pthread_cond_init(&order->changed, NULL);
    count = count < THREADS_MAX ? count : THREADS_MAX;
    order->place_count = count * PLACES_PER_THREAD;
    order->places = array_new(order->place_count, sizeof *order->places, err);
    if (order->places == NULL || !cut_tools_init(&order->tools, err)
        || !choose_blocks(order, err)) {
        cut_order_free(order);
        return false;
    }
    start_threads(order,
                  count < order->block_count ? count : order->block_count);
    *out = order;
    return true;
}

/* The block before is done with. */
static void
give_back(struct cut_order *order)
{
    if (!order->is_taken) {
        return;
    }
    order->is_taken = false;
    (void)pthread_mutex_lock(&order->lock);
    order->given++;
    (void)pthread_cond_broadcast(&order->changed);
    (void)pthread_mutex_unlock(&order->lock);
}

/* Until the block number given is cut, cut it or those behind it. */
static struct place *
wait_for_block(struct cut_order *order)
{
    struct place *place = &order->places[order->given % order->place_count];
    size_t number = 0;

    (void)pthread_mutex_lock(&order->lock);
    while (order->begun == order->given || !place->is_done) {
        if (begin_block(order, &number)) {
            (void)pthread_mutex_unlock(&order->lock);
            fill(order, number, &order->tools);
            (void)pthread_mutex_lock(&order->lock);
            order->places[number % order->place_count].is_done = true;
        } else {
            (void)pthread_cond_wait(&order->changed, &order->lock);
        }
    }
    (void)pthread_mutex_unlock(&order->lock);
    return place;
}

const struct cut_block *
cut_order_next(struct cut_order *order, bool *has_failed, struct error *err)
{
    struct place *place;

    *has_failed = true;
    give_back(order);
    if (order->given % REPORT_EVERY == 0
        && !progress_report(order->progress, order->given,
                            order->block_count)) {
        (void)error_set(err, ERROR_CANCELLED, "cancelled");
        return NULL;
    }
    if (order->given == order->block_count) {
        *has_failed = false;
        return NULL;
    }
    place = wait_for_block(order);
    order->is_taken = true;
    if (place->error.code != ERROR_NONE) {
        if (err != NULL) {
            *err = place->error;
        }
        return NULL;
    }
    *has_failed = false;
    return &place->cut;
}

uint32_t
cut_order_track(const struct cut_order *order)
{
    size_t next = order->given + order->is_taken;

    return next < order->block_count ? find_range(order, next)->track
                                     : UINT32_MAX;
}

void
cut_order_free(struct cut_order *order)
{
    if (order == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&order->lock);
    order->must_stop = true;
    (void)pthread_cond_broadcast(&order->changed);
    (void)pthread_mutex_unlock(&order->lock);
    for (size_t i = 0; i < order->thread_count; i++) {
        (void)pthread_join(order->threads[i], NULL);
    }
    for (size_t i = 0; order->places != NULL && i < order->place_count; i++) {
        cut_block_release(&order->places[i].cut);
    }
    cut_tools_release(&order->tools);
    free(order->places);
    free(order->ranges);
    (void)pthread_cond_destroy(&order->changed);
    (void)pthread_mutex_destroy(&order->lock);
    free(order);
}
