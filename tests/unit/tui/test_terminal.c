// SPDX-License-Identifier: Apache-2.0
/* What the bytes show is tested with emulators, in tests/e2e/terminal. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "support/random.h"
#include "tui/screen.h"
#include "tui/terminal.h"

static void
set_locale(void)
{
    cr_assert(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
}

TestSuite(terminal, .init = set_locale);

static struct terminal *
open_terminal(const char *type, unsigned width, unsigned height)
{
    struct terminal *terminal = NULL;
    struct error err = {0};

    cr_assert(terminal_new(&terminal, type, width, height, &err), "%s: %s",
              type, err.message);
    return terminal;
}

/* Bytes of a frame. */
static size_t
draw(struct terminal *terminal, const struct screen *screen)
{
    struct buffer bytes = {0};
    struct error err = {0};
    size_t size;

    cr_assert(terminal_draw(terminal, screen, &bytes, &err), "%s", err.message);
    size = bytes.size;
    buffer_release(&bytes);
    return size;
}

static struct screen *
make_screen(unsigned width, unsigned height)
{
    struct screen *screen = NULL;

    cr_assert(screen_new(&screen, width, height, NULL));
    return screen;
}

Test(terminal, refuses_types_that_cannot_show_a_screen)
{
    static const char *const types[] = {
        "",         "dumb", "unknown", "no-such-terminal", "../../etc/passwd",
        "x\x1b[31m"};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct terminal *terminal = NULL;
        struct error err = {0};

        cr_expect(not(terminal_new(&terminal, types[i], 80, 24, &err)), "%s",
                  types[i]);
        cr_expect(eq(int, err.code, ERROR_UNSUPPORTED));
        cr_expect(strstr(err.message, "TERM") != NULL);
    }
}

Test(terminal, what_is_shown_already_costs_nothing)
{
    struct terminal *terminal = open_terminal("xterm-256color", 80, 24);
    struct screen *screen = make_screen(80, 24);
    size_t first;

    (void)screen_text(screen, 0, 5, 80, "hello", 5, SCREEN_STYLE_DEFAULT);
    first = draw(terminal, screen);
    cr_expect(gt(sz, first, 0));
    cr_expect(eq(sz, draw(terminal, screen), 0));
    screen_erase(screen);
    (void)screen_text(screen, 0, 5, 80, "hallo", 5, SCREEN_STYLE_DEFAULT);
    cr_expect(lt(sz, draw(terminal, screen), 50));
    terminal_forget(terminal);
    cr_expect(gt(sz, draw(terminal, screen), 5));
    screen_free(screen);
    terminal_free(terminal);
}

Test(terminal, ends_and_signal_handlers_are_left_alone)
{
    struct sigaction before[4];
    static const int signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

    for (size_t i = 0; i < 4; i++) {
        (void)sigaction(signals[i], NULL, &before[i]);
    }
    cr_assert(zero(setenv("LINES", "7", 1)));
    cr_assert(zero(unsetenv("COLUMNS")));
    terminal_free(open_terminal("xterm", 80, 24));
    for (size_t i = 0; i < 4; i++) {
        struct sigaction now;

        (void)sigaction(signals[i], NULL, &now);
        cr_expect(now.sa_handler == before[i].sa_handler);
    }
    cr_expect(eq(str, getenv("LINES"), "7"));
    cr_expect(getenv("COLUMNS") == NULL);
}

Test(terminal, says_how_many_colours_there_are)
{
    static const struct {
        const char *type;
        unsigned count;
    } types[] = {{"xterm-256color", 256},
                 {"xterm", 8},
                 {"linux", 8},
                 {"screen-256color", 256},
                 {"vt100", 0}};

    cr_assert(zero(unsetenv("COLORTERM")));
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct terminal *terminal = open_terminal(types[i].type, 80, 24);

        cr_expect(eq(uint, terminal_colour_count(terminal), types[i].count),
                  "%s", types[i].type);
        terminal_free(terminal);
    }
    cr_assert(zero(setenv("COLORTERM", "truecolor", 1)));
    struct terminal *terminal = open_terminal("xterm", 80, 24);

    cr_expect(eq(uint, terminal_colour_count(terminal), 256));
    terminal_free(terminal);
}

static void
scribble(struct screen *screen, struct random *random)
{
    static const uint32_t characters[] = {'a',    ' ',    0x2588, 0x2500,
                                          0x25BE, 0x4E2D, 0x0301, 0x1F600};

    for (unsigned i = 0; i < 200; i++) {
        const struct screen_style style = {
            (uint16_t)(random_below(random, 3) == 0
                           ? SCREEN_DEFAULT_COLOUR
                           : random_below(random, 256)),
            (uint16_t)(random_below(random, 2) == 0
                           ? SCREEN_DEFAULT_COLOUR
                           : random_below(random, 256)),
            (uint16_t)random_below(random, 16)};

        screen_put(screen, (int)random_below(random, 130) - 5,
                   (int)random_below(random, 60) - 5,
                   characters[random_below(random, 8)], style);
    }
}

Test(terminal, any_size_in_any_order)
{
    static const char *const types[] = {"xterm-256color", "linux", "vt100",
                                        "screen"};
    struct random random = {3};

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct terminal *terminal = open_terminal(types[i], 1, 1);

        for (unsigned round = 0; round < 60; round++) {
            unsigned width = 1 + (unsigned)random_below(&random, 120);
            unsigned height = 1 + (unsigned)random_below(&random, 50);
            struct screen *screen = make_screen(width, height);
            struct error err = {0};

            cr_assert(terminal_resize(terminal, width, height, &err), "%s",
                      err.message);
            scribble(screen, &random);
            cr_expect(gt(sz, draw(terminal, screen), 0));
            scribble(screen, &random);
            (void)draw(terminal, screen);
            cr_expect(eq(sz, draw(terminal, screen), 0));
            screen_free(screen);
        }
        terminal_free(terminal);
    }
}

Test(terminal, a_screen_of_another_size_is_refused)
{
    struct terminal *terminal = open_terminal("xterm", 80, 24);
    struct screen *screen = make_screen(81, 24);
    struct buffer bytes = {0};
    struct error err = {0};

    cr_expect(not(terminal_draw(terminal, screen, &bytes, &err)));
    cr_expect(eq(int, err.code, ERROR_USAGE));
    cr_expect(eq(sz, bytes.size, 0));
    screen_free(screen);
    terminal_free(terminal);
}
