// SPDX-License-Identifier: Apache-2.0
#include "tui/key_label.h"

#include <stdio.h>
#include <string.h>

#include "tui/action.h"
#include "tui/key.h"

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

const char *
key_label_action(char text[KEY_LABEL_SIZE], const struct action *action,
                 bool is_ascii)
{
    struct action_keys keys;
    size_t offset = 0;
    size_t used = 0;

    text[0] = '\0';
    while (action_next_keys(action, &offset, &keys)) {
        char prefix[KEY_LABEL_SIZE] = "";
        char key[KEY_LABEL_SIZE];

        if (keys.prefix != KEY_NONE) {
            (void)key_label(prefix, keys.prefix, is_ascii);
        }
        (void)snprintf(text + used, KEY_LABEL_SIZE - used, "%s%s%s%s",
                       used == 0 ? "" : " ", prefix,
                       prefix[0] == '\0' ? "" : " ",
                       key_label(key, keys.key, is_ascii));
        used = strlen(text);
    }
    return text;
}
