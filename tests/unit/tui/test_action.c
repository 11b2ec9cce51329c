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

Test(action, is_found_by_its_name)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        cr_expect(action_named(action_at(i)->name) == action_at(i));
    }
    cr_expect(action_named("no-such-command") == NULL);
}
