// SPDX-License-Identifier: Apache-2.0
/*
 * format/reader.h - open .vzt files and read their blocks, each by itself.
 *
 * A reader never trusts the file: every length, offset and index is checked
 * before it is used. Damage does not end the reading: what is readable is
 * there, and trace_file_damage says what is not, with byte offsets.
 * After trace_file_open a trace_file is read-only; several threads may load
 * blocks from it at once, each with its own struct block.
 */
#ifndef FORMAT_READER_H
#define FORMAT_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"
#include "format/record_encode.h"

struct buffer;
struct error;
struct trace_file;

/* One block: a row of the file's table of blocks. */
struct trace_block {
    uint64_t offset; /* of the chunk header in the file */
    uint64_t number; /* in its stream, ascending */
    uint64_t first_tick;
    uint64_t clock_tick;         /* one instant on both clocks: first_tick, */
    uint64_t first_monotonic_ns; /* but in a block that is cut at its start */
    uint64_t calls_before;
    uint64_t word_count; /* valid words; in staging, those seen at opening */
    uint32_t section;    /* index into the file's sections */
    uint32_t stream;     /* the stream's id in its section */
    uint32_t open_count;
    uint32_t task;
    bool is_staging;
    bool is_cut; /* the file has not all the words that it should */
    const struct block_cut *cut; /* the reader's; NULL but where a section with
                                    a bound begins, see latest_calls.h */
};

struct trace_function {
    enum vzt_function_kind kind;
    uint32_t line;
    const char *name; /* NUL-terminated, unsanitised; owned by the file */
    const char *file; /* "" when there is none */
};

struct trace_stream {
    uint32_t id;
    enum vzt_stream_kind kind;
    uint32_t parent;
    uint64_t thread_id;
    const char *name;     /* "" when unknown; unsanitised */
    const char *category; /* of VZT_STREAM_ASYNC; "" = none; unsanitised */
    uint64_t end_tick;    /* 0 = did not end while recorded */
    size_t first_block;   /* blocks of a stream are contiguous in */
    size_t block_count;   /* trace_section.blocks, by number */
};

struct trace_source {
    const char *path;
    uint64_t whole_size;
    uint64_t whole_hash;
    const char *text; /* size bytes, NUL-terminated */
    size_t size;      /* less than whole_size when pieces are missing */
};

/* Of a section with a bound (call_limit in its status) the blocks are those of
 * the latest calls, exactly so many: the reader leaves out what is in the file
 * beyond them, and adds it to dropped_calls. */
struct trace_section {
    struct vzt_section_header header;
    struct vzt_status status;
    uint64_t offset; /* in the file */
    uint64_t size;
    const struct trace_block *blocks; /* by (stream, number) */
    size_t block_count;
    const struct trace_stream *streams;
    size_t stream_count;
    const char *name; /* process name, "" when unknown */
    const char *executable;
    const char *directory;
    const char *version;
    const char *arguments; /* argument_count texts, each with its NUL */
    uint32_t argument_count;
    const struct trace_source *sources;
    size_t source_count;
};

/* What could not be read. All zero for a sound file. */
struct trace_damage {
    uint64_t skipped_bytes;  /* not part of any sound chunk or section */
    uint64_t first_offset;   /* of the first damage */
    uint64_t damaged_chunks; /* headers or records that were not sound */
    char first_reason[128];
};

/*
 * Open the trace at path. Fails (ERROR_BAD_TRACE, with the byte offset and
 * what was expected) when not one section can be read. On success the caller
 * owns *out; on failure *out is left alone.
 */
bool trace_file_open(struct trace_file **out, const char *path,
                     struct error *err);

/* The same, and call the file by another name in messages. */
bool trace_file_open_as(struct trace_file **out, const char *path,
                        const char *name, struct error *err);

/* Whether the file begins with the header of a section, and that header. */
bool trace_file_first_header(const char *path,
                             struct vzt_section_header *header);

/* Whether the file begins like a .vzt file (its magic, or a part of it when
 * the file is shorter). */
bool trace_file_has_magic(const char *path);

const char *trace_file_path(const struct trace_file *file);
size_t trace_file_section_count(const struct trace_file *file);
const struct trace_section *trace_file_section(const struct trace_file *file,
                                               size_t index);
const struct trace_damage *trace_file_damage(const struct trace_file *file);

/* The definition of a function id in a section; NULL when there is none. */
const struct trace_function *
trace_section_function(const struct trace_section *section, uint32_t id);

/* One more than the largest function id defined in the section. Ids are the
 * file's: a table of this size may be larger than the file. */
uint32_t trace_section_function_end(const struct trace_section *section);

/* All definitions, by ascending id, each id once. */
size_t trace_section_function_count(const struct trace_section *section);
const struct trace_function *
trace_section_function_at(const struct trace_section *section, size_t index,
                          uint32_t *id);

/* A defined string, or {NULL, 0}. */
struct text_span trace_section_string(const struct trace_section *section,
                                      uint32_t id);

/* A loaded block. {0} is empty; the memory is re-used from load to load. */
struct block {
    const struct vzt_open_call *open_calls; /* outermost first */
    size_t open_count;
    const uint64_t *words;
    size_t word_count; /* valid words: whole records only */
    uint64_t first_tick;
    void *memory; /* owned */
    size_t memory_size;
};

/*
 * Load a block. Every long record in words[0..word_count) is whole, and no
 * head word is zero, so that a caller may walk them without checks; what is
 * behind the first record that is not sound is left out, so word_count may be
 * less than row->word_count: that is damage. A staging block that the recorder
 * has flushed since opening loads as it was when it can still be found, and a
 * block that a ring gave up meanwhile with no words.
 */
bool block_load(struct block *block, const struct trace_file *file,
                const struct trace_block *row, struct error *err);

void block_release(struct block *block);

void trace_file_close(struct trace_file *file);

#endif
