// SPDX-License-Identifier: Apache-2.0
#include "cli/unseen_processes.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/os.h"
#include "cli/recording_survey.h"

enum {
    FILE_SIZE_MAX = 4 << 20,
    READ_SIZE = 64 << 10,
    /* An interpreter has loaded the recorder by then. */
    STARTING_SECONDS = 2,
};

/* All of /proc/PID/name; empty when it cannot be read. */
static void
read_all(struct buffer *text, pid_t pid, const char *name)
{
    char path[64];
    ssize_t size = 1;
    int fd;

    buffer_clear(text);
    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && size > 0 && text->size < FILE_SIZE_MAX
           && buffer_reserve(text, READ_SIZE)) {
        size = read(fd, text->data + text->size, READ_SIZE);
        text->size += size > 0 ? (size_t)size : 0;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* Its environment says to record into the directory. */
static bool
is_of_recording(const struct buffer *environment, const char *directory)
{
    static const char name[] = "VIZTRACER_RECORD_DIR=";
    const char *text = environment->data;
    size_t left = environment->size;
    size_t size = strlen(directory);

    while (left > 0) {
        size_t length = strnlen(text, left);

        if (length == sizeof name - 1 + size
            && memcmp(text, name, sizeof name - 1) == 0
            && memcmp(text + sizeof name - 1, directory, size) == 0) {
            return true;
        }
        length += length < left; /* the NUL */
        text += length;
        left -= length;
    }
    return false;
}

/* Whether it began within the last seconds. */
static bool
is_starting(pid_t pid)
{
    uint64_t start = os_process_start(pid);
    struct timespec now;
    long rate = sysconf(_SC_CLK_TCK);

    return start != 0 && rate > 0 && clock_gettime(CLOCK_BOOTTIME, &now) == 0
           && start / (uint64_t)rate + STARTING_SECONDS >= (uint64_t)now.tv_sec;
}

static bool
is_python(pid_t pid)
{
    char path[64];
    char target[PATH_MAX];
    const char *slash;
    ssize_t size;

    (void)snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
    size = readlink(path, target, sizeof target - 1);
    if (size <= 0) {
        return false;
    }
    target[size] = '\0';
    slash = strrchr(target, '/');
    return slash != NULL && strncmp(slash + 1, "python", 6) == 0;
}

/* The recorder is in its memory, or about to be. */
static bool
is_recording(struct buffer *text, pid_t pid)
{
    read_all(text, pid, "maps");
    return (text->size > 0
            && memmem(text->data, text->size, "/_tracer.", 9) != NULL)
           || (is_python(pid) && is_starting(pid));
}

static bool
is_seen(const struct recorded_pids *seen, pid_t pid)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (seen->items[i] == (uint32_t)pid) {
            return true;
        }
    }
    return false;
}

size_t
unseen_processes_count(const char *directory, const struct recorded_pids *seen)
{
    DIR *folder = opendir("/proc");
    const struct dirent *entry;
    struct buffer text = {0};
    size_t count = 0;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

        if (!isdigit((unsigned char)entry->d_name[0]) || pid == getpid()
            || is_seen(seen, pid)) {
            continue;
        }
        read_all(&text, pid, "environ");
        count += is_of_recording(&text, directory) && is_recording(&text, pid);
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
    buffer_release(&text);
    return count;
}
