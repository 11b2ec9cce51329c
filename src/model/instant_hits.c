// SPDX-License-Identifier: Apache-2.0
#include "model/instant_hits.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/trace_query.h"

enum { INSTANTS_PER_REPORT = 1024 };

static void
count_hit(struct instant_hits *hits, const struct instant_hits_request *request,
          uint64_t time_ns)
{
    hits->count++;
    hits->before += time_ns < request->window_start_ns;
    hits->behind += time_ns >= request->window_end_ns;
    hits->inside = hits->count - hits->before - hits->behind;
}

static bool
look_at_all(const struct trace_model *model,
            const struct instant_hits_request *request,
            const struct progress *progress, struct instant_hits *hits)
{
    for (size_t i = 0; i < hits->instant_count; i++) {
        struct model_instant instant = trace_model_instant(model, i);

        if (i % INSTANTS_PER_REPORT == 0
            && !progress_report(progress, i, hits->instant_count)) {
            return false;
        }
        if ((request->track == UINT32_MAX || request->track == instant.track)
            && bound_query_instant(request->query, &instant) == QUERY_YES) {
            hits->is_hit[i] = 1;
            count_hit(hits, request, instant.time_ns);
        }
    }
    return true;
}

bool
instant_hits_find(const struct trace_model *model,
                  const struct instant_hits_request *request,
                  const struct progress *progress, struct instant_hits *hits,
                  struct error *err)
{
    *hits = (struct instant_hits){
        .instant_count = trace_model_instant_count(model),
    };
    hits->is_hit = array_new(hits->instant_count, sizeof *hits->is_hit, err);
    if (hits->is_hit == NULL) {
        return false;
    }
    if (request->query != NULL
        && !look_at_all(model, request, progress, hits)) {
        instant_hits_release(hits);
        return error_set(err, ERROR_CANCELLED, "cancelled");
    }
    return true;
}

void
instant_hits_release(struct instant_hits *hits)
{
    free(hits->is_hit);
    *hits = (struct instant_hits){0};
}

size_t
instant_hits_next(const struct instant_hits *hits, size_t index)
{
    const uint8_t *found = NULL;

    if (index < hits->instant_count) {
        found = memchr(hits->is_hit + index, 1, hits->instant_count - index);
    }
    return found == NULL ? SIZE_MAX : (size_t)(found - hits->is_hit);
}

size_t
instant_hits_previous(const struct instant_hits *hits, size_t index)
{
    const uint8_t *found = NULL;

    if (index > hits->instant_count) {
        index = hits->instant_count;
    }
    if (index > 0) {
        found = memrchr(hits->is_hit, 1, index);
    }
    return found == NULL ? SIZE_MAX : (size_t)(found - hits->is_hit);
}

uint64_t
instant_hits_rank(const struct instant_hits *hits, size_t index)
{
    uint64_t rank = 0;

    for (size_t i = 0; i < index && i < hits->instant_count; i++) {
        rank += hits->is_hit[i];
    }
    return rank;
}

void
instant_hits_mark(const struct instant_hits *hits,
                  const struct trace_model *model,
                  const struct timeline_grid *grid, uint8_t *columns)
{
    for (size_t i = instant_hits_next(hits, 0); i != SIZE_MAX;
         i = instant_hits_next(hits, i + 1)) {
        int64_t since =
            (int64_t)trace_model_instant(model, i).time_ns - grid->origin_ns;

        if (since >= 0
            && (uint64_t)since / grid->column_ns < grid->column_count) {
            columns[(uint64_t)since / grid->column_ns] = 1;
        }
    }
}
