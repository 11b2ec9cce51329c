// SPDX-License-Identifier: Apache-2.0
/*
 * What Linux offers. Part of the recorder: nothing allocates or keeps state.
 */
#include "base/os.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <malloc.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    XFS_MAGIC = 0x58465342,
    PROCESSORS_MAX = 8192,
    KERNEL_NAME_SIZE = 16, /* of a thread */
};

/* Read a small file of the kernel's; its size, or -1. Ends it with a NUL. */
static ssize_t
read_small_file(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = -1;

    text[0] = '\0';
    if (fd < 0) {
        return -1;
    }
    do {
        got = read(fd, text, size - 1);
    } while (got < 0 && errno == EINTR);
    (void)close(fd);
    text[got < 0 ? 0 : got] = '\0';
    return got;
}

/* The finisher of MurmurHash3: every input bit reaches every output bit. */
static uint64_t
scramble(uint64_t value)
{
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdu;
    value ^= value >> 33;
    value *= 0xc4ceb9fe1a85ec53u;
    return value ^ (value >> 33);
}

uint64_t
os_random_u64(void)
{
    uint64_t value = 0;

    if (getrandom(&value, sizeof value, GRND_NONBLOCK)
        == (ssize_t)sizeof value) {
        return value;
    }
    value = scramble(clock_realtime_ns());
    value = scramble(value ^ clock_monotonic_ns());
    value = scramble(value ^ (uint64_t)getpid());
    value = scramble(value ^ os_thread_id());
    return scramble(value ^ (uint64_t)(uintptr_t)&value);
}

static int
hex_digit(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    if (character >= 'a' && character <= 'f') {
        return character - 'a' + 10;
    }
    return -1;
}

void
os_boot_id(uint8_t boot_id[OS_BOOT_ID_SIZE])
{
    char text[64];
    size_t digit_count = 0;

    memset(boot_id, 0, OS_BOOT_ID_SIZE);
    (void)read_small_file("/proc/sys/kernel/random/boot_id", text, sizeof text);
    for (const char *at = text; *at != '\0' && *at != '\n'; at++) {
        int digit = hex_digit(*at);

        if (digit < 0) {
            continue; /* the dashes of a UUID */
        }
        if (digit_count == 2 * OS_BOOT_ID_SIZE) {
            break;
        }
        boot_id[digit_count / 2] =
            (uint8_t)(boot_id[digit_count / 2] * 16 + digit);
        digit_count++;
    }
    if (digit_count != 2 * OS_BOOT_ID_SIZE) {
        memset(boot_id, 0, OS_BOOT_ID_SIZE);
    }
}

uint64_t
os_pid_namespace(void)
{
    struct stat status;

    return stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}

uint64_t
os_process_start(pid_t pid)
{
    enum { FIELDS_AFTER_NAME = 19 }; /* from field 3 to field 22 */
    char path[64];
    char text[1024];
    const char *at;

    (void)snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    if (read_small_file(path, text, sizeof text) <= 0) {
        return 0;
    }
    at = strrchr(text, ')'); /* the name may hold anything, ')' too */
    if (at == NULL || at[1] != ' ') {
        return 0;
    }
    at += 2;
    for (int i = 0; i < FIELDS_AFTER_NAME; i++) {
        at = strchr(at, ' ');
        if (at == NULL) {
            return 0;
        }
        at++;
    }
    return strtoull(at, NULL, 10);
}

uint64_t
os_thread_id(void)
{
    return (uint64_t)syscall(SYS_gettid);
}

void
os_thread_name(uint64_t thread_id, char *name, size_t size)
{
    char path[64];

    if (size == 0) {
        return;
    }
    if (thread_id == os_thread_id() && size >= KERNEL_NAME_SIZE) {
        (void)prctl(PR_GET_NAME, name);
        return;
    }
    (void)snprintf(path, sizeof path, "/proc/self/task/%llu/comm",
                   (unsigned long long)thread_id);
    (void)read_small_file(path, name, size);
    name[strcspn(name, "\n")] = '\0';
}

/*
 * An overlay does not say what its upper layer is, but passes questions about
 * a file on to it: the flag "has extents" is ext4's alone, only xfs counts
 * extents in the attributes, and neither is believed of a file that cannot be
 * asked where its blocks are, since fuse passes on what others answer. Where a
 * question fails the answer is no, which never kills the program.
 */
static bool
upper_layer_holds(int fd)
{
    struct fiemap map = {.fm_length = FIEMAP_MAX_OFFSET};
    struct fsxattr attributes = {0};
    int flags = 0;

    if (ioctl(fd, FS_IOC_FIEMAP, &map) != 0 || map.fm_mapped_extents == 0) {
        return false;
    }
    return (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && (flags & FS_EXTENT_FL))
           || (ioctl(fd, FS_IOC_FSGETXATTR, &attributes) == 0
               && attributes.fsx_nextents > 0);
}

/* Only file systems that write an allocated block in place are trusted. */
bool
os_preallocation_holds(int fd)
{
    struct statfs status;

    if (fstatfs(fd, &status) != 0) {
        return false;
    }
    switch ((unsigned long)status.f_type) {
    case EXT4_SUPER_MAGIC: /* ext2 and ext3 too */
    case XFS_MAGIC:
    case TMPFS_MAGIC:
        return true;
    case OVERLAYFS_SUPER_MAGIC:
        return upper_layer_holds(fd);
    default:
        return false;
    }
}

/* Not posix_fallocate: where the file system refuses, glibc writes into each
 * block instead, which is slow and promises nothing. */
static int
allocate(int fd, int mode, uint64_t offset, uint64_t size)
{
    int result;

    if (offset > INT64_MAX || size > INT64_MAX - offset) {
        return EFBIG;
    }
    do {
        result = fallocate(fd, mode, (off_t)offset, (off_t)size);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

int
os_allocate(int fd, uint64_t offset, uint64_t size)
{
    return allocate(fd, 0, offset, size);
}

int
os_reserve(int fd, uint64_t offset, uint64_t size)
{
    return allocate(fd, FALLOC_FL_KEEP_SIZE, offset, size);
}

uint64_t
os_free_space(const char *path)
{
    struct statvfs status;

    if (statvfs(path, &status) != 0) {
        return 0;
    }
    return (uint64_t)status.f_bavail * (uint64_t)status.f_frsize;
}

int
os_write_at(int fd, const void *data, size_t size, uint64_t offset)
{
    const char *at = data;

    while (size > 0) {
        ssize_t written = pwrite(fd, at, size, (off_t)offset);

        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return errno;
        }
        if (written == 0) {
            return EIO;
        }
        at += written;
        size -= (size_t)written;
        offset += (uint64_t)written;
    }
    return 0;
}

ssize_t
os_read_at(int fd, void *data, size_t size, uint64_t offset)
{
    char *at = data;
    size_t total = 0;

    if (size > SSIZE_MAX || offset > INT64_MAX) {
        errno = EINVAL;
        return -1;
    }
    while (total < size) {
        ssize_t got =
            pread(fd, at + total, size - total, (off_t)(offset + total));

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            break;
        }
        total += (size_t)got;
    }
    return (ssize_t)total;
}

void
os_release_free_memory(void)
{
    (void)malloc_trim(0);
}

void
os_prefer_large_pages(void *data, size_t size)
{
    const uintptr_t unit = (uintptr_t)1 << 21;
    uintptr_t begin = ((uintptr_t)data + unit - 1) & ~(unit - 1);
    uintptr_t end = ((uintptr_t)data + size) & ~(unit - 1);

    if (begin < end) {
        (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
    }
}

unsigned
os_processor_count(void)
{
    unsigned char mask[PROCESSORS_MAX / CHAR_BIT]
        __attribute__((aligned(sizeof(long)))) = {0};
    unsigned count = 0;
    long size = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);

    for (long i = 0; i < size; i++) {
        count += (unsigned)__builtin_popcount(mask[i]);
    }
    return count > 0 ? count : 1;
}
