// SPDX-License-Identifier: Apache-2.0
#include "format/damage.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "format/reader.h"

/* Whether this is the damage that the first_ fields are about. */
static bool
becomes_first(struct trace_damage *damage, uint64_t offset)
{
    if (damage->first_reason[0] != '\0' && offset >= damage->first_offset) {
        return false;
    }
    damage->first_offset = offset;
    return true;
}

void
damage_add(struct trace_damage *damage, uint64_t offset, const char *reason,
           ...)
{
    va_list arguments;

    if (becomes_first(damage, offset)) {
        va_start(arguments, reason);
        (void)vsnprintf(damage->first_reason, sizeof damage->first_reason,
                        reason, arguments);
        va_end(arguments);
    }
    damage->damaged_chunks++;
}

void
damage_add_skipped(struct trace_damage *damage, uint64_t offset, uint64_t size)
{
    if (becomes_first(damage, offset)) {
        (void)snprintf(damage->first_reason, sizeof damage->first_reason,
                       "%" PRIu64 " bytes at byte %" PRIu64
                       " are not part of a trace",
                       size, offset);
    }
    damage->skipped_bytes += size;
}
