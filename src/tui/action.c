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

/* A word that is no key name is a one-byte prefix and the key behind it. */
static bool
parse_sequence(const char *word, size_t size, struct action_keys *keys)
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
    is_valid = parse_sequence(word, size, keys);
    assert(is_valid); /* the table is ours; a test reads all of it */
    return is_valid;
}

static bool
is_any(unsigned key)
{
    return key >= KEY_SPACE && key < KEY_NAMED;
}

enum action_match
action_find(unsigned views, unsigned prefix, unsigned key, enum action_id *id)
{
    bool is_prefix = false;

    for (size_t i = 0; i < ACTION_COUNT; i++) {
        struct action_keys keys;
        size_t offset = 0;

        if ((actions[i].views & views) == 0) {
            continue;
        }
        while (action_next_keys(&actions[i], &offset, &keys)) {
            if (keys.prefix == prefix
                && (keys.key == key || (keys.key == KEY_ANY && is_any(key)))) {
                *id = actions[i].id;
                return ACTION_MATCH;
            }
            is_prefix |= prefix == KEY_NONE && keys.prefix == key;
        }
    }
    return is_prefix ? ACTION_PREFIX : ACTION_NO_MATCH;
}
