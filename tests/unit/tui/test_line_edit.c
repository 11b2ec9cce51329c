// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "support/random.h"
#include "tui/key.h"
#include "tui/label.h"
#include "tui/line_edit.h"
#include "tui/screen.h"

enum { MODEL_MAX = 600 };

/* The field as a list of characters with their marks. */
struct model {
    char items[MODEL_MAX][32];
    size_t count;
    size_t cursor;
};

static void
model_remove(struct model *model, size_t start, size_t end)
{
    memmove(model->items[start], model->items[end],
            (model->count - end) * sizeof model->items[0]);
    model->count -= end - start;
    model->cursor = start;
}

static void
model_insert(struct model *model, const char *bytes, bool is_mark)
{
    if (is_mark) {
        (void)strcat(model->items[model->cursor - 1], bytes);
        return;
    }
    memmove(model->items[model->cursor + 1], model->items[model->cursor],
            (model->count - model->cursor) * sizeof model->items[0]);
    (void)snprintf(model->items[model->cursor], sizeof model->items[0], "%s",
                   bytes);
    model->count++;
    model->cursor++;
}

static size_t
model_word_before(const struct model *model)
{
    size_t at = model->cursor;

    while (at > 0 && model->items[at - 1][0] == ' ') {
        at--;
    }
    while (at > 0 && model->items[at - 1][0] != ' ') {
        at--;
    }
    return at;
}

static void
model_key(struct model *model, unsigned key)
{
    size_t cursor = model->cursor;

    switch (key) {
    case KEY_LEFT:
        model->cursor -= cursor > 0;
        break;
    case KEY_RIGHT:
        model->cursor += cursor < model->count;
        break;
    case KEY_HOME:
    case KEY_CONTROL | 'a':
        model->cursor = 0;
        break;
    case KEY_END:
    case KEY_CONTROL | 'e':
        model->cursor = model->count;
        break;
    case KEY_BACKSPACE:
        model_remove(model, cursor - (cursor > 0), cursor);
        break;
    case KEY_DELETE:
        model_remove(model, cursor, cursor + (cursor < model->count));
        model->cursor = cursor;
        break;
    case KEY_CONTROL | 'w':
        model_remove(model, model_word_before(model), cursor);
        break;
    case KEY_CONTROL | 'u':
        model_remove(model, 0, cursor);
        break;
    case KEY_CONTROL | 'k':
        model_remove(model, cursor, model->count);
        break;
    default: {
        char bytes[UTF8_MAX_SIZE + 1] = "";
        bool is_mark = utf8_width(key) == 0;

        (void)utf8_encode(key, bytes);
        if (!is_mark || cursor > 0) {
            model_insert(model, bytes, is_mark);
        }
    }
    }
}

static void
expect_same(const struct line_edit *edit, const struct model *model, int step)
{
    char text[LINE_EDIT_SIZE + 1] = "";
    size_t cursor = 0;

    for (size_t i = 0; i < model->count; i++) {
        (void)strcat(text, model->items[i]);
        cursor += i < model->cursor ? strlen(model->items[i]) : 0;
    }
    cr_assert(eq(str, (char *)edit->text, text), "step %d", step);
    cr_assert(eq(sz, edit->size, strlen(text)), "step %d", step);
    cr_assert(eq(sz, edit->cursor, cursor), "step %d", step);
}

Test(line_edit, does_what_a_list_of_characters_does)
{
    static const unsigned keys[] = {
        'a',        'b',       ' ',      0xE9,
        0x65E5,     0x301, /* a combining acute */
        KEY_LEFT,   KEY_RIGHT, KEY_LEFT, KEY_BACKSPACE,
        KEY_DELETE, KEY_HOME,  KEY_END,  'x',
        0x1F600,    'y',       'z',      KEY_CONTROL | 'w',
        KEY_LEFT,   KEY_RIGHT, 0x301,
    };
    static const unsigned rare[] = {KEY_CONTROL | 'u', KEY_CONTROL | 'k',
                                    KEY_CONTROL | 'a', KEY_CONTROL | 'e'};
    struct random random = {5};
    struct line_edit edit = {0};
    struct model model = {0};

    for (int step = 0; step < 20000; step++) {
        unsigned key =
            random_permille(&random, 20)
                ? rare[random_below(&random, 4)]
                : keys[random_below(&random, sizeof keys / sizeof keys[0])];

        /* The model knows no bound, and marks add up. */
        if (edit.size > LINE_EDIT_SIZE / 2
            || (model.cursor > 0
                && strlen(model.items[model.cursor - 1]) > 24)) {
            key = KEY_CONTROL | 'u';
        }
        (void)line_edit_key(&edit, key);
        model_key(&model, key);
        expect_same(&edit, &model, step);
    }
}

Test(line_edit, never_holds_more_than_it_can)
{
    struct line_edit edit = {0};

    for (int i = 0; i < 400; i++) {
        (void)line_edit_key(&edit, 0x65E5); /* three bytes */
    }
    cr_assert(eq(sz, edit.size, LINE_EDIT_SIZE / 3 * 3));
    cr_assert(eq(sz, strlen(edit.text), edit.size));
}

Test(line_edit, pastes_what_can_be_shown)
{
    struct line_edit edit = {0};
    static const char text[] = "\xcc\x81"
                               "a\tb\r\nc\x1b[31m\xff"
                               "d\xe2\x80\xae"
                               "e\n\n";

    line_edit_paste(&edit, text, sizeof text - 1);
    cr_assert(eq(str, edit.text, "a b  c[31mde"));
}

Test(line_edit, leaves_other_keys_to_others)
{
    struct line_edit edit = {0};
    static const unsigned others[] = {
        KEY_ENTER,         KEY_ESCAPE,     KEY_UP, KEY_F1,
        KEY_CONTROL | 'r', KEY_META | 'x', KEY_TAB};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        cr_assert(eq(int, line_edit_key(&edit, others[i]), LINE_EDIT_OTHER));
    }
    cr_assert(eq(int, line_edit_key(&edit, 'q'), LINE_EDIT_CHANGED));
    cr_assert(eq(int, line_edit_key(&edit, KEY_LEFT), LINE_EDIT_MOVED));
}

Test(line_edit, walks_through_its_history)
{
    struct line_history history = {0};
    struct line_edit edit = {.history = &history};
    struct error err = {0};

    cr_assert(line_history_add(&history, "one", &err));
    cr_assert(line_history_add(&history, "two", &err));
    cr_assert(line_history_add(&history, "one", &err));
    cr_assert(line_history_add(&history, "", &err));
    cr_assert(eq(sz, history.count, 2));
    cr_assert(line_edit_is_in_history(&edit));
    cr_assert(line_edit_recall(&edit, -1));
    cr_assert(eq(str, edit.text, "one"));
    cr_assert(line_edit_is_in_history(&edit));
    cr_assert(line_edit_recall(&edit, -1));
    cr_assert(eq(str, edit.text, "two"));
    cr_assert(not(line_edit_recall(&edit, -1)));
    cr_assert(line_edit_recall(&edit, 1));
    cr_assert(line_edit_recall(&edit, 1));
    cr_assert(eq(str, edit.text, ""));
    cr_assert(not(line_edit_recall(&edit, 1)));
    (void)line_edit_key(&edit, 'x');
    cr_assert(not(line_edit_is_in_history(&edit)));
    for (int i = 0; i < 2 * LINE_HISTORY_MAX; i++) {
        char text[16];

        (void)snprintf(text, sizeof text, "%d", i);
        cr_assert(line_history_add(&history, text, &err));
    }
    cr_assert(eq(sz, history.count, LINE_HISTORY_MAX));
    cr_assert(eq(str, history.texts[LINE_HISTORY_MAX - 1], "99"));
    line_history_release(&history);
}

/* The cell of the cursor is reversed, and none is besides. */
Test(line_edit, always_shows_the_cursor)
{
    struct random random = {9};
    struct line_edit edit = {0};
    struct screen *screen = NULL;
    struct error err = {0};

    cr_assert(screen_new(&screen, 30, 1, &err));
    for (int i = 0; i < 5000; i++) {
        static const unsigned keys[] = {'a',      0x65E5,       'b',
                                        KEY_LEFT, KEY_RIGHT,    KEY_HOME,
                                        KEY_END,  KEY_BACKSPACE};
        unsigned width = 2 + (unsigned)random_below(&random, 20);
        unsigned reversed = 0;
        unsigned expected = 1;

        (void)line_edit_key(&edit, keys[random_below(&random, 8)]);
        if (edit.cursor < edit.size && edit.text[edit.cursor] < 0) {
            expected = 2; /* a wide character */
        }
        screen_erase(screen);
        line_edit_draw(&edit, screen, 4, 0, width, SCREEN_STYLE_DEFAULT);
        for (unsigned x = 0; x < 30; x++) {
            const struct screen_cell *cell = screen_at(screen, x, 0);

            reversed += (cell->style.attributes & SCREEN_REVERSE) != 0;
            cr_assert(cell->character[0] == ' ' || (x >= 4 && x < 4 + width),
                      "step %d: column %u", i, x);
        }
        cr_assert(eq(uint, reversed, expected), "step %d", i);
    }
    screen_free(screen);
}
