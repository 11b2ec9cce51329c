// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "tui/key.h"

static bool
parse(const char *name, unsigned *key)
{
    return key_parse(name, strlen(name), key);
}

static void
expect_round_trip(unsigned key)
{
    char name[KEY_NAME_SIZE];
    unsigned back = KEY_NONE;

    (void)key_format(name, sizeof name, key);
    cr_expect(parse(name, &back), "%s is read", name);
    cr_expect(eq(uint, back, key), "%s means the same key again", name);
}

static bool
is_capital(unsigned plain)
{
    return plain >= 'A' && plain <= 'Z';
}

Test(key, format_and_parse_are_inverse)
{
    static const unsigned modifiers[] = {0, KEY_CONTROL, KEY_META,
                                         KEY_CONTROL | KEY_META};

    for (size_t i = 0; i < sizeof modifiers / sizeof modifiers[0]; i++) {
        for (unsigned plain = KEY_SPACE; plain < 0x3000; plain++) {
            if (utf8_width(plain) >= 0
                && !((modifiers[i] & KEY_CONTROL) && is_capital(plain))) {
                expect_round_trip(plain | modifiers[i]);
            }
        }
        for (unsigned plain = KEY_NAMED; plain <= KEY_LAST; plain++) {
            expect_round_trip(plain | modifiers[i]);
            expect_round_trip(plain | modifiers[i] | KEY_SHIFT);
        }
    }
}

Test(key, names_are_those_of_the_documentation)
{
    static const struct {
        const char *name;
        unsigned key;
    } samples[] = {
        {"w", 'w'},
        {"Space", ' '},
        {"F6", KEY_F1 + 5},
        {"F12", KEY_F12},
        {"C-r", KEY_CONTROL | 'r'},
        {"C-R", KEY_CONTROL | 'r'},
        {"S-Tab", KEY_SHIFT | KEY_TAB},
        {"M-x", KEY_META | 'x'},
        {"C-Up", KEY_CONTROL | KEY_UP},
        {"S-C-Left", KEY_SHIFT | KEY_CONTROL | KEY_LEFT},
        {"-", '-'},
        {"C--", KEY_CONTROL | '-'},
        {"é", 0xE9},
    };

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        unsigned key = KEY_NONE;

        cr_expect(parse(samples[i].name, &key), "%s", samples[i].name);
        cr_expect(eq(uint, key, samples[i].key), "%s", samples[i].name);
    }
}

Test(key, what_is_no_name_is_refused)
{
    static const char *const names[] = {"",
                                        "ww",
                                        "F0",
                                        "F13",
                                        "F01",
                                        "F1x",
                                        "F",
                                        "",
                                        "C-",
                                        "X-a",
                                        "C-C-a",
                                        "S-a",
                                        "space",
                                        "\x1b",
                                        "\xff",
                                        "C-\n",
                                        "\xe2\x80\xae",
                                        "F999999999999999999999"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        unsigned key = 42;

        if (strcmp(names[i], "F") == 0) {
            continue; /* the letter */
        }
        cr_expect(not(parse(names[i], &key)), "\"%s\"", names[i]);
        cr_expect(eq(uint, key, 42), "left alone by \"%s\"", names[i]);
    }
}
