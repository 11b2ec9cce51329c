// SPDX-License-Identifier: Apache-2.0
#include "tui/view.h"

#include <assert.h>
#include <string.h>

#include "base/array.h"
#include "tui/events_view.h"
#include "tui/flame_view.h"
#include "tui/functions_view.h"
#include "tui/info_view.h"
#include "tui/sandwich_view.h"
#include "tui/source_view.h"
#include "tui/timeline_view.h"

static const struct {
    const char *name;
    const char *short_name;
    const struct view_class *class;
} views[] = {
    [VIEW_TIMELINE] = {"Timeline", "Time", &timeline_view},
    [VIEW_FLAME] = {"Flame", "Flame", &flame_view},
    [VIEW_FUNCTIONS] = {"Functions", "Func", &functions_view},
    [VIEW_SANDWICH] = {"Sandwich", "Sandw", &sandwich_view},
    [VIEW_SOURCE] = {"Source", "Src", &source_view},
    [VIEW_EVENTS] = {"Events", "Evt", &events_view},
    [VIEW_INFO] = {"Info", "Info", &info_view},
};

const struct view_class *
view_at(enum view_id id)
{
    assert(id < VIEW_COUNT);
    return views[id].class;
}

const char *
view_name(enum view_id id)
{
    assert(id < VIEW_COUNT);
    return views[id].name;
}

const char *
view_short_name(enum view_id id)
{
    assert(id < VIEW_COUNT);
    return views[id].short_name;
}

void *
view_copy_state(const void *state, size_t size, struct error *err)
{
    void *copy = array_new(1, size, err);

    if (copy != NULL) {
        memcpy(copy, state, size);
    }
    return copy;
}
