// SPDX-License-Identifier: Apache-2.0
/* tui/key_label.h - keys as people write them: "^R", "Shift-Tab", "PgUp". */
#ifndef TUI_KEY_LABEL_H
#define TUI_KEY_LABEL_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"

struct keymap;

enum { KEY_LABEL_SIZE = 96 };

/* One key; arrows are drawn unless is_ascii. Returns text. */
const char *key_label(char text[KEY_LABEL_SIZE], unsigned key, bool is_ascii);

/* All keys of an action in any of the views: "w F8 Ctrl-↑", "z a",
 * "m letter". */
const char *key_label_action(char text[KEY_LABEL_SIZE],
                             const struct keymap *keymap, enum action_id action,
                             unsigned views, bool is_ascii);

/* The first of them; ":" and the command's name when it has no key. */
const char *key_label_first(char text[KEY_LABEL_SIZE],
                            const struct keymap *keymap, enum action_id action,
                            unsigned views, bool is_ascii);

#endif
