// SPDX-License-Identifier: Apache-2.0
/* What numbers cover, when another model takes the place of the one before. */
#include "tui/viewer.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_model.h"

static bool
is_same_track(const struct trace_model *a, size_t a_track,
              const struct trace_model *b, size_t b_track)
{
    const struct model_track *one = trace_model_track(a, a_track);
    const struct model_track *other = trace_model_track(b, b_track);

    return one->thread_id == other->thread_id && one->kind == other->kind
           && trace_model_process(a, one->process)->section_id
                  == trace_model_process(b, other->process)->section_id;
}

/* The tracks of the scope, in another model; NULL when none of them is there.
 * Tracks are in the same order there, with others between them. */
static uint8_t *
find_tracks(const struct viewer_scope *scope, const struct trace_model *from,
            const struct trace_model *model, struct error *err)
{
    size_t count = trace_model_track_count(model);
    size_t old_count = trace_model_track_count(from);
    uint8_t *tracks = array_new(count, sizeof *tracks, err);
    size_t next = 0;
    bool has_any = false;

    for (size_t i = 0; tracks != NULL && i < count; i++) {
        size_t old = next;

        while (old < old_count && !is_same_track(from, old, model, i)) {
            old++;
        }
        if (old < old_count) {
            next = old + 1;
            tracks[i] = scope->tracks[old];
            has_any |= tracks[i] != 0;
        }
    }
    if (!has_any) {
        free(tracks);
        return NULL;
    }
    return tracks;
}

static uint64_t
shifted(uint64_t time_ns, int64_t shift_ns)
{
    return shift_ns < 0 && time_ns < (uint64_t)-shift_ns
               ? 0
               : time_ns + (uint64_t)shift_ns;
}

bool
viewer_scope_carry(struct viewer_scope *scope, const struct trace_model *from,
                   const struct trace_model *model, int64_t shift_ns,
                   struct error *err)
{
    struct error failure = {0};

    if (!scope->is_set) {
        return true;
    }
    scope->start_ns = shifted(scope->start_ns, shift_ns);
    if (scope->end_ns != UINT64_MAX) {
        scope->end_ns = shifted(scope->end_ns, shift_ns);
    }
    if (scope->tracks != NULL) {
        uint8_t *tracks = find_tracks(scope, from, model, &failure);

        free(scope->tracks);
        scope->tracks = tracks;
        if (tracks == NULL) {
            *scope = (struct viewer_scope){0};
        }
    }
    if (failure.code != ERROR_NONE) {
        *err = failure;
    }
    return failure.code == ERROR_NONE;
}
