// SPDX-License-Identifier: Apache-2.0
/*
 * base/os.h - what differs between operating systems, in one place.
 *
 * Nothing here allocates, prints or keeps state, so that the recorder may use
 * it inside somebody else's process.
 */
#ifndef BASE_OS_H
#define BASE_OS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct error;

enum { OS_BOOT_ID_SIZE = 16 };

/* Random bits from the kernel; falls back to clocks, pid and addresses. */
uint64_t os_random_u64(void);

/* The id of this boot (16 bytes; zero when unknown). */
void os_boot_id(uint8_t boot_id[OS_BOOT_ID_SIZE]);

/* The inode of the pid namespace of this process; 0 when unknown. */
uint64_t os_pid_namespace(void);

/* When the process started, in clock ticks since boot (proc(5), field 22);
 * 0 when there is no such process. With the pid it names a process. */
uint64_t os_process_start(pid_t pid);

/* The kernel's id of the calling thread. */
uint64_t os_thread_id(void);

/* The kernel's name of a thread of this process, NUL-terminated, at most
 * size - 1 bytes; "" when unknown. */
void os_thread_name(uint64_t thread_id, char *name, size_t size);

/*
 * Whether blocks that are allocated in this file now stay allocated: false on
 * copy-on-write and network file systems, where a mapped store can still find
 * the disk full. Ask when the file has a block.
 *
 * A new file on an overlay, as in most containers, lies on the file system of
 * the upper layer. True where the file itself shows that this is ext4 or xfs,
 * if the kernel passes the question on; false when it cannot be told, as for
 * tmpfs.
 */
bool os_preallocation_holds(int fd);

/* Allocate real blocks for a range of a file. 0, or an errno value. */
int os_allocate(int fd, uint64_t offset, uint64_t size);

/* The same behind the end of a file, whose size stays: writes that come later
 * find their blocks, until the file is truncated. 0, or an errno value. */
int os_reserve(int fd, uint64_t offset, uint64_t size);

/* Bytes that an unprivileged user may still write to the file system that
 * holds path; 0 when it cannot be told. */
uint64_t os_free_space(const char *path);

/* Write all of it at offset, through EINTR and short writes. 0, or an errno. */
int os_write_at(int fd, const void *data, size_t size, uint64_t offset);

/* Read up to size bytes at offset, through EINTR and short reads. The number
 * of bytes read (less only at the end of the file), or -1 with errno set. */
ssize_t os_read_at(int fd, void *data, size_t size, uint64_t offset);

/* Give memory that was freed back to the system, where the allocator keeps it.
 * Takes milliseconds: for the end of a large piece of work. */
void os_release_free_memory(void);

/* Memory of several MiB, not yet written to, will be written to all over: have
 * the kernel map it in large pages, where it can. */
void os_prefer_large_pages(void *data, size_t size);

/* Number of processors this process may run on, at least 1. */
unsigned os_processor_count(void);

#endif
