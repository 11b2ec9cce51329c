// SPDX-License-Identifier: Apache-2.0
/* A program may close descriptors that are not its own, and then open files
 * under the same numbers: they must never receive a byte of ours. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "format/event.h"
#include "support/call_walk.h"
#include "support/random.h"
#include "support/recording.h"
#include "support/temporary_folder.h"
#include "tracer/record/recorder.h"
#include "tracer/record/thread_log.h"

enum { DESCRIPTORS = 600, FUNCTIONS = 20, OWN_SIZE_MAX = 1 << 20 };

/* A file of the program's, and what the program wrote into it. */
struct own_file {
    char *path;
    int fd;
    size_t size;
    unsigned char *bytes;
};

static struct own_file
open_own_file(const char *folder, const char *name)
{
    struct own_file file = {
        .path = temporary_folder_file(folder, name),
        .bytes = malloc(OWN_SIZE_MAX),
    };

    file.fd = open(file.path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    cr_assert(file.fd >= 0 && file.bytes != NULL);
    return file;
}

static void
write_own(struct own_file *file, struct random *random)
{
    unsigned char bytes[100];

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)random_u64(random);
    }
    if (file->size + sizeof bytes <= OWN_SIZE_MAX) {
        cr_assert(eq(i64, write(file->fd, bytes, sizeof bytes),
                     (int64_t)sizeof bytes));
        memcpy(file->bytes + file->size, bytes, sizeof bytes);
        file->size += sizeof bytes;
    }
}

static void
check_own(struct own_file *file)
{
    unsigned char *found = malloc(OWN_SIZE_MAX + 1);
    int fd = open(file->path, O_RDONLY);

    cr_assert(fd >= 0 && found != NULL);
    cr_assert(eq(i64, read(fd, found, OWN_SIZE_MAX + 1), (int64_t)file->size));
    cr_assert(zero(int, memcmp(found, file->bytes, file->size)));
    close(fd);
    free(found);
    free(file->bytes);
    free(file->path);
}

/* Close everything but the program's file and the standard ones, and open its
 * file again under every number that is free. */
static void
take_all_descriptors(struct own_file *file)
{
    int fd;

    for (fd = 3; fd < 2 * DESCRIPTORS; fd++) {
        if (fd != file->fd) {
            close(fd);
        }
    }
    for (fd = 3; fd < DESCRIPTORS; fd++) {
        if (fd != file->fd) {
            (void)dup2(file->fd, fd);
        }
    }
}

static void
leave_descriptors(struct own_file *file)
{
    for (int fd = 3; fd < 2 * DESCRIPTORS; fd++) {
        if (fd != file->fd) {
            close(fd);
        }
    }
}

/* Criterion's own descriptors are gone in the end: work in a child. */
static void
run_program(const char *folder)
{
    struct recorder *recorder = recording_start(folder, 0);
    struct own_file file = open_own_file(folder, "own");
    struct random random = {.state = 4};
    struct call_walk walk;

    call_walk_init(&walk, 3, 100, FUNCTIONS);
    for (int i = 0; i < 400; i++) {
        recording_walk(recording_thread(recorder), &walk,
                       (size_t)random_below(&random, 12000));
        write_own(&file, &random);
        if (random_permille(&random, 500)) {
            take_all_descriptors(&file);
        } else if (random_permille(&random, 500)) {
            leave_descriptors(&file);
        }
    }
    recording_walk(recording_thread(recorder), &walk, 20000);
    recorder_finish(recorder);
    cr_assert(eq(u32, recorder_generation(recorder), 0));
    check_own(&file);
    call_walk_release(&walk);
}

static uint64_t
count_events(void)
{
    struct random random = {.state = 4};
    uint64_t count = 20000;

    for (int i = 0; i < 400; i++) {
        count += random_below(&random, 12000);
        for (int j = 0; j < 100; j++) {
            (void)random_u64(&random);
        }
        if (!random_permille(&random, 500)) {
            (void)random_permille(&random, 500);
        }
    }
    return count;
}

Test(descriptors, that_the_program_closes_cost_it_no_byte)
{
    char *folder = temporary_folder_make();
    struct rlimit limit = {.rlim_cur = 4096, .rlim_max = RLIM_INFINITY};
    struct trace_file *file;
    struct call_walk walk;

    int status = -1;
    pid_t child;

    (void)setrlimit(RLIMIT_NOFILE, &limit);
    child = fork();
    if (child == 0) {
        run_program(folder);
        _exit(0);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(zero(int, status));
    file = recording_read_only_file(folder);
    call_walk_init(&walk, 3, 100, FUNCTIONS);
    cr_assert(
        eq(u64,
           recording_follow(file, trace_file_section(file, 0),
                            &trace_file_section(file, 0)->streams[0], &walk),
           count_events()));
    call_walk_release(&walk);
    trace_file_close(file);
    temporary_folder_remove(folder);
}

Test(descriptors, whose_file_is_gone_stop_recording)
{
    char *folder = temporary_folder_make();
    struct recorder *recorder = recording_start(folder, 0);
    struct thread_log *log = recording_thread(recorder);
    struct call_walk walk;
    struct trace_file *file;
    char *path = strdup(recorder_path(recorder));
    char *moved = temporary_folder_file(folder, "moved.vzt");

    call_walk_init(&walk, 3, 100, FUNCTIONS);
    recording_walk(log, &walk, 100000);
    cr_assert(zero(int, rename(path, moved)));
    for (int fd = 512; fd < 520; fd++) {
        struct stat status;
        struct stat own;

        if (fstat(fd, &status) == 0 && stat(moved, &own) == 0
            && status.st_ino == own.st_ino) {
            close(fd);
        }
    }
    recording_walk(log, &walk, 100000);
    cr_assert(not(recorder_is_recording(recorder)));
    recording_walk(log, &walk, 100000);
    recorder_finish(recorder);
    call_walk_release(&walk);
    file = recording_read(moved);
    cr_assert(
        eq(u32, trace_file_section(file, 0)->status.state, VZT_STATE_STOPPED));
    cr_assert(eq(u32, trace_file_section(file, 0)->status.stop_reason,
                 VZT_STOP_FILE_LOST));
    call_walk_init(&walk, 3, 100, FUNCTIONS);
    cr_assert(
        gt(u64,
           recording_follow(file, trace_file_section(file, 0),
                            &trace_file_section(file, 0)->streams[0], &walk),
           100000 - 1));
    call_walk_release(&walk);
    trace_file_close(file);
    free(path);
    free(moved);
    temporary_folder_remove(folder);
}
