// SPDX-License-Identifier: Apache-2.0
#include "model/trace_scope.h"

#include "model/model_data.h"

bool
trace_scope_is_whole(const struct trace_scope *scope,
                     const struct trace_model *model)
{
    if (scope->start_ns > 0) {
        return false;
    }
    for (size_t i = 0; i < model->track_count; i++) {
        const struct model_stream *stream = &model->streams[i];
        const struct model_block *last;

        if (stream->block_count == 0) {
            continue;
        }
        last = &track_blocks(model, (uint32_t)i)[stream->block_count - 1];
        if (!trace_scope_has_track(scope, (uint32_t)i)
            || scope->end_ns < last->end_ns) {
            return false;
        }
    }
    return true;
}
