// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_carry.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "tui/timeline_order.h"
#include "tui/viewer.h"

/* A timeline of the new model, as it is opened. */
struct fresh {
    struct timeline timeline;
    struct view_state state;
    uint8_t *flags; /* owned */
};

static bool
fresh_init(struct fresh *fresh, struct viewer *viewer, struct error *err)
{
    size_t count;

    if (!timeline_init(&fresh->timeline, viewer, err)) {
        return false;
    }
    count = fresh->timeline.list.count;
    fresh->state = fresh->timeline.state;
    fresh->flags = array_new(count, sizeof *fresh->flags, err);
    if (fresh->flags == NULL) {
        timeline_release(&fresh->timeline);
        return false;
    }
    memcpy(fresh->flags, fresh->timeline.flags, count);
    return true;
}

/* Put what the fresh timeline shows into a copy. */
static bool
fill(struct timeline_copy *copy, const struct timeline *timeline,
     struct error *err)
{
    size_t count = timeline->list.count;
    uint8_t *flags = array_new(count, sizeof *flags, err);
    uint32_t *sequence = array_new(count, sizeof *sequence, err);

    if (flags == NULL || sequence == NULL) {
        free(flags);
        free(sequence);
        return false;
    }
    memcpy(flags, timeline->flags, count);
    memcpy(sequence, timeline->sequence, count * sizeof *sequence);
    free(copy->flags);
    free(copy->sequence);
    copy->flags = flags;
    copy->sequence = sequence;
    copy->state = timeline->state;
    return true;
}

/* What a copy shows in the timeline it is of becomes that of the fresh one. */
static bool
carry_copy(struct fresh *fresh, const struct timeline *timeline,
           struct timeline_copy *copy, struct error *err)
{
    struct timeline shown = *timeline;

    shown.state = copy->state;
    shown.flags = copy->flags;
    shown.sequence = copy->sequence;
    fresh->timeline.state = fresh->state;
    memcpy(fresh->timeline.flags, fresh->flags, fresh->timeline.list.count);
    return timeline_take_place(&fresh->timeline, &shown, err)
           && fill(copy, &fresh->timeline, err);
}

bool
timeline_carry(const struct timeline *timeline, void *const *copies,
               size_t count, struct error *err)
{
    struct fresh fresh;
    bool is_ok = true;

    if (!fresh_init(&fresh, timeline->viewer, err)) {
        return false;
    }
    for (size_t i = 0; is_ok && i < count; i++) {
        is_ok = carry_copy(&fresh, timeline, copies[i], err);
    }
    free(fresh.flags);
    timeline_release(&fresh.timeline);
    return is_ok;
}
