// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/profile_slot_quiet.c - 3.6 and 3.7 tell nobody that the
 * profile function changes: hooks come back at the next start of a thread.
 */
#include "tracer/python/profile_slot.h"

bool
profile_slot_watch(void)
{
    return true;
}
