// SPDX-License-Identifier: Apache-2.0
/* Any bytes may stand in a .vzt file. */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "format/reader.h"
#include "support/read_back.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    struct trace_file *file = NULL;
    struct read_back read = {0};
    struct error err = {0};
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write(fd, data, size) == (ssize_t)size
        && trace_file_open(&file, path, &err)) {
        (void)read_back_file(&read, file, &err);
    }
    read_back_release(&read);
    trace_file_close(file);
    (void)close(fd);
    return 0;
}
