// SPDX-License-Identifier: Apache-2.0
#include "tui/key_hint.h"

#include <stddef.h>

#include "base/buffer.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/key_label.h"
#include "tui/viewer.h"

static void
append_continuations(struct buffer *text, const struct viewer *viewer,
                     const struct action *action, unsigned prefix)
{
    char name[KEY_NAME_SIZE];
    struct action_keys keys;
    size_t index = 0;

    while (keymap_next(&viewer->keymap, action->id, 1u << viewer->active,
                       &index, &keys)) {
        if (keys.prefix == prefix) {
            buffer_append_format(text, "  %s %s",
                                 key_format(name, sizeof name, keys.key),
                                 action->name);
        }
    }
}

void
key_hint_continuations(struct viewer *viewer, unsigned prefix)
{
    char name[KEY_NAME_SIZE];
    struct buffer text = {0};

    buffer_append_format(&text, "%s:", key_format(name, sizeof name, prefix));
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        append_continuations(&text, viewer, action_at(i), prefix);
    }
    viewer_say(viewer, "%s", buffer_is_ok(&text) ? text.data : "");
    buffer_release(&text);
}

void
key_hint_not_bound(struct viewer *viewer, unsigned prefix, unsigned key)
{
    char first[KEY_NAME_SIZE] = "";
    char second[KEY_NAME_SIZE];
    char help[KEY_LABEL_SIZE];

    if (prefix != KEY_NONE) {
        (void)key_format(first, sizeof first, prefix);
    }
    viewer_say(viewer, "`%s%s%s` is not bound here; %s is help", first,
               prefix == KEY_NONE ? "" : " ",
               key_format(second, sizeof second, key),
               key_label_first(help, &viewer->keymap, ACTION_HELP,
                               1u << viewer->active, viewer->theme.is_ascii));
}

const char *
key_hint_later(enum action_id action)
{
    static const struct {
        enum action_id action;
        const char *text;
    } later[] = {
        {ACTION_FOLLOW, "following a growing trace"},
    };

    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++) {
        if (later[i].action == action) {
            return later[i].text;
        }
    }
    return NULL;
}
