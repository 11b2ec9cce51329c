// SPDX-License-Identifier: Apache-2.0
/*
 * model/slice_scan.h - look at every slice of a part of a trace, once, on all
 * processors.
 *
 * Each thread has an accumulator of its own, so that visiting takes no lock;
 * at the end the caller's thread gets them one by one. Who visits which block
 * is left to chance: what is accumulated must not depend on it.
 */
#ifndef MODEL_SLICE_SCAN_H
#define MODEL_SLICE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"
#include "model/trace_model.h"

struct error;
struct function_mask;
struct trace_scope;

/*
 * The slices that touch one block, ordered by start, callers first. The first
 * ones, up to first_new, come with an earlier block of the scan, too: they are
 * here since the calls below them need them. Count each slice when it is new.
 *
 * Slices are whole, and some of them may lie outside the scope, which chooses
 * blocks: see trace_scope_clip.
 */
struct slice_batch {
    uint32_t track;
    size_t block;               /* its number among those of the track */
    const struct slice *slices; /* until the visit ends */
    size_t count;
    size_t first_new;
};

struct slice_visitor {
    void *context;
    /* A thread's accumulator. Runs on the caller's thread; NULL and *err set
     * when it fails. */
    void *(*worker_new)(void *context, struct error *err);
    /* Runs on the worker's thread. False ends the scan with that error. */
    bool (*visit)(void *worker, const struct slice_batch *batch,
                  struct error *err);
    /* Take what a worker found. Runs on the caller's thread, once a worker,
     * when all blocks were visited. */
    bool (*merge)(void *context, void *worker, struct error *err);
    /* Accepts NULL. */
    void (*worker_free)(void *worker);
};

struct slice_scan_options {
    unsigned thread_count;    /* 0 = one per processor */
    struct progress progress; /* counts blocks */
    /* Blocks that no call of these touches need no visit; NULL = of any. */
    const struct function_mask *functions;
};

/*
 * ERROR_CANCELLED when progress said so; then, as after any failure, nothing
 * was merged or merging was left at the worker that failed. A block that cannot
 * be read has no slices, as everywhere in the model (its notes tell).
 */
bool slice_scan(const struct trace_model *model,
                const struct trace_scope *scope,
                const struct slice_visitor *visitor,
                const struct slice_scan_options *options, struct error *err);

#endif
