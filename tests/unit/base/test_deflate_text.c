// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/deflate_text.h"
#include "base/error.h"
#include "base/input_file.h"
#include "base/output_file.h"
#include "support/packed_text.h"
#include "support/random.h"
#include "support/temporary_folder.h"

static char *folder;
static char *path;

static void
set_up(void)
{
    folder = temporary_folder_make();
    path = temporary_folder_file(folder, "text");
}

static void
tear_down(void)
{
    free(path);
    temporary_folder_remove(folder);
}

TestSuite(deflate_text, .init = set_up, .fini = tear_down);

static void
write_text(const char *data, size_t size, size_t piece)
{
    struct output_file *file = NULL;
    struct deflate_text *text = NULL;
    struct error err = {0};

    cr_assert(output_file_create(&file, path, &err), "%s", err.message);
    cr_assert(deflate_text_new(&text, file, &err));
    for (size_t at = 0; at < size; at += piece) {
        size_t left = size - at;

        cr_assert(deflate_text_write(text, data + at,
                                     left < piece ? left : piece, &err));
    }
    cr_assert(deflate_text_finish(text, &err), "%s", err.message);
    deflate_text_free(text);
    cr_assert(output_file_commit(file, &err));
    output_file_release(file);
}

static void
expect_back(const char *data, size_t size, size_t piece)
{
    struct input_file input;
    struct buffer back = {0};
    struct error err = {0};
    char *text;

    write_text(data, size, piece);
    cr_assert(input_file_open(&input, path, &err), "%s", err.message);
    text = malloc(input.size + 1);
    cr_assert(input_file_read(&input, 0, text, input.size, &err));
    packed_text_read(&back, text, input.size);
    cr_assert(eq(sz, back.size, size), "pieces of %zu", piece);
    cr_assert(size == 0 || memcmp(back.data, data, size) == 0, "pieces of %zu",
              piece);
    free(text);
    input_file_close(&input);
    buffer_release(&back);
}

Test(deflate_text, reads_back_whatever_its_size_and_pieces)
{
    /* Noise, so that the text is as long as what it holds; more than a block
     * of it. */
    static char data[200 * 1000];
    struct random random = {.state = 5};

    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (char)random_u64(&random);
    }
    for (size_t size = 0; size < 40; size++) {
        expect_back(data, size, 7);
    }
    expect_back(data, sizeof data, 1000);
    expect_back(data, sizeof data, sizeof data);
    expect_back(data, sizeof data - 1, 4099);
}

Test(deflate_text, is_small_for_what_repeats)
{
    static const char data[100 * 1000];
    struct stat status;

    write_text(data, sizeof data, 64);
    cr_assert(eq(int, stat(path, &status), 0));
    cr_assert(lt(long, (long)status.st_size, 1000));
}

Test(deflate_text, says_when_the_file_cannot_be_written)
{
    static char data[400 * 1000];
    struct random random = {.state = 6};
    struct output_file *file = NULL;
    struct deflate_text *text = NULL;
    struct error err = {0};
    bool ok;

    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (char)random_u64(&random);
    }
    cr_assert(output_file_create(&file, "/dev/full", &err), "%s", err.message);
    cr_assert(deflate_text_new(&text, file, &err));
    ok = deflate_text_write(text, data, sizeof data, &err)
         && deflate_text_finish(text, &err) && output_file_commit(file, &err);
    cr_assert(not(ok));
    cr_assert(strstr(err.message, "/dev/full") != NULL, "%s", err.message);
    deflate_text_free(text);
    output_file_release(file);
}
