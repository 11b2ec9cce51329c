// SPDX-License-Identifier: Apache-2.0
/*
 * import/payload_merge.h - the arguments of calls, with the stacks that their
 * events have at the begin and at the end.
 *
 * A stack is known by name only when all was read. Until then the record of the
 * arguments has references to both behind its text.
 */
#ifndef IMPORT_PAYLOAD_MERGE_H
#define IMPORT_PAYLOAD_MERGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "import/stack_frames.h"

struct error;
struct event_intake;

/* Put arguments aside; without any and without stacks the place is 0. */
bool payload_put(struct event_intake *intake, struct text_span args,
                 const stack_reference stacks[2], uint32_t *place,
                 struct error *err);

/*
 * Put aside what both records of arguments say; a place of 0 is none. Of two
 * objects it has all members, and where both have one, that of the end. What is
 * no object becomes {"begin": ..., "end": ...}. *place may be one of both.
 */
bool payload_merge(struct event_intake *intake, uint32_t begin, uint32_t end,
                   uint32_t *place, struct error *err);

/* Read the record of a call's arguments as a trace has it: stacks are members,
 * "stack" and "end stack", lists of names with the innermost first. Lent until
 * the next one. */
bool payload_finish(struct event_intake *intake, uint32_t place,
                    const uint64_t **words, size_t *count, struct error *err);

#endif
