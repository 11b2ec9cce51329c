// SPDX-License-Identifier: Apache-2.0
/*
 * format/latest_calls.h - of a section with a bound, the latest calls only.
 * Internal.
 *
 * A recorder that is to keep the latest N calls of its process (call_limit in
 * the status) gives up whole blocks, and keeps more than N. Here the rest of
 * them is left out: the calls that ended first, of all streams together, until
 * exactly N are left. A call without an end counts as ending when its stream
 * or, if that is not known, the process did; of calls that end at once, the
 * inner one ends first.
 *
 * A stream that loses calls is cut behind its last end that is left out. What
 * is open there keeps the start that is known:
 *
 *     as recorded:   | block 3          | block 4       | block 5 ...
 *                         ^ open: main, f        ^ cut
 *     as presented:  | main f |  gap             | 4, from the cut | 5 ...
 *
 * The first block there is made up: the entries of the calls that are open at
 * the cut, where they began. The header of the next one lists them, and its
 * calls_before says how many others are missing in between, as it does where a
 * ring gave blocks up.
 */
#ifndef FORMAT_LATEST_CALLS_H
#define FORMAT_LATEST_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/section_scan.h"

struct error;
struct input_file;

/* What a block has instead of, or beside, its words in the file. */
struct block_cut {
    struct block_cut *next;
    bool is_made_up;             /* nothing of it is in the file */
    uint64_t skipped_words;      /* of the chunk: they are left out */
    uint32_t listed_count;       /* open calls in the chunk's own header */
    struct vzt_open_call *calls; /* instead of those; owned */
    uint64_t *words;             /* of one that is made up; owned */
};

struct latest_calls {
    const struct input_file *input;
    uint64_t call_limit; /* N; not 0 */
    /* by id, each stream of the rows among them */
    const struct trace_stream *streams;
    size_t stream_count;
};

/*
 * Leave out of the rows, sorted by stream and number, what is not of the
 * latest calls. They are replaced; *cuts is what they point to, and the
 * caller's from then on; *left_out grows by the calls that are not shown. False
 * when there is no memory; then nothing has changed. What cannot be read counts
 * as nothing.
 */
bool latest_calls_cut(struct chunk_rows *rows, struct block_cut **cuts,
                      uint64_t *left_out, const struct latest_calls *bound,
                      struct error *err);

/* NULL is allowed. */
void block_cuts_free(struct block_cut *cuts);

#endif
