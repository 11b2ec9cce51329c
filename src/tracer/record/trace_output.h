// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/trace_output.h - the file of one process, while it records.
 *
 * Chunks are appended at the end, and room for staging is made there. At the
 * limit the oldest blocks are overwritten (trace_ring.c). At every instant the
 * file is a valid chain of chunks, so that a kill loses nothing that was in
 * it. The caller holds the recorder's lock and has SIGXFSZ blocked.
 *
 * The descriptor is never trusted: the program may have closed it and opened
 * a file of its own under the same number. The first failure is kept; after it
 * nothing is written any more.
 */
#ifndef TRACER_RECORD_TRACE_OUTPUT_H
#define TRACER_RECORD_TRACE_OUTPUT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"
#include "tracer/record/call_ring.h"

enum {
    TRACE_FILE_NAME_SIZE = 32, /* "/0123456789abcdef.vzt" and a NUL */
    TRACE_DIRECTORY_SIZE_MAX = PATH_MAX - TRACE_FILE_NAME_SIZE,
};

struct trace_output {
    char path[PATH_MAX]; /* the directory, then the name */
    size_t directory_size;
    int fd; /* -1 while there is no file */
    uint64_t device;
    uint64_t inode;
    struct vzt_section_header *header; /* NULL while there is no file */
    bool is_header_mapped;             /* from the file, not private memory */
    bool may_reserve;                  /* the file system gives room ahead */
    uint64_t reserved_end;             /* blocks are there up to here */
    bool may_map;   /* what is allocated stays so: staging may be mapped */
    uint64_t end;   /* of the last chunk */
    uint64_t limit; /* bound of the file */
    uint64_t block_bytes;       /* of the file that were appended as blocks */
    uint64_t padding_bytes;     /* ... as padding in front of them */
    uint64_t ring_cursor;       /* the oldest chunk; 0 while there is no ring */
    struct call_ring call_ring; /* the bound in calls, where there is one */
    enum vzt_stop_reason failure;
    int failure_errno;
};

/* No file yet. False when the directory's name is too long. */
bool trace_output_init(struct trace_output *output, const char *directory);

/* Create the file, with this header, and bounded by limit bytes and call_limit
 * calls (0 = no such bound). On failure nothing is left behind but the reason
 * in *output. */
bool trace_output_create(struct trace_output *output,
                         const struct vzt_section_header *header,
                         uint64_t limit, uint64_t call_limit);

static inline struct vzt_status *
trace_output_status(const struct trace_output *output)
{
    return (struct vzt_status *)((char *)output->header + VZT_STATUS_OFFSET);
}

/* Write the status where it is not mapped. Call after each change. */
void trace_output_publish(struct trace_output *output);

/*
 * Append a chunk of this header and body; the header's size is filled in. At
 * the limit a block takes the place of the oldest ones, and one that finds no
 * place is dropped (and counted). Facts are those of a block; NULL for others.
 */
bool trace_output_append(struct trace_output *output,
                         struct vzt_chunk_header *header, const void *body,
                         size_t body_size, const struct block_facts *facts);

/* For call_ring.c: append a whole chunk at the end; bytes to leave free behind
 * an offset, so that a chunk of this size stands well on pages; and whether
 * the limit in bytes leaves room for so many more of blocks. */
bool trace_output_append_chunk(struct trace_output *output,
                               struct vzt_chunk_header *header,
                               const void *body, size_t body_size);
uint64_t trace_output_padding(uint64_t offset, uint64_t size);
bool trace_output_may_grow(const struct trace_output *output, uint64_t size);

/*
 * Make a FREE chunk of size bytes (whole pages) at the end of the file, all of
 * it allocated, and map it. NULL when that cannot be had here: then may_map is
 * false, or *output has a failure.
 */
void *trace_output_map_room(struct trace_output *output, size_t size,
                            uint64_t *offset);

/* Cut the file behind its last chunk, which ends at end now. */
void trace_output_trim(struct trace_output *output, uint64_t end);

/* Nothing is written any more: close the file. The header stays mapped. */
void trace_output_close(struct trace_output *output);

/*
 * In a forked child: let go of the parent's file. Nothing is written. The
 * directory stays, and a file of its own can be created.
 */
void trace_output_abandon(struct trace_output *output);

/* Whether the descriptor still is our file, opened again by name if it is
 * not. For trace_ring.c and the staging pool. */
bool trace_output_verify(struct trace_output *output);

/* Keep the first failure. Returns false. */
bool trace_output_fail(struct trace_output *output, int error_number);

/* Overwrite the oldest blocks with this one. */
bool trace_ring_write(struct trace_output *output,
                      struct vzt_chunk_header *header, const void *body,
                      size_t body_size);

#endif
