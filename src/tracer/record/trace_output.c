// SPDX-License-Identifier: Apache-2.0
/*
 * Appending to a file that may be cut off by a kill at any instant, through a
 * descriptor that the program may have closed.
 */
#include "tracer/record/trace_output.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/os.h"

enum {
    /* Descriptors below belong to the program: it counts on small numbers,
     * and closes ranges of them. */
    DESCRIPTOR_MIN = 512,
    NAME_TRIES = 16,
    PAGE_SIZE = 4096,
    /* From this size on a block begins on a page of its own. */
    ALIGNED_SIZE_MIN = 32768,
    /* About so large a block fills a folio, the page cache's larger page, when
     * it begins where one would. Room for that is this part of the file. */
    FOLIO_SIZE = 65536,
    FOLIO_PADDING_PART = 32,
    /* What is reserved ahead is a quarter of the file, within these. */
    RESERVE_SIZE_MIN = 256 << 10,
    RESERVE_SIZE_MAX = 8 << 20,
};

bool
trace_output_init(struct trace_output *output, const char *directory)
{
    size_t size = strlen(directory);
    size_t used = 0;

    *output = (struct trace_output){.fd = -1};
    if (directory[0] != '/') { /* the program may change its directory */
        if (getcwd(output->path, TRACE_DIRECTORY_SIZE_MAX) == NULL) {
            return false;
        }
        used = strlen(output->path);
        output->path[used++] = '/';
    }
    if (size >= TRACE_DIRECTORY_SIZE_MAX - used) {
        return false;
    }
    memcpy(output->path + used, directory, size + 1);
    output->directory_size = used + size;
    return true;
}

/* A write beyond RLIMIT_FSIZE sends a signal, which would end the program. It
 * is blocked, so it is pending now and can be taken away. */
static void
swallow_size_signal(void)
{
    static const struct timespec at_once = {0};
    sigset_t signals;

    sigemptyset(&signals);
    sigaddset(&signals, SIGXFSZ);
    (void)sigtimedwait(&signals, NULL, &at_once);
}

/* Errors of the file's own, not of one way to use it. */
static bool
is_file_failure(int error_number)
{
    return error_number == ENOSPC || error_number == EDQUOT
           || error_number == EFBIG || error_number == EIO;
}

bool
trace_output_fail(struct trace_output *output, int error_number)
{
    if (error_number == EFBIG) {
        swallow_size_signal();
    }
    if (output->failure != VZT_STOP_NONE) {
        return false;
    }
    if (is_file_failure(error_number)) {
        output->failure = VZT_STOP_DISK_FULL;
    } else if (error_number == ENOMEM) {
        output->failure = VZT_STOP_NO_MEMORY;
    } else if (error_number == 0) {
        output->failure = VZT_STOP_INTERNAL;
    } else {
        output->failure = VZT_STOP_FILE_LOST;
    }
    output->failure_errno = error_number;
    return false;
}

/* Give a new descriptor a number that the program does not look at. */
static int
move_out_of_the_way(int fd)
{
    int moved = fcntl(fd, F_DUPFD_CLOEXEC, DESCRIPTOR_MIN);

    if (moved < 0) {
        return fd; /* the process may not have that many */
    }
    (void)close(fd);
    return moved;
}

static bool
is_our_file(const struct trace_output *output, int fd)
{
    struct stat status;

    return fd >= 0 && fstat(fd, &status) == 0
           && (uint64_t)status.st_dev == output->device
           && (uint64_t)status.st_ino == output->inode;
}

bool
trace_output_verify(struct trace_output *output)
{
    int fd;

    if (output->failure != VZT_STOP_NONE) {
        return false;
    }
    if (is_our_file(output, output->fd)) {
        return true;
    }
    /* Whatever stands under the old number now is the program's. */
    fd = open(output->path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (is_our_file(output, fd)) {
        output->fd = move_out_of_the_way(fd);
        return true;
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    output->fd = -1;
    return trace_output_fail(output, EBADF);
}

static bool
open_new_file(struct trace_output *output)
{
    int fd = -1;
    struct stat status;

    for (int i = 0; i < NAME_TRIES && fd < 0; i++) {
        (void)snprintf(output->path + output->directory_size,
                       TRACE_FILE_NAME_SIZE, "/%016" PRIx64 ".vzt",
                       os_random_u64());
        fd = open(output->path,
                  O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 && errno != EEXIST) {
            break;
        }
    }
    if (fd < 0) {
        return trace_output_fail(output, errno);
    }
    output->fd = move_out_of_the_way(fd);
    if (fstat(output->fd, &status) != 0) {
        return trace_output_fail(output, errno);
    }
    output->device = (uint64_t)status.st_dev;
    output->inode = (uint64_t)status.st_ino;
    return true;
}

/* Map the first page from the file when it is certain to stay allocated. */
static void *
map_header(struct trace_output *output, const void *page)
{
    void *memory = MAP_FAILED;

    output->may_map = os_allocate(output->fd, 0, VZT_SECTION_HEADER_SIZE) == 0
                      && os_preallocation_holds(output->fd);
    if (output->may_map) {
        memory = mmap(NULL, VZT_SECTION_HEADER_SIZE, PROT_READ | PROT_WRITE,
                      MAP_SHARED, output->fd, 0);
    }
    output->may_map = memory != MAP_FAILED;
    output->is_header_mapped = output->may_map;
    if (output->may_map) {
        return memory;
    }
    memory = mmap(NULL, VZT_SECTION_HEADER_SIZE, PROT_READ | PROT_WRITE,
                  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        (void)trace_output_fail(output, ENOMEM);
        return NULL;
    }
    memcpy(memory, page, VZT_SECTION_HEADER_SIZE);
    return memory;
}

/* Forget a file that could not be made useful. */
static bool
discard_new_file(struct trace_output *output)
{
    if (output->fd >= 0) {
        (void)unlink(output->path);
        (void)close(output->fd);
        output->fd = -1;
    }
    output->path[output->directory_size] = '\0';
    return false;
}

bool
trace_output_create(struct trace_output *output,
                    const struct vzt_section_header *header, uint64_t limit,
                    uint64_t call_limit)
{
    _Alignas(8) char page[VZT_SECTION_HEADER_SIZE] = {0};
    struct vzt_status status = {.state = VZT_STATE_RECORDING,
                                .written_bytes = sizeof page,
                                .limit_bytes = limit,
                                .call_limit = call_limit};
    int error_number;

    if (!open_new_file(output)) {
        return discard_new_file(output);
    }
    memcpy(page, header, sizeof *header);
    memcpy(page + VZT_STATUS_OFFSET, &status, sizeof status);
    error_number = os_write_at(output->fd, page, sizeof page, 0);
    if (error_number != 0) {
        (void)trace_output_fail(output, error_number);
        return discard_new_file(output);
    }
    output->header = map_header(output, page);
    if (output->header == NULL) {
        return discard_new_file(output);
    }
    if (!output->may_map) {
        trace_output_status(output)->flags |= VZT_STATUS_PRIVATE_STAGING;
        trace_output_publish(output);
    }
    output->end = sizeof page;
    output->may_reserve = true;
    output->reserved_end = sizeof page;
    output->limit = limit;
    output->block_bytes = 0;
    output->padding_bytes = 0;
    output->ring_cursor = 0;
    output->call_ring.call_limit = call_limit;
    return true;
}

void
trace_output_publish(struct trace_output *output)
{
    if (output->header == NULL || output->is_header_mapped
        || !is_our_file(output, output->fd)) {
        return;
    }
    /* A failure here would have been met, and kept, by the chunk before. */
    (void)os_write_at(output->fd, trace_output_status(output),
                      sizeof(struct vzt_status), VZT_STATUS_OFFSET);
}

/* All of a chunk in one call, so that the system sees one write. */
static int
write_chunk(int fd, const struct vzt_chunk_header *header, const void *body,
            size_t body_size, uint64_t offset)
{
    struct iovec parts[] = {
        {.iov_base = (void *)header, .iov_len = sizeof *header},
        {.iov_base = (void *)body, .iov_len = body_size},
    };
    size_t done;
    ssize_t written;
    int error_number = 0;

    do {
        written = pwritev(fd, parts, 2, (off_t)offset);
    } while (written < 0 && errno == EINTR);
    if (written < 0) {
        return errno;
    }
    done = (size_t)written;
    if (done < sizeof *header) {
        error_number = os_write_at(fd, (const char *)header + done,
                                   sizeof *header - done, offset + done);
        done = sizeof *header;
    }
    if (error_number == 0) {
        size_t body_done = done - sizeof *header;

        error_number = os_write_at(fd, (const char *)body + body_done,
                                   body_size - body_done, offset + done);
    }
    return error_number;
}

/* Whether the limit leaves room for size more bytes of blocks at the end. Some
 * part of it is theirs even when definitions and staging take a lot. */
bool
trace_output_may_grow(const struct trace_output *output, uint64_t size)
{
    return output->ring_cursor == 0
           && (output->end + size <= output->limit
               || output->block_bytes + size <= output->limit / 4);
}

/*
 * Have the file system find blocks for what will come, many at once: a write
 * into them takes a third of the time. Failing at it costs nothing but that.
 */
static void
reserve_ahead(struct trace_output *output, uint64_t end)
{
    uint64_t size = output->end / 4;
    int error_number;

    if (!output->may_reserve || end <= output->reserved_end) {
        return;
    }
    if (size < RESERVE_SIZE_MIN) {
        size = RESERVE_SIZE_MIN;
    } else if (size > RESERVE_SIZE_MAX) {
        size = RESERVE_SIZE_MAX;
    }
    error_number = os_reserve(output->fd, output->end, size);
    if (error_number == EFBIG) {
        swallow_size_signal();
    }
    output->may_reserve = error_number == 0;
    output->reserved_end = output->end + size;
}

/* Put a chunk behind the last one. */
static bool
append_at_end(struct trace_output *output, struct vzt_chunk_header *header,
              const void *body, size_t body_size)
{
    int error_number =
        write_chunk(output->fd, header, body, body_size, output->end);

    if (error_number != 0) {
        (void)ftruncate(output->fd, (off_t)output->end);
        return trace_output_fail(output, error_number);
    }
    output->end += header->size;
    return true;
}

/* Whole pages are written in half the time. */
uint64_t
trace_output_padding(uint64_t offset, uint64_t size)
{
    uint64_t padding = (PAGE_SIZE - offset % PAGE_SIZE) % PAGE_SIZE;

    if (size < ALIGNED_SIZE_MIN) {
        return 0;
    }
    return padding > 0 && padding < sizeof(struct vzt_chunk_header)
               ? padding + PAGE_SIZE
               : padding;
}

/* A large block at the end of the file is written to a large page of the page
 * cache, which takes two thirds of the time of small ones, unless too much of
 * the file went to that already. */
static uint64_t
choose_padding(const struct trace_output *output, uint64_t size)
{
    uint64_t padding = (FOLIO_SIZE - output->end % FOLIO_SIZE) % FOLIO_SIZE;

    if (size >= FOLIO_SIZE - PAGE_SIZE
        && (padding == 0 || padding >= sizeof(struct vzt_chunk_header))
        && output->padding_bytes + padding
               <= output->end / FOLIO_PADDING_PART) {
        return padding;
    }
    return trace_output_padding(output->end, size);
}

/* The file grows by zeros first: until there is a header they are no chunk. */
static bool
append_padding(struct trace_output *output, uint64_t size)
{
    struct vzt_chunk_header header = {
        .magic = VZT_CHUNK_MAGIC, .kind = VZT_CHUNK_FREE, .size = size};

    if (size == 0) {
        return true;
    }
    if (ftruncate(output->fd, (off_t)(output->end + size)) != 0) {
        return trace_output_fail(output, errno);
    }
    output->padding_bytes += size;
    return append_at_end(output, &header, NULL, 0);
}

bool
trace_output_append_chunk(struct trace_output *output,
                          struct vzt_chunk_header *header, const void *body,
                          size_t body_size)
{
    if (header->size >= ALIGNED_SIZE_MIN) {
        reserve_ahead(output, output->end + header->size);
    }
    if (!append_padding(output, choose_padding(output, header->size))
        || !append_at_end(output, header, body, body_size)) {
        return false;
    }
    if (header->kind == VZT_CHUNK_EVENTS) {
        output->block_bytes += header->size;
    }
    trace_output_status(output)->written_bytes = output->end;
    return true;
}

bool
trace_output_append(struct trace_output *output,
                    struct vzt_chunk_header *header, const void *body,
                    size_t body_size, const struct block_facts *facts)
{
    header->magic = VZT_CHUNK_MAGIC;
    header->flags = 0;
    header->size = sizeof *header + body_size;
    if (!trace_output_verify(output)) {
        return false;
    }
    if (facts != NULL && output->call_ring.call_limit > 0) {
        return call_ring_write(output, header, body, body_size, facts);
    }
    if (facts != NULL && !trace_output_may_grow(output, header->size)) {
        return trace_ring_write(output, header, body, body_size);
    }
    return trace_output_append_chunk(output, header, body, body_size);
}

/* The room's own header is in the mapping; the padding before it, if any, was
 * a FREE chunk over both until now. */
static bool
split_padding(struct trace_output *output, uint64_t padding)
{
    int error_number;

    if (padding == 0) {
        return true;
    }
    error_number =
        os_write_at(output->fd, &padding, sizeof padding,
                    output->end + offsetof(struct vzt_chunk_header, size));
    return error_number == 0 || trace_output_fail(output, error_number);
}

static void *
allocate_and_map(struct trace_output *output, uint64_t padding, size_t size)
{
    struct vzt_chunk_header room = {
        .magic = VZT_CHUNK_MAGIC,
        .kind = VZT_CHUNK_FREE,
        .flags = padding == 0 ? VZT_CHUNK_STAGING : 0,
        .size = padding + size,
    };
    void *memory = MAP_FAILED;
    int error_number = os_allocate(output->fd, output->end, padding + size);

    if (error_number != 0 && !is_file_failure(error_number)) {
        return NULL; /* refused here: no failure of the file */
    }
    if (error_number == 0) { /* until now, zeros at the end of the file */
        error_number = os_write_at(output->fd, &room, sizeof room, output->end);
    }
    if (error_number == 0) {
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
                      output->fd, (off_t)(output->end + padding));
    } else {
        (void)trace_output_fail(output, error_number);
    }
    if (memory == MAP_FAILED) {
        (void)ftruncate(output->fd, (off_t)output->end);
        return NULL;
    }
    room.size = size;
    room.flags = VZT_CHUNK_STAGING;
    memcpy(memory, &room, sizeof room);
    return memory;
}

void *
trace_output_map_room(struct trace_output *output, size_t size,
                      uint64_t *offset)
{
    uint64_t page = (uint64_t)getpagesize();
    uint64_t padding;
    void *memory;

    if (!output->may_map || !trace_output_verify(output)) {
        return NULL;
    }
    padding = (page - output->end % page) % page;
    if (padding > 0 && padding < sizeof(struct vzt_chunk_header)) {
        padding += page;
    }
    memory = allocate_and_map(output, padding, size);
    if (memory == NULL) {
        return NULL;
    }
    if (!split_padding(output, padding)) {
        (void)munmap(memory, size);
        return NULL;
    }
    *offset = output->end + padding;
    output->end = *offset + size;
    trace_output_status(output)->written_bytes = output->end;
    return memory;
}

void
trace_output_trim(struct trace_output *output, uint64_t end)
{
    if (trace_output_verify(output) && ftruncate(output->fd, (off_t)end) == 0) {
        output->end = end;
        trace_output_status(output)->written_bytes = end;
    }
}

void
trace_output_close(struct trace_output *output)
{
    if (is_our_file(output, output->fd)) {
        (void)close(output->fd);
    }
    output->fd = -1;
}

void
trace_output_abandon(struct trace_output *output)
{
    trace_output_close(output);
    if (output->header != NULL) {
        (void)munmap(output->header, VZT_SECTION_HEADER_SIZE);
    }
    call_ring_clear(&output->call_ring);
    output->path[output->directory_size] = '\0';
    output->header = NULL;
    output->failure = VZT_STOP_NONE;
    output->failure_errno = 0;
}
