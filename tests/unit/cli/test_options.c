// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/error.h"
#include "cli/options.h"

enum { WORD_COUNT_MAX = 16 };

static char *words[WORD_COUNT_MAX + 2];

/* Parse words separated by blanks, after our own name. */
static bool
parse(struct options *options, const char *line, struct error *err)
{
    static char own_name[] = "viztracer";
    static char text[512];
    char *next = text;
    char *word;
    size_t count = 0;

    (void)strncpy(text, line, sizeof text - 1);
    words[count++] = own_name;
    while ((word = strsep(&next, " ")) != NULL && count <= WORD_COUNT_MAX) {
        if (*word != '\0') {
            words[count++] = word;
        }
    }
    words[count] = NULL;
    return options_parse(options, words, err);
}

static struct options
parsed(const char *line)
{
    struct options options;
    struct error err = {0};

    cr_assert(parse(&options, line, &err), "%s: %s", line, err.message);
    return options;
}

static struct error
refused(const char *line)
{
    struct options options;
    struct error err = {0};

    cr_assert(not(parse(&options, line, &err)), "%s was accepted", line);
    return err;
}

Test(options, end_at_the_program)
{
    struct options options = parsed("--quiet app.py --quiet -o x");

    cr_assert(eq(int, options.program_kind, PROGRAM_COMMAND));
    cr_assert(eq(str, options.program, "app.py"));
    cr_assert(eq(str, options.arguments[0], "--quiet"));
    cr_assert(eq(str, options.arguments[1], "-o"));
    cr_assert(eq(str, options.arguments[2], "x"));
    cr_assert(options.arguments[3] == NULL);
}

Test(options, end_after_a_module_and_after_code)
{
    struct options options = parsed("-m json.tool --quiet");

    cr_assert(eq(int, options.program_kind, PROGRAM_MODULE));
    cr_assert(eq(str, options.program, "json.tool"));
    cr_assert(eq(str, options.arguments[0], "--quiet"));
    cr_assert(not(options.is_quiet));
    options = parsed("-cpass -m");
    cr_assert(eq(int, options.program_kind, PROGRAM_CODE));
    cr_assert(eq(str, options.program, "pass"));
    cr_assert(eq(str, options.arguments[0], "-m"));
}

Test(options, take_the_word_after_dashes_as_it_is)
{
    cr_assert(eq(str, parsed("-- --help").program, "--help"));
    cr_assert(eq(str, parsed("--run -x y").program, "-x"));
    cr_assert(eq(str, parsed("-- -- y").program, "--"));
}

Test(options, accept_both_spellings_and_prefixes)
{
    static const char *const spellings[] = {"--ignore_c_function x",
                                            "--ignore-c-function x",
                                            "--ignore-c x", "--ignore_c_f x"};

    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        cr_expect(parsed(spellings[i]).ignores_c_functions, "%s", spellings[i]);
    }
}

Test(options, name_both_when_a_prefix_is_ambiguous)
{
    struct error err = refused("--include x");

    cr_assert(eq(int, err.code, ERROR_USAGE));
    cr_assert(strstr(err.message, "--include_startup") != NULL, "%s",
              err.message);
    cr_assert(strstr(err.message, "--include_files") != NULL);
}

Test(options, know_what_this_version_does_not_have)
{
    static const char *const absent[] = {
        "--log_print x", "--log-print x", "--tracer=c x",
        "-t 5 x",        "--open x",      "--max-stack-depth 3 x"};

    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        struct error err = refused(absent[i]);

        cr_expect(eq(int, err.code, ERROR_UNSUPPORTED), "%s", absent[i]);
        cr_expect(strstr(err.message, "is not in this version") != NULL);
    }
}

Test(options, take_sizes)
{
    cr_assert(eq(u64, parsed("--limit 20M x").limit_bytes, 20u << 20));
    cr_assert(eq(u64, parsed("--limit=1G x").limit_bytes, 1u << 30));
    cr_assert(eq(u64, parsed("x").limit_bytes, 0));
    cr_assert(eq(int, refused("--limit many x").code, ERROR_USAGE));
    cr_assert(eq(int, refused("--limit 0 x").code, ERROR_USAGE));
}

Test(options, say_what_is_wrong)
{
    cr_assert(
        eq(str, refused("--bogus x").message, "there is no option --bogus"));
    cr_assert(eq(str, refused("-z x").message, "there is no option -z"));
    cr_assert(
        eq(str, refused("--quiet=yes x").message, "--quiet takes no value"));
    cr_assert(eq(str, refused("--limit").message,
                 "--limit needs a value: --limit SIZE"));
    cr_assert(eq(str, refused("--").message, "no program after --"));
    cr_assert(eq(int, refused("--quiet").code, ERROR_USAGE));
}

Test(options, of_a_subcommand_stand_between_its_files)
{
    struct options options = parsed("view a.vzt --headless 90x30 b.vzt -- -c");

    cr_assert(eq(int, options.command, COMMAND_VIEW));
    cr_assert(eq(sz, options.input_count, 3));
    cr_assert(eq(str, options.inputs[0], "a.vzt"));
    cr_assert(eq(str, options.inputs[1], "b.vzt"));
    cr_assert(eq(str, options.inputs[2], "-c"));
    cr_assert(eq(uint, options.width, 90));
    cr_assert(eq(uint, options.height, 30));
    options = parsed("--quiet export -o out.json x");
    cr_assert(eq(int, options.command, COMMAND_EXPORT));
    cr_assert(eq(str, (char *)options.output_path, "out.json"));
    cr_assert(eq(sz, options.input_count, 1));
}

Test(options, run_a_program_named_like_a_subcommand_after_dashes)
{
    struct options options = parsed("-- view x");

    cr_assert(eq(int, options.command, COMMAND_RECORD));
    cr_assert(eq(str, options.program, "view"));
    cr_assert(eq(int, refused("--limit 1G view").code, ERROR_USAGE));
}

Test(options, stop_at_a_question)
{
    cr_assert(eq(int, parsed("").information, INFORMATION_HELP));
    cr_assert(eq(int, parsed("-h").information, INFORMATION_HELP));
    cr_assert(eq(int, parsed("--help --bogus").information, INFORMATION_HELP));
    cr_assert(eq(int, parsed("--version").information, INFORMATION_VERSION));
    cr_assert(
        eq(int, parsed("--python-path").information, INFORMATION_PYTHON_PATH));
    cr_assert(eq(int, parsed("app.py --help").information, INFORMATION_NONE));
}
