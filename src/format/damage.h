// SPDX-License-Identifier: Apache-2.0
/* format/damage.h - account for what a reader could not read. Internal. */
#ifndef FORMAT_DAMAGE_H
#define FORMAT_DAMAGE_H

#include <stdint.h>

struct trace_damage;

/* A chunk, record or section that is not sound. The reason is shown to people
 * and names byte offsets; the one at the lowest offset is kept. */
void damage_add(struct trace_damage *damage, uint64_t offset,
                const char *reason, ...)
    __attribute__((format(__printf__, 3, 4)));

/* Bytes that belong to nothing. */
void damage_add_skipped(struct trace_damage *damage, uint64_t offset,
                        uint64_t size);

#endif
