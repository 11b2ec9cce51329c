// SPDX-License-Identifier: Apache-2.0
#include "tui/key.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* The spaceless names; the function keys are made from their numbers. */
static const struct {
    const char *name;
    unsigned key;
} named_keys[] = {
    {"Space", KEY_SPACE},    {"Enter", KEY_ENTER},  {"Esc", KEY_ESCAPE},
    {"Tab", KEY_TAB},        {"BS", KEY_BACKSPACE}, {"Up", KEY_UP},
    {"Down", KEY_DOWN},      {"Left", KEY_LEFT},    {"Right", KEY_RIGHT},
    {"Home", KEY_HOME},      {"End", KEY_END},      {"PgUp", KEY_PAGE_UP},
    {"PgDn", KEY_PAGE_DOWN}, {"Ins", KEY_INSERT},   {"Del", KEY_DELETE},
    {"Any", KEY_ANY},
};

static const struct {
    char letter;
    unsigned bit;
} modifiers[] = {
    {'C', KEY_CONTROL},
    {'M', KEY_META},
    {'S', KEY_SHIFT},
};

enum {
    NAMED_COUNT = sizeof named_keys / sizeof named_keys[0],
    MODIFIER_COUNT = sizeof modifiers / sizeof modifiers[0],
};

/* Take "C-", "M-" and "S-" off the front; each may stand once. */
static bool
parse_modifiers(const char **name, size_t *size, unsigned *bits)
{
    while (*size > 2 && (*name)[1] == '-') {
        size_t i = 0;

        while (i < MODIFIER_COUNT && modifiers[i].letter != (*name)[0]) {
            i++;
        }
        if (i == MODIFIER_COUNT || (*bits & modifiers[i].bit) != 0) {
            return false;
        }
        *bits |= modifiers[i].bit;
        *name += 2;
        *size -= 2;
    }
    return true;
}

static bool
parse_named(const char *name, size_t size, unsigned *key)
{
    unsigned number = 0;

    for (size_t i = 0; i < NAMED_COUNT; i++) {
        if (strlen(named_keys[i].name) == size
            && memcmp(named_keys[i].name, name, size) == 0) {
            *key = named_keys[i].key;
            return true;
        }
    }
    if (size < 2 || size > 3 || name[0] != 'F' || name[1] == '0') {
        return false;
    }
    for (size_t i = 1; i < size; i++) {
        if (name[i] < '0' || name[i] > '9') {
            return false;
        }
        number = number * 10 + (unsigned)(name[i] - '0');
    }
    if (number < 1 || number > 12) {
        return false;
    }
    *key = KEY_F1 + number - 1;
    return true;
}

static bool
parse_character(const char *name, size_t size, unsigned *key)
{
    uint32_t character;

    if (size == 0 || utf8_decode(name, size, &character) != size
        || character == UTF8_INVALID || character <= KEY_SPACE
        || utf8_width(character) < 0) {
        return false;
    }
    *key = character;
    return true;
}

bool
key_parse(const char *name, size_t size, unsigned *key)
{
    unsigned bits = 0;
    unsigned plain;

    if (!parse_modifiers(&name, &size, &bits)) {
        return false;
    }
    if (parse_named(name, size, &plain)) {
        *key = plain | bits;
        return true;
    }
    if (!parse_character(name, size, &plain) || (bits & KEY_SHIFT) != 0) {
        return false;
    }
    if ((bits & KEY_CONTROL) != 0 && plain >= 'A' && plain <= 'Z') {
        plain += 'a' - 'A';
    }
    *key = plain | bits;
    return true;
}

static void
format_plain(char *text, size_t size, unsigned plain)
{
    char bytes[UTF8_MAX_SIZE];
    size_t length;

    for (size_t i = 0; i < NAMED_COUNT; i++) {
        if (named_keys[i].key == plain) {
            (void)snprintf(text, size, "%s", named_keys[i].name);
            return;
        }
    }
    if (plain >= KEY_F1 && plain <= KEY_F12) {
        (void)snprintf(text, size, "F%u", plain - KEY_F1 + 1);
        return;
    }
    if (plain <= KEY_SPACE || plain > 0x10FFFF || utf8_width(plain) < 0) {
        (void)snprintf(text, size, "?");
        return;
    }
    length = utf8_encode(plain, bytes);
    (void)snprintf(text, size, "%.*s", (int)length, bytes);
}

const char *
key_format(char *text, size_t size, unsigned key)
{
    char plain[KEY_NAME_SIZE];
    char prefix[2 * MODIFIER_COUNT + 1] = "";
    size_t used = 0;

    for (size_t i = 0; i < MODIFIER_COUNT; i++) {
        if ((key & modifiers[i].bit) != 0) {
            prefix[used++] = modifiers[i].letter;
            prefix[used++] = '-';
        }
    }
    prefix[used] = '\0';
    format_plain(plain, sizeof plain, key & ~(unsigned)KEY_MODIFIERS);
    (void)snprintf(text, size, "%s%s", prefix, plain);
    return text;
}
