// SPDX-License-Identifier: Apache-2.0
/* tui/viewer_goal.h - a time or a row that the timeline is to go to. */
#ifndef TUI_VIEWER_GOAL_H
#define TUI_VIEWER_GOAL_H

#include <stdbool.h>
#include <stdint.h>

enum viewer_goal_kind {
    GOAL_NONE,
    GOAL_TIME,     /* on the row of the cursor */
    GOAL_TRACK,    /* index of the model's track */
    GOAL_PROCESS,  /* the first row of the model's process index */
    GOAL_INSTANTS, /* the row of its instants */
    GOAL_COUNTER,  /* index of the model's counter */
};

struct viewer_goal {
    enum viewer_goal_kind kind;
    uint32_t index;
    bool has_time;
    uint64_t time_ns;
};

#endif
