// SPDX-License-Identifier: Apache-2.0
/* import/payload_merge.h - the arguments of a begin and its end become one. */
#ifndef IMPORT_PAYLOAD_MERGE_H
#define IMPORT_PAYLOAD_MERGE_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct event_intake;

/*
 * Put aside what both records of arguments say; a place of 0 is none. Of two
 * objects it has all members, and where both have one, that of the end. What is
 * no object becomes {"begin": ..., "end": ...}. *place may be one of both.
 */
bool payload_merge(struct event_intake *intake, uint32_t begin, uint32_t end,
                   uint32_t *place, struct error *err);

#endif
