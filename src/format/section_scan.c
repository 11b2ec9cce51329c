// SPDX-License-Identifier: Apache-2.0
/*
 * Where a section ends: at section_size when the file ends or another section
 * begins there; without a size (a recorder that was killed or still runs) where
 * its chunks stop without a flaw. Otherwise the file was cut or damaged, and a
 * whole recording may stand anywhere inside what the section claims: the bytes
 * are searched for the next section's magic.
 */
#include "format/section_scan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/input_file.h"
#include "format/chunk_walk.h"
#include "format/damage.h"

enum {
    SEARCH_SIZE = 1 << 20,
    WALKS_ON_MAX = 16, /* after a recorder that is faster than we are */
};

/* Read bytes at a time, with an overlap, until the magic is found. */
static bool
search_window(const struct input_file *file, char *window, size_t window_size,
              uint64_t *offset, struct error *err)
{
    size_t overlap = VZT_SECTION_MAGIC_SIZE - 1;
    size_t size;

    while (*offset < file->size) {
        const char *found;

        if (!input_file_read_some(file, *offset, window, window_size, &size,
                                  err)) {
            return false;
        }
        found = memmem(window, size, VZT_SECTION_MAGIC, VZT_SECTION_MAGIC_SIZE);
        if (found != NULL) {
            *offset += (uint64_t)(found - window);
            return true;
        }
        if (size <= overlap) {
            break;
        }
        *offset += size - overlap;
    }
    *offset = file->size;
    return true;
}

/* Step *offset to the next section magic, or to the end of the file. */
static bool
search_section(const struct input_file *file, uint64_t *offset,
               struct error *err)
{
    size_t size = SEARCH_SIZE;
    char *window;
    bool ok;

    if (*offset >= file->size) {
        *offset = file->size;
        return true;
    }
    if (file->size - *offset < size) {
        size = (size_t)(file->size - *offset);
    }
    window = array_new(size, 1, err);
    ok = window != NULL && search_window(file, window, size, offset, err);
    free(window);
    return ok;
}

/* The header at the section's offset. *end is where it ends: too early when the
 * file does, or when another section begins inside of it. */
static bool
read_header(struct scanned_section *section, const struct input_file *file,
            uint64_t *end, struct error *err)
{
    char bytes[VZT_SECTION_HEADER_SIZE];
    const char *inner;
    size_t size;

    if (!input_file_read_some(file, section->offset, bytes, sizeof bytes, &size,
                              err)) {
        return false;
    }
    *end = section->offset + size;
    if (size == sizeof bytes) {
        memcpy(&section->header, bytes, sizeof section->header);
        memcpy(&section->status, bytes + VZT_STATUS_OFFSET,
               sizeof section->status);
        inner = memmem(bytes + 1, size - 1, VZT_SECTION_MAGIC,
                       VZT_SECTION_MAGIC_SIZE);
        if (inner != NULL) {
            *end = section->offset + (uint64_t)(inner - bytes);
        }
    }
    return true;
}

/* Whether this version can read the section; says why not. */
static bool
is_understood(const struct scanned_section *section,
              struct trace_damage *damage)
{
    const struct vzt_section_header *header = &section->header;

    if (header->format_version > VZT_FORMAT_VERSION
        || header->must_understand != 0) {
        damage_add(damage, section->offset,
                   "the section at byte %" PRIu64 " needs a newer version"
                   " (format %" PRIu32 ", features 0x%" PRIx64 ")",
                   section->offset, header->format_version,
                   header->must_understand);
        return false;
    }
    if (header->format_version == 0
        || header->header_size != VZT_SECTION_HEADER_SIZE) {
        damage_add(damage, section->offset,
                   "the section header at byte %" PRIu64 " is damaged",
                   section->offset);
        return false;
    }
    return header->section_kind == VZT_SECTION_PROCESS;
}

/* Where the section ends by its own word; 0 when neither the file ends nor
 * another section begins there. */
static bool
claimed_end(const struct scanned_section *section,
            const struct input_file *file, uint64_t *end, struct error *err)
{
    uint64_t size = section->header.section_size;
    bool is_there = false;

    *end = 0;
    if (size < VZT_SECTION_HEADER_SIZE || size > file->size - section->offset) {
        return true;
    }
    if (size < file->size - section->offset
        && !section_magic_is_at(file, section->offset + size, &is_there, err)) {
        return false;
    }
    if (is_there || size == file->size - section->offset) {
        *end = section->offset + size;
    }
    return true;
}

/* Walk up to *end; with ends_at_magic, *end may become less. *is_complete:
 * the chunks reach as far as the recorder says that it wrote. */
static bool
walk_to(struct scanned_section *section, const struct input_file *file,
        uint64_t *end, bool ends_at_magic, bool *is_complete,
        struct trace_damage *damage, struct error *err)
{
    uint64_t written = section->status.written_bytes;
    struct chunk_walk walk = {
        .file = file,
        .section = section,
        .damage = damage,
        .limit = *end,
        .ends_at_magic = ends_at_magic,
        .is_growing = section->header.section_size == 0
                      && written <= *end - section->offset,
        .boundary = section->offset + written,
        .saw_boundary = written <= VZT_SECTION_HEADER_SIZE,
    };
    bool ok;

    section->blocks.count = 0;
    section->definitions.count = 0;
    section->last_chunk = 0;
    section->next_chunk = 0;
    ok = chunk_walk(&walk, err);
    *end = walk.limit;
    *is_complete = walk.saw_boundary;
    chunk_walk_release(&walk);
    return ok;
}

/* Walk to *end. *is_sound: every byte is part of a sound chunk, and nothing is
 * missing; then it is not damaged, else *section is to be walked again. */
static bool
try_walk(struct scanned_section *section, const struct input_file *file,
         uint64_t *end, bool ends_at_magic, bool *is_sound, struct error *err)
{
    struct trace_damage damage = {0};
    bool is_complete;

    if (!walk_to(section, file, end, ends_at_magic, &is_complete, &damage,
                 err)) {
        return false;
    }
    *is_sound = is_complete && damage.first_reason[0] == '\0';
    return true;
}

static void
note_cut_header(const struct scanned_section *section, uint64_t end,
                struct trace_damage *damage)
{
    damage_add(damage, section->offset,
               "the section header at byte %" PRIu64 " is cut at byte %" PRIu64
               " (it takes %d bytes)",
               section->offset, end, VZT_SECTION_HEADER_SIZE);
}

static void
note_cut_section(const struct scanned_section *section, uint64_t end,
                 struct trace_damage *damage)
{
    uint64_t size = section->header.section_size;

    if (size < section->status.written_bytes) {
        size = section->status.written_bytes;
    }
    if (size > end - section->offset) {
        damage_add(damage, end,
                   "the section at byte %" PRIu64 " is cut at byte %" PRIu64
                   ", %" PRIu64 " bytes early",
                   section->offset, end, size - (end - section->offset));
    }
}

/* Find where a cut or damaged section ends and walk what there is of it. */
static bool
walk_damaged(struct scanned_section *section, const struct input_file *file,
             uint64_t *end, struct trace_damage *damage, struct error *err)
{
    uint64_t size = section->header.section_size;
    uint64_t next = section->offset + VZT_SECTION_MAGIC_SIZE;
    bool is_complete;

    if (!search_section(file, &next, err)) {
        return false;
    }
    if (next - section->offset < VZT_SECTION_HEADER_SIZE) {
        note_cut_header(section, next, damage);
        *end = next;
        return true;
    }
    if (size >= VZT_SECTION_HEADER_SIZE && size < next - section->offset) {
        bool is_sound;

        *end = section->offset + size;
        if (!try_walk(section, file, end, false, &is_sound, err)) {
            return false;
        }
        if (is_sound) {
            return true; /* what stands behind it is not part of it */
        }
    }
    *end = next;
    note_cut_section(section, next, damage);
    return walk_to(section, file, end, false, &is_complete, damage, err);
}

static bool
has_staging_from(const struct chunk_rows *chunks, size_t first)
{
    for (size_t i = first; i < chunks->count; i++) {
        if (chunks->rows[i].is_staging) {
            return true;
        }
    }
    return false;
}

/*
 * All blocks that came before the one in a staging chunk are in the file by
 * the time that one is seen, but perhaps behind the size that was read before.
 * So go on, until no more staging is found there.
 */
static bool
walk_on(struct scanned_section *section, struct input_file *file, uint64_t *end,
        struct trace_damage *damage, struct error *err)
{
    bool has_staging = true;

    for (int i = 0; has_staging && i < WALKS_ON_MAX; i++) {
        size_t block_count = section->blocks.count;
        size_t definition_count = section->definitions.count;
        struct chunk_walk walk = {
            .file = file,
            .section = section,
            .damage = damage,
            .ends_at_magic = true,
            .is_growing = true,
        };
        bool ok;

        if (!input_file_refresh(file, err)) {
            return false;
        }
        if (file->size <= *end) {
            return true;
        }
        walk.limit = file->size;
        ok = chunk_walk(&walk, err);
        chunk_walk_release(&walk);
        if (!ok) {
            return false;
        }
        *end = walk.limit;
        has_staging =
            has_staging_from(&section->blocks, block_count)
            || has_staging_from(&section->definitions, definition_count);
    }
    return true;
}

/*
 * In a file that was cut and joined with another, sizes may by chance lead
 * from the one into the other; then they miss the end of what was written.
 */
static bool
walk_section(struct scanned_section *section, struct input_file *file,
             uint64_t *offset, struct trace_damage *damage, struct error *err)
{
    bool has_size = section->header.section_size != 0;
    bool is_sound = false;
    uint64_t end = file->size;

    if (has_size && !claimed_end(section, file, &end, err)) {
        return false;
    }
    if (end != 0 && !try_walk(section, file, &end, !has_size, &is_sound, err)) {
        return false;
    }
    if (!is_sound && !walk_damaged(section, file, &end, damage, err)) {
        return false;
    }
    if (is_sound && !has_size && end == file->size
        && !walk_on(section, file, &end, damage, err)) {
        return false;
    }
    section->size = end - section->offset;
    *offset = end;
    return true;
}

/* Step over a section that is not for us. */
static bool
skip_section(const struct scanned_section *section,
             const struct input_file *file, uint64_t *offset, struct error *err)
{
    uint64_t end;

    if (!claimed_end(section, file, &end, err)) {
        return false;
    }
    *offset = end != 0 ? end : section->offset + VZT_SECTION_MAGIC_SIZE;
    return end != 0 || search_section(file, offset, err);
}

/* Go to the next magic; what lies before it is damage. */
static bool
go_to_magic(struct scanned_section *section, const struct input_file *file,
            uint64_t *offset, struct trace_damage *damage, struct error *err)
{
    section->offset = *offset;
    if (!search_section(file, &section->offset, err)) {
        return false;
    }
    if (section->offset > *offset) {
        damage_add_skipped(damage, *offset, section->offset - *offset);
    }
    *offset = section->offset;
    return true;
}

bool
section_scan_next(struct scanned_section *section, bool *is_found,
                  struct input_file *file, uint64_t *offset,
                  struct trace_damage *damage, struct error *err)
{
    *section = (struct scanned_section){0};
    *is_found = false;
    while (*offset < file->size) {
        uint64_t header_end;

        if (!go_to_magic(section, file, offset, damage, err)) {
            return false;
        }
        if (*offset == file->size) {
            break;
        }
        /* Header first, size second: a live file may only look longer. */
        if (!read_header(section, file, &header_end, err)
            || !input_file_refresh(file, err)) {
            return false;
        }
        if (file->size < header_end) { /* was cut a moment ago */
            header_end = file->size;
        }
        if (header_end - section->offset < VZT_SECTION_HEADER_SIZE) {
            note_cut_header(section, header_end, damage);
            *offset = header_end;
        } else if (!is_understood(section, damage)) {
            if (!skip_section(section, file, offset, err)) {
                return false;
            }
        } else if (!walk_section(section, file, offset, damage, err)) {
            return false;
        } else if (section->size >= VZT_SECTION_HEADER_SIZE) {
            *is_found = true;
            return true;
        }
    }
    return true;
}

void
scanned_section_release(struct scanned_section *section)
{
    free(section->blocks.rows);
    free(section->definitions.rows);
    *section = (struct scanned_section){0};
}
