// SPDX-License-Identifier: Apache-2.0
#include "import/track_writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "format/writer.h"

enum { NAME_SIZE = 256 }; /* of a lane */

/* A call whose exit is not yet written. */
struct open_call {
    uint64_t start_ns;
    uint64_t end_ns;
    uint32_t function;
    bool is_c;
};

struct track_lane {
    uint32_t stream;
    struct open_call *calls; /* outermost first; each ends no later than the
                                one around it; owned */
    size_t depth;
    size_t capacity;
};

static bool
add_lane(struct track_writer *track, uint32_t stream, struct error *err)
{
    struct track_lane *lane;

    if (track->lanes == NULL) {
        track->lanes = array_new(TRACK_LANES_MAX, sizeof *track->lanes, err);
        if (track->lanes == NULL) {
            return false;
        }
    }
    lane = &track->lanes[track->lane_count++];
    lane->stream = stream;
    lane->depth = 0;
    return true;
}

bool
track_writer_begin(struct track_writer *track, const struct track_place *place,
                   struct error *err)
{
    track->place = *place;
    track->lane_count = 0;
    return add_lane(track, place->stream, err);
}

static void
close_top(struct track_writer *track, struct track_lane *lane, uint64_t end_ns)
{
    const struct open_call *call = &lane->calls[--lane->depth];

    trace_writer_event(track->writer, lane->stream,
                       call->is_c ? EVENT_C_RETURN : EVENT_RETURN,
                       call->function, end_ns);
}

/* Close the calls that ended by then. */
static void
close_until(struct track_writer *track, struct track_lane *lane,
            uint64_t time_ns)
{
    while (lane->depth > 0 && lane->calls[lane->depth - 1].end_ns <= time_ns) {
        close_top(track, lane, lane->calls[lane->depth - 1].end_ns);
    }
}

/* Whether a call that ends then is inside of what is open in the lane. It may
 * shorten a call that ends with its start, or the call itself, within the
 * tolerance. */
static bool
nests(struct track_writer *track, struct track_lane *lane,
      const struct track_call *call, uint64_t *end_ns)
{
    while (lane->depth > 0) {
        uint64_t limit_ns = lane->calls[lane->depth - 1].end_ns;

        if (*end_ns <= limit_ns) {
            return true;
        }
        if (*end_ns != UINT64_MAX
            && *end_ns - limit_ns <= track->tolerance_ns) {
            *end_ns = limit_ns;
            return true;
        }
        if (limit_ns - call->start_ns > track->tolerance_ns) {
            return false;
        }
        close_top(track, lane, call->start_ns);
    }
    return true;
}

static bool
open_call(struct track_writer *track, struct track_lane *lane,
          const struct track_call *call, uint64_t end_ns, struct error *err)
{
    if (!array_reserve((void **)&lane->calls, &lane->capacity, lane->depth + 1,
                       sizeof *lane->calls, err)) {
        return false;
    }
    lane->calls[lane->depth++] = (struct open_call){.start_ns = call->start_ns,
                                                    .end_ns = end_ns,
                                                    .function = call->function,
                                                    .is_c = call->is_c};
    trace_writer_entry(track->writer, lane->stream,
                       call->is_c ? EVENT_C_CALL : EVENT_CALL, call->function,
                       call->start_ns, call->words, call->word_count);
    return true;
}

/* The stream of one more lane: "worker, lane 2". */
static uint32_t
define_lane(struct track_writer *track)
{
    const struct track_place *place = &track->place;
    char text[NAME_SIZE];
    char thread[32];
    struct text_span name = {.data = text};

    (void)snprintf(thread, sizeof thread, "thread %" PRIu64, place->thread_id);
    (void)snprintf(text, sizeof text, "%.200s, lane %zu",
                   place->name == NULL ? thread : place->name,
                   track->lane_count + 1);
    name.size = strlen(text);
    if (place->category == NULL) {
        return trace_writer_stream(track->writer, VZT_STREAM_LANE, place->home,
                                   place->thread_id, name);
    }
    return trace_writer_async_stream(
        track->writer, place->home, name,
        (struct text_span){place->category, strlen(place->category)});
}

bool
track_writer_call(struct track_writer *track, const struct track_call *call,
                  bool *is_lost, struct error *err)
{
    uint32_t stream;

    for (size_t i = 0; i < track->lane_count; i++) {
        struct track_lane *lane = &track->lanes[i];
        uint64_t end_ns = call->end_ns;

        close_until(track, lane, call->start_ns);
        if (nests(track, lane, call, &end_ns)) {
            return open_call(track, lane, call, end_ns, err);
        }
    }
    if (track->lane_count == TRACK_LANES_MAX) {
        *is_lost = true;
        return true;
    }
    stream = define_lane(track);
    return add_lane(track, stream, err)
           && open_call(track, &track->lanes[track->lane_count - 1], call,
                        call->end_ns, err);
}

void
track_writer_record(struct track_writer *track, uint64_t time_ns,
                    const uint64_t *words, size_t count)
{
    struct track_lane *lane = &track->lanes[0];

    close_until(track, lane, time_ns);
    trace_writer_record(track->writer, lane->stream, time_ns, words, count);
}

/* The lane of the call that began last of those which are open. */
static struct track_lane *
latest_lane(struct track_writer *track)
{
    struct track_lane *latest = &track->lanes[0];

    for (size_t i = 1; i < track->lane_count; i++) {
        struct track_lane *lane = &track->lanes[i];

        if (lane->depth > 0
            && (latest->depth == 0
                || lane->calls[lane->depth - 1].start_ns
                       > latest->calls[latest->depth - 1].start_ns)) {
            latest = lane;
        }
    }
    return latest;
}

void
track_writer_call_record(struct track_writer *track, uint64_t time_ns,
                         const uint64_t *words, size_t count)
{
    struct track_lane *lane;

    for (size_t i = 0; time_ns > 0 && i < track->lane_count; i++) {
        close_until(track, &track->lanes[i], time_ns - 1);
    }
    lane = latest_lane(track);
    trace_writer_record(track->writer, lane->stream, time_ns, words, count);
}

void
track_writer_end(struct track_writer *track)
{
    for (size_t i = 0; i < track->lane_count; i++) {
        struct track_lane *lane = &track->lanes[i];

        close_until(track, lane, UINT64_MAX - 1);
        lane->depth = 0;
        trace_writer_flush_stream(track->writer, lane->stream);
    }
    track->lane_count = 0;
}

void
track_writer_release(struct track_writer *track)
{
    for (size_t i = 0; track->lanes != NULL && i < TRACK_LANES_MAX; i++) {
        free(track->lanes[i].calls);
    }
    free(track->lanes);
    *track = (struct track_writer){0};
}
