// SPDX-License-Identifier: Apache-2.0
#include "random_scope.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A border of some call, or near it. */
static uint64_t
choose_time(const struct random_model *random, struct random *numbers)
{
    const struct trace_oracle *oracle = random->oracle;
    const struct oracle_call *call =
        &oracle->calls[random_below(numbers, oracle->call_count)];
    uint64_t time_ns =
        random_permille(numbers, 500) ? call->start_ns : call->end_ns;

    return time_ns - oracle->first_ns + random_below(numbers, 2);
}

void
random_scope_choose(struct random_scope *choice,
                    const struct random_model *random, struct random *numbers)
{
    uint64_t from_ns = choose_time(random, numbers);
    uint64_t to_ns = choose_time(random, numbers);

    choice->scope = trace_scope_whole();
    if (random_permille(numbers, 900)) {
        choice->scope.start_ns = from_ns < to_ns ? from_ns : to_ns;
        choice->scope.end_ns = from_ns < to_ns ? to_ns : from_ns;
    }
    if (random_permille(numbers, 500)) {
        for (size_t i = 0; i < RANDOM_SCOPE_TRACKS_MAX; i++) {
            choice->tracks[i] = random_permille(numbers, 500);
        }
        choice->scope.tracks = choice->tracks;
    }
}

static bool
touches(const struct slice *slice, const struct trace_scope *scope)
{
    if (slice->start_ns == slice->end_ns) {
        return slice->start_ns >= scope->start_ns
               && slice->start_ns < scope->end_ns;
    }
    return slice->end_ns > scope->start_ns && slice->start_ns < scope->end_ns
           && scope->start_ns < scope->end_ns;
}

static int
compare_tracks(const void *left, const void *right)
{
    const struct slice *a = left;
    const struct slice *b = right;

    if (a->track != b->track) {
        return a->track < b->track ? -1 : 1;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    return a->depth < b->depth ? -1 : a->depth > b->depth;
}

struct slice *
random_scope_slices(const struct random_model *random,
                    const struct trace_scope *scope, size_t *count)
{
    struct slice *slices =
        calloc(random->oracle->call_count + 1, sizeof *slices);

    if (slices == NULL) {
        abort();
    }
    *count = 0;
    for (uint32_t thread = 0; thread < random->oracle->thread_count; thread++) {
        uint32_t track = random_model_track(random, thread);
        size_t thread_count;
        struct slice *all =
            oracle_slices(random->oracle, thread, &thread_count);

        for (size_t i = 0; i < thread_count; i++) {
            all[i].track = track;
            if ((scope->tracks == NULL || scope->tracks[track])
                && touches(&all[i], scope)) {
                slices[(*count)++] = all[i];
            }
        }
        free(all);
    }
    qsort(slices, *count, sizeof *slices, compare_tracks);
    return slices;
}
