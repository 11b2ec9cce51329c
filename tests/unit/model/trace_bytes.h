// SPDX-License-Identifier: Apache-2.0
/* unit/model/trace_bytes.h - change the bytes of a trace that was written. */
#ifndef UNIT_MODEL_TRACE_BYTES_H
#define UNIT_MODEL_TRACE_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct trace_bytes {
    char *path; /* not owned */
    uint8_t *data;
    size_t size;
};

struct trace_bytes trace_bytes_read(char *path);
void trace_bytes_write(const struct trace_bytes *bytes);
void trace_bytes_release(struct trace_bytes *bytes);

/* The n-th section header; NULL when there are fewer. */
struct vzt_section_header *trace_bytes_section(const struct trace_bytes *bytes,
                                               size_t n);

/* The n-th block of all sections; NULL when there are fewer. The open calls
 * stand behind it. */
struct vzt_chunk_header *trace_bytes_block(const struct trace_bytes *bytes,
                                           size_t n);

#endif
