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

Test(action, every_key_of_the_table_does_its_own_action)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        struct action_keys keys;
        size_t offset = 0;

        while (action_next_keys(action_at(i), &offset, &keys)) {
            enum action_id id = ACTION_COUNT;

            cr_expect(
                eq(int, action_find(keys.prefix, keys.key, &id), ACTION_MATCH));
            cr_expect(eq(sz, id, i), "a key of %s is bound twice",
                      action_at(i)->name);
            if (keys.prefix != KEY_NONE) {
                cr_expect(eq(int, action_find(KEY_NONE, keys.prefix, &id),
                             ACTION_PREFIX),
                          "the prefix of %s is bound itself",
                          action_at(i)->name);
            }
        }
    }
}

Test(action, an_unknown_key_does_nothing)
{
    enum action_id id = ACTION_COUNT;

    cr_assert(eq(int, action_find(KEY_NONE, 'U', &id), ACTION_NO_MATCH));
    cr_assert(eq(int, action_find('z', 'w', &id), ACTION_NO_MATCH));
    cr_assert(eq(int, id, ACTION_COUNT));
}
