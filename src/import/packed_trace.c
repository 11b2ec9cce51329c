// SPDX-License-Identifier: Apache-2.0
#include "import/packed_trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/os.h"
#include "format/layout.h"
#include "import/byte_source.h"
#include "import/chrome_json.h"
#include "import/import_notes.h"
#include "import/temporary_file.h"

enum { PIECE_SIZE = 256 * 1024 };

bool
packed_trace_has_magic(const char *path)
{
    struct byte_source *source = NULL;
    char magic[VZT_SECTION_MAGIC_SIZE];
    struct error unused = {0};
    size_t size = 0;
    size_t got = 1;
    bool ok = byte_source_open(&source, path, &unused)
              && byte_source_is_compressed(source);

    while (ok && got > 0 && size < sizeof magic) {
        ok = byte_source_read(source, magic + size, sizeof magic - size, &got,
                              &unused);
        size += ok ? got : 0;
    }
    byte_source_close(source);
    return ok && size == sizeof magic
           && memcmp(magic, VZT_SECTION_MAGIC, sizeof magic) == 0;
}

/* What is being unpacked. */
struct unpacking {
    const char *path;
    struct byte_source *source;
    char *piece; /* PIECE_SIZE bytes; owned */
    int fd;
    uint64_t size; /* of what was written to it */
    const struct chrome_json_options *options;
    bool was_stopped;
};

/* *is_over: there is no more. */
static bool
copy_piece(struct unpacking *unpacking, bool *is_over, struct error *err)
{
    size_t got = 0;
    int errnum;

    if (!byte_source_read(unpacking->source, unpacking->piece, PIECE_SIZE, &got,
                          err)) {
        return false;
    }
    errnum = os_write_at(unpacking->fd, unpacking->piece, got, unpacking->size);
    if (errnum != 0) {
        return error_set_system(err, errnum,
                                "cannot unpack it into a temporary file (set "
                                "TMPDIR to use another folder)");
    }
    unpacking->size += got;
    *is_over = got == 0;
    unpacking->was_stopped = !progress_report(
        &unpacking->options->progress, byte_source_position(unpacking->source),
        byte_source_size(unpacking->source));
    return true;
}

static bool
copy(struct unpacking *unpacking, struct error *err)
{
    bool is_over = false;

    while (!is_over && !unpacking->was_stopped) {
        if (!copy_piece(unpacking, &is_over, err)) {
            return error_add_context(err, unpacking->path);
        }
    }
    return !unpacking->was_stopped || is_over
           || unpacking->options->keeps_when_stopped
           || error_set(err, ERROR_CANCELLED, "cancelled");
}

/* Say what is missing at the end. */
static bool
add_notes(const struct unpacking *unpacking, struct import_notes *notes,
          struct error *err)
{
    const char *end = byte_source_end_text(unpacking->source);

    if (unpacking->was_stopped) {
        return import_notes_add(
            notes, err,
            "%s: unpacking was stopped at byte %" PRIu64
            " of its inflated bytes; what stood before it is shown",
            unpacking->path, unpacking->size);
    }
    return end == NULL || unpacking->options->is_growing
           || import_notes_add(notes, err,
                               "%s: %s; what stood before it is shown",
                               unpacking->path, end);
}

bool
packed_trace_open(struct imported_trace *out, const char *path,
                  const struct chrome_json_options *options, struct error *err)
{
    struct unpacking unpacking = {
        .path = options->name == NULL ? path : options->name,
        .options = options,
        .fd = -1,
    };
    struct import_notes notes = {0};
    bool ok = byte_source_open(&unpacking.source, path, err);

    if (ok) {
        unpacking.piece = array_new(PIECE_SIZE, 1, err);
        unpacking.fd = unpacking.piece == NULL ? -1 : temporary_file_make(err);
        ok = unpacking.fd >= 0 && copy(&unpacking, err)
             && add_notes(&unpacking, &notes, err);
    }
    if (ok) {
        *out = (struct imported_trace){.fd = unpacking.fd,
                                       .was_stopped = unpacking.was_stopped,
                                       .notes = notes.lines,
                                       .note_count = notes.count};
        (void)snprintf(out->path, sizeof out->path, "/proc/self/fd/%d",
                       out->fd);
    } else {
        import_notes_release(&notes);
        if (unpacking.fd >= 0) {
            (void)close(unpacking.fd);
        }
    }
    free(unpacking.piece);
    byte_source_close(unpacking.source);
    return ok;
}
