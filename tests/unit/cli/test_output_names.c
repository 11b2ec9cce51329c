// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "cli/options.h"
#include "cli/output_names.h"

/* Takes name over. */
static void
expect_name(char *name, const char *expected)
{
    cr_expect(eq(str, name, (char *)expected));
    free(name);
}

static char *
unique(enum program_kind kind, char *program)
{
    const struct options options = {.program_kind = kind, .program = program};
    const struct tm time = {.tm_year = 126,
                            .tm_mon = 10,
                            .tm_mday = 2,
                            .tm_hour = 3,
                            .tm_min = 4,
                            .tm_sec = 5};

    return output_name_unique(&options, &time, 99);
}

Test(output_names, tell_program_time_and_process)
{
    expect_name(unique(PROGRAM_COMMAND, "/w/shop.tar.py"),
                "shop_20261102_030405_99");
    expect_name(unique(PROGRAM_COMMAND, "pytest"), "pytest_20261102_030405_99");
    expect_name(unique(PROGRAM_COMMAND, "-"), "python_20261102_030405_99");
    expect_name(unique(PROGRAM_COMMAND, "w/."), "python_20261102_030405_99");
    expect_name(unique(PROGRAM_MODULE, "json.tool"),
                "json.tool_20261102_030405_99");
    expect_name(unique(PROGRAM_CODE, "print(1)"), "python_20261102_030405_99");
}

Test(output_names, lie_in_a_folder)
{
    expect_name(output_name_in(NULL, "a.json"), "a.json");
    expect_name(output_name_in("out", "a.json"), "out/a.json");
    expect_name(output_name_in("out/", "b/a.json"), "out/b/a.json");
    expect_name(output_name_in("out", "/a.json"), "/a.json");
    expect_name(output_name_in("", "a.json"), "a.json");
}

Test(output_names, are_changed_before_the_extension)
{
    expect_name(output_name_of_process("result.json", 7), "result_7.json");
    expect_name(output_name_of_process("a.b/c.json.gz", 7), "a.b/c_7.json.gz");
    expect_name(output_name_of_process("c.gz", 7), "c_7.gz");
    expect_name(output_name_of_process("c.speedscope.json.gz", 7),
                "c_7.speedscope.json.gz");
    expect_name(output_name_flame_graph("c.speedscope.json"),
                "c_flamegraph.html");
    expect_name(output_name_of_process("a.b/c", 7), "a.b/c_7");
    expect_name(output_name_of_process("a/.gz", 7), "a/.gz_7");
    expect_name(output_name_of_process("my.app.vzt", 7), "my.app_7.vzt");
    expect_name(output_name_flame_graph("x/result.json"),
                "x/result_flamegraph.html");
    expect_name(output_name_flame_graph("r.json.gz"), "r_flamegraph.html");
}

Test(output_names, are_quoted_for_a_shell)
{
    expect_name(output_name_quoted("out/a-1.b_c.vzt"), "out/a-1.b_c.vzt");
    expect_name(output_name_quoted("\u00e9.vzt"), "\u00e9.vzt");
    expect_name(output_name_quoted("a b.vzt"), "'a b.vzt'");
    expect_name(output_name_quoted("it's.vzt"), "'it'\\''s.vzt'");
    expect_name(output_name_quoted("$(x).vzt"), "'$(x).vzt'");
    expect_name(output_name_quoted(""), "''");
}
