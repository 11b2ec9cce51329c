// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "model/trace_model.h"
#include "tui/label.h"
#include "tui/theme.h"

static const struct theme utf8_theme = {.colour_count = 256};
static const struct theme ascii_theme = {.is_ascii = true};

static struct model_function
named(const char *name, const char *file)
{
    return (struct model_function){.name = name, .file = file, .line = 14};
}

static void
expect_label(const struct model_function *function, unsigned cells,
             const char *expected)
{
    char text[LABEL_SIZE];

    cr_expect(eq(str, (char *)label_fit(text, &utf8_theme, function, cells),
                 (char *)expected),
              "in %u cells", cells);
}

Test(label, shortens_by_meaning)
{
    struct model_function function = named("app.Cart.total", "/w/shop.py");

    expect_label(&function, 30, "app.Cart.total (/w/shop.py:14)");
    expect_label(&function, 29, "app.Cart.total (shop.py:14)");
    expect_label(&function, 27, "app.Cart.total (shop.py:14)");
    expect_label(&function, 26, "app.Cart.total");
    expect_label(&function, 14, "app.Cart.total");
    expect_label(&function, 13, "Cart.total");
    expect_label(&function, 9, "total");
    expect_label(&function, 5, "total");
    expect_label(&function, 4, "tota");
    expect_label(&function, 3, "tot");
    expect_label(&function, 2, "");
    expect_label(&function, 0, "");
}

Test(label, a_cut_shows_an_ellipsis_from_six_cells_on)
{
    struct model_function function = named("Queue.synchronise", "");

    expect_label(&function, 10, "synchroni…");
    expect_label(&function, 6, "synch…");
    expect_label(&function, 5, "synch");
}

Test(label, what_is_in_front_of_a_local_function_goes_first)
{
    struct model_function function = named("make.<locals>.inner", "");

    expect_label(&function, 12, "inner");
}

static void
expect_thread(const char *name, unsigned cells, const char *expected)
{
    char text[LABEL_SIZE];

    cr_expect(eq(str, (char *)label_cut_middle(text, &utf8_theme, name, cells),
                 (char *)expected),
              "in %u cells", cells);
}

Test(label, the_number_of_a_thread_stays)
{
    expect_thread("ThreadPoolExecutor-0_0", 22, "ThreadPoolExecutor-0_0");
    expect_thread("ThreadPoolExecutor-0_0", 13, "ThreadPo…-0_0");
    expect_thread("ThreadPoolExecutor-0_1", 10, "Threa…-0_1");
    expect_thread("ThreadPoolExecutor-12_345", 10, "Th…-12_345");
    expect_thread("ThreadPoolExecutor-0_0", 6, "Th…0_0");
    expect_thread("0123456789012345", 10, "01…9012345");
    expect_thread("connection-monitor", 10, "connec…tor");
}

Test(label, the_target_of_a_thread_goes_first)
{
    expect_thread("Thread-1 (_handle_workers)", 26,
                  "Thread-1 (_handle_workers)");
    expect_thread("Thread-1 (_handle_workers)", 13, "Thread-1 (_h…");
    expect_thread("Thread-1 (_handle_workers)", 12, "Thread-1");
    expect_thread("Thread-1 (_handle_workers)", 8, "Thread-1");
    expect_thread("Thread-1 (_handle_workers)", 6, "Thr…-1");
    expect_thread("(all in parentheses)", 10, "(all i…es)");
}

Test(label, only_dotted_names_have_parts)
{
    struct model_function function = named("GET /a.b/c.d", "");

    expect_label(&function, 8, "GET /a.…");
}

Test(label, an_unknown_function_is_a_question_mark)
{
    expect_label(NULL, 10, "?");
    expect_label(NULL, 2, "");
}

Test(label, never_takes_more_cells_than_there_are)
{
    static const char *const names[] = {"",
                                        "a",
                                        "漢字.漢字漢字",
                                        "e\xcc\x81t\xcc\x81.x",
                                        "\x1b[31m\xff",
                                        "a.b.c.d.e.f",
                                        "...",
                                        "<locals>",
                                        ".<locals>.",
                                        "漢漢漢漢漢漢漢漢 (漢)",
                                        "漢"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct model_function function = named(names[i], "/漢/字.py");

        for (unsigned cells = 0; cells < 60; cells++) {
            char text[LABEL_SIZE];

            cr_expect(
                le(uint,
                   label_width(label_fit(text, &utf8_theme, &function, cells)),
                   cells));
            cr_expect(le(uint,
                         label_width(label_cut_middle(text, &utf8_theme,
                                                      names[i], cells)),
                         cells));
            cr_expect(
                le(uint,
                   label_width(label_fit(text, &ascii_theme, &function, cells)),
                   cells));
        }
    }
}

Test(label, very_long_names_are_no_trouble)
{
    static char name[100000];
    struct model_function function = named(name, name);
    char text[LABEL_SIZE];

    memset(name, 'x', sizeof name - 1);
    cr_expect(eq(
        uint, label_width(label_fit(text, &utf8_theme, &function, 500)), 500));
}
