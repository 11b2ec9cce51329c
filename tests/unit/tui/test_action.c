// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "tui/action.h"
#include "tui/key.h"

Test(action, every_one_has_a_name_a_key_and_a_help_line)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        const struct action *action = action_at(i);
        struct action_keys keys;
        size_t offset = 0;

        cr_expect(eq(sz, action->id, i));
        cr_expect(gt(sz, strlen(action->name), 1), "number %zu", i);
        cr_expect(gt(sz, strlen(action->help), 3), "%s", action->name);
        cr_expect(le(sz, strlen(action->help), 60), "%s", action->name);
        cr_expect(action_next_keys(action, &offset, &keys), "%s", action->name);
    }
}

Test(action, names_are_unique)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        for (size_t j = 0; j < i; j++) {
            cr_expect(ne(str, (char *)action_at(i)->name,
                         (char *)action_at(j)->name));
        }
    }
}

/* In each view that knows the action; KEY_ANY stands for any character. */
static void
expect_own_action(size_t index, unsigned view, const struct action_keys *keys)
{
    enum action_id id = ACTION_COUNT;
    unsigned key = keys->key == KEY_ANY ? 'x' : keys->key;

    cr_expect(eq(int, action_find(view, keys->prefix, key, &id), ACTION_MATCH));
    cr_expect(eq(sz, id, index), "a key of %s is bound twice",
              action_at(index)->name);
    if (keys->prefix != KEY_NONE) {
        cr_expect(eq(int, action_find(view, KEY_NONE, keys->prefix, &id),
                     ACTION_PREFIX),
                  "the prefix of %s is bound itself", action_at(index)->name);
    }
}

Test(action, every_key_of_the_table_does_its_own_action)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        struct action_keys keys;
        size_t offset = 0;

        while (action_next_keys(action_at(i), &offset, &keys)) {
            for (unsigned view = 1; view <= ACTION_IN_N; view <<= 1) {
                if ((action_at(i)->views & view) != 0) {
                    expect_own_action(i, view, &keys);
                }
            }
        }
    }
}

Test(action, is_found_by_its_name)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        cr_expect(action_named(action_at(i)->name) == action_at(i));
    }
    cr_expect(action_named("no-such-command") == NULL);
}

Test(action, an_unknown_key_does_nothing)
{
    enum action_id id = ACTION_COUNT;

    cr_assert(eq(int, action_find(ACTION_IN_ALL, KEY_NONE, 'U', &id),
                 ACTION_NO_MATCH));
    cr_assert(
        eq(int, action_find(ACTION_IN_ALL, 'z', 'w', &id), ACTION_NO_MATCH));
    cr_assert(eq(int, id, ACTION_COUNT));
}
