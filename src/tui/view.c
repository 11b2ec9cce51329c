// SPDX-License-Identifier: Apache-2.0
#include "tui/view.h"

#include <assert.h>

#include "tui/flame_view.h"
#include "tui/functions_view.h"
#include "tui/timeline_view.h"

static const struct view_class *const classes[] = {
    [VIEW_TIMELINE] = &timeline_view,
    [VIEW_FLAME] = &flame_view,
    [VIEW_FUNCTIONS] = &functions_view,
};

const struct view_class *
view_at(enum view_id id)
{
    assert(id < VIEW_COUNT);
    return classes[id];
}
