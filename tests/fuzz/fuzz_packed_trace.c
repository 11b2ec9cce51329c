// SPDX-License-Identifier: Apache-2.0
/* Any bytes may stand where a compressed trace is wanted, whole or stopped. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "import/chrome_json.h"
#include "import/packed_trace.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* So many reports are answered with go on. */
static bool
stop_later(void *context, uint64_t done, uint64_t total)
{
    unsigned *left = context;

    (void)done;
    (void)total;
    return *left > 0 && (*left)-- > 0;
}

static void
inflate(const char *path, unsigned report_count, bool keeps)
{
    const struct chrome_json_options options = {
        .progress = {.report = stop_later, .context = &report_count},
        .keeps_when_stopped = keeps,
    };
    struct imported_trace trace;
    struct error err = {0};

    if (packed_trace_open(&trace, path, &options, &err)) {
        imported_trace_release(&trace);
    } else if (err.code == ERROR_NONE) {
        abort();
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    char path[32];

    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (write(fd, data, size) != (ssize_t)size) {
        abort();
    }
    if (packed_trace_has_magic(path)) {
        inflate(path, 1000000, false);
    }
    inflate(path, (unsigned)(size % 3), size % 2 == 0);
    (void)close(fd);
    return 0;
}
