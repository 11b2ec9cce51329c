// SPDX-License-Identifier: Apache-2.0
#include "tui/args_lines.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "base/utf8.h"
#include "format/sanitise.h"

enum {
    SHORT_SIZE = 60,  /* a list or an object that stays on one line */
    INDENT = 2,       /* columns a level */
    INDENT_MAX = 24,  /* deeper levels move no further to the right */
    LEVELS_MAX = 256, /* of which it is known whether they are objects */
    ESCAPE_SIZE = 6,  /* "\u6f22" */
};

struct layout_state {
    const char *text;
    size_t size;
    size_t at;
    size_t level;
    uint8_t is_object[LEVELS_MAX];
    bool expects_key;

    struct buffer *out;
    struct buffer line;
    size_t line_level;
    size_t excess;   /* bytes of the line that are left out */
    size_t count;    /* lines that were written */
    size_t left_out; /* and those that were not */
};

static void
put_line(struct layout_state *state)
{
    size_t columns = state->line_level * INDENT;

    if (state->line.size + state->excess == 0) {
        return;
    }
    if (state->count == ARGS_LINES_MAX) {
        state->left_out++;
    } else {
        char number[TEXT_NUMBER_SIZE];

        columns = columns > INDENT_MAX ? INDENT_MAX : columns;
        for (size_t i = 0; i < columns; i++) {
            buffer_append_char(state->out, ' ');
        }
        sanitise_append(state->out, state->line.data, state->line.size);
        if (state->excess > 0) {
            buffer_append_format(
                state->out, " ... %s more bytes",
                text_grouped(number, sizeof number, state->excess));
        }
        buffer_append_char(state->out, '\0');
        state->count++;
    }
    buffer_clear(&state->line);
    state->excess = 0;
}

/* Whole characters only, up to what a line takes. */
static void
append(struct layout_state *state, const char *data, size_t size)
{
    if (state->excess == 0 && state->line.size + size <= ARGS_LINE_SIZE) {
        buffer_append(&state->line, data, size);
    } else {
        state->excess += size;
    }
}

static void
new_line(struct layout_state *state)
{
    put_line(state);
    state->line_level = state->level == 0 ? 0 : state->level - 1;
    state->expects_key = false;
    if (state->level > 0 && state->level <= LEVELS_MAX) {
        state->expects_key = state->is_object[state->level - 1] != 0;
        if (!state->expects_key) {
            append(state, "- ", 2);
        }
    }
}

/* Behind the string that begins at `at`; the end of the text when it does not
 * end. */
static size_t
string_end(const char *text, size_t size, size_t at)
{
    for (size_t i = at + 1; i < size; i++) {
        if (text[i] == '\\') {
            i++;
        } else if (text[i] == '"') {
            return i + 1;
        }
    }
    return size;
}

static bool
hex_value(const char *digits, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++) {
        char c = digits[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 16;

        if (digit == 16) {
            return false;
        }
        *value = *value * 16 + digit;
    }
    return true;
}

static bool
read_escape(const char *text, size_t size, uint32_t *value)
{
    return size >= ESCAPE_SIZE && text[0] == '\\' && text[1] == 'u'
           && hex_value(text + 2, value);
}

/* The character of an escape, if it is one beyond ASCII; 0 = it is not, else
 * the bytes that the escape takes. */
static size_t
wide_escape(const char *text, size_t size, uint32_t *character)
{
    uint32_t low;

    if (!read_escape(text, size, character) || *character < 0x80) {
        return 0;
    }
    if (*character < 0xD800 || *character > 0xDFFF) {
        return ESCAPE_SIZE;
    }
    if (*character > 0xDBFF
        || !read_escape(text + ESCAPE_SIZE, size - ESCAPE_SIZE, &low)
        || low < 0xDC00 || low > 0xDFFF) {
        return 0;
    }
    *character = 0x10000 + ((*character - 0xD800) << 10) + (low - 0xDC00);
    return 2 * (size_t)ESCAPE_SIZE;
}

static void
append_text(struct layout_state *state, size_t from, size_t to)
{
    const char *text = state->text;

    for (size_t i = from; i < to;) {
        char bytes[UTF8_MAX_SIZE];
        uint32_t character;
        size_t taken = wide_escape(text + i, to - i, &character);

        if (taken > 0) {
            append(state, bytes, utf8_encode(character, bytes));
        } else if (text[i] == '\\' && i + 1 < to) {
            taken = 2; /* so that "\\u6f22" stays as it is */
            append(state, text + i, taken);
        } else {
            taken = utf8_decode(text + i, to - i, &character);
            append(state, text + i, taken);
        }
        i += taken;
    }
}

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Where a short list or object ends; 0 = it is not short. */
static size_t
short_end(const struct layout_state *state)
{
    size_t end = state->at + SHORT_SIZE < state->size ? state->at + SHORT_SIZE
                                                      : state->size;
    size_t level = 0;

    for (size_t i = state->at; i < end;) {
        char c = state->text[i];

        level += c == '{' || c == '[';
        level -= c == '}' || c == ']';
        if (level == 0) {
            return i + 1;
        }
        i = c == '"' ? string_end(state->text, end, i) : i + 1;
    }
    return 0;
}

/* Blanks of the text go, and one stands behind each comma and colon. */
static void
append_short(struct layout_state *state, size_t end)
{
    while (state->at < end) {
        char c = state->text[state->at];
        size_t next =
            c == '"' ? string_end(state->text, end, state->at) : state->at + 1;

        if (!is_blank(c)) {
            append_text(state, state->at, next);
        }
        if (c == ',' || c == ':') {
            append(state, " ", 1);
        }
        state->at = next;
    }
}

static void
open_level(struct layout_state *state)
{
    size_t end = state->level == 0 ? 0 : short_end(state);

    if (end > 0) {
        append_short(state, end);
        return;
    }
    if (state->level < LEVELS_MAX) {
        state->is_object[state->level] = state->text[state->at] == '{';
    }
    state->level++;
    state->at++;
    new_line(state);
}

static void
close_level(struct layout_state *state)
{
    state->at++;
    if (state->line.size == 2 && memcmp(state->line.data, "- ", 2) == 0) {
        buffer_clear(&state->line); /* an item that never came */
    }
    put_line(state);
    state->level -= state->level > 0;
}

static void
take_string(struct layout_state *state)
{
    size_t start = state->at;
    size_t end = string_end(state->text, state->size, start);

    state->at = end;
    if (!state->expects_key || end < start + 2 || state->text[end - 1] != '"') {
        append_text(state, start, end);
        return;
    }
    append_text(state, start + 1, end - 1);
    append(state, ": ", 2);
    state->expects_key = false;
    while (state->at < state->size
           && (is_blank(state->text[state->at])
               || state->text[state->at] == ':')) {
        state->at++;
    }
}

/* A number or a word, or what stands there without being either. */
static void
take_word(struct layout_state *state)
{
    size_t start = state->at;

    while (state->at < state->size
           && strchr(",:{}[]\" \t\r\n", state->text[state->at]) == NULL) {
        state->at++;
    }
    state->at += state->at == start;
    append_text(state, start, state->at);
}

static void
take_token(struct layout_state *state)
{
    switch (state->text[state->at]) {
    case ' ':
    case '\t':
    case '\n':
    case '\r':
        state->at++;
        return;
    case '{':
    case '[':
        open_level(state);
        return;
    case '}':
    case ']':
        close_level(state);
        return;
    case ',':
        state->at++;
        new_line(state);
        return;
    case '"':
        take_string(state);
        return;
    default:
        take_word(state);
    }
}

static void
put_rest(struct layout_state *state, size_t left_out, const char *unit)
{
    char number[TEXT_NUMBER_SIZE];

    if (left_out > 0) {
        buffer_append_format(state->out, "... %s more %s",
                             text_grouped(number, sizeof number, left_out),
                             unit);
        buffer_append_char(state->out, '\0');
        state->count++;
    }
}

bool
args_lines(struct buffer *out, size_t *count, const char *json, size_t size,
           struct error *err)
{
    struct layout_state state = {
        .text = json,
        .size = size < ARGS_BYTES_MAX ? size : ARGS_BYTES_MAX,
        .out = out,
    };
    bool is_ok;

    while (state.at < state.size) {
        take_token(&state);
    }
    put_line(&state);
    put_rest(&state, state.left_out, "lines");
    put_rest(&state, size - state.size, "bytes");
    *count = state.count;
    is_ok = buffer_is_ok(out) && buffer_is_ok(&state.line);
    buffer_release(&state.line);
    return is_ok || error_set_no_memory(err);
}
