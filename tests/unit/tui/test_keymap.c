// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "support/random.h"
#include "tui/key.h"
#include "tui/key_file.h"
#include "tui/keymap.h"
#include "tui/view.h"

static void
reset(struct keymap *keymap)
{
    struct error err = {0};

    *keymap = (struct keymap){0};
    cr_assert(keymap_reset(keymap, &err), "%s", err.message);
}

/* In each view that knows the action; KEY_ANY stands for any character. */
static void
expect_own_action(const struct keymap *keymap, size_t index, unsigned view,
                  const struct action_keys *keys)
{
    enum action_id id = ACTION_COUNT;
    unsigned key = keys->key == KEY_ANY ? 'x' : keys->key;

    cr_expect(eq(int, keymap_find(keymap, view, keys->prefix, key, &id),
                 ACTION_MATCH));
    cr_expect(eq(sz, id, index), "a key of %s is bound twice",
              action_at(index)->name);
    if (keys->prefix != KEY_NONE) {
        cr_expect(eq(int,
                     keymap_find(keymap, view, KEY_NONE, keys->prefix, &id),
                     ACTION_PREFIX),
                  "the prefix of %s is bound itself", action_at(index)->name);
    }
}

/* nsys-ai binds four keys twice. */
Test(keymap, anchor_defect_no_key_of_the_table_is_bound_twice)
{
    struct keymap keymap;

    reset(&keymap);
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        struct action_keys keys;
        size_t offset = 0;

        while (action_next_keys(action_at(i), &offset, &keys)) {
            for (unsigned view = 1; view <= ACTION_IN_I; view <<= 1) {
                if ((action_at(i)->views & view) != 0) {
                    expect_own_action(&keymap, i, view, &keys);
                }
            }
        }
    }
    keymap_release(&keymap);
}

Test(keymap, an_unknown_key_does_nothing)
{
    enum action_id id = ACTION_COUNT;
    struct keymap keymap;

    reset(&keymap);
    cr_assert(eq(int, keymap_find(&keymap, ACTION_IN_ALL, KEY_NONE, 'U', &id),
                 ACTION_NO_MATCH));
    cr_assert(eq(int, keymap_find(&keymap, ACTION_IN_ALL, 'z', 'w', &id),
                 ACTION_NO_MATCH));
    cr_assert(eq(int, id, ACTION_COUNT));
    keymap_release(&keymap);
}

/* What a map of two views, no prefix or two, and four keys means, by force. */
enum { VIEWS = 2, PREFIXES = 3, KEYS = 4 };

struct plain_map {
    int actions[VIEWS][PREFIXES][KEYS]; /* -1 = none */
};

/* Prefixes 1 and 2 are keys 0 and 1 pressed alone. */
static void
clear_plainly(struct plain_map *map, int view, int prefix, int key)
{
    map->actions[view][prefix][key] = -1;
    if (prefix > 0) {
        map->actions[view][0][prefix - 1] = -1;
    } else if (key < PREFIXES - 1) {
        for (int i = 0; i < KEYS; i++) {
            map->actions[view][key + 1][i] = -1;
        }
    }
}

static struct action_keys
keys_of(int prefix, int key)
{
    return (struct action_keys){
        .prefix = prefix == 0 ? KEY_NONE : 'a' + (unsigned)prefix - 1,
        .key = 'a' + (unsigned)key,
    };
}

static void
expect_same(const struct keymap *keymap, const struct plain_map *map, int step)
{
    for (int i = 0; i < VIEWS * PREFIXES * KEYS; i++) {
        int view = i / PREFIXES / KEYS;
        int prefix = i / KEYS % PREFIXES;
        struct action_keys keys = keys_of(prefix, i % KEYS);
        int wanted = map->actions[view][prefix][i % KEYS];
        enum action_id id = ACTION_COUNT;
        enum action_match found =
            keymap_find(keymap, 1u << view, keys.prefix, keys.key, &id);

        cr_assert(eq(int, found == ACTION_MATCH, wanted >= 0), "step %d", step);
        cr_assert(eq(int, found == ACTION_MATCH ? (int)id : -1, wanted),
                  "step %d", step);
    }
}

Test(keymap, random_bindings_mean_what_they_mean_by_force)
{
    struct random random = {3};
    struct keymap keymap = {0};
    struct plain_map map;
    struct error err = {0};

    memset(&map, -1, sizeof map);
    for (int step = 0; step < 2000; step++) {
        int prefix = (int)random_below(&random, PREFIXES);
        int key = (int)random_below(&random, KEYS);
        unsigned views = 1 + (unsigned)random_below(&random, 3);
        bool is_bound = random_permille(&random, 700);
        int action = (int)random_below(&random, 5);
        struct action_keys keys = keys_of(prefix, key);

        for (int view = 0; view < VIEWS; view++) {
            if ((views & 1u << view) != 0) {
                clear_plainly(&map, view, prefix, key);
                map.actions[view][prefix][key] = is_bound ? action : -1;
            }
        }
        if (is_bound) {
            cr_assert(keymap_bind(&keymap, views, &keys, (enum action_id)action,
                                  &err));
        } else {
            keymap_unbind(&keymap, views, &keys);
        }
        expect_same(&keymap, &map, step);
    }
    keymap_release(&keymap);
}

static bool
has_key(const struct keymap *keymap, enum action_id action, unsigned view)
{
    struct action_keys keys;
    size_t index = 0;

    return keymap_next(keymap, action, view, &index, &keys);
}

Test(keymap, a_ready_map_leaves_no_command_without_a_key)
{
    for (size_t map = 0; map < key_file_map_count(); map++) {
        struct keymap keymap = {0};
        struct error err = {0};

        cr_assert(key_file_use_map(&keymap, key_file_map_name(map), &err));
        for (size_t i = 0; i < ACTION_COUNT; i++) {
            for (unsigned view = 1; view <= ACTION_IN_I; view <<= 1) {
                bool is_elsewhere = (action_at(i)->views & view) == 0;

                cr_expect(is_elsewhere
                              || has_key(&keymap, (enum action_id)i, view),
                          "%s: %s in view %x", key_file_map_name(map),
                          action_at(i)->name, view);
            }
        }
        keymap_release(&keymap);
    }
}

static void
apply(struct keymap *keymap, const char *text, struct buffer *complaints)
{
    struct key_file file = {.name = "keys"};
    struct error err = {0};

    cr_assert(key_file_apply(&file, keymap, text, &err), "%s", err.message);
    *complaints = file.complaints;
}

static void
expect_action(const struct keymap *keymap, unsigned view, unsigned prefix,
              unsigned key, enum action_id wanted)
{
    enum action_id id = ACTION_COUNT;

    cr_expect(eq(int, keymap_find(keymap, view, prefix, key, &id),
                 wanted == ACTION_COUNT ? ACTION_NO_MATCH : ACTION_MATCH));
    cr_expect(eq(int, id, wanted));
}

Test(keymap, a_file_rebinds_by_names_in_views)
{
    struct buffer complaints = {0};
    struct keymap keymap;

    reset(&keymap);
    apply(&keymap,
          "# mine\n\n"
          "bind C-n next\n"
          "  bind\tx quit functions Flame\r\n"
          "bind 'Any mark\n"
          "unbind i\n"
          "bind gg first-track",
          &complaints);
    cr_expect(eq(sz, complaints.size, 0), "%s", complaints.data);
    expect_action(&keymap, ACTION_IN_T, KEY_NONE, KEY_CONTROL | 'n',
                  ACTION_NEXT);
    expect_action(&keymap, ACTION_IN_T, KEY_NONE, 'x', ACTION_HIDE);
    expect_action(&keymap, ACTION_IN_N, KEY_NONE, 'x', ACTION_QUIT);
    expect_action(&keymap, ACTION_IN_F, KEY_NONE, 'x', ACTION_QUIT);
    expect_action(&keymap, ACTION_IN_T, '\'', 'q', ACTION_MARK);
    expect_action(&keymap, ACTION_IN_T, KEY_NONE, 'i', ACTION_COUNT);
    expect_action(&keymap, ACTION_IN_T, 'g', 'g', ACTION_FIRST_TRACK);
    expect_action(&keymap, ACTION_IN_N, KEY_NONE, 'g', ACTION_FIRST);
    keymap_release(&keymap);
    buffer_release(&complaints);
}

Test(keymap, a_line_that_says_nothing_is_complained_of_and_left_out)
{
    static const struct {
        const char *line;
        const char *complaint;
    } cases[] = {
        {"bnd w quit", "`bnd` is none of bind, unbind and keymap"},
        {"bind", "is no key; keys are like"},
        {"bind Foo quit", "`Foo` is no key; keys are like"},
        {"bind w", "`` is no command; : lists them"},
        {"bind w zoom", "`zoom` is no command"},
        {"bind w zoom-in nowhere", "`nowhere` is no view; views are timeline"},
        {"bind w zoom-in flame", "is not a command of these views"},
        {"bind Esc quit", "`Esc` always stops"},
        {"unbind C-c", "`C-c` always stops"},
        {"bind M mark", "wants a letter behind its key"},
        {"bind Any mark", "wants a key before the letter"},
        {"bind MAny quit", "wants no letter"},
        {"keymap emacs", "is no key map; there are default, perfetto, vim"},
        {"keymap", "is no key map; there are default"},
        {"bind w quit a b c d e f g h i j k l", "is too long"},
        {"bind \x1b[31m quit", "`\\x1b[31m` is no key"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[128];
        struct buffer complaints = {0};
        struct keymap keymap;

        reset(&keymap);
        (void)snprintf(text, sizeof text, "\n%s\nbind C-n next\n",
                       cases[i].line);
        apply(&keymap, text, &complaints);
        cr_expect(ne(ptr, strstr(complaints.data, cases[i].complaint), NULL),
                  "%s: %s", cases[i].line, complaints.data);
        cr_expect(eq(int, strncmp(complaints.data, "keys:2: ", 8), 0));
        expect_action(&keymap, ACTION_IN_T, KEY_NONE, 'w', ACTION_ZOOM_IN);
        expect_action(&keymap, ACTION_IN_T, KEY_NONE, KEY_CONTROL | 'n',
                      ACTION_NEXT);
        keymap_release(&keymap);
        buffer_release(&complaints);
    }
}

Test(keymap, any_bytes_are_read_or_complained_of)
{
    static const char letters[] = "bind unbind keymap w C-r zAny \t\n#\x1b\xff";
    struct random random = {5};

    for (int i = 0; i < 2000; i++) {
        char text[64] = "";
        size_t size = (size_t)random_below(&random, sizeof text);
        struct buffer complaints = {0};
        struct keymap keymap;

        for (size_t j = 0; j + 1 < size; j++) {
            text[j] = letters[random_below(&random, sizeof letters - 1)];
        }
        reset(&keymap);
        apply(&keymap, text, &complaints);
        for (size_t j = 0; j < complaints.size; j++) {
            cr_assert(ne(chr, complaints.data[j], '\x1b'));
        }
        keymap_release(&keymap);
        buffer_release(&complaints);
    }
}
