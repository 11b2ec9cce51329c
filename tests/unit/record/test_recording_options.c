// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/error.h"
#include "tracer/record/recording_options.h"

static struct recording_options
parse(const char *text)
{
    struct recording_options options;
    struct error err = {0};

    cr_assert(recording_options_parse(&options, text, &err), "%s", err.message);
    return options;
}

static void
check_refused(const char *text, const char *message)
{
    struct recording_options options;
    struct error err = {0};

    cr_assert(not(recording_options_parse(&options, text, &err)), "%s", text);
    cr_assert(eq(str, err.message, (char *)message));
}

static bool
is_path(const struct recording_options *options, size_t i, const char *text)
{
    return options->paths[i].size == strlen(text)
           && memcmp(options->paths[i].data, text, strlen(text)) == 0;
}

Test(recording_options, nothing_is_said)
{
    static const char *const texts[] = {NULL, "", "   ", "colour=blue x =3"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct recording_options options = parse(texts[i]);

        cr_assert(eq(u32, options.depth_limit, UINT32_MAX));
        cr_assert(options.has_c_functions && options.has_sources
                  && options.has_args);
        cr_assert(not(options.has_startup || options.has_one_process));
        cr_assert(eq(sz, options.path_count, 0));
    }
}

Test(recording_options, each_key)
{
    struct recording_options options =
        parse("limit_bytes=5 entries=18446744073709551615 min_duration_ns=7 "
              "max_depth=0 keep_descendants=1 c_functions=0 include_startup=1 "
              "source=0 args=0 log_print=1 processes=0");

    cr_assert(eq(u64, options.limit_bytes, 5));
    cr_assert(eq(u64, options.entry_limit, UINT64_MAX));
    cr_assert(eq(u64, options.min_duration_ns, 7));
    cr_assert(eq(u32, options.depth_limit, 0));
    cr_assert(options.keeps_descendants && options.has_startup
              && options.logs_print && options.has_one_process);
    cr_assert(not(options.has_c_functions || options.has_sources
                  || options.has_args));
}

Test(recording_options, paths)
{
    struct recording_options options =
        parse("exclude=/a%20b,/c%2Cd%3D include=/x,,");

    cr_assert(options.is_include);
    cr_assert(eq(sz, options.path_count, 3));
    cr_assert(is_path(&options, 0, "/x") && is_path(&options, 1, "")
              && is_path(&options, 2, ""));
    recording_options_release(&options);
    options = parse("exclude=/a%20b,/c%2Cd%3D");
    cr_assert(not(options.is_include));
    cr_assert(is_path(&options, 0, "/a b") && is_path(&options, 1, "/c,d="));
    recording_options_release(&options);
}

Test(recording_options, numbers_that_are_none)
{
    check_refused("include=/a entries=-1",
                  "recording options: entries=-1 is no number up to "
                  "18446744073709551615");
    check_refused("max_depth=4294967296",
                  "recording options: max_depth=4294967296 is no number up to "
                  "4294967295");
    check_refused("limit_bytes= x",
                  "recording options: limit_bytes= is no number up to "
                  "18446744073709551615");
    check_refused("min_duration_ns=1.5",
                  "recording options: min_duration_ns=1.5 is no number up to "
                  "18446744073709551615");
}
