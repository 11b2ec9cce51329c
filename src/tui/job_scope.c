// SPDX-License-Identifier: Apache-2.0
#include "tui/job_scope.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/trace_model.h"
#include "tui/viewer.h"

bool
job_scope_copy(struct job_scope *scope, const struct viewer *viewer,
               const struct trace_scope *from, struct error *err)
{
    size_t count = trace_model_track_count(viewer->model);

    *scope = (struct job_scope){.scope = *from};
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

bool
job_scope_take(struct job_scope *scope, const struct viewer *viewer,
               struct error *err)
{
    struct trace_scope from = trace_scope_whole();

    if (viewer->scope.is_set) {
        from = (struct trace_scope){
            .start_ns = viewer->scope.start_ns,
            .end_ns = viewer->scope.end_ns,
            .tracks = viewer->scope.tracks,
        };
    }
    return job_scope_copy(scope, viewer, &from, err);
}

void
job_scope_release(struct job_scope *scope)
{
    free(scope->tracks);
    *scope = (struct job_scope){0};
}
