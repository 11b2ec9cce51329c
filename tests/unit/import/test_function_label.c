// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "import/function_label.h"

/* The parts of a function's label as "kind|name|file|line". */
static void
expect_split(const char *label, const char *expected)
{
    struct function_definition function = function_label_split(
        (struct text_span){.data = label, .size = strlen(label)}, true);
    char seen[256];

    (void)snprintf(
        seen, sizeof seen, "%s|%.*s|%.*s|%u",
        function.kind == VZT_FUNCTION_PYTHON ? "py" : "c",
        (int)function.name.size, function.name.data, (int)function.file.size,
        function.file.size == 0 ? "" : function.file.data, function.line);
    cr_assert(eq(str, seen, (char *)expected));
}

Test(function_label, takes_labels_of_every_release_apart)
{
    expect_split("Cart.total (/w/shop.py:14)", "py|Cart.total|/w/shop.py|14");
    expect_split("<module> (<string>:1)", "py|<module>|<string>|1");
    expect_split("f (/w/a (copy)/b (1).py:3)", "py|f|/w/a (copy)/b (1).py|3");
    expect_split("a (b) c (x.py:3)", "py|a (b) c|x.py|3");
    expect_split("/w/shop.py(14).Cart.total", "py|Cart.total|/w/shop.py|14");
    expect_split("/w/a(1).py(2).<lambda>", "py|<lambda>|/w/a(1).py|2");
    expect_split("/w/shop.py.Cart.total", "py|Cart.total|/w/shop.py|0");
    expect_split("<frozen importlib._bootstrap>.f",
                 "py|<frozen importlib._bootstrap>.f||0");
    expect_split("builtins.len", "c|builtins.len||0");
    expect_split("", "c|||0");
    expect_split("f (a.py:)", "c|f (a.py:)||0");
    expect_split("f (a.py:99999999999)", "c|f (a.py:99999999999)||0");
    expect_split(" (a.py:3)", "c| (a.py:3)||0");
    expect_split("x.py(3).", "c|x.py(3).||0");
    expect_split("(3).f", "c|(3).f||0");
}

Test(function_label, leaves_other_names_alone)
{
    static const char name[] = "ExecuteCompiler /w/a.py.x";
    struct function_definition function =
        function_label_split((struct text_span){name, sizeof name - 1}, false);

    cr_assert(eq(int, function.kind, VZT_FUNCTION_OTHER));
    cr_assert(eq(sz, function.name.size, sizeof name - 1));
}
