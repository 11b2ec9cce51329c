// SPDX-License-Identifier: Apache-2.0
/* What happened at a moment: i, I of old, and R, a mark. */
#include "import/chrome_event.h"
#include "import/event_intake_parts.h"

static enum vzt_scope
scope_of(char letter)
{
    return letter == 'g'   ? VZT_SCOPE_GLOBAL
           : letter == 'p' ? VZT_SCOPE_PROCESS
                           : VZT_SCOPE_THREAD;
}

static bool
add_instant(struct event_intake *intake, const struct chrome_event *event,
            struct sort_entry entry, struct error *err)
{
    size_t count;

    return intake_make_instant(intake, event, scope_of(event->scope), &count,
                               err)
           && intake_add_record(intake, event, entry, count, err);
}

const struct intake_rule intake_instant_rule = {
    .phases = "iIR",
    .add = add_instant,
};
