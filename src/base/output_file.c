// SPDX-License-Identifier: Apache-2.0
/*
 * Bytes gather in a block; a full block is written, or deflated and written.
 * The first errno is kept; after it nothing more is written.
 */
#include "base/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "base/error.h"
#include "base/input_file.h"
#include "base/number_parse.h"
#include "base/os.h"

enum {
    BLOCK_SIZE = 256 * 1024,
    NAME_TRIES = 16,
    LINKS_MAX = 40,             /* as Linux has it */
    GZIP_WINDOW_BITS = 15 + 16, /* 16 asks zlib for gzip's header and trailer */
    GZIP_MEMORY_LEVEL = 8,
    /* of a report, 3 takes 0.4 of the time of zlib's own choice, 6, for a
     * file that is a sixth larger */
    GZIP_LEVEL = 3,
    COPY_SIZE_MAX = 1 << 30, /* by one call of copy_file_range */
};

struct output_file {
    int fd;               /* -1 once committed */
    char *path;           /* as the caller said it, for messages */
    char *target_path;    /* what to replace; NULL when written in place */
    char *temporary_path; /* NULL when written in place, or renamed */
    uint64_t size;        /* bytes given to output_file_write */
    int failure;          /* the first errno, or 0 */
    bool is_gzip;
    z_stream deflate;
    size_t used;      /* bytes in block */
    char *block;      /* BLOCK_SIZE bytes not yet written or deflated */
    char *compressed; /* BLOCK_SIZE bytes, with is_gzip */
};

static void
write_out(struct output_file *file, const char *data, size_t size)
{
    while (size > 0 && file->failure == 0) {
        ssize_t written = write(file->fd, data, size);

        if (written < 0) {
            file->failure = errno == EINTR ? 0 : errno;
            continue;
        }
        data += written;
        size -= (size_t)written;
    }
}

/* Deflate what the block holds; with Z_FINISH also the end of the stream. */
static void
deflate_block(struct output_file *file, int flush)
{
    z_stream *stream = &file->deflate;
    int status;

    stream->next_in = (Bytef *)file->block;
    stream->avail_in = (uInt)file->used;
    do {
        stream->next_out = (Bytef *)file->compressed;
        stream->avail_out = BLOCK_SIZE;
        status = deflate(stream, flush);
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) {
            file->failure = EIO;
            return;
        }
        write_out(file, file->compressed, BLOCK_SIZE - stream->avail_out);
    } while (file->failure == 0 && stream->avail_out == 0);
}

static void
flush_block(struct output_file *file, bool is_last)
{
    if (file->failure != 0) {
        return;
    }
    if (file->is_gzip) {
        deflate_block(file, is_last ? Z_FINISH : Z_NO_FLUSH);
    } else {
        write_out(file, file->block, file->used);
    }
    file->used = 0;
}

bool
output_file_make_private(struct output_file *file, struct error *err)
{
    if (file->temporary_path == NULL) {
        return error_set(err, ERROR_USAGE, "%s is no regular file", file->path);
    }
    return fchmod(file->fd, 0600) == 0
           || error_set_system(err, errno, "cannot write %s", file->path);
}

bool
output_file_write(struct output_file *file, const void *data, size_t size)
{
    const char *at = data;

    file->size += size;
    while (size > 0 && file->failure == 0) {
        size_t room = BLOCK_SIZE - file->used;
        size_t part = size < room ? size : room;

        memcpy(file->block + file->used, at, part);
        file->used += part;
        at += part;
        size -= part;
        if (file->used == BLOCK_SIZE) {
            flush_block(file, false);
        }
    }
    return file->failure == 0;
}

bool
output_file_failure(const struct output_file *file, struct error *err)
{
    return error_set_system(err, file->failure, "cannot write %s", file->path);
}

/* Let the kernel copy; how many bytes it did. Whatever it cannot copy is left
 * to reading and writing, which also finds out why. */
static uint64_t
copy_in_kernel(struct output_file *file, const struct input_file *input,
               uint64_t offset, uint64_t size)
{
    off_t from = (off_t)offset;
    uint64_t copied = 0;

    while (copied < size) {
        uint64_t part = size - copied;
        ssize_t got = copy_file_range(
            input->fd, &from, file->fd, NULL,
            part < COPY_SIZE_MAX ? (size_t)part : COPY_SIZE_MAX, 0);

        if (got <= 0) {
            break;
        }
        copied += (uint64_t)got;
    }
    file->size += copied;
    return copied;
}

bool
output_file_copy(struct output_file *file, const struct input_file *input,
                 uint64_t offset, uint64_t size, struct error *err)
{
    uint64_t done = 0;

    if (size >= BLOCK_SIZE && !file->is_gzip) {
        flush_block(file, false);
        done =
            file->failure == 0 ? copy_in_kernel(file, input, offset, size) : 0;
    }
    while (done < size && file->failure == 0) {
        size_t room = BLOCK_SIZE - file->used;
        size_t part = size - done < room ? (size_t)(size - done) : room;

        if (!input_file_read(input, offset + done, file->block + file->used,
                             part, err)) {
            return false;
        }
        file->used += part;
        file->size += part;
        done += part;
        if (file->used == BLOCK_SIZE) {
            flush_block(file, false);
        }
    }
    return file->failure == 0 || output_file_failure(file, err);
}

uint64_t
output_file_size(const struct output_file *file)
{
    return file->size;
}

/*
 * A name of one of our own descriptors. Opening it again would start at the
 * beginning of a file that the shell opened with >>, and fails on a socket.
 */
static int
own_descriptor(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    uint64_t number;

    if (strcmp(path, "/dev/stdout") == 0) {
        return STDOUT_FILENO;
    }
    if (strcmp(path, "/dev/stderr") == 0) {
        return STDERR_FILENO;
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t length = strlen(folders[i]);

        if (strncmp(path, folders[i], length) == 0
            && number_parse_u64(path + length, &number) && number <= INT_MAX) {
            return (int)number;
        }
    }
    return -1;
}

static bool
open_in_place(struct output_file *file, struct error *err)
{
    int own = own_descriptor(file->path);

    file->fd = own >= 0 ? fcntl(own, F_DUPFD_CLOEXEC, 0)
                        : open(file->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (file->fd < 0) {
        return error_set_system(err, errno, "cannot write %s", file->path);
    }
    return true;
}

/* A name beside the target that nobody can have guessed. */
static char *
make_temporary_path(const char *target)
{
    const char *slash = strrchr(target, '/');
    int folder_length = slash == NULL ? 0 : (int)(slash - target + 1);
    char *path = NULL;

    if (asprintf(&path, "%.*s.viztracer-%016llx.tmp", folder_length, target,
                 (unsigned long long)os_random_u64())
        < 0) {
        return NULL;
    }
    return path;
}

static bool
open_temporary(struct output_file *file, struct error *err)
{
    for (int i = 0; i < NAME_TRIES; i++) {
        file->temporary_path = make_temporary_path(file->target_path);
        if (file->temporary_path == NULL) {
            return error_set_no_memory(err);
        }
        file->fd =
            open(file->temporary_path,
                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (file->fd >= 0) {
            return true;
        }
        free(file->temporary_path);
        file->temporary_path = NULL;
        if (errno != EEXIST) {
            break;
        }
    }
    return error_set_system(err, errno, "cannot write %s", file->path);
}

/* Where a symbolic link leads that leads to nothing yet; the caller frees. What
 * is no link is that itself. NULL with errno. */
static char *
follow_links(const char *path)
{
    char *name = strdup(path);

    for (int i = 0; name != NULL && i < LINKS_MAX; i++) {
        char link[PATH_MAX];
        ssize_t size = readlink(name, link, sizeof link - 1);
        const char *slash = strrchr(name, '/');
        char *next = NULL;

        if (size < 0) {
            return name;
        }
        link[size] = '\0';
        if (asprintf(&next, "%.*s%s",
                     link[0] == '/' || slash == NULL ? 0
                                                     : (int)(slash - name + 1),
                     name, link)
            < 0) {
            next = NULL;
        }
        free(name);
        name = next;
    }
    free(name);
    errno = ELOOP;
    return NULL;
}

/* Where the bytes go: into the target itself, or to a file beside it. */
static bool
open_target(struct output_file *file, struct error *err)
{
    struct stat status;
    bool exists = stat(file->path, &status) == 0;

    if (own_descriptor(file->path) >= 0
        || (exists && !S_ISREG(status.st_mode))) {
        return open_in_place(file, err);
    }
    /* a link to a file stays a link: the file behind it is replaced */
    file->target_path =
        exists ? realpath(file->path, NULL) : follow_links(file->path);
    if (file->target_path == NULL) {
        return error_set_system(err, errno, "cannot write %s", file->path);
    }
    if (exists && access(file->target_path, W_OK) != 0) {
        return error_set_system(err, errno, "cannot write %s", file->path);
    }
    if (!open_temporary(file, err)) {
        return false;
    }
    if (exists && fchmod(file->fd, status.st_mode & 0777) != 0) {
        return error_set_system(err, errno, "cannot write %s", file->path);
    }
    return true;
}

static bool
prepare(struct output_file *file, const char *path, struct error *err)
{
    if (path[0] == '\0') {
        (void)error_set(err, ERROR_USAGE, "the name of a file is empty");
        return false;
    }
    file->path = strdup(path);
    file->block = malloc(BLOCK_SIZE);
    if (file->path == NULL || file->block == NULL) {
        (void)error_set_no_memory(err);
        return false;
    }
    if (!file->is_gzip) {
        return true;
    }
    file->compressed = malloc(BLOCK_SIZE);
    if (file->compressed == NULL
        || deflateInit2(&file->deflate, GZIP_LEVEL, Z_DEFLATED,
                        GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL, Z_DEFAULT_STRATEGY)
               != Z_OK) {
        return error_set_no_memory(err);
    }
    return true;
}

static bool
create(struct output_file **out, const char *path, bool is_gzip,
       struct error *err)
{
    struct output_file *file = calloc(1, sizeof *file);

    if (file == NULL) {
        return error_set_no_memory(err);
    }
    file->fd = -1;
    file->is_gzip = is_gzip;
    if (!prepare(file, path, err) || !open_target(file, err)) {
        output_file_release(file);
        return false;
    }
    *out = file;
    return true;
}

bool
output_file_create(struct output_file **out, const char *path,
                   struct error *err)
{
    return create(out, path, false, err);
}

bool
output_file_create_gzip(struct output_file **out, const char *path,
                        struct error *err)
{
    return create(out, path, true, err);
}

static bool
commit(struct output_file *file, bool waits_for_disk, struct error *err)
{
    flush_block(file, true);
    /* what is written in place may be a pipe, which has no disk */
    if (waits_for_disk && file->failure == 0 && file->temporary_path != NULL
        && fsync(file->fd) != 0) {
        file->failure = errno;
    }
    if (close(file->fd) != 0 && file->failure == 0) {
        file->failure = errno;
    }
    file->fd = -1;
    if (file->failure == 0 && file->temporary_path != NULL
        && rename(file->temporary_path, file->target_path) != 0) {
        file->failure = errno;
    }
    if (file->failure != 0) {
        return output_file_failure(file, err);
    }
    free(file->temporary_path);
    file->temporary_path = NULL;
    return true;
}

bool
output_file_commit(struct output_file *file, struct error *err)
{
    return commit(file, true, err);
}

bool
output_file_commit_soon(struct output_file *file, struct error *err)
{
    return commit(file, false, err);
}

void
output_file_release(struct output_file *file)
{
    if (file == NULL) {
        return;
    }
    if (file->fd >= 0) {
        (void)close(file->fd);
    }
    if (file->temporary_path != NULL) {
        (void)unlink(file->temporary_path);
    }
    if (file->is_gzip) {
        (void)deflateEnd(&file->deflate);
    }
    free(file->temporary_path);
    free(file->target_path);
    free(file->path);
    free(file->block);
    free(file->compressed);
    free(file);
}
