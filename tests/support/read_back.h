// SPDX-License-Identifier: Apache-2.0
/* support/read_back.h - every call of a file, by walking all its blocks. */
#ifndef SUPPORT_READ_BACK_H
#define SUPPORT_READ_BACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct trace_file;

struct read_call {
    uint64_t start_tick;
    uint64_t end_tick;
    uint64_t block_offset; /* of the block that has its entry, in the file */
    uint64_t word_offset;  /* of its entry */
    uint32_t section;
    uint32_t stream;
    uint32_t function; /* id in the section */
    uint32_t depth;
    bool is_unfinished;
    bool is_truncated;
};

struct read_back {
    struct read_call *calls; /* by section, stream and start */
    size_t call_count;
    size_t record_count; /* long ones, without clock records */
    size_t bad_records;  /* of those, instants, counters and gaps whose payload
                            is not what it claims to be */
    uint64_t mismatched_returns;
    size_t broken_joins; /* headers that disagree with the block before */
};

/* False, and *err set, when a block cannot be loaded. */
bool read_back_file(struct read_back *read, const struct trace_file *file,
                    struct error *err);

void read_back_release(struct read_back *read);

#endif
