// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/profile_slot.h - hear when the program uses the one profile
 * function of a thread itself (3.6 - 3.11).
 *
 * profile_slot_audit.c (3.8 - 3.11) is told by an audit event;
 * profile_slot_quiet.c (3.6, 3.7) cannot know.
 */
#ifndef TRACER_PYTHON_PROFILE_SLOT_H
#define TRACER_PYTHON_PROFILE_SLOT_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

/* Once per process. False with an exception set. */
bool profile_slot_watch(void);

/* hooks_profile.c: the program is about to change the calling thread's slot. */
void profile_slot_about_to_change(void);

/* hooks_profile.c: take the slots that are free. Holds the GIL. */
int profile_slot_restore(void *unused);

#endif
