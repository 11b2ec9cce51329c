// SPDX-License-Identifier: Apache-2.0
/* The overview of timeline_query.h: all tracks in one row. */
#include <string.h>

#include "model/model_data.h"
#include "model/timeline_query.h"

enum { COLUMNS_AT_ONCE = 256 };

/* A few columns of the overview, as nanoseconds. */
struct overview {
    double track_busy[COLUMNS_AT_ONCE]; /* of the track being added */
    double all_busy[COLUMNS_AT_ONCE];
    uint32_t track_count[COLUMNS_AT_ONCE]; /* with a call in the column */
    double origin_ns;
    double column_ns;
    size_t count;
};

/* Share the busy time of a block out to the columns it lies in. */
static void
add_block(struct overview *overview, const struct model_block *block)
{
    double start = (double)block->start_ns - overview->origin_ns;
    double end = (double)block->end_ns - overview->origin_ns;
    double length = end - start;
    double busy = block->depth == 0 ? 0 : (double)block->cells[0].busy_ns;
    double column = start > 0 ? start / overview->column_ns : 0;

    for (size_t i = (size_t)column; i < overview->count && busy > 0; i++) {
        double left = (double)i * overview->column_ns;
        double right = left + overview->column_ns;

        if (left >= end) {
            break;
        }
        left = left > start ? left : start;
        right = right < end ? right : end;
        overview->track_busy[i] += busy * (right - left) / length;
    }
}

static void
add_track(struct overview *overview, const struct trace_model *model,
          uint32_t track)
{
    const struct model_block *blocks = track_blocks(model, track);
    size_t count = model->streams[track].block_count;
    double end =
        overview->origin_ns + (double)overview->count * overview->column_ns;
    size_t i = 0;

    if (overview->origin_ns > 0) {
        i = track_find_block(model, track, (uint64_t)overview->origin_ns);
        i = i == SIZE_MAX ? 0 : i;
    }
    memset(overview->track_busy, 0, sizeof overview->track_busy);
    for (; i < count && (double)blocks[i].start_ns < end; i++) {
        add_block(overview, &blocks[i]);
    }
    for (i = 0; i < overview->count; i++) {
        overview->all_busy[i] += overview->track_busy[i];
        overview->track_count[i] += overview->track_busy[i] > 0;
    }
}

void
timeline_overview(const struct trace_model *model,
                  const struct timeline_grid *grid, float *busy)
{
    for (uint32_t first = 0; first < grid->column_count;
         first += COLUMNS_AT_ONCE) {
        uint32_t left = grid->column_count - first;
        struct overview overview = {
            .origin_ns = (double)grid->origin_ns
                         + (double)first * (double)grid->column_ns,
            .column_ns = (double)grid->column_ns,
            .count = left < COLUMNS_AT_ONCE ? left : COLUMNS_AT_ONCE,
        };

        for (uint32_t i = 0; i < model->track_count; i++) {
            add_track(&overview, model, i);
        }
        for (size_t i = 0; i < overview.count; i++) {
            double whole = overview.column_ns * (double)overview.track_count[i];

            busy[first + i] =
                whole > 0 ? (float)(overview.all_busy[i] / whole) : 0;
        }
    }
}
