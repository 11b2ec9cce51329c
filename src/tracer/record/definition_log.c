// SPDX-License-Identifier: Apache-2.0
/* Definitions go to their own staging, or straight to the file when large. */
#include "tracer/record/definition_log.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/record/recorder_state.h"

uint64_t *
definition_log_scratch(struct recorder *recorder)
{
    struct definition_log *definitions = &recorder->definitions;

    if (definitions->scratch == NULL) {
        definitions->scratch = malloc(DEFINITION_WORDS_MAX * 8);
        if (definitions->scratch == NULL) {
            (void)recorder_stop(recorder, VZT_STOP_NO_MEMORY);
            return NULL;
        }
        recorder_account(recorder, DEFINITION_WORDS_MAX * 8);
    }
    return definitions->scratch;
}

static uint64_t *
staged_words(const struct definition_log *definitions)
{
    return (uint64_t *)(definitions->staging.header + 1);
}

/* The header of the next chunk, staged or not. */
static struct vzt_chunk_header
make_header(const struct recorder *recorder, size_t word_count)
{
    struct clock_pair now = clock_read_pair(recorder->clock);

    return (struct vzt_chunk_header){
        .kind = VZT_CHUNK_DEFINITIONS,
        .word_count = word_count,
        .number = recorder->definitions.number,
        .first_tick = now.tick,
        .first_monotonic_ns = now.monotonic_ns,
    };
}

/* Append a chunk. The staging, which is or becomes empty, then is the next
 * one: no two chunks have the same number. */
static bool
append(struct recorder *recorder, const uint64_t *words, size_t count)
{
    struct definition_log *definitions = &recorder->definitions;
    struct vzt_chunk_header header = make_header(recorder, count);
    size_t used = 8 * definitions->word_count + sizeof(struct vzt_chunk_header);

    if (!trace_output_append(&recorder->output, &header, words, count * 8,
                             NULL)) {
        return recorder_stop(recorder, VZT_STOP_NONE);
    }
    definitions->number++;
    if (definitions->staging.header != NULL) {
        header = make_header(recorder, 0);
        staging_begin(&definitions->staging,
                      &(struct staging_content){.header = &header}, used);
        definitions->word_count = 0;
    }
    return true;
}

bool
definition_log_flush(struct recorder *recorder)
{
    struct definition_log *definitions = &recorder->definitions;

    return definitions->word_count == 0
           || append(recorder, staged_words(definitions),
                     definitions->word_count);
}

/* Take a staging, twice as large as the one before, which is given back. */
static bool
renew_staging(struct recorder *recorder, size_t word_count)
{
    struct definition_log *definitions = &recorder->definitions;
    size_t size = staging_size(definitions->staging.size, 0, word_count);
    struct vzt_chunk_header header;
    struct staging staging;

    if (size == definitions->staging.size) {
        return true;
    }
    if (!staging_pool_take(&recorder->pool, &recorder->output, size,
                           &staging)) {
        return recorder_stop(recorder, VZT_STOP_NONE);
    }
    header = make_header(recorder, 0);
    staging_begin(&staging, &(struct staging_content){.header = &header},
                  sizeof header);
    staging_pool_give_back(&recorder->pool, &definitions->staging,
                           definitions->staging.size);
    definitions->staging = staging;
    recorder_account(recorder, 0);
    return true;
}

static size_t
room(const struct definition_log *definitions)
{
    if (definitions->staging.header == NULL) {
        return 0;
    }
    return (definitions->staging.size - sizeof(struct vzt_chunk_header)) / 8
           - definitions->word_count;
}

bool
definition_log_put(struct recorder *recorder, size_t count)
{
    struct definition_log *definitions = &recorder->definitions;
    const uint64_t *words = definitions->scratch;
    uint64_t *place;

    if (count == 0) {
        return recorder_stop(recorder, VZT_STOP_INTERNAL);
    }
    if (count > room(definitions)) {
        if (!definition_log_flush(recorder)) {
            return false;
        }
        if (sizeof(struct vzt_chunk_header) + count * 8
            > VZT_STAGING_SIZE_MAX) {
            return append(recorder, words, count);
        }
        if (!renew_staging(recorder, count)) {
            return false;
        }
    }
    place = staged_words(definitions) + definitions->word_count;
    memcpy(place + 1, words + 1, (count - 1) * 8);
    __atomic_store_n(place, words[0], __ATOMIC_RELEASE);
    definitions->word_count += count;
    return true;
}

void
definition_log_abandon(struct definition_log *definitions)
{
    uint64_t *scratch = definitions->scratch;

    *definitions = (struct definition_log){.scratch = scratch};
}
