// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "cli/option_values.h"
#include "cli/options.h"
#include "support/failing_malloc.h"

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
    options_release(&options);
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
        "--log_gc x", "--log-gc x",    "--plugins=c x",
        "-t 5 x",     "--log_async x", "--attach_installed 3 x"};

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
}

Test(options, say_what_to_record)
{
    struct options options =
        parsed("--tracer python --keep-descendants --max_stack_depth 7 "
               "--min_duration 0.3ms --ignore_multiprocess --log_print "
               "--tracer_entries=500 x");

    cr_assert(options.has_python_tracer);
    cr_assert(options.keeps_descendants);
    cr_assert(options.has_depth_limit);
    cr_assert(eq(u32, options.depth_limit, 7));
    cr_assert(eq(u64, options.min_duration_ns, 300000));
    cr_assert(options.ignores_multiprocess);
    cr_assert(options.logs_print);
    cr_assert(eq(u64, options.entry_limit, 500));
    cr_assert(not(parsed("--tracer=python --tracer=c x").has_python_tracer));
}

Test(options, bound_the_depth_only_by_what_can_be_counted)
{
    static const char *const unbounded[] = {
        "--max_stack_depth -1 x", "--max_stack_depth=-99999999999999999999 x",
        "--max_stack_depth 99999999999999999999 x",
        "--max_stack_depth 4294967295 x", "x"};
    struct options zero = parsed("--max_stack_depth 0 x");

    for (size_t i = 0; i < sizeof unbounded / sizeof *unbounded; i++) {
        cr_expect(not(parsed(unbounded[i]).has_depth_limit), "%s",
                  unbounded[i]);
    }
    cr_assert(zero.has_depth_limit);
    cr_assert(eq(u32, zero.depth_limit, 0));
}

Test(options, take_times_in_microseconds_unless_they_say)
{
    static const struct {
        const char *line;
        uint64_t duration_ns;
    } rows[] = {
        {"--min_duration 50 x", 50000},   {"--min_duration 1.5 x", 1500},
        {"--min_duration 13us x", 13000}, {"--min_duration 13µs x", 13000},
        {"--min_duration 7ns x", 7},      {"--min_duration 2s x", 2000000000},
        {"--min_duration 0 x", 0}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect(
            eq(u64, parsed(rows[i].line).min_duration_ns, rows[i].duration_ns),
            "%s", rows[i].line);
    }
}

Test(options, refuse_values_that_mean_nothing)
{
    static const char *const lines[] = {
        "--max_stack_depth many x", "--max_stack_depth 1.5 x",
        "--max_stack_depth - x",    "--max_stack_depth= x",
        "--max_stack_depth 3- x",   "--min_duration soon x",
        "--min_duration 5m x",      "--min_duration 5usx x",
        "--min_duration -1 x",      "--min_duration 1.2.3 x",
        "--min_duration ms x",      "--min_duration 99999999999999999999s x",
        "--tracer_entries 0 x",     "--tracer_entries -5 x",
        "--tracer_entries 1k x",    "--tracer rust x",
        "--min_duration= x",        "--tracer_entries= x"};

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        cr_expect(eq(int, refused(lines[i]).code, ERROR_USAGE), "%s", lines[i]);
    }
}

Test(options, gather_a_list_up_to_the_next_option)
{
    static const struct {
        const char *line;
        size_t count;
    } rows[] = {{"--include_files a b --quiet x", 2},
                {"--include-files a b -- x", 2},
                {"--include_files a --run x", 1},
                {"--include_files -- x", 0},
                {"--include_files=a x", 1},
                {"--include_files=a --include_files b c -m x", 3},
                {"--include_files - -- x", 1}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct options options = parsed(rows[i].line);

        cr_expect(eq(sz, options.include_files.count, rows[i].count), "%s",
                  rows[i].line);
        cr_expect(eq(str, options.program, "x"), "%s", rows[i].line);
        cr_expect(eq(sz, options.exclude_files.count, 0));
        options_release(&options);
    }
}

Test(options, refuse_an_empty_path)
{
    cr_assert(eq(str, refused("--include_files= x").message,
                 "--include_files needs a value: --include_files PATH..."));
    cr_assert(eq(int, refused("--exclude_files= x").code, ERROR_USAGE));
    cr_assert(eq(int, refused("--combine=").code, ERROR_USAGE));
}

Test(options, say_when_a_list_took_the_program)
{
    struct error err = refused("--include_files ./src app.py");

    cr_assert(eq(int, err.code, ERROR_USAGE));
    cr_assert(eq(str, err.message,
                 "--include_files took all the words up to \"app.py\", so "
                 "there is no program: put -- in front of it, as in viztracer "
                 "--include_files ./src -- PROGRAM"));
}

Test(options, refuse_two_that_exclude_each_other)
{
    cr_assert(eq(str,
                 refused("--include_files a --exclude_files b -- x").message,
                 "--include_files and --exclude_files exclude each other"));
    cr_assert(eq(int, refused("--exclude_files=b --include_files=a x").code,
                 ERROR_USAGE));
}

Test(options, refuse_two_names_of_one_output)
{
    cr_assert(eq(int, refused("-u -o x.json x").code, ERROR_USAGE));
    cr_assert(eq(int, refused("-o x.json --unique x").code, ERROR_USAGE));
}

Test(options, that_join_recordings_export)
{
    static const struct {
        const char *line;
        size_t count;
        bool is_aligned;
        bool has_flame_graph;
    } rows[] = {{"--combine a b c -o x.json", 3, false, false},
                {"-o x.json --align_combine a b", 2, true, false},
                {"-o x.json --generate_flamegraph a", 1, false, true}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct options options = parsed(rows[i].line);

        cr_expect(eq(int, options.command, COMMAND_EXPORT), "%s", rows[i].line);
        cr_expect(eq(sz, options.input_count, rows[i].count));
        cr_expect(eq(str, options.inputs[0], "a"));
        cr_expect(eq(int, options.aligns_inputs, rows[i].is_aligned));
        cr_expect(eq(int, options.opens_flame_graph, rows[i].has_flame_graph));
        cr_expect(eq(str, (char *)options.output_path, "x.json"));
        options_release(&options);
    }
}

Test(options, that_join_recordings_run_nothing)
{
    cr_assert(eq(str, refused("--combine a b -- x").message,
                 "--combine runs no program, and \"x\" is one"));
    cr_assert(eq(int, refused("--generate_flamegraph a x").code, ERROR_USAGE));
    cr_assert(
        eq(int, refused("--combine a --align_combine b").code, ERROR_USAGE));
    cr_assert(eq(int, parsed("--combine").information, INFORMATION_HELP));
    cr_assert(
        eq(int, parsed("--combine -o x.json").information, INFORMATION_HELP));
}

/* Whether the option of a row is found as "--name", cut to size bytes. */
static bool
is_found(const struct option_row *row, size_t size, char blank)
{
    char line[80];
    struct options options;
    struct error err = {0};

    (void)snprintf(line, sizeof line, "--%.*s", (int)size, row->name);
    for (char *at = line + 2; *at != '\0'; at++) {
        *at = *at == '_' ? blank : *at;
    }
    if (parse(&options, line, &err)) {
        options_release(&options);
        return true;
    }
    options_release(&options);
    return strstr(err.message, "there is no option") == NULL
           && strstr(err.message, "could be") == NULL;
}

/* How many names that are not hidden begin so; a whole name is one. */
static size_t
count_names(const char *name, size_t size)
{
    const struct option_row *row;
    size_t count = 0;

    for (row = option_table; row->commands != 0; row++) {
        if (row->name == NULL || !(row->commands & COMMAND_RECORD)
            || (row->summary == NULL && row->id != OPTION_ABSENT)
            || strncmp(row->name, name, size) != 0) {
            continue;
        }
        if (row->name[size] == '\0') {
            return 1;
        }
        count++;
    }
    return count;
}

Test(options, are_found_by_any_prefix_of_their_own_in_both_spellings)
{
    const struct option_row *row;

    for (row = option_table; row->commands != 0; row++) {
        if (row->name == NULL || !(row->commands & COMMAND_RECORD)) {
            continue;
        }
        for (size_t size = 1; size <= strlen(row->name); size++) {
            bool is_own =
                count_names(row->name, size) == 1 || size == strlen(row->name);

            cr_expect(eq(int, is_found(row, size, '_'), is_own), "--%.*s",
                      (int)size, row->name);
            cr_expect(eq(int, is_found(row, size, '-'), is_own), "--%.*s",
                      (int)size, row->name);
        }
    }
}

Test(options, all_mean_something)
{
    const struct option_row *row;

    for (row = option_table; row->commands != 0; row++) {
        struct options options = {0};
        struct error err = {0};
        char value[] = "1";

        if (!option_row_is_list(row) && row->id != OPTION_MODULE
            && row->id != OPTION_CODE && row->id != OPTION_RUN
            && row->id != OPTION_GENERATE_FLAMEGRAPH
            && row->id != OPTION_COMPRESS_FILE
            && row->id != OPTION_DECOMPRESS_FILE) {
            (void)option_apply(&options, row, value, &err); /* asserts it */
        }
        options_release(&options);
    }
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
    cr_assert(eq(int, parsed("--quiet").information, INFORMATION_HELP));
    cr_assert(eq(int, parsed("-h").information, INFORMATION_HELP));
    cr_assert(eq(int, parsed("--help --bogus").information, INFORMATION_HELP));
    cr_assert(eq(int, parsed("--version").information, INFORMATION_VERSION));
    cr_assert(
        eq(int, parsed("--python-path").information, INFORMATION_PYTHON_PATH));
    cr_assert(eq(int, parsed("app.py --help").information, INFORMATION_NONE));
}

Test(options, fail_cleanly_at_every_allocation)
{
    bool has_failed = true;

    for (unsigned successes = 0; has_failed; successes++) {
        struct options options;
        struct error err = {0};
        bool ok;

        if (!failing_malloc_arm(successes)) {
            return;
        }
        ok = parse(&options,
                   "--include_files a b c d e f g h i j --quiet "
                   "--include_files=k x",
                   &err);
        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        cr_assert(ok ? options.include_files.count == 11 : true);
        options_release(&options);
    }
}

Test(options, that_align_recordings)
{
    static const struct {
        const char *line;
        bool is_aligned;
        const char *marker;
    } rows[] = {
        {"view a b", false, NULL},
        {"view --align clock a b", false, NULL},
        {"view a b --align start", true, NULL},
        {"view a --align=Server.start b", true, "Server.start"},
        {"export a b -o c.vzt", false, NULL},
        {"export --align start a b -o c.vzt", true, NULL},
        {"report a b --align work", true, "work"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct options options = parsed(rows[i].line);

        cr_expect(eq(sz, options.input_count, 2), "%s", rows[i].line);
        cr_expect(eq(int, options.aligns_inputs, rows[i].is_aligned));
        cr_expect(
            eq(int, options.align_marker == NULL, rows[i].marker == NULL));
        if (rows[i].marker != NULL) {
            cr_expect(
                eq(str, (char *)options.align_marker, (char *)rows[i].marker));
        }
        options_release(&options);
    }
}
