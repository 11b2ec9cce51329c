// SPDX-License-Identifier: Apache-2.0
/*
 * format/chunk_walk.h - go from chunk to chunk of one section. Internal.
 */
#ifndef FORMAT_CHUNK_WALK_H
#define FORMAT_CHUNK_WALK_H

#include "format/chunk_load.h"
#include "format/section_scan.h"

struct chunk_walk {
    const struct input_file *file;
    struct scanned_section *section; /* rows are added here */
    struct trace_damage *damage;
    uint64_t limit; /* no chunk goes beyond; at most the file's size */
    /* Where a section magic stands in place of a chunk, limit becomes that. */
    bool ends_at_magic;
    /* A chunk that is cut by the limit is just being written: no damage. */
    bool is_growing;
    uint64_t boundary; /* an offset that is expected to be the end of a chunk */
    bool saw_boundary;
    struct chunk_copy copy; /* to count the words of staging chunks */
};

/* Walk all chunks to the limit, from where the last walk of the section ended;
 * the first one, from the end of the section's header. */
bool chunk_walk(struct chunk_walk *walk, struct error *err);

void chunk_walk_release(struct chunk_walk *walk);

/* Whether a section's magic stands at offset. */
bool section_magic_is_at(const struct input_file *file, uint64_t offset,
                         bool *is_there, struct error *err);

#endif
