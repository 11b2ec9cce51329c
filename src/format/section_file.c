// SPDX-License-Identifier: Apache-2.0
#include "format/section_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/os.h"

static bool
write_at(const struct section_file *file, uint64_t offset, const void *data,
         size_t size, struct error *err)
{
    int errnum = os_write_at(file->fd, data, size, offset);

    return errnum == 0
           || error_set_system(err, errnum, "%s: cannot write", file->path);
}

static bool
write_header(const struct section_file *file, const struct vzt_status *status,
             struct error *err)
{
    char bytes[VZT_SECTION_HEADER_SIZE] = {0};

    memcpy(bytes, &file->header, sizeof file->header);
    memcpy(bytes + VZT_STATUS_OFFSET, status, sizeof *status);
    return write_at(file, file->section_offset, bytes, sizeof bytes, err);
}

/* Open the file and find its end. */
static bool
open_at_end(struct section_file *file, const char *path, struct error *err)
{
    struct stat status;

    file->path = strdup(path);
    if (file->path == NULL) {
        return error_set_no_memory(err);
    }
    file->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file->fd < 0 || fstat(file->fd, &status) != 0) {
        return error_set_system(err, errno, "%s: cannot open", path);
    }
    if (!S_ISREG(status.st_mode)) {
        return error_set(err, ERROR_USAGE, "%s: not a regular file", path);
    }
    file->section_offset = (uint64_t)status.st_size;
    file->end_offset = file->section_offset + VZT_SECTION_HEADER_SIZE;
    return true;
}

bool
section_file_open(struct section_file *file, const char *path,
                  const struct vzt_section_header *header, struct error *err)
{
    struct vzt_status status = {.state = VZT_STATE_RECORDING};

    *file = (struct section_file){.fd = -1, .header = *header};
    return open_at_end(file, path, err) && write_header(file, &status, err);
}

bool
section_file_append(struct section_file *file, const void *data, size_t size,
                    struct error *err)
{
    if (size > 0 && !write_at(file, file->end_offset, data, size, err)) {
        return false;
    }
    file->end_offset += size;
    return true;
}

bool
section_file_finish(struct section_file *file, const struct vzt_status *status,
                    struct error *err)
{
    struct vzt_status last = *status;

    last.written_bytes = file->end_offset - file->section_offset;
    file->header.section_size = last.written_bytes;
    return write_header(file, &last, err);
}

void
section_file_close(struct section_file *file)
{
    if (file->fd >= 0) {
        (void)close(file->fd);
    }
    free(file->path);
    *file = (struct section_file){.fd = -1};
}
