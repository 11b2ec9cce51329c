// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/profile_slot_audit.c - hear of changes of the profile function
 * by its audit event, 3.8 - 3.11.
 */
#include "tracer/python/profile_slot.h"

#include <string.h>

static int
see_audit(const char *event, PyObject *arguments, void *data)
{
    (void)arguments;
    (void)data;
    if (event[0] == 's' && strcmp(event, "sys.setprofile") == 0) {
        profile_slot_about_to_change();
        /* The change comes after this; a full queue is tried again at the
         * next change. */
        Py_AddPendingCall(profile_slot_restore, NULL);
    }
    return 0;
}

bool
profile_slot_watch(void)
{
    return PySys_AddAuditHook(see_audit, NULL) == 0;
}
