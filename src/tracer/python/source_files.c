// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/source_files.c - keep the sources of what runs in the trace.
 */
#include "tracer/python/source_files.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/os.h"
#include "tracer/python/recording.h"

enum { SOURCE_SIZE_MAX = 16 << 20 };

/* Whether the path is new; it is not new the next time. */
static bool
remember(struct text_span path)
{
    uint64_t hash = hash_bytes(path.data, path.size) | 1; /* never NULL */
    const void *key = (const void *)(uintptr_t)hash;

    if (function_table_look(recording.sources, key) != 0) {
        return false;
    }
    return function_table_set(recording.sources, key, 1);
}

static void
record_open_file(int fd, struct text_span path)
{
    struct buffer text = {0};
    struct stat status;
    ssize_t size = -1;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)
        || status.st_size > SOURCE_SIZE_MAX) {
        return;
    }
    if (buffer_reserve(&text, (size_t)status.st_size)) {
        size = os_read_at(fd, text.data, (size_t)status.st_size, 0);
    }
    if (size > 0) {
        recorder_source(recording.recorder, path,
                        (struct text_span){text.data, (size_t)size});
    }
    buffer_release(&text);
}

void
source_file_record(struct text_span path)
{
    char name[PATH_MAX];
    int fd = -1;

    if (!recording.options.has_sources || recording.recorder == NULL
        || path.size == 0 || path.size >= sizeof name || path.data[0] == '<'
        || !remember(path)) {
        return;
    }
    memcpy(name, path.data, path.size);
    name[path.size] = '\0';
    fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd >= 0) {
        record_open_file(fd, path);
        close(fd);
    }
}
