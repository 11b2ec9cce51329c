// SPDX-License-Identifier: Apache-2.0
#include "tui/keymap.h"

#include <stdlib.h>

#include "base/array.h"
#include "tui/key.h"

static bool
add(struct keymap *keymap, const struct key_binding *binding, struct error *err)
{
    if (!array_reserve((void **)&keymap->items, &keymap->capacity,
                       keymap->count + 1, sizeof *keymap->items, err)) {
        return false;
    }
    keymap->items[keymap->count++] = *binding;
    return true;
}

bool
keymap_reset(struct keymap *keymap, struct error *err)
{
    keymap->count = 0;
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        struct key_binding binding = {
            .action = (enum action_id)i,
            .views = action_at(i)->views,
        };
        size_t offset = 0;

        while (action_next_keys(action_at(i), &offset, &binding.keys)) {
            if (!add(keymap, &binding, err)) {
                return false;
            }
        }
    }
    return true;
}

void
keymap_release(struct keymap *keymap)
{
    free(keymap->items);
    *keymap = (struct keymap){0};
}

void
keymap_take(struct keymap *keymap, struct keymap *source)
{
    keymap_release(keymap);
    *keymap = *source;
    *source = (struct keymap){0};
}

static bool
is_any(unsigned key)
{
    return key >= KEY_SPACE && key < KEY_NAMED;
}

/* Whether one of them hides the other. */
static bool
is_in_the_way(const struct action_keys *a, const struct action_keys *b)
{
    if (a->prefix == KEY_NONE && b->prefix == KEY_NONE) {
        return a->key == b->key;
    }
    if (a->prefix == KEY_NONE || b->prefix == KEY_NONE) {
        return a->prefix == KEY_NONE ? a->key == b->prefix
                                     : b->key == a->prefix;
    }
    return a->prefix == b->prefix
           && (a->key == b->key || (a->key == KEY_ANY && is_any(b->key))
               || (b->key == KEY_ANY && is_any(a->key)));
}

void
keymap_unbind(struct keymap *keymap, unsigned views,
              const struct action_keys *keys)
{
    size_t left = 0;

    for (size_t i = 0; i < keymap->count; i++) {
        struct key_binding binding = keymap->items[i];

        if (is_in_the_way(&binding.keys, keys)) {
            binding.views &= ~views;
        }
        if (binding.views != 0) {
            keymap->items[left++] = binding;
        }
    }
    keymap->count = left;
}

bool
keymap_bind(struct keymap *keymap, unsigned views,
            const struct action_keys *keys, enum action_id action,
            struct error *err)
{
    const struct key_binding binding = {*keys, action, views};

    keymap_unbind(keymap, views, keys);
    return add(keymap, &binding, err);
}

bool
keymap_next(const struct keymap *keymap, enum action_id action, unsigned views,
            size_t *index, struct action_keys *keys)
{
    while (*index < keymap->count) {
        const struct key_binding *binding = &keymap->items[(*index)++];

        if (binding->action == action && (binding->views & views) != 0) {
            *keys = binding->keys;
            return true;
        }
    }
    return false;
}

enum action_match
keymap_find(const struct keymap *keymap, unsigned views, unsigned prefix,
            unsigned key, enum action_id *id)
{
    bool is_prefix = false;

    for (size_t i = 0; i < keymap->count; i++) {
        const struct key_binding *binding = &keymap->items[i];
        const struct action_keys *keys = &binding->keys;

        if ((binding->views & views) == 0) {
            continue;
        }
        if (keys->prefix == prefix
            && (keys->key == key || (keys->key == KEY_ANY && is_any(key)))) {
            *id = binding->action;
            return ACTION_MATCH;
        }
        is_prefix |= prefix == KEY_NONE && keys->prefix == key;
    }
    return is_prefix ? ACTION_PREFIX : ACTION_NO_MATCH;
}
