// SPDX-License-Identifier: Apache-2.0
#include "import/half_calls.h"

#include "import/event_intake_parts.h"
#include "import/event_sort.h"
#include "import/half_stack.h"

struct pairing {
    struct event_intake *intake;
    struct half_stack stack; /* of one thread */
    uint32_t thread;
};

static bool
pair_half(struct pairing *pairing, const struct sort_entry *half,
          struct error *err)
{
    if (pairing->thread != half->thread
        && !half_stack_leave(&pairing->stack, pairing->intake, err)) {
        return false;
    }
    pairing->thread = half->thread;
    if (half->what >> INTAKE_KIND_SHIFT == INTAKE_BEGIN) {
        return half_stack_begin(&pairing->stack, half, err);
    }
    return half_stack_end(&pairing->stack, pairing->intake, half, false,
                          IMPORT_LOSS_END_WITHOUT_BEGIN, err);
}

bool
half_calls_pair(struct event_intake *intake, struct error *err)
{
    struct pairing pairing = {.intake = intake};
    struct sort_entry half;
    bool found = true;
    bool ok = event_sort_finish(intake->halves, err);

    while (ok && found) {
        ok = intake_goes_on(intake, err)
             && event_sort_next(intake->halves, &half, &found, err)
             && (!found || pair_half(&pairing, &half, err));
    }
    ok = ok && half_stack_leave(&pairing.stack, intake, err);
    half_stack_release(&pairing.stack);
    return ok;
}
