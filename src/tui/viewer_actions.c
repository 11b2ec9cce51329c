// SPDX-License-Identifier: Apache-2.0
#include "tui/viewer_actions.h"

#include "tui/command_line.h"
#include "tui/filter_prompt.h"
#include "tui/find_track.h"
#include "tui/help.h"
#include "tui/search_popup.h"
#include "tui/search_step.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

/* The next match on the timeline. */
static bool
step(struct viewer *viewer, enum action_id action, struct error *err)
{
    struct timeline_place place;

    timeline_view_place(viewer->timeline, &place);
    return search_step(viewer, &place, action == ACTION_SEARCH_NEXT ? 1 : -1,
                       false, err);
}

/* The next call of the function that is selected. */
static bool
step_same(struct viewer *viewer, enum action_id action, struct error *err)
{
    struct timeline_place place;

    timeline_view_place(viewer->timeline, &place);
    if (!place.has_slice) {
        viewer_say(viewer, "no call is selected");
        return true;
    }
    return search_set_function(&viewer->search, viewer->model,
                               place.slice.function, err)
           && search_step(viewer, &place, action == ACTION_NEXT_SAME ? 1 : -1,
                          false, err);
}

bool
viewer_act(struct viewer *viewer, enum action_id action, bool *is_known,
           struct error *err)
{
    *is_known = true;
    switch (action) {
    case ACTION_HELP:
        return help_open(viewer, err);
    case ACTION_COMMAND:
        return command_line_open(viewer, err);
    case ACTION_FIND_TRACK:
        return find_track_open(viewer, err);
    case ACTION_SEARCH:
        return search_popup_open(viewer, err);
    case ACTION_FILTER:
        return filter_prompt_open(viewer, err);
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        *is_known = viewer->active == VIEW_TIMELINE;
        return !*is_known || step(viewer, action, err);
    case ACTION_NEXT_SAME:
    case ACTION_PREVIOUS_SAME:
        return step_same(viewer, action, err);
    default:
        *is_known = false;
        return true;
    }
}
