// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/definition_log.h - what ids mean: the process-wide stream.
 *
 * Definitions stand in the file before the first word that uses them: in a
 * staging of their own, or (large ones) written at once. The caller holds the
 * recorder's lock.
 */
#ifndef TRACER_RECORD_DEFINITION_LOG_H
#define TRACER_RECORD_DEFINITION_LOG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/event.h"
#include "format/layout.h"
#include "tracer/record/staging_pool.h"

struct recorder;

enum {
    /* One text of the greatest size, five that are paths at most, and the
     * numbers beside them. */
    DEFINITION_WORDS_MAX = (VZT_STRING_SIZE_MAX + 5 * PATH_MAX + 512) / 8,
};

struct definition_log {
    struct staging staging;
    size_t word_count; /* in the staging */
    uint64_t number;   /* of the block */
    uint64_t *scratch; /* DEFINITION_WORDS_MAX words to build a record in;
                          owned; NULL before the first definition */
};

/* Words to build a record in, or NULL (then recording has stopped). */
uint64_t *definition_log_scratch(struct recorder *recorder);

/* Put the record of count words that stands in the scratch words. */
bool definition_log_put(struct recorder *recorder, size_t count);

/* Write out what is in the staging, as a chunk. */
bool definition_log_flush(struct recorder *recorder);

/* In a forked child: begin again, with the parent's scratch words. */
void definition_log_abandon(struct definition_log *definitions);

#endif
