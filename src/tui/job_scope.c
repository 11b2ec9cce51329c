// SPDX-License-Identifier: Apache-2.0
#include "tui/job_scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/trace_model.h"
#include "tui/viewer.h"

bool
job_scope_take(struct job_scope *scope, const struct viewer *viewer,
               struct error *err)
{
    const struct viewer_scope *from = &viewer->scope;
    size_t count = trace_model_track_count(viewer->model);

    *scope = (struct job_scope){.scope = trace_scope_whole()};
    if (!from->is_set) {
        return true;
    }
    scope->scope.start_ns = from->start_ns;
    scope->scope.end_ns = from->end_ns;
    if (from->tracks == NULL) {
        return true;
    }
    scope->tracks = array_new(count, sizeof *scope->tracks, err);
    if (scope->tracks == NULL) {
        return false;
    }
    memcpy(scope->tracks, from->tracks, count);
    scope->scope.tracks = scope->tracks;
    return true;
}

void
job_scope_release(struct job_scope *scope)
{
    free(scope->tracks);
    *scope = (struct job_scope){0};
}
