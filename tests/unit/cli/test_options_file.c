// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/options.h"
#include "cli/options_file.h"
#include "support/random.h"

enum { TEXT_SIZE = 1024 };

/* The text has to outlive the options: one of each in a test. */
static char text[TEXT_SIZE];

static bool
parse_bytes(struct options *options, const char *bytes, size_t size,
            struct error *err)
{
    cr_assert(lt(sz, size, sizeof text));
    memcpy(text, bytes, size);
    text[size] = '\0';
    *options = (struct options){0};
    return options_file_parse(options, text, size, "rc", 0, err);
}

static struct options
parsed(const char *bytes)
{
    struct options options;
    struct error err = {0};

    cr_assert(parse_bytes(&options, bytes, strlen(bytes), &err), "%s: %s",
              bytes, err.message);
    return options;
}

static void
expect_refused(const char *bytes, const char *message)
{
    struct options options;
    struct error err = {0};

    cr_assert(not(parse_bytes(&options, bytes, strlen(bytes), &err)), "%s",
              bytes);
    cr_expect(eq(str, err.message, (char *)message));
    options_release(&options);
}

Test(options_file, says_what_the_command_line_says)
{
    struct options options =
        parsed("# ours\n[default]\noutput-file: a b.json\n"
               "MAX_STACK_DEPTH=5\r\n; off\nmin_duration = 3 us\n"
               "ignore_c_function = Yes\nlog_print = off\nquiet = 1\n"
               "[other]\nquiet = maybe\n");

    cr_assert(eq(str, (char *)options.output_path, "a b.json"));
    cr_assert(eq(u32, options.depth_limit, 5));
    cr_assert(eq(u64, options.min_duration_ns, 3000));
    cr_assert(options.ignores_c_functions);
    cr_assert(not(options.logs_print));
    cr_assert(options.is_quiet);
}

Test(options_file, goes_on_with_lists_on_indented_lines)
{
    static const char *const expected[] = {"a", "b", "c=d", "e"};
    struct options options = parsed("[default]\nexclude_files = a b\n"
                                    "   # no word\n\n\tc=d\n  e\nquiet = on");

    cr_assert(eq(sz, options.exclude_files.count, 4));
    for (size_t i = 0; i < 4; i++) {
        cr_expect(eq(str, options.exclude_files.items[i], (char *)expected[i]));
    }
    cr_assert(options.is_quiet);
    options_release(&options);
}

Test(options_file, gives_way_to_the_command_line)
{
    static const char bytes[] = "[default]\nexclude_files = a\n"
                                "output_file = x.json\nmin_duration = 5\n"
                                "tracer_entries = 7\n";
    struct options options = {.min_duration_ns = 1};
    struct error err = {0};
    option_set given = UINT64_C(1) << OPTION_INCLUDE_FILES
                       | UINT64_C(1) << OPTION_UNIQUE_OUTPUT_FILE
                       | UINT64_C(1) << OPTION_MIN_DURATION;

    memcpy(text, bytes, sizeof bytes);
    cr_assert(
        options_file_parse(&options, text, sizeof bytes - 1, "rc", given, &err),
        "%s", err.message);
    cr_assert(eq(sz, options.exclude_files.count, 0));
    cr_assert(options.output_path == NULL);
    cr_assert(eq(u64, options.min_duration_ns, 1));
    cr_assert(eq(u64, options.entry_limit, 7));
}

Test(options_file, names_the_line_that_is_wrong)
{
    expect_refused("[default]\n\nbogus = 1\n",
                   "rc:3: there is no option bogus");
    expect_refused("[default]\nplugins = x\n",
                   "rc:2: --plugins is not in this version");
    expect_refused("[default]\nrcfile = x\n",
                   "rc:2: rcfile is for the command line only");
    expect_refused("[default]\ncmd_string = import os\n",
                   "rc:2: cmd_string is for the command line only");
    expect_refused("[default]\nquiet = maybe\n",
                   "rc:2: quiet needs true or false, not \"maybe\"");
    expect_refused("[default]\nlimit =\n",
                   "rc:2: limit needs a value: limit = SIZE");
    expect_refused("[default]\nmax_stack_depth = 1 2\n",
                   "rc:2: --max_stack_depth needs a whole number, not \"1 2\"");
    expect_refused("[default]\nquiet\n",
                   "rc:2: an option is written \"name = value\"");
    expect_refused("[default]\nlimit = 1M\n\nlimit = 2M",
                   "rc:4: limit stands there twice");
    expect_refused("[default]\ninclude_files = a\nexclude_files = b\n",
                   "rc:3: --include_files and --exclude_files exclude each "
                   "other");
    expect_refused("quiet = 1\n",
                   "rc:1: there is no section [default] before this");
    expect_refused("[default\n", "rc:1: a section is written [name]");
    expect_refused("[defaults]\nquiet = 1\n",
                   "rc: there is no section [default]");
    expect_refused("", "rc: there is no section [default]");
}

Test(options_file, is_no_binary_file)
{
    struct options options;
    struct error err = {0};

    cr_assert(not(parse_bytes(&options, "[default]\n\0", 11, &err)));
    cr_assert(eq(str, err.message, "rc:2: this is no text"));
}

static const char sample[] =
    "[default]\n# x\noutput_file = result.json\ninclude_files = a\n b c\n"
    "  d\nlimit = 5M\r\ntracer : python\n[x]\ny = z\n[default]\nquiet = on\n";

/* Whatever stands in a file, it is taken or refused with a message. */
static void
take_or_refuse(const char *bytes, size_t size)
{
    struct options options;
    struct error err = {0};
    bool ok = parse_bytes(&options, bytes, size, &err);

    cr_assert(eq(int, ok, err.code == ERROR_NONE));
    cr_assert(eq(int, ok, err.message[0] == '\0'));
    options_release(&options);
}

Test(options_file, may_be_cut_at_every_byte)
{
    for (size_t size = 0; size < sizeof sample; size++) {
        take_or_refuse(sample, size);
    }
}

Test(options_file, may_hold_anything)
{
    static const char odd[] = "[]=:#; \t\r\n\0-_%a1\xff";
    struct random random = {.state = 7};

    for (int round = 0; round < 20000; round++) {
        char bytes[sizeof sample];
        unsigned changes = 1 + (unsigned)random_below(&random, 8);

        memcpy(bytes, sample, sizeof sample);
        while (changes-- > 0) {
            bytes[random_below(&random, sizeof sample)] =
                odd[random_below(&random, sizeof odd)];
        }
        take_or_refuse(bytes, random_below(&random, sizeof sample));
    }
}
