// SPDX-License-Identifier: Apache-2.0
/* What the command writes is what the recorder reads. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "cli/options.h"
#include "cli/recording_text.h"
#include "tracer/record/recording_options.h"

/* The options after a way through the text; the caller releases them. */
static struct recording_options
passed(const struct options *options)
{
    struct recording_options out;
    struct error err = {0};
    struct buffer text = {0};

    cr_assert(recording_text_append(&text, options, &err), "%s", err.message);
    cr_assert(recording_options_parse(&out, text.data, &err), "%s",
              err.message);
    buffer_release(&text);
    return out;
}

/* A new folder that is the working directory, gone when the test ends. */
static char *
enter_folder(void)
{
    static char folder[] = "/tmp/viztracer-text-XXXXXX";
    char *real;

    cr_assert(mkdtemp(folder) != NULL);
    real = realpath(folder, NULL);
    cr_assert(real != NULL);
    cr_assert(eq(int, chdir(real), 0));
    return real;
}

static void
expect_real(const char *path, const char *folder, const char *expected)
{
    struct error err = {0};
    char *real = recording_text_real_path(path, &err);
    char whole[PATH_MAX];

    (void)snprintf(whole, sizeof whole, "%s%s", folder, expected);
    cr_assert(real != NULL, "%s: %s", path, err.message);
    cr_expect(eq(str, real, whole), "%s", path);
    free(real);
}

Test(recording_text, leaves_out_what_is_as_by_default)
{
    struct options options = {0};
    struct recording_options out = passed(&options);
    struct recording_options expected = recording_options_default();

    cr_assert(eq(int, memcmp(&out, &expected, sizeof out), 0));
}

Test(recording_text, says_all_that_the_recorder_reads)
{
    struct options options = {
        .limit_bytes = 1,
        .entry_limit = 2,
        .min_duration_ns = 3,
        .has_depth_limit = true,
        .keeps_descendants = true,
        .ignores_c_functions = true,
        .includes_startup = true,
        .has_no_source = true,
        .logs_print = true,
        .ignores_multiprocess = true,
    };
    struct recording_options out = passed(&options);

    cr_assert(eq(u64, out.limit_bytes, 1));
    cr_assert(eq(u64, out.entry_limit, 2));
    cr_assert(eq(u64, out.min_duration_ns, 3));
    cr_assert(eq(u32, out.depth_limit, 0));
    cr_assert(out.keeps_descendants);
    cr_assert(not(out.has_c_functions));
    cr_assert(out.has_startup);
    cr_assert(not(out.has_sources));
    cr_assert(out.logs_print);
    cr_assert(out.has_one_process);
}

Test(recording_text, names_the_recorder_in_python)
{
    struct options options = {.has_python_tracer = true};
    struct buffer text = {0};

    cr_assert(recording_text_append(&text, &options, NULL));
    cr_assert(eq(str, text.data, "limit_bytes=0 tracer=python"));
    buffer_release(&text);
}

Test(recording_text, carries_any_name_of_a_file)
{
    char *folder = enter_folder();
    char *names[] = {"with blank, and = and %41", "line\nbreak", "./plain"};
    struct options options = {.exclude_files = {names, 3}};
    struct recording_options out = passed(&options);

    cr_assert(not(out.is_include));
    cr_assert(eq(sz, out.path_count, 3));
    for (size_t i = 0; i < 3; i++) {
        char expected[PATH_MAX];

        (void)snprintf(expected, sizeof expected, "%s/%s", folder,
                       names[i] + (i == 2 ? 2 : 0));
        cr_expect(eq(sz, out.paths[i].size, strlen(expected)));
        cr_expect(
            eq(int, memcmp(out.paths[i].data, expected, out.paths[i].size), 0),
            "%s", expected);
    }
    recording_options_release(&out);
    cr_assert(eq(int, rmdir(folder), 0));
    free(folder);
}

Test(recording_text, resolves_links_and_what_is_not_there)
{
    char *folder = enter_folder();

    cr_assert(eq(int, mkdir("real", 0700), 0));
    cr_assert(eq(int, symlink("real", "link"), 0));
    expect_real("link", folder, "/real");
    expect_real("link/", folder, "/real");
    expect_real(".", folder, "");
    expect_real("link/no/such", folder, "/real/no/such");
    expect_real("link/../link/x", folder, "/real/x");
    expect_real("no//such/./file/", folder, "/no/such/file");
    expect_real("no/../x", folder, "/x");
    expect_real("/", "", "/");
    expect_real("/no-such-folder/../..", "", "/");
    expect_real("/no-such-folder/x", "", "/no-such-folder/x");
    cr_assert(eq(int, unlink("link"), 0));
    cr_assert(eq(int, rmdir("real"), 0));
    cr_assert(eq(int, rmdir(folder), 0));
    free(folder);
}

Test(recording_text, refuses_the_empty_path)
{
    struct error err = {0};

    cr_assert(recording_text_real_path("", &err) == NULL);
    cr_assert(eq(int, err.code, ERROR_SYSTEM));
}
