// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#include "base/error.h"
#include "base/input_file.h"
#include "base/output_file.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"

enum { LARGE_SIZE = 3 * 1000 * 1000 };

typedef bool create_function(struct output_file **out, const char *path,
                             struct error *err);

static char *folder;
static char *path;

static void
write_text(const char *target, const char *text)
{
    FILE *file = fopen(target, "w");

    cr_assert(file != NULL && fputs(text, file) >= 0);
    (void)fclose(file);
}

/* The first bytes of a file, plain or compressed, as a string. */
static char *
read_text(const char *target)
{
    static char text[256];
    gzFile file = gzopen(target, "rb");
    int got;

    cr_assert(file != NULL, "%s", target);
    got = gzread(file, text, sizeof text - 1);
    cr_assert(got >= 0);
    text[got] = '\0';
    (void)gzclose(file);
    return text;
}

static int
count_entries(void)
{
    DIR *entries = opendir(folder);
    int count = -2; /* . and .. */

    while (readdir(entries) != NULL) {
        count++;
    }
    (void)closedir(entries);
    return count;
}

static void
set_up(void)
{
    folder = temporary_folder_make();
    path = temporary_folder_file(folder, "output");
    (void)umask(022);
}

static void
tear_down(void)
{
    free(path);
    temporary_folder_remove(folder);
}

TestSuite(output_file, .init = set_up, .fini = tear_down);

static void
write_and_commit(create_function *create, const char *text)
{
    struct output_file *file = NULL;
    struct error err = {0};

    cr_assert(create(&file, path, &err), "%s", err.message);
    cr_assert(output_file_write(file, text, strlen(text)));
    cr_assert(output_file_commit(file, &err), "%s", err.message);
    output_file_release(file);
}

static void
write_and_drop(create_function *create, const char *text)
{
    struct output_file *file = NULL;
    struct error err = {0};

    cr_assert(create(&file, path, &err), "%s", err.message);
    cr_assert(output_file_write(file, text, strlen(text)));
    output_file_release(file);
}

Test(output_file, appears_only_when_it_is_committed)
{
    write_and_drop(output_file_create, "half");
    cr_assert(eq(int, count_entries(), 0));
    write_and_commit(output_file_create, "whole");
    cr_assert(eq(str, read_text(path), "whole"));
    write_and_drop(output_file_create, "half");
    write_and_drop(output_file_create_gzip, "half");
    cr_assert(eq(str, read_text(path), "whole"));
    cr_assert(eq(int, count_entries(), 1));
}

Test(output_file, replaces_what_was_there_whole)
{
    write_text(path, "a long text that was there before");
    write_and_commit(output_file_create, "new");
    cr_assert(eq(str, read_text(path), "new"));
    cr_assert(eq(int, count_entries(), 1));
}

static unsigned
mode_of(const char *target)
{
    struct stat status;

    cr_assert(eq(int, stat(target, &status), 0));
    return status.st_mode & 07777;
}

Test(output_file, has_the_mode_that_a_plain_program_would_give_it)
{
    write_and_commit(output_file_create, "new");
    cr_assert(eq(uint, mode_of(path), 0644));
    cr_assert(eq(int, chmod(path, 0640), 0));
    write_and_commit(output_file_create, "newer");
    cr_assert(eq(uint, mode_of(path), 0640));
    cr_assert(eq(int, unlink(path), 0));
    (void)umask(077);
    write_and_commit(output_file_create, "private");
    cr_assert(eq(uint, mode_of(path), 0600));
}

Test(output_file, replaces_the_file_behind_a_link)
{
    char *real = temporary_folder_file(folder, "real");
    struct stat status;

    write_text(real, "old");
    cr_assert(eq(int, symlink("real", path), 0));
    write_and_commit(output_file_create, "new");
    cr_assert(eq(int, lstat(path, &status), 0));
    cr_assert(eq(int, status.st_mode &S_IFMT, S_IFLNK));
    cr_assert(eq(str, read_text(real), "new"));
    free(real);
}

Test(output_file, makes_the_file_that_a_link_leads_to)
{
    char *first = temporary_folder_file(folder, "first");
    char *real = temporary_folder_file(folder, "real");
    struct stat status;

    cr_assert(eq(int, symlink("first", path), 0));
    cr_assert(eq(int, symlink(real, first), 0));
    write_and_drop(output_file_create, "half");
    cr_assert(ne(int, access(real, F_OK), 0));
    write_and_commit(output_file_create, "new");
    cr_assert(eq(int, lstat(path, &status), 0));
    cr_assert(eq(int, status.st_mode &S_IFMT, S_IFLNK));
    cr_assert(eq(str, read_text(real), "new"));
    cr_assert(eq(int, count_entries(), 3));
    free(real);
    free(first);
}

Test(output_file, refuses_links_that_lead_nowhere)
{
    struct output_file *file = NULL;
    struct error err = {0};

    cr_assert(eq(int, symlink("output", path), 0));
    cr_assert(not(output_file_create(&file, path, &err)));
    cr_assert(strstr(err.message, strerror(ELOOP)) != NULL, "%s", err.message);
    cr_assert(eq(int, count_entries(), 1));
}

static void
fill(char *data, size_t size)
{
    uint32_t state = 1;

    for (size_t i = 0; i < size; i++) {
        state = state * 1664525u + 1013904223u;
        data[i] = (char)(state >> 24);
    }
}

static void
expect_large(create_function *create)
{
    char *data = malloc(LARGE_SIZE);
    char *back = malloc(LARGE_SIZE + 1);
    struct output_file *file = NULL;
    struct error err = {0};
    size_t step = 1;

    fill(data, LARGE_SIZE);
    cr_assert(create(&file, path, &err));
    for (size_t at = 0; at < LARGE_SIZE; at += step, step = step * 3 / 2 + 1) {
        step = step > LARGE_SIZE - at ? LARGE_SIZE - at : step;
        cr_assert(output_file_write(file, data + at, step));
        cr_assert(eq(u64, output_file_size(file), at + step));
    }
    cr_assert(output_file_commit(file, &err));
    output_file_release(file);
    gzFile reader = gzopen(path, "rb");

    cr_assert(eq(int, gzread(reader, back, LARGE_SIZE + 1), LARGE_SIZE));
    cr_assert(eq(int, gzdirect(reader), create == output_file_create));
    cr_assert(eq(int, memcmp(data, back, LARGE_SIZE), 0));
    cr_assert(eq(int, gzclose(reader), Z_OK));
    free(data);
    free(back);
}

Test(output_file, holds_what_was_written_in_pieces_of_any_size)
{
    expect_large(output_file_create);
    expect_large(output_file_create_gzip);
}

Test(output_file, may_be_empty)
{
    write_and_commit(output_file_create_gzip, "");
    cr_assert(eq(str, read_text(path), ""));
    write_and_commit(output_file_create, "");
    cr_assert(eq(str, read_text(path), ""));
}

static void
expect_copy(create_function *create, size_t offset, size_t size)
{
    char *data = malloc(LARGE_SIZE);
    char *back = malloc(LARGE_SIZE + 8);
    char *source = temporary_folder_file(folder, "source");
    struct input_file input;
    struct output_file *file = NULL;
    struct error err = {0};
    FILE *stream = fopen(source, "w");
    gzFile reader;

    fill(data, LARGE_SIZE);
    cr_assert(eq(sz, fwrite(data, 1, LARGE_SIZE, stream), LARGE_SIZE));
    cr_assert(eq(int, fclose(stream), 0));
    cr_assert(input_file_open(&input, source, &err));
    cr_assert(create(&file, path, &err));
    cr_assert(output_file_write(file, "head", 4));
    cr_assert(output_file_copy(file, &input, offset, size, &err));
    cr_assert(output_file_write(file, "tail", 4));
    cr_assert(eq(u64, output_file_size(file), size + 8));
    cr_assert(output_file_commit(file, &err));
    output_file_release(file);
    input_file_close(&input);

    reader = gzopen(path, "rb");
    cr_assert(eq(int, gzread(reader, back, LARGE_SIZE + 8), (int)size + 8));
    (void)gzclose(reader);
    cr_assert(eq(int, memcmp(back, "head", 4), 0));
    cr_assert(eq(int, memcmp(back + 4, data + offset, size), 0));
    cr_assert(eq(int, memcmp(back + 4 + size, "tail", 4), 0));
    free(data);
    free(back);
    free(source);
}

Test(output_file, copies_any_part_of_another_file)
{
    expect_copy(output_file_create, 0, LARGE_SIZE);
    expect_copy(output_file_create, 12345, LARGE_SIZE - 54321);
    expect_copy(output_file_create, 7, 100);
    expect_copy(output_file_create, 100, 0);
    expect_copy(output_file_create_gzip, 12345, LARGE_SIZE - 54321);
}

Test(output_file, says_which_file_fails_when_it_copies)
{
    char *source = temporary_folder_file(folder, "source");
    struct input_file input;
    struct output_file *file = NULL;
    struct error err = {0};

    write_text(source, "0123456789");
    cr_assert(input_file_open(&input, source, &err));
    cr_assert(output_file_create(&file, path, &err));
    cr_assert(not(output_file_copy(file, &input, 5, 1000000, &err)));
    cr_assert(strstr(err.message, "source: ends at byte 10") != NULL);
    output_file_release(file);

    cr_assert(output_file_create(&file, "/dev/full", &err));
    for (int i = 0; i < 100000; i++) {
        if (!output_file_copy(file, &input, 0, 10, &err)) {
            break;
        }
    }
    cr_assert(strstr(err.message, "cannot write /dev/full: No space") != NULL);
    output_file_release(file);
    input_file_close(&input);
    free(source);
}

/* Writes past the limit fail as on a full disk, with EFBIG for ENOSPC. */
static void
expect_failure_when_full(create_function *create)
{
    char *data = malloc(LARGE_SIZE);
    struct rlimit limit = {.rlim_cur = 300000, .rlim_max = RLIM_INFINITY};
    struct output_file *file = NULL;
    struct error err = {0};

    fill(data, LARGE_SIZE);
    write_text(path, "old");
    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert(eq(int, setrlimit(RLIMIT_FSIZE, &limit), 0));
    cr_assert(create(&file, path, &err));
    cr_assert(not(output_file_write(file, data, LARGE_SIZE)));
    cr_assert(not(output_file_write(file, data, 1)));
    cr_assert(not(output_file_commit(file, &err)));
    cr_assert(strstr(err.message, path) != NULL);
    cr_assert(strstr(err.message, strerror(EFBIG)) != NULL);
    output_file_release(file);
    cr_assert(eq(str, read_text(path), "old"));
    cr_assert(eq(int, count_entries(), 1));
    free(data);
}

Test(output_file, leaves_the_old_file_when_the_disk_is_full)
{
    expect_failure_when_full(output_file_create);
}

Test(output_file, leaves_the_old_file_when_the_disk_is_full_for_gzip)
{
    expect_failure_when_full(output_file_create_gzip);
}

Test(output_file, reports_a_full_device_at_the_latest_by_commit)
{
    struct output_file *file = NULL;
    struct error err = {0};

    cr_assert(output_file_create(&file, "/dev/full", &err));
    cr_assert(output_file_write(file, "x", 1));
    cr_assert(not(output_file_commit(file, &err)));
    cr_assert(eq(str, err.message,
                 "cannot write /dev/full: No space left on device"));
    output_file_release(file);
}

Test(output_file, writes_into_a_pipe_in_place)
{
    char data[8] = "";
    int reader;

    cr_assert(eq(int, mkfifo(path, 0600), 0));
    reader = open(path, O_RDONLY | O_NONBLOCK);
    write_and_commit(output_file_create, "text");
    cr_assert(read(reader, data, sizeof data) == 4);
    cr_assert(eq(str, data, "text"));
    cr_assert(eq(int, count_entries(), 1));
    (void)close(reader);
}

/* The shell's >> : what the file held, and the descriptor's place, stay. */
Test(output_file, appends_where_its_own_descriptor_stands)
{
    char name[32];
    char *target = path;
    int fd;

    write_text(path, "kept ");
    fd = open(path, O_WRONLY | O_APPEND);
    (void)snprintf(name, sizeof name, "/dev/fd/%d", fd);
    path = name;
    write_and_commit(output_file_create, "added");
    path = target;
    cr_assert(eq(str, read_text(path), "kept added"));
    cr_assert(write(fd, "!", 1) == 1);
    (void)close(fd);
    cr_assert(eq(int, count_entries(), 1));
}

Test(output_file, names_the_path_that_it_cannot_write)
{
    struct output_file *file = NULL;
    struct error err = {0};

    cr_assert(not(output_file_create(&file, "/no/such/folder/x", &err)));
    cr_assert(eq(str, err.message,
                 "cannot write /no/such/folder/x: No such file or directory"));
    cr_assert(not(output_file_create(&file, folder, &err)));
    cr_assert(strstr(err.message, "Is a directory") != NULL);
    cr_assert(not(output_file_create(&file, "", &err)));
    cr_assert(not(output_file_create(&file, "/dev/fd/12345", &err)));
    cr_assert(file == NULL);
}

Test(output_file, fails_cleanly_at_every_allocation)
{
    static create_function *const creates[] = {output_file_create,
                                               output_file_create_gzip};

    write_text(path, "old");
    for (size_t i = 0; i < 2; i++) {
        bool has_failed = true;

        for (unsigned successes = 0; has_failed; successes++) {
            struct output_file *file = NULL;
            struct error err = {0};
            bool ok;

            if (!failing_malloc_arm(successes)) {
                return;
            }
            ok = creates[i](&file, path, &err);
            has_failed = failing_malloc_disarm();
            /* libc gets over some failures by itself */
            cr_assert(ok || has_failed);
            cr_assert(eq(int, err.code == ERROR_NONE, ok));
            cr_assert(eq(int, file != NULL, ok));
            output_file_release(file);
            cr_assert(eq(int, count_entries(), 1));
        }
    }
}
