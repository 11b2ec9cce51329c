// SPDX-License-Identifier: Apache-2.0
#include "tui/line_edit.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "format/sanitise.h"
#include "tui/key.h"
#include "tui/label.h"

void
line_history_release(struct line_history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        free(history->texts[i]);
    }
    *history = (struct line_history){0};
}

static void
forget(struct line_history *history, size_t index)
{
    free(history->texts[index]);
    history->count--;
    memmove(&history->texts[index], &history->texts[index + 1],
            (history->count - index) * sizeof history->texts[0]);
}

bool
line_history_add(struct line_history *history, const char *text,
                 struct error *err)
{
    char *copy;

    if (text[0] == '\0') {
        return true;
    }
    copy = strdup(text);
    if (copy == NULL) {
        return error_set_no_memory(err);
    }
    for (size_t i = history->count; i-- > 0;) {
        if (strcmp(history->texts[i], text) == 0) {
            forget(history, i);
        }
    }
    if (history->count == LINE_HISTORY_MAX) {
        forget(history, 0);
    }
    history->texts[history->count++] = copy;
    return true;
}

static uint32_t
character_at(const struct line_edit *edit, size_t at, size_t *length)
{
    uint32_t character;

    *length = utf8_decode(edit->text + at, edit->size - at, &character);
    return character;
}

/* Behind the character at `at`, with its marks. */
static size_t
next_of(const struct line_edit *edit, size_t at)
{
    size_t length;

    if (at == edit->size) {
        return at;
    }
    (void)character_at(edit, at, &length);
    at += length;
    while (at < edit->size
           && utf8_width(character_at(edit, at, &length)) == 0) {
        at += length;
    }
    return at;
}

/* The start of the character that ends at `at`. */
static size_t
previous_of(const struct line_edit *edit, size_t at)
{
    size_t start = 0;

    for (size_t next = 0; next < at;) {
        start = next;
        next = next_of(edit, start);
    }
    return start;
}

static bool
is_blank(const struct line_edit *edit, size_t at)
{
    return edit->text[at] == ' ';
}

static size_t
word_before(const struct line_edit *edit)
{
    size_t at = edit->cursor;

    while (at > 0 && is_blank(edit, previous_of(edit, at))) {
        at = previous_of(edit, at);
    }
    while (at > 0 && !is_blank(edit, previous_of(edit, at))) {
        at = previous_of(edit, at);
    }
    return at;
}

static size_t
word_behind(const struct line_edit *edit)
{
    size_t at = edit->cursor;

    while (at < edit->size && is_blank(edit, at)) {
        at = next_of(edit, at);
    }
    while (at < edit->size && !is_blank(edit, at)) {
        at = next_of(edit, at);
    }
    return at;
}

static enum line_edit_step
move_to(struct line_edit *edit, size_t at)
{
    edit->cursor = at;
    return LINE_EDIT_MOVED;
}

/* Delete from start to end; the cursor is at one of them. */
static enum line_edit_step
delete_range(struct line_edit *edit, size_t start, size_t end)
{
    if (start == end) {
        return LINE_EDIT_MOVED;
    }
    memmove(edit->text + start, edit->text + end, edit->size + 1 - end);
    edit->size -= end - start;
    edit->cursor = start;
    edit->older = 0;
    return LINE_EDIT_CHANGED;
}

/* Whether a screen shows a character behind another one as it is. */
static bool
is_printable(const char *bytes, size_t length)
{
    char text[UTF8_MAX_SIZE + 2] = "a";
    char clean[4 * sizeof text];

    memcpy(text + 1, bytes, length);
    (void)sanitise_text(clean, sizeof clean, text, length + 1);
    return strlen(clean) == length + 1 && memcmp(clean, text, length + 1) == 0;
}

/* A mark needs a character to stand on. */
static bool
insert(struct line_edit *edit, uint32_t character)
{
    char bytes[UTF8_MAX_SIZE];
    size_t length = utf8_encode(character, bytes);

    if (!is_printable(bytes, length) || edit->size + length > LINE_EDIT_SIZE
        || (utf8_width(character) == 0 && edit->cursor == 0)) {
        return false;
    }
    memmove(edit->text + edit->cursor + length, edit->text + edit->cursor,
            edit->size + 1 - edit->cursor);
    memcpy(edit->text + edit->cursor, bytes, length);
    edit->size += length;
    edit->cursor += length;
    edit->older = 0;
    return true;
}

static enum line_edit_step
type(struct line_edit *edit, unsigned key)
{
    if (key < KEY_SPACE || key >= KEY_NAMED || key > 0x10FFFF
        || (key >= 0xD800 && key <= 0xDFFF)) {
        return LINE_EDIT_OTHER;
    }
    return insert(edit, key) ? LINE_EDIT_CHANGED : LINE_EDIT_MOVED;
}

enum line_edit_step
line_edit_key(struct line_edit *edit, unsigned key)
{
    switch (key) {
    case KEY_LEFT:
    case KEY_CONTROL | 'b':
        return move_to(edit, previous_of(edit, edit->cursor));
    case KEY_RIGHT:
    case KEY_CONTROL | 'f':
        return move_to(edit, next_of(edit, edit->cursor));
    case KEY_HOME:
    case KEY_CONTROL | 'a':
        return move_to(edit, 0);
    case KEY_END:
    case KEY_CONTROL | 'e':
        return move_to(edit, edit->size);
    case KEY_META | 'b':
        return move_to(edit, word_before(edit));
    case KEY_META | 'f':
        return move_to(edit, word_behind(edit));
    case KEY_BACKSPACE:
        return delete_range(edit, previous_of(edit, edit->cursor),
                            edit->cursor);
    case KEY_DELETE:
    case KEY_CONTROL | 'd':
        return delete_range(edit, edit->cursor, next_of(edit, edit->cursor));
    case KEY_CONTROL | 'w':
        return delete_range(edit, word_before(edit), edit->cursor);
    case KEY_CONTROL | 'u':
        return delete_range(edit, 0, edit->cursor);
    case KEY_CONTROL | 'k':
        return delete_range(edit, edit->cursor, edit->size);
    default:
        return type(edit, key);
    }
}

void
line_edit_paste(struct line_edit *edit, const char *text, size_t size)
{
    while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\r')) {
        size--;
    }
    for (size_t i = 0; i < size;) {
        uint32_t character;

        i += utf8_decode(text + i, size - i, &character);
        if (character == '\n' || character == '\r' || character == '\t') {
            character = ' ';
        }
        if (character != UTF8_INVALID) {
            (void)insert(edit, character);
        }
    }
}

void
line_edit_set(struct line_edit *edit, const char *text)
{
    edit->size = 0;
    edit->cursor = 0;
    edit->text[0] = '\0';
    line_edit_paste(edit, text, strlen(text));
    edit->older = 0;
}

bool
line_edit_is_in_history(const struct line_edit *edit)
{
    return edit->size == 0 || edit->older > 0;
}

bool
line_edit_recall(struct line_edit *edit, int direction)
{
    const struct line_history *history = edit->history;
    size_t older = direction < 0 ? edit->older + 1 : edit->older - 1;

    if (history == NULL || (direction > 0 && edit->older == 0)
        || older > history->count) {
        return false;
    }
    line_edit_set(edit,
                  older == 0 ? "" : history->texts[history->count - older]);
    edit->older = older;
    return true;
}

/* Columns of the bytes from start to end. */
static unsigned
width_between(const struct line_edit *edit, size_t start, size_t end)
{
    unsigned width = 0;

    while (start < end) {
        size_t length;
        int columns = utf8_width(character_at(edit, start, &length));

        width += columns > 0 ? (unsigned)columns : 0;
        start += length;
    }
    return width;
}

void
line_edit_draw(const struct line_edit *edit, struct screen *screen, int x,
               int y, unsigned width_cells, struct screen_style style)
{
    size_t behind = next_of(edit, edit->cursor);
    unsigned cursor_width = width_between(edit, edit->cursor, behind);
    unsigned before;
    size_t start = 0;

    if (width_cells == 0) {
        return;
    }
    cursor_width = cursor_width == 0 ? 1 : cursor_width;
    before = width_between(edit, 0, edit->cursor);
    while (start < edit->cursor && before + cursor_width > width_cells) {
        size_t next = next_of(edit, start);

        before -= width_between(edit, start, next);
        start = next;
    }
    (void)screen_text(screen, x, y, width_cells, edit->text + start,
                      edit->size - start, style);
    style.attributes ^= SCREEN_REVERSE;
    if (edit->cursor == edit->size) {
        screen_put(screen, x + (int)before, y, ' ', style);
    } else if (before + cursor_width <= width_cells) {
        screen_restyle(screen, x + (int)before, y, cursor_width, style);
    }
}
