// SPDX-License-Identifier: Apache-2.0
#include "tui/key_label.h"

#include <stdio.h>
#include <string.h>

#include "tui/key.h"
#include "tui/keymap.h"

/* The names that people know by other words. */
static const char *
plain_label(unsigned plain, bool is_ascii)
{
    switch (plain) {
    case KEY_UP:
        return is_ascii ? "Up" : "↑";
    case KEY_DOWN:
        return is_ascii ? "Down" : "↓";
    case KEY_LEFT:
        return is_ascii ? "Left" : "←";
    case KEY_RIGHT:
        return is_ascii ? "Right" : "→";
    case KEY_BACKSPACE:
        return "Backspace";
    case KEY_ANY:
        return "letter";
    default:
        return NULL;
    }
}

const char *
key_label(char text[KEY_LABEL_SIZE], unsigned key, bool is_ascii)
{
    unsigned plain = key & ~(unsigned)KEY_MODIFIERS;
    const char *known = plain_label(plain, is_ascii);
    char name[KEY_NAME_SIZE];
    bool is_control_letter =
        key == (KEY_CONTROL | plain) && plain >= 'a' && plain <= 'z';

    if (is_control_letter) {
        (void)snprintf(text, KEY_LABEL_SIZE, "^%c", (char)(plain - 'a' + 'A'));
        return text;
    }
    (void)snprintf(text, KEY_LABEL_SIZE, "%s%s%s%s",
                   (key & KEY_CONTROL) != 0 ? "Ctrl-" : "",
                   (key & KEY_META) != 0 ? "Alt-" : "",
                   (key & KEY_SHIFT) != 0 ? "Shift-" : "",
                   known != NULL ? known
                                 : key_format(name, sizeof name, plain));
    return text;
}

/* "z a" */
static void
write_sequence(char text[KEY_LABEL_SIZE], const struct action_keys *keys,
               bool is_ascii)
{
    char prefix[KEY_LABEL_SIZE] = "";
    char key[KEY_LABEL_SIZE];

    if (keys->prefix != KEY_NONE) {
        (void)key_label(prefix, keys->prefix, is_ascii);
    }
    (void)snprintf(text, KEY_LABEL_SIZE, "%s%s%s", prefix,
                   prefix[0] == '\0' ? "" : " ",
                   key_label(key, keys->key, is_ascii));
}

const char *
key_label_action(char text[KEY_LABEL_SIZE], const struct keymap *keymap,
                 enum action_id action, unsigned views, bool is_ascii)
{
    struct action_keys keys;
    size_t index = 0;

    text[0] = '\0';
    while (keymap_next(keymap, action, views, &index, &keys)) {
        size_t used = strlen(text);
        char sequence[KEY_LABEL_SIZE];

        write_sequence(sequence, &keys, is_ascii);
        (void)snprintf(text + used, KEY_LABEL_SIZE - used, "%s%s",
                       used == 0 ? "" : " ", sequence);
    }
    return text;
}

const char *
key_label_first(char text[KEY_LABEL_SIZE], const struct keymap *keymap,
                enum action_id action, unsigned views, bool is_ascii)
{
    struct action_keys keys;
    size_t index = 0;

    if (keymap_next(keymap, action, views, &index, &keys)) {
        write_sequence(text, &keys, is_ascii);
    } else {
        (void)snprintf(text, KEY_LABEL_SIZE, ":%s", action_at(action)->name);
    }
    return text;
}
