// SPDX-License-Identifier: Apache-2.0
/*
 * tui/key.h - keys as numbers and as names.
 *
 * A key is a Unicode character or one of the named keys below, with modifier
 * bits. Names are those of scripts, the help and the key file: "w", "Space",
 * "Esc", "F6", "C-r", "S-Tab", "M-x", "C-Up". Shift is only a modifier of
 * named keys: of a character it is part of the character.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>

enum {
    KEY_NONE = 0,
    KEY_SPACE = 0x20,

    KEY_NAMED = 0x200000, /* above Unicode: named keys start here */
    KEY_ENTER = KEY_NAMED,
    KEY_ESCAPE,
    KEY_TAB,
    KEY_BACKSPACE,
    KEY_UP,
    KEY_DOWN,
    KEY_LEFT,
    KEY_RIGHT,
    KEY_HOME,
    KEY_END,
    KEY_PAGE_UP,
    KEY_PAGE_DOWN,
    KEY_INSERT,
    KEY_DELETE,
    KEY_F1,
    KEY_F12 = KEY_F1 + 11,
    KEY_ANY, /* in the action table only: any character */
    KEY_LAST = KEY_ANY,

    KEY_CONTROL = 1 << 24,
    KEY_META = 1 << 25,
    KEY_SHIFT = 1 << 26,
    KEY_MODIFIERS = KEY_CONTROL | KEY_META | KEY_SHIFT,

    KEY_NAME_SIZE = 24, /* enough for every name and its NUL */
};

/* Read the name of size bytes. False when it is none; *key is then left
 * alone. "C-R" is read as "C-r", since terminals send the same byte. */
bool key_parse(const char *name, size_t size, unsigned *key);

/* The name of a key; "?" for a number that is none. Returns text. */
const char *key_format(char *text, size_t size, unsigned key);

#endif
