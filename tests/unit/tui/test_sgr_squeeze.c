// SPDX-License-Identifier: Apache-2.0
/*
 * The oracle is a terminal of a few lines: it knows SGR and characters, and
 * writes down each character with its style.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "support/random.h"
#include "tui/sgr_squeeze.h"

struct pen {
    int colours[2]; /* -1 = the default */
    bool has[10];   /* attributes 1 to 9 */
};

static void
reset(struct pen *pen)
{
    *pen = (struct pen){.colours = {-1, -1}};
}

static void
set(struct pen *pen, int *numbers, int count)
{
    for (int i = 0; i < count; i++) {
        int number = numbers[i];

        if (number == 38 || number == 48) {
            pen->colours[number == 48] = numbers[i + 2];
            i += 2;
        } else if (number == 0) {
            reset(pen);
        } else if (number < 10) {
            pen->has[number] = true;
        } else if (number == 22) {
            pen->has[1] = pen->has[2] = false;
        } else if (number > 22 && number < 30) {
            pen->has[number - 20] = false;
        } else if (number >= 90) {
            pen->colours[number >= 100] = number % 10 + 8;
        } else if (number >= 30) {
            pen->colours[number >= 40] = number % 10 == 9 ? -1 : number % 10;
        }
    }
}

/* Write down what a terminal shows. */
static void
interpret(const struct buffer *bytes, struct buffer *shown)
{
    struct pen pen;
    const char *at = bytes->data;

    reset(&pen);
    while (at < bytes->data + bytes->size) {
        int numbers[32] = {0};
        int count = 1;

        if (*at != '\x1b') {
            buffer_append_format(shown, "%02x/%d/%d/", (unsigned char)*at++,
                                 pen.colours[0], pen.colours[1]);
            for (int i = 1; i < 10; i++) {
                buffer_append_char(shown, pen.has[i] ? '1' : '0');
            }
            buffer_append_char(shown, '\n');
            continue;
        }
        if (at[1] != '[') {
            at += 3; /* ESC ( B */
            continue;
        }
        for (at += 2; *at != 'm' && *at != 'H'; at++) {
            if (*at == ';') {
                numbers[count++] = 0;
            } else {
                numbers[count - 1] = numbers[count - 1] * 10 + *at - '0';
            }
        }
        if (*at++ == 'm') {
            set(&pen, numbers, count);
        } else {
            buffer_append_format(shown, "to %d,%d\n", numbers[0], numbers[1]);
        }
    }
}

static void
append_random(struct buffer *bytes, struct random *random)
{
    static const char *const samples[] = {
        "\x1b[m",
        "\x1b[0;1m",
        "\x1b[39;49m",
        "\x1b(B",
        "\x1b[0;10;7m",
        "\x1b[1;2m",
        "\x1b[22m",
        "\x1b[24;27m",
        "\x1b[4m",
        "\x1b[38;5;16m",
        "\x1b[48;5;44m",
        "\x1b[38;5;3m",
        "\x1b[31m",
        "\x1b[45m",
        "\x1b[97;101m",
        "\x1b[39m",
        "\x1b[0;3;38;5;200m",
        "\x1b[;4m",
        "\x1b[5;7H",
        "abc",
        " ",
        "\xe2\x96\x88",
        "x\r\b",
        "\x1b[12;1H",
    };

    buffer_append_text(
        bytes, samples[random_below(random, sizeof samples / sizeof *samples)]);
}

static void
expect_the_same(const struct buffer *bytes, const struct buffer *squeezed)
{
    struct buffer wanted = {0};
    struct buffer got = {0};

    interpret(bytes, &wanted);
    interpret(squeezed, &got);
    cr_assert(eq(str, got.data == NULL ? "" : got.data,
                 wanted.data == NULL ? "" : wanted.data));
    buffer_release(&wanted);
    buffer_release(&got);
}

Test(sgr_squeeze, shows_the_same_with_fewer_bytes)
{
    struct random random = {1};

    for (unsigned round = 0; round < 2000; round++) {
        struct sgr_squeeze squeeze = {.has_off_codes = round % 2 == 0};
        struct buffer bytes = {0};
        struct buffer squeezed = {0};

        sgr_squeeze_forget(&squeeze);
        for (unsigned frame = 0; frame < 3; frame++) {
            size_t before = bytes.size;

            for (unsigned i = 0; i < 30; i++) {
                append_random(&bytes, &random);
            }
            buffer_append_text(&bytes, "\x1b[m");
            sgr_squeeze_append(&squeeze, &squeezed, bytes.data + before,
                               bytes.size - before);
        }
        expect_the_same(&bytes, &squeezed);
        cr_assert(le(sz, squeezed.size, bytes.size));
        buffer_release(&bytes);
        buffer_release(&squeezed);
    }
}

static void
expect_squeezed(const char *bytes, const char *wanted)
{
    struct sgr_squeeze squeeze = {.has_off_codes = true};
    struct buffer squeezed = {0};

    sgr_squeeze_forget(&squeeze);
    sgr_squeeze_append(&squeeze, &squeezed, bytes, strlen(bytes));
    cr_expect(eq(str, squeezed.data, (char *)(size_t)wanted));
    buffer_release(&squeezed);
}

Test(sgr_squeeze, says_only_what_changes)
{
    expect_squeezed("\x1b[m\x1b[38;5;16m\x1b[48;5;44mab",
                    "\x1b[0;38;5;16;48;5;44mab");
    expect_squeezed("\x1b(B\x1b[m.\x1b[38;5;16m\x1b[48;5;44ma\x1b[38;5;44mb"
                    "\x1b[39;49m\x1b(B\x1b[m ",
                    "\x1b[m\x1b(B.\x1b[38;5;16;48;5;44ma\x1b[38;5;44mb\x1b[m ");
    expect_squeezed("\x1b[m.\x1b[1m\x1b[3;4Ha\x1b[mb",
                    "\x1b[m.\x1b[3;4H\x1b[1ma\x1b[mb");
    expect_squeezed("\x1b[m.\x1b[2;38;5;215ma\x1b[0;38;5;215mb\x1b[m",
                    "\x1b[m.\x1b[2;38;5;215ma\x1b[22mb\x1b[m");
}

/* What erases takes the background along. */
Test(sgr_squeeze, an_erasure_has_its_background)
{
    expect_squeezed("\x1b[m.\x1b[44m\x1b[K\x1b[m",
                    "\x1b[m.\x1b[44m\x1b[K\x1b[m");
}

Test(sgr_squeeze, what_it_does_not_understand_is_left_alone)
{
    expect_squeezed("\x1b[ma\x1b[38:2::1:2:3m\x1b[1mb\x1b[0m\x1b[0mc",
                    "\x1b[ma\x1b[38:2::1:2:3m\x1b[1mb\x1b[0m\x1b[0mc");
    expect_squeezed("\x1b[1ma\x1b[38;2;1;2;3mb\x1b[m",
                    "\x1b[0;1ma\x1b[38;2;1;2;3mb\x1b[m");
    expect_squeezed("\x1b[?25la\x1b", "\x1b[m\x1b[?25la\x1b");
}
