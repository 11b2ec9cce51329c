// SPDX-License-Identifier: Apache-2.0
#include "tui/place_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "model/trace_model.h"
#include "tui/pieces.h"

enum { LAST_RANK = 5 };

const char *
place_pid(const struct model_process *process, char text[PLACE_TEXT_SIZE])
{
    if (process->has_pid) {
        (void)snprintf(text, PLACE_TEXT_SIZE, "pid %" PRIu32, process->pid);
    } else {
        (void)snprintf(text, PLACE_TEXT_SIZE, "no pid");
    }
    return text;
}

void
place_add_pid(struct pieces *pieces, unsigned rank, enum theme_part part,
              const struct model_process *process)
{
    char text[PLACE_TEXT_SIZE];

    pieces_add(pieces, rank, false, part, "%s", place_pid(process, text));
}

void
place_add_track(struct pieces *pieces, unsigned rank,
                const struct model_track *track)
{
    switch (track->kind) {
    case VZT_STREAM_ASYNC:
        pieces_add(pieces, rank, false, PART_TEXT, "asynchronous %s",
                   track->name);
        if (track->category[0] != '\0') {
            pieces_add(pieces, LAST_RANK, false, PART_FAINT, "category %s",
                       track->category);
        }
        return;
    case VZT_STREAM_SAMPLES:
        pieces_add(pieces, rank, false, PART_TEXT, "samples of %s",
                   track->name);
        return;
    case VZT_STREAM_THREAD:
    case VZT_STREAM_GREENLET:
    case VZT_STREAM_LANE:
        break;
    }
    pieces_add(pieces, rank, false, PART_TEXT, "thread %s", track->name);
    if (track->has_thread_id) {
        pieces_add(pieces, LAST_RANK, false, PART_FAINT, "tid %" PRIu64,
                   track->thread_id);
    }
}
