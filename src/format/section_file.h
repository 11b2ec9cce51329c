// SPDX-License-Identifier: Apache-2.0
/*
 * format/section_file.h - a section that is being written at the end of a
 * file: its header, then what is appended. Internal.
 */
#ifndef FORMAT_SECTION_FILE_H
#define FORMAT_SECTION_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/layout.h"

struct error;

struct section_file {
    int fd;     /* -1 = not open */
    char *path; /* owned */
    uint64_t section_offset;
    uint64_t end_offset; /* where the next bytes go */
    struct vzt_section_header header;
};

/*
 * Begin a section with this header at the end of the file at path, which is
 * made when it is absent. Its status says that it is being written.
 * section_file_close follows in any case.
 */
bool section_file_open(struct section_file *file, const char *path,
                       const struct vzt_section_header *header,
                       struct error *err);

bool section_file_append(struct section_file *file, const void *data,
                         size_t size, struct error *err);

/* All is written: put the section's size and this status, with written_bytes
 * filled in, into its header. */
bool section_file_finish(struct section_file *file,
                         const struct vzt_status *status, struct error *err);

void section_file_close(struct section_file *file);

#endif
