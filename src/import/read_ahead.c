// SPDX-License-Identifier: Apache-2.0
#include "import/read_ahead.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "import/byte_source.h"

enum {
    PIECE_COUNT = 8,
    WAKING_COUNT = PIECE_COUNT / 2, /* still filled when the thread goes on */
    SMALL_SIZE = 64 * 1024,         /* of a file that is not worth a thread */
};

struct piece {
    char *data; /* owned */
    size_t size;
    uint64_t position; /* in the file, behind it */
    bool is_last;      /* the end, or what failed */
    bool has_failed;
    struct error error;
};

struct read_ahead {
    struct byte_source *source;
    struct piece pieces[PIECE_COUNT]; /* in turn */
    size_t lent_count;                /* the caller's; the last one is lent */
    bool may_have_thread;
    bool has_thread;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t has_changed;
    size_t filled_count;
    size_t free_count; /* pieces that were lent and given back */
    bool is_ending;
};

bool
read_ahead_open(struct read_ahead **out, struct byte_source *source,
                struct error *err)
{
    struct read_ahead *ahead = array_new(1, sizeof *ahead, err);

    if (ahead == NULL) {
        return false;
    }
    ahead->source = source;
    ahead->may_have_thread = byte_source_size(source) > SMALL_SIZE;
    (void)pthread_mutex_init(&ahead->lock, NULL);
    (void)pthread_cond_init(&ahead->has_changed, NULL);
    for (size_t i = 0; i < PIECE_COUNT; i++) {
        ahead->pieces[i].data = array_new(READ_AHEAD_PIECE_SIZE, 1, err);
        if (ahead->pieces[i].data == NULL) {
            read_ahead_close(ahead);
            return false;
        }
    }
    *out = ahead;
    return true;
}

static void
fill(const struct read_ahead *ahead, struct piece *piece)
{
    piece->has_failed =
        !byte_source_read(ahead->source, piece->data, READ_AHEAD_PIECE_SIZE,
                          &piece->size, &piece->error);
    piece->is_last = piece->has_failed || piece->size == 0;
    piece->position = byte_source_position(ahead->source);
}

static void *
run(void *context)
{
    struct read_ahead *ahead = context;
    bool is_over = false;

    (void)pthread_mutex_lock(&ahead->lock);
    while (!is_over && !ahead->is_ending) {
        struct piece *piece = &ahead->pieces[ahead->filled_count % PIECE_COUNT];

        if (ahead->filled_count - ahead->free_count == PIECE_COUNT) {
            (void)pthread_cond_wait(&ahead->has_changed, &ahead->lock);
            continue;
        }
        (void)pthread_mutex_unlock(&ahead->lock);
        fill(ahead, piece);
        is_over = piece->is_last;
        (void)pthread_mutex_lock(&ahead->lock);
        ahead->filled_count++;
        (void)pthread_cond_signal(&ahead->has_changed);
    }
    (void)pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

/* Give back what is lent, and wait for what comes behind it. */
static void
wait_for_piece(struct read_ahead *ahead)
{
    (void)pthread_mutex_lock(&ahead->lock);
    ahead->free_count = ahead->lent_count;
    if (ahead->filled_count - ahead->free_count <= WAKING_COUNT) {
        (void)pthread_cond_signal(&ahead->has_changed);
    }
    while (ahead->filled_count == ahead->lent_count) {
        (void)pthread_cond_wait(&ahead->has_changed, &ahead->lock);
    }
    (void)pthread_mutex_unlock(&ahead->lock);
}

static const struct piece *
last_lent(const struct read_ahead *ahead)
{
    return &ahead->pieces[(ahead->lent_count - 1) % PIECE_COUNT];
}

/* Lend the next piece; behind the last one there is none. */
static void
lend(struct read_ahead *ahead)
{
    if (ahead->lent_count > 0 && last_lent(ahead)->is_last) {
        return;
    }
    if (ahead->lent_count > 0 && ahead->may_have_thread) {
        ahead->may_have_thread = false;
        ahead->has_thread =
            pthread_create(&ahead->thread, NULL, run, ahead) == 0;
    }
    if (ahead->has_thread) {
        wait_for_piece(ahead);
    } else {
        fill(ahead, &ahead->pieces[ahead->lent_count % PIECE_COUNT]);
        ahead->filled_count++;
    }
    ahead->lent_count++;
}

bool
read_ahead_next(struct read_ahead *ahead, const char **data, size_t *size,
                struct error *err)
{
    const struct piece *piece;

    lend(ahead);
    piece = last_lent(ahead);
    if (piece->has_failed) {
        if (err != NULL) {
            *err = piece->error;
        }
        return false;
    }
    *data = piece->data;
    *size = piece->size;
    return true;
}

uint64_t
read_ahead_position(const struct read_ahead *ahead)
{
    return ahead->lent_count == 0 ? 0 : last_lent(ahead)->position;
}

void
read_ahead_stop(struct read_ahead *ahead)
{
    if (!ahead->has_thread) {
        return;
    }
    (void)pthread_mutex_lock(&ahead->lock);
    ahead->is_ending = true;
    (void)pthread_cond_signal(&ahead->has_changed);
    (void)pthread_mutex_unlock(&ahead->lock);
    (void)pthread_join(ahead->thread, NULL);
    ahead->has_thread = false;
}

void
read_ahead_close(struct read_ahead *ahead)
{
    if (ahead == NULL) {
        return;
    }
    read_ahead_stop(ahead);
    for (size_t i = 0; i < PIECE_COUNT; i++) {
        free(ahead->pieces[i].data);
    }
    (void)pthread_mutex_destroy(&ahead->lock);
    (void)pthread_cond_destroy(&ahead->has_changed);
    free(ahead);
}
