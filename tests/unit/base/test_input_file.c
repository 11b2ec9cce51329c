// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/input_file.h"
#include "support/failing_malloc.h"
#include "support/temporary_folder.h"

static char *folder;
static char *path;

static void
set_up(void)
{
    FILE *file;

    folder = temporary_folder_make();
    path = temporary_folder_file(folder, "input");
    file = fopen(path, "w");
    cr_assert(file != NULL && fputs("0123456789", file) >= 0);
    (void)fclose(file);
}

static void
tear_down(void)
{
    free(path);
    temporary_folder_remove(folder);
}

TestSuite(input_file, .init = set_up, .fini = tear_down);

Test(input_file, reads_at_any_place)
{
    struct input_file file;
    struct error err = {0};
    char data[11] = "";
    size_t got = 0;

    cr_assert(input_file_open(&file, path, &err));
    cr_assert(eq(u64, file.size, 10));
    cr_assert(input_file_read(&file, 3, data, 4, &err));
    cr_assert(eq(str, data, "3456"));
    cr_assert(input_file_read_some(&file, 8, data, 10, &got, &err));
    cr_assert(eq(sz, got, 2));
    cr_assert(input_file_read_some(&file, 100, data, 10, &got, &err));
    cr_assert(eq(sz, got, 0));
    cr_assert(input_file_read(&file, 10, data, 0, &err));
    input_file_close(&file);
    input_file_close(&file);
    cr_assert(eq(int, file.fd, -1));
}

Test(input_file, says_where_a_file_that_was_cut_ends)
{
    struct input_file file;
    struct error err = {0};
    char data[10];
    char expected[256];

    cr_assert(input_file_open(&file, path, &err));
    cr_assert(eq(int, truncate(path, 7), 0));
    cr_assert(not(input_file_read(&file, 5, data, 5, &err)));
    (void)snprintf(
        expected, sizeof expected,
        "%s: ends at byte 7, 3 bytes before the 5 bytes at byte 5 do", path);
    cr_assert(eq(str, err.message, expected));
    cr_assert(eq(int, err.code, ERROR_BAD_INPUT));
    cr_assert(not(input_file_read(&file, 9, data, 1, &err)));
    cr_assert(strstr(err.message, "ends at byte 7, 3 bytes before") != NULL);
    cr_assert(input_file_refresh(&file, &err));
    cr_assert(eq(u64, file.size, 7));
    input_file_close(&file);
}

Test(input_file, opens_only_regular_files)
{
    char *pipe_path = temporary_folder_file(folder, "pipe");
    struct input_file file;
    struct error err = {0};

    cr_assert(eq(int, mkfifo(pipe_path, 0600), 0));
    cr_assert(not(input_file_open(&file, pipe_path, &err)));
    cr_assert(strstr(err.message, "not a regular file") != NULL);
    cr_assert(eq(int, file.fd, -1));
    cr_assert(not(input_file_open(&file, folder, &err)));
    cr_assert(strstr(err.message, "Is a directory") != NULL);
    cr_assert(not(input_file_open(&file, "/no/such/file", &err)));
    cr_assert(eq(str, err.message,
                 "cannot open /no/such/file: No such file or directory"));
    cr_assert(not(input_file_open(&file, "", &err)));
    free(pipe_path);
}

Test(input_file, refuses_offsets_past_what_files_can_have)
{
    struct input_file file;
    struct error err = {0};
    char data;

    cr_assert(input_file_open(&file, path, &err));
    cr_assert(not(input_file_read(&file, UINT64_MAX, &data, 1, &err)));
    cr_assert(not(input_file_read(&file, 0, &data, SIZE_MAX, &err)));
    input_file_close(&file);
}

Test(input_file, says_when_there_is_no_memory)
{
    struct input_file file;
    struct error err = {0};

    if (failing_malloc_arm(0)) {
        cr_assert(not(input_file_open(&file, path, &err)));
        cr_assert(failing_malloc_disarm());
        cr_assert(eq(int, err.code, ERROR_NO_MEMORY));
        cr_assert(eq(int, file.fd, -1));
    }
}
