// SPDX-License-Identifier: Apache-2.0
/*
 * format/section_scan.h - find the sections of a file and their chunks, in
 * sound files by following sizes, in damaged ones by searching. Internal.
 */
#ifndef FORMAT_SECTION_SCAN_H
#define FORMAT_SECTION_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/reader.h"

struct input_file;

/* Rows in the order of the file; a chunk that was copied stands twice. */
struct chunk_rows {
    struct trace_block *rows; /* owned */
    size_t count;
    size_t capacity;
};

struct scanned_section {
    struct vzt_section_header header;
    struct vzt_status status;
    uint64_t offset;
    uint64_t size;
    uint64_t last_chunk; /* offset of the last one; 0 when there is none */
    uint64_t next_chunk; /* where to look when the file has grown; 0 when no
                            chunk was found */
    struct chunk_rows blocks;
    struct chunk_rows definitions; /* stream 0 */
};

/*
 * Find the next section that can be read at or behind *offset and step
 * *offset behind it; *is_found is false at the end of the file. What is not
 * sound goes to *damage. Fails when the file cannot be read or there is no
 * memory. *section must be released in any case.
 */
bool section_scan_next(struct scanned_section *section, bool *is_found,
                       struct input_file *file, uint64_t *offset,
                       struct trace_damage *damage, struct error *err);

void scanned_section_release(struct scanned_section *section);

#endif
