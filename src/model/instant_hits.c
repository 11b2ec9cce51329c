// SPDX-License-Identifier: Apache-2.0
#include "model/instant_hits.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

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

/* Neighbours often have the same name: it is matched once. */
static bool
look_at_all(const struct trace_model *model,
            const struct instant_hits_request *request,
            const struct name_pattern *pattern, const struct progress *progress,
            struct instant_hits *hits)
{
    struct model_instant last = {.name = ""};
    bool is_last_hit = name_pattern_matches(pattern, "", 0);

    for (size_t i = 0; i < hits->instant_count; i++) {
        struct model_instant instant = trace_model_instant(model, i);

        if (i % INSTANTS_PER_REPORT == 0 && progress->report != NULL
            && !progress->report(progress->context, i, hits->instant_count)) {
            return false;
        }
        if (instant.name_size != last.name_size
            || memcmp(instant.name, last.name, last.name_size) != 0) {
            is_last_hit =
                name_pattern_matches(pattern, instant.name, instant.name_size);
            last = instant;
        }
        if (is_last_hit
            && (request->track == UINT32_MAX
                || request->track == instant.track)) {
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
    struct name_pattern *pattern = NULL;
    struct error failure = {0};
    bool is_ok;

    *hits = (struct instant_hits){
        .instant_count = trace_model_instant_count(model),
    };
    hits->is_hit = array_new(hits->instant_count, sizeof *hits->is_hit, err);
    if (hits->is_hit == NULL) {
        return false;
    }
    if (request->text[0] == '\0') {
        return true;
    }
    if (!name_pattern_compile(&pattern, request->text, request->kind,
                              &failure)) {
        is_ok = failure.code != ERROR_NO_MEMORY || error_set_no_memory(err);
    } else {
        is_ok = look_at_all(model, request, pattern, progress, hits)
                || error_set(err, ERROR_CANCELLED, "cancelled");
    }
    name_pattern_free(pattern);
    if (!is_ok) {
        instant_hits_release(hits);
    }
    return is_ok;
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
