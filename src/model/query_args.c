// SPDX-License-Identifier: Apache-2.0
/*
 * One look over the text, without recursion. For each level of nesting a bit
 * says whether the name before what stands there is the one asked for; a list
 * takes it over from the level around it.
 */
#include <string.h>

#include "base/utf8.h"
#include "model/query_terms.h"

enum { LEVELS_MAX = 64, ESCAPE_SIZE = 6 };

struct args_look {
    const struct name_pattern *pattern;
    const char *name; /* NULL = any */
    const char *text;
    size_t size;
    size_t at;
    unsigned level;
    uint64_t is_named; /* a bit for each level */
    char piece[NAME_PATTERN_LOOK + UTF8_MAX_SIZE + 1]; /* a name or a value */
    size_t piece_size;
};

static bool
hex_value(const char *digits, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++) {
        char c = digits[i];

        if (c >= '0' && c <= '9') {
            *value = *value * 16 + (uint32_t)(c - '0');
        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            *value = *value * 16 + (uint32_t)((c | 0x20) - 'a') + 10;
        } else {
            return false;
        }
    }
    return true;
}

/* "\uXXXX" at an offset of the text. */
static bool
unicode_escape(const struct args_look *look, size_t at, uint32_t *value)
{
    return look->size - at >= ESCAPE_SIZE && look->text[at] == '\\'
           && look->text[at + 1] == 'u'
           && hex_value(look->text + at + 2, value);
}

static void
put_bytes(struct args_look *look, const char *bytes, size_t size)
{
    if (look->piece_size + size < sizeof look->piece) {
        memcpy(look->piece + look->piece_size, bytes, size);
        look->piece_size += size;
    }
}

/* The escape at the present place, which has a character behind its "\". */
static void
put_escape(struct args_look *look)
{
    static const char letters[] = "bfnrt";
    static const char meanings[] = "\b\f\n\r\t";
    uint32_t character;
    uint32_t low;
    char bytes[UTF8_MAX_SIZE];

    if (unicode_escape(look, look->at, &character)) {
        look->at += ESCAPE_SIZE;
        if (character >= 0xD800 && character <= 0xDBFF
            && unicode_escape(look, look->at, &low) && low >= 0xDC00
            && low <= 0xDFFF) {
            look->at += ESCAPE_SIZE;
            character = 0x10000 + ((character - 0xD800) << 10) + (low - 0xDC00);
        }
        if (character >= 0xD800 && character <= 0xDFFF) {
            character = 0xFFFD; /* half of a pair */
        }
        put_bytes(look, bytes, utf8_encode(character, bytes));
        return;
    }
    bytes[0] = look->text[look->at + 1];
    for (size_t i = 0; letters[i] != '\0'; i++) {
        if (letters[i] == bytes[0]) {
            bytes[0] = meanings[i];
            break;
        }
    }
    put_bytes(look, bytes, 1);
    look->at += 2;
}

/* The string that begins at the present place becomes the piece. */
static void
take_string(struct args_look *look)
{
    look->at++;
    while (look->at < look->size && look->text[look->at] != '"') {
        if (look->text[look->at] == '\\' && look->at + 1 < look->size) {
            put_escape(look);
        } else {
            put_bytes(look, look->text + look->at, 1);
            look->at++;
        }
    }
    look->at += look->at < look->size;
}

static bool
is_blank(char character)
{
    return character == ' ' || character == '\t' || character == '\n'
           || character == '\r';
}

/* A number or a word. */
static void
take_bare(struct args_look *look)
{
    while (look->at < look->size && !is_blank(look->text[look->at])
           && strchr(",:{}[]\"", look->text[look->at]) == NULL) {
        put_bytes(look, look->text + look->at, 1);
        look->at++;
    }
    if (look->piece_size == 0) {
        look->at++; /* a NUL, which strchr finds */
    }
}

static void
set_named(struct args_look *look, bool is_named)
{
    if (look->level < LEVELS_MAX) {
        uint64_t bit = UINT64_C(1) << look->level;

        look->is_named = (look->is_named & ~bit) | (is_named ? bit : 0);
    }
}

static bool
is_named(const struct args_look *look)
{
    return look->level < LEVELS_MAX && (look->is_named >> look->level & 1) != 0;
}

/* Step over a mark; false when something else stands there. */
static bool
take_mark(struct args_look *look)
{
    char mark = look->text[look->at];
    bool was_named = is_named(look);

    switch (mark) {
    case '{':
    case '[':
        look->level++;
        set_named(look, mark == '[' && was_named);
        break;
    case '}':
    case ']':
        look->level -= look->level > 0;
        break;
    default:
        if (mark != ',' && mark != ':' && !is_blank(mark)) {
            return false;
        }
    }
    look->at++;
    return true;
}

/* Whether a colon follows what was taken. */
static bool
is_key(const struct args_look *look)
{
    size_t at = look->at;

    while (at < look->size && is_blank(look->text[at])) {
        at++;
    }
    return at < look->size && look->text[at] == ':';
}

static bool
piece_matches(struct args_look *look)
{
    bool is_name = is_key(look);

    look->piece[look->piece_size] = '\0';
    if (look->name == NULL) {
        return name_pattern_matches(look->pattern, look->piece,
                                    look->piece_size);
    }
    if (is_name) {
        set_named(look, strlen(look->name) == look->piece_size
                            && memcmp(look->name, look->piece, look->piece_size)
                                   == 0);
        return false;
    }
    return is_named(look)
           && name_pattern_matches(look->pattern, look->piece,
                                   look->piece_size);
}

bool
query_args_match(const struct name_pattern *pattern, const char *name,
                 const char *json, size_t size)
{
    struct args_look look;

    look.pattern = pattern;
    look.name = name;
    look.text = json;
    look.size = size;
    look.at = 0;
    look.level = 0;
    look.is_named = 0;
    while (look.at < look.size) {
        if (take_mark(&look)) {
            continue;
        }
        look.piece_size = 0;
        if (look.text[look.at] == '"') {
            take_string(&look);
        } else {
            take_bare(&look);
        }
        if (piece_matches(&look)) {
            return true;
        }
    }
    return false;
}
