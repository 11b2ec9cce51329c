// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.h"
#include "support/temporary_folder.h"

Test(os, gives_different_random_numbers)
{
    uint64_t seen[64];

    for (int i = 0; i < 64; i++) {
        seen[i] = os_random_u64();
        for (int k = 0; k < i; k++) {
            cr_assert(ne(u64, seen[i], seen[k]));
        }
    }
}

Test(os, reads_the_boot_id_as_the_kernel_writes_it)
{
    uint8_t id[OS_BOOT_ID_SIZE];
    char text[64] = "";
    char digits[64] = "";
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");

    cr_assert(file != NULL);
    cr_assert(fscanf(file, "%63s", text) == 1);
    (void)fclose(file);
    os_boot_id(id);
    (void)snprintf(digits, sizeof digits,
                   "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-"
                   "%02x%02x%02x%02x%02x%02x",
                   id[0], id[1], id[2], id[3], id[4], id[5], id[6], id[7],
                   id[8], id[9], id[10], id[11], id[12], id[13], id[14],
                   id[15]);
    cr_assert(eq(str, digits, text));
}

Test(os, finds_the_start_of_a_process_whatever_its_name)
{
    static const char *const names[] = {"plain", "a b", "x) R 1 2", ")) (("};
    uint64_t expected = os_process_start(getpid());

    cr_assert(expected > 0);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        cr_assert(eq(int, prctl(PR_SET_NAME, names[i]), 0));
        cr_assert(eq(u64, os_process_start(getpid()), expected), "%s",
                  names[i]);
    }
}

Test(os, knows_when_there_is_no_such_process)
{
    pid_t child = fork();

    if (child == 0) {
        _exit(0);
    }
    cr_assert(eq(int, waitpid(child, NULL, 0), child));
    cr_assert(eq(u64, os_process_start(child), 0));
    cr_assert(eq(u64, os_process_start(-1), 0));
}

static void *
remember_thread_id(void *id)
{
    *(uint64_t *)id = os_thread_id();
    return NULL;
}

Test(os, tells_threads_apart)
{
    pthread_t thread;
    uint64_t other = 0;

    cr_assert(
        eq(int, pthread_create(&thread, NULL, remember_thread_id, &other), 0));
    cr_assert(eq(int, pthread_join(thread, NULL), 0));
    cr_assert(other != 0 && other != os_thread_id());
}

Test(os, reads_the_name_of_a_thread)
{
    char name[16];
    char tiny[3];

    cr_assert(eq(int, prctl(PR_SET_NAME, "worker 1"), 0));
    os_thread_name(os_thread_id(), name, sizeof name);
    cr_assert(eq(str, name, "worker 1"));
    os_thread_name(os_thread_id(), tiny, sizeof tiny);
    cr_assert(eq(str, tiny, "wo"));
    os_thread_name(UINT64_MAX, name, sizeof name);
    cr_assert(eq(str, name, ""));
}

Test(os, names_the_pid_namespace_as_proc_does)
{
    char link[64] = "";
    char expected[64];

    cr_assert(readlink("/proc/self/ns/pid", link, sizeof link - 1) > 0);
    (void)snprintf(expected, sizeof expected, "pid:[%lu]",
                   (unsigned long)os_pid_namespace());
    cr_assert(eq(str, link, expected));
}

Test(os, allocates_real_blocks)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "blocks");
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    struct stat status;
    int result = os_allocate(fd, 4096, 65536);

    if (result != EOPNOTSUPP) {
        cr_assert(eq(int, result, 0));
        cr_assert(eq(int, fstat(fd, &status), 0));
        cr_assert(status.st_size == 4096 + 65536);
        cr_assert(status.st_blocks >= 65536 / 512);
    }
    cr_assert(eq(int, os_allocate(fd, UINT64_MAX, 1), EFBIG));
    cr_assert(eq(int, os_allocate(fd, 1, INT64_MAX), EFBIG));
    (void)close(fd);
    cr_assert(eq(int, os_allocate(fd, 0, 4096), EBADF));
    free(path);
    temporary_folder_remove(folder);
}

Test(os, refuses_to_emulate_an_allocation)
{
    int null = open("/dev/null", O_RDWR);
    int ends[2];

    cr_assert(ne(int, os_allocate(null, 0, 4096), 0));
    cr_assert(
        not(os_preallocation_holds(null) && os_allocate(null, 0, 1) == 0));
    cr_assert(eq(int, pipe(ends), 0));
    cr_assert(ne(int, os_allocate(ends[1], 0, 4096), 0));
    cr_assert(not(os_preallocation_holds(ends[1])));
    cr_assert(not(os_preallocation_holds(-1)));
}

Test(os, writes_and_reads_at_a_place)
{
    char *folder = temporary_folder_make();
    char *path = temporary_folder_file(folder, "file");
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    char data[16] = "";

    cr_assert(eq(int, os_write_at(fd, "hello", 5, 10), 0));
    cr_assert(os_read_at(fd, data, 5, 10) == 5);
    cr_assert(eq(str, data, "hello"));
    cr_assert(os_read_at(fd, data, sizeof data, 12) == 3);
    cr_assert(os_read_at(fd, data, sizeof data, 99) == 0);
    cr_assert(os_read_at(fd, data, 1, UINT64_MAX) == -1);
    (void)close(fd);
    cr_assert(eq(int, os_write_at(fd, "x", 1, 0), EBADF));
    cr_assert(os_read_at(fd, data, 1, 0) == -1);
    free(path);
    temporary_folder_remove(folder);
}

Test(os, says_that_a_full_device_is_full)
{
    int full = open("/dev/full", O_WRONLY);

    cr_assert(full >= 0);
    cr_assert(eq(int, os_write_at(full, "x", 1, 0), ENOSPC));
}

Test(os, counts_processors_and_free_space)
{
    cr_assert(os_processor_count() >= 1);
    cr_assert(os_processor_count() <= (unsigned)sysconf(_SC_NPROCESSORS_CONF));
    cr_assert(os_free_space("/") > 0);
    cr_assert(eq(u64, os_free_space("/no/such/folder"), 0));
}
