// SPDX-License-Identifier: Apache-2.0
#include "import/half_calls.h"

#include <stdlib.h>

#include "base/array.h"
#include "import/event_intake.h"
#include "import/event_sort.h"

struct pairing {
    struct event_sort *calls;
    uint64_t *lost_count;
    struct sort_entry *open; /* begins of one thread, innermost last; owned */
    size_t count;
    size_t capacity;
};

/* The calls that are left open never ended. */
static bool
leave_open(struct pairing *pairing, struct error *err)
{
    for (size_t i = 0; i < pairing->count; i++) {
        struct sort_entry call = pairing->open[i];

        call.end_ns = INT64_MAX;
        call.what &= INTAKE_NAME_MASK;
        if (!event_sort_add(pairing->calls, &call, err)) {
            return false;
        }
    }
    pairing->count = 0;
    return true;
}

static bool
end_call(struct pairing *pairing, const struct sort_entry *end,
         struct error *err)
{
    struct sort_entry call;

    if (pairing->count == 0) {
        (*pairing->lost_count)++;
        return true;
    }
    call = pairing->open[--pairing->count];
    call.end_ns = end->start_ns;
    call.what &= INTAKE_NAME_MASK;
    if (call.payload == 0) {
        call.payload = end->payload;
    }
    return event_sort_add(pairing->calls, &call, err);
}

static bool
pair_half(struct pairing *pairing, const struct sort_entry *half,
          struct error *err)
{
    if (pairing->count > 0
        && pairing->open[pairing->count - 1].thread != half->thread
        && !leave_open(pairing, err)) {
        return false;
    }
    if (half->what >> INTAKE_KIND_SHIFT == INTAKE_END) {
        return end_call(pairing, half, err);
    }
    if (!array_reserve((void **)&pairing->open, &pairing->capacity,
                       pairing->count + 1, sizeof *pairing->open, err)) {
        return false;
    }
    pairing->open[pairing->count++] = *half;
    return true;
}

bool
half_calls_pair(struct event_sort *halves, struct event_sort *calls,
                uint64_t *lost_count, struct error *err)
{
    struct pairing pairing = {.calls = calls, .lost_count = lost_count};
    struct sort_entry half;
    bool found = true;
    bool ok = event_sort_finish(halves, err);

    while (ok && found) {
        ok = event_sort_next(halves, &half, &found, err)
             && (!found || pair_half(&pairing, &half, err));
    }
    ok = ok && leave_open(&pairing, err);
    free(pairing.open);
    return ok;
}
