// SPDX-License-Identifier: Apache-2.0
#include "tui/action.h"

#include <assert.h>
#include <string.h>

#include "tui/key.h"

static const struct action actions[] = {
#define ACTION_ROW(id, group, views, name, keys, bar, help)                 \
    {ACTION_##id, ACTION_GROUP_##group, ACTION_IN_##views, name, keys, bar, \
     help},
    ACTION_TABLE(ACTION_ROW)
#undef ACTION_ROW
};

const struct action *
action_at(size_t index)
{
    assert(index < ACTION_COUNT);
    return &actions[index];
}

const struct action *
action_named(const char *name)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        if (strcmp(actions[i].name, name) == 0) {
            return &actions[i];
        }
    }
    return NULL;
}

const char *
action_group_title(enum action_group group)
{
    static const char *const titles[] = {
#define ACTION_GROUP_TITLE(id, title) title,
        ACTION_GROUPS(ACTION_GROUP_TITLE)
#undef ACTION_GROUP_TITLE
    };

    assert(group < ACTION_GROUP_COUNT);
    return titles[group];
}

bool
action_parse_keys(const char *word, size_t size, struct action_keys *keys)
{
    *keys = (struct action_keys){0};
    if (key_parse(word, size, &keys->key)) {
        return true;
    }
    return size > 1 && key_parse(word, 1, &keys->prefix)
           && key_parse(word + 1, size - 1, &keys->key);
}

bool
action_next_keys(const struct action *action, size_t *offset,
                 struct action_keys *keys)
{
    const char *word = action->keys + *offset;
    size_t size;
    bool is_valid;

    word += strspn(word, " ");
    size = strcspn(word, " ");
    *offset = (size_t)(word - action->keys) + size;
    if (size == 0) {
        return false;
    }
    is_valid = action_parse_keys(word, size, keys);
    assert(is_valid); /* the table is ours; a test reads all of it */
    return is_valid;
}
