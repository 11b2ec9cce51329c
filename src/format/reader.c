// SPDX-License-Identifier: Apache-2.0
/*
 * Opening reads the headers of all chunks, the definitions and the staging
 * chunks; the words of other blocks are read when they are loaded.
 */
#include "format/reader.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/input_file.h"
#include "format/chunk_load.h"
#include "format/damage.h"
#include "format/definition_table.h"
#include "format/latest_calls.h"
#include "format/section_scan.h"

/* A section and what it lends out. The section must be first. */
struct section_storage {
    struct trace_section section;
    struct trace_block *blocks;
    struct block_cut *cuts; /* of some of the blocks */
    struct definition_table *definitions;
    uint64_t last_chunk; /* new ones come behind it */
};

struct trace_file {
    struct input_file input;
    struct section_storage *sections;
    size_t section_count;
    size_t section_capacity;
    struct trace_damage damage;
};

static const struct section_storage *
storage_of(const struct trace_section *section)
{
    return (const struct section_storage *)section;
}

/* By stream and number; of two copies, the one that counts comes first. */
static int
compare_blocks(const void *a, const void *b)
{
    const struct trace_block *left = a;
    const struct trace_block *right = b;

    if (left->stream != right->stream) {
        return left->stream < right->stream ? -1 : 1;
    }
    if (left->number != right->number) {
        return left->number < right->number ? -1 : 1;
    }
    if (left->word_count != right->word_count) {
        return left->word_count > right->word_count ? -1 : 1;
    }
    if (left->is_staging != right->is_staging) {
        return left->is_staging ? 1 : -1;
    }
    return (left->offset > right->offset) - (left->offset < right->offset);
}

static bool
is_copy(const struct trace_block *a, const struct trace_block *b)
{
    return a->stream == b->stream && a->number == b->number;
}

/*
 * Of the copies of a block, sorted as above, the one that counts: see layout.h.
 * Words at the end of a staging may belong to the next block already.
 */
static const struct trace_block *
choose_copy(const struct trace_block *copies, size_t count, bool is_last)
{
    for (size_t i = 0; i < count && !is_last && copies[0].is_staging; i++) {
        if (!copies[i].is_staging && !copies[i].is_cut) {
            return &copies[i];
        }
    }
    return &copies[0];
}

static void
sort_blocks(struct chunk_rows *blocks)
{
    struct trace_block *rows = blocks->rows;
    size_t kept = 0;
    size_t end = 0;

    if (blocks->count > 1) {
        qsort(rows, blocks->count, sizeof *rows, compare_blocks);
    }
    for (size_t i = 0; i < blocks->count; i = end) {
        while (end < blocks->count && is_copy(&rows[i], &rows[end])) {
            end++;
        }
        rows[kept++] = *choose_copy(&rows[i], end - i,
                                    end == blocks->count
                                        || rows[end].stream != rows[i].stream);
    }
    blocks->count = kept;
}

static bool
add_definitions(struct trace_file *file, struct section_storage *storage,
                const struct chunk_rows *chunks, struct error *err)
{
    struct chunk_copy copy = {0};
    bool ok = true;

    for (size_t i = 0; i < chunks->count && ok; i++) {
        const struct trace_block *row = &chunks->rows[i];
        const uint64_t *words = NULL;
        uint64_t bad_count = 0;
        size_t count;

        ok = chunk_load_row(&copy, &file->input, row, &words, &count, err)
             && definition_table_add(storage->definitions, words, count,
                                     &bad_count, err);
        if (ok && (bad_count > 0 || count < row->word_count)) {
            damage_add(&file->damage, row->offset,
                       "the definitions at byte %" PRIu64 " are damaged",
                       row->offset);
        }
    }
    free(copy.data);
    return ok;
}

/* Blocks are sorted by stream: tell each stream which are its own. */
static void
assign_blocks(struct trace_stream *streams, const struct trace_block *blocks,
              size_t block_count)
{
    for (size_t i = 0; i < block_count; i++) {
        while (streams->id != blocks[i].stream) {
            streams++;
        }
        if (streams->block_count == 0) {
            streams->first_block = i;
        }
        streams->block_count++;
    }
}

static bool
use_streams(struct definition_table *definitions,
            const struct chunk_rows *blocks, struct error *err)
{
    for (size_t i = 0; i < blocks->count; i++) {
        if ((i == 0 || blocks->rows[i].stream != blocks->rows[i - 1].stream)
            && !definition_table_use_stream(definitions, blocks->rows[i].stream,
                                            err)) {
            return false;
        }
    }
    return true;
}

static void
publish(struct section_storage *storage, struct scanned_section *scanned,
        uint32_t index)
{
    const struct process_texts *process =
        definition_table_process(storage->definitions);
    struct trace_section *section = &storage->section;
    struct trace_stream *streams =
        definition_table_streams(storage->definitions, &section->stream_count);

    storage->blocks = scanned->blocks.rows;
    storage->last_chunk = scanned->last_chunk;
    for (size_t i = 0; i < scanned->blocks.count; i++) {
        storage->blocks[i].section = index;
    }
    assign_blocks(streams, storage->blocks, scanned->blocks.count);
    section->header = scanned->header;
    section->status = scanned->status;
    section->offset = scanned->offset;
    section->size = scanned->size;
    section->blocks = storage->blocks;
    section->block_count = scanned->blocks.count;
    section->streams = streams;
    section->sources =
        definition_table_sources(storage->definitions, &section->source_count);
    section->name = process->name;
    section->executable = process->executable;
    section->directory = process->directory;
    section->version = process->version;
    section->arguments = process->arguments;
    section->argument_count = process->argument_count;
    scanned->blocks = (struct chunk_rows){0};
}

static bool
keep_latest_calls(const struct trace_file *file,
                  struct section_storage *storage,
                  struct scanned_section *scanned, struct error *err)
{
    struct latest_calls bound = {.input = &file->input,
                                 .call_limit = scanned->status.call_limit};

    bound.streams =
        definition_table_streams(storage->definitions, &bound.stream_count);
    return latest_calls_cut(&scanned->blocks, &storage->cuts,
                            &scanned->status.dropped_calls, &bound, err);
}

/* Make a section of what was found; takes the rows of its blocks. */
static bool
add_section(struct trace_file *file, struct scanned_section *scanned,
            struct error *err)
{
    struct section_storage *storage;

    if (!array_reserve((void **)&file->sections, &file->section_capacity,
                       file->section_count + 1, sizeof *file->sections, err)) {
        return false;
    }
    storage = &file->sections[file->section_count];
    *storage = (struct section_storage){0};
    if (!definition_table_new(&storage->definitions, err)) {
        return false;
    }
    file->section_count++;
    sort_blocks(&scanned->blocks);
    sort_blocks(&scanned->definitions);
    if (!add_definitions(file, storage, &scanned->definitions, err)
        || !use_streams(storage->definitions, &scanned->blocks, err)
        || !definition_table_finish(storage->definitions, err)
        || (scanned->status.call_limit > 0
            && !keep_latest_calls(file, storage, scanned, err))) {
        return false;
    }
    publish(storage, scanned, (uint32_t)file->section_count - 1);
    return true;
}

static bool
scan(struct trace_file *file, struct error *err)
{
    uint64_t offset = 0;
    bool is_found = true;

    while (is_found) {
        struct scanned_section scanned;
        bool ok = section_scan_next(&scanned, &is_found, &file->input, &offset,
                                    &file->damage, err)
                  && (!is_found || add_section(file, &scanned, err));

        scanned_section_release(&scanned);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool
fail_without_sections(const struct trace_file *file, struct error *err)
{
    const struct trace_damage *damage = &file->damage;

    if (damage->damaged_chunks > 0) {
        return error_set(err, ERROR_BAD_TRACE, "%s: %s", file->input.path,
                         damage->first_reason);
    }
    return error_set(err, ERROR_BAD_TRACE,
                     "%s: not a viztracer recording: no section begins at"
                     " byte 0 or after it (%" PRIu64 " bytes)",
                     file->input.path, file->input.size);
}

bool
trace_file_open(struct trace_file **out, const char *path, struct error *err)
{
    return trace_file_open_as(out, path, path, err);
}

bool
trace_file_open_as(struct trace_file **out, const char *path, const char *name,
                   struct error *err)
{
    struct trace_file *file = array_new(1, sizeof *file, err);

    if (file == NULL) {
        return false;
    }
    file->input = INPUT_FILE_NONE;
    if (!input_file_open_as(&file->input, path, name, err) || !scan(file, err)
        || (file->section_count == 0 && !fail_without_sections(file, err))) {
        trace_file_close(file);
        return false;
    }
    *out = file;
    return true;
}

bool
trace_file_first_header(const char *path, struct vzt_section_header *header)
{
    struct input_file input = INPUT_FILE_NONE;
    size_t size = 0;
    bool has_header =
        input_file_open(&input, path, NULL)
        && input_file_read_some(&input, 0, header, sizeof *header, &size, NULL)
        && size == sizeof *header
        && memcmp(header->magic, VZT_SECTION_MAGIC, sizeof header->magic) == 0;

    input_file_close(&input);
    return has_header;
}

bool
trace_file_has_magic(const char *path)
{
    struct input_file input = INPUT_FILE_NONE;
    char magic[VZT_SECTION_MAGIC_SIZE];
    size_t size = 0;
    bool has_magic =
        input_file_open(&input, path, NULL)
        && input_file_read_some(&input, 0, magic, sizeof magic, &size, NULL)
        && size > 0 && memcmp(magic, VZT_SECTION_MAGIC, size) == 0;

    input_file_close(&input);
    return has_magic;
}

const char *
trace_file_path(const struct trace_file *file)
{
    return file->input.path;
}

size_t
trace_file_section_count(const struct trace_file *file)
{
    return file->section_count;
}

const struct trace_section *
trace_file_section(const struct trace_file *file, size_t index)
{
    return &file->sections[index].section;
}

const struct trace_damage *
trace_file_damage(const struct trace_file *file)
{
    return &file->damage;
}

const struct trace_function *
trace_section_function(const struct trace_section *section, uint32_t id)
{
    return definition_table_function(storage_of(section)->definitions, id);
}

uint32_t
trace_section_function_end(const struct trace_section *section)
{
    return definition_table_function_end(storage_of(section)->definitions);
}

size_t
trace_section_function_count(const struct trace_section *section)
{
    return definition_table_function_count(storage_of(section)->definitions);
}

const struct trace_function *
trace_section_function_at(const struct trace_section *section, size_t index,
                          uint32_t *id)
{
    return definition_table_function_at(storage_of(section)->definitions, index,
                                        id);
}

struct text_span
trace_section_string(const struct trace_section *section, uint32_t id)
{
    return definition_table_string(storage_of(section)->definitions, id);
}

/* Where the recorder wrote a block that is no longer in staging: behind the
 * last chunk that was there at opening. 0 when it is not there. */
static bool
find_flushed(const struct trace_file *file, const struct trace_block *row,
             uint64_t *offset, struct error *err)
{
    uint64_t at = file->sections[row->section].last_chunk;
    struct vzt_chunk_header header;

    *offset = 0;
    while (chunk_load_header(&file->input, at, &header, err)) {
        if (!chunk_header_is_sound(&header)
            || header.size > (uint64_t)INT64_MAX - at) {
            return true;
        }
        if (header.kind == VZT_CHUNK_EVENTS && header.stream == row->stream
            && header.number == row->number
            && !(header.flags & VZT_CHUNK_STAGING)) {
            *offset = at;
            return true;
        }
        at += header.size;
    }
    return false;
}

static bool
load_row(struct chunk_copy *copy, const struct trace_file *file,
         const struct trace_block *row, const uint64_t **words, size_t *count,
         struct error *err)
{
    struct trace_block flushed = *row;

    if (!chunk_load_row(copy, &file->input, row, words, count, err)) {
        return false;
    }
    if (copy->header.stream == row->stream || !row->is_staging) {
        return true;
    }
    *count = 0;
    return find_flushed(file, row, &flushed.offset, err)
           && (flushed.offset == 0
               || chunk_load_row(copy, &file->input, &flushed, words, count,
                                 err));
}

/* The whole of a row's chunk. */
static bool
load_chunk(struct block *block, const struct trace_file *file,
           const struct trace_block *row, struct error *err)
{
    struct chunk_copy copy = {
        .data = block->memory,
        .capacity = block->memory_size,
    };
    const uint64_t *words = NULL;
    size_t count = 0;
    bool ok = load_row(&copy, file, row, &words, &count, err);

    *block = (struct block){
        .memory = copy.data,
        .memory_size = copy.capacity,
        .first_tick = row->first_tick,
    };
    if (ok && copy.header.stream == row->stream) {
        block->open_calls = (const void *)copy.data;
        block->open_count = row->open_count;
        block->words = words;
        block->word_count = count;
    }
    return ok;
}

/* What is behind the cut, unless the chunk is not there any more. */
static bool
load_cut_chunk(struct block *block, const struct trace_file *file,
               const struct trace_block *row, struct error *err)
{
    const struct block_cut *cut = row->cut;
    struct trace_block whole = *row;

    whole.open_count = cut->listed_count;
    whole.word_count += cut->skipped_words;
    if (!load_chunk(block, file, &whole, err)) {
        return false;
    }
    if (block->word_count < cut->skipped_words) {
        block->open_count = 0;
        block->word_count = 0;
    } else if (block->words != NULL) {
        block->words += cut->skipped_words;
        block->word_count -= cut->skipped_words;
        block->open_calls = cut->calls;
        block->open_count = row->open_count;
    }
    return true;
}

bool
block_load(struct block *block, const struct trace_file *file,
           const struct trace_block *row, struct error *err)
{
    if (row->cut == NULL) {
        return load_chunk(block, file, row, err);
    }
    if (!row->cut->is_made_up) {
        return load_cut_chunk(block, file, row, err);
    }
    *block = (struct block){
        .open_calls = row->cut->calls,
        .open_count = row->open_count,
        .words = row->cut->words,
        .word_count = row->word_count,
        .first_tick = row->first_tick,
        .memory = block->memory,
        .memory_size = block->memory_size,
    };
    return true;
}

void
block_release(struct block *block)
{
    free(block->memory);
    *block = (struct block){0};
}

void
trace_file_close(struct trace_file *file)
{
    if (file == NULL) {
        return;
    }
    for (size_t i = 0; i < file->section_count; i++) {
        definition_table_free(file->sections[i].definitions);
        free(file->sections[i].blocks);
        block_cuts_free(file->sections[i].cuts);
    }
    free(file->sections);
    input_file_close(&file->input);
    free(file);
}
