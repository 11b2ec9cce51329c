// SPDX-License-Identifier: Apache-2.0
/*
 * A token within the window is lent where it stands. Only one that crosses the
 * window's end is put together in a buffer, so that nothing ever moves and the
 * window need not grow, whatever the length of a token.
 */
#include "import/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "import/read_ahead.h"
#include "import/scan_bytes.h"

enum {
    WORD_SIZE_MAX = 1024, /* of a number that is looked at */
    DEPTH_MAX = 1000000,  /* of brackets in a value that is passed */
};

/* What json_scan_copy keeps of the bytes that are passed. */
struct json_copy {
    const char *from; /* in the window: not yet copied */
    struct buffer *out;
    size_t room;
    bool is_cut;
};

void
json_scan_open(struct json_scan *scan, struct read_ahead *source, uint64_t size,
               const struct progress *progress)
{
    static const char nothing[] = "";

    *scan = (struct json_scan){
        .begin = nothing,
        .next = nothing,
        .end = nothing,
        .source = source,
        .size = size,
        .progress = *progress,
    };
}

void
json_scan_open_memory(struct json_scan *scan, struct text_span text)
{
    *scan = (struct json_scan){
        .begin = text.data,
        .next = text.data,
        .end = text.size == 0 ? text.data : text.data + text.size,
        .end_offset = text.size,
    };
}

void
json_scan_close(struct json_scan *scan)
{
    buffer_release(&scan->text);
    buffer_release(&scan->nesting);
    *scan = (struct json_scan){0};
}

uint64_t
json_scan_offset(const struct json_scan *scan)
{
    return scan->end_offset - (uint64_t)(scan->end - scan->next);
}

bool
json_scan_passed(const struct json_scan *scan, uint64_t offset,
                 struct text_span *text)
{
    uint64_t size = json_scan_offset(scan) - offset;

    if (size > (uint64_t)(scan->next - scan->begin)) {
        return false;
    }
    *text = (struct text_span){scan->next - size, (size_t)size};
    return true;
}

static bool
stop(struct json_scan *scan, enum json_stop why)
{
    scan->stop = why;
    return false;
}

static bool
stop_at_syntax(struct json_scan *scan, const char *expected)
{
    scan->expected = expected;
    return stop(scan, JSON_STOP_SYNTAX);
}

static bool
stop_without_memory(struct json_scan *scan)
{
    (void)error_set_no_memory(&scan->error);
    return stop(scan, JSON_STOP_FAILED);
}

/* Keep what was passed since the last time. */
static void
copy_passed(struct json_scan *scan)
{
    struct json_copy *copy = scan->copy;
    size_t size = (size_t)(scan->next - copy->from);

    if (size > copy->room) {
        size = copy->room;
        copy->is_cut = true;
    }
    buffer_append(copy->out, copy->from, size);
    copy->room -= size;
    copy->from = scan->next;
}

/* Everything in the window was read: get more. */
static bool
refill(struct json_scan *scan)
{
    size_t size;

    if (scan->source == NULL) {
        return stop(scan, JSON_STOP_END);
    }
    if (!progress_report(&scan->progress, read_ahead_position(scan->source),
                         scan->size)) {
        return stop(scan, JSON_STOP_STOPPED);
    }
    if (scan->copy != NULL) {
        copy_passed(scan);
    }
    if (!read_ahead_next(scan->source, &scan->begin, &size, &scan->error)) {
        scan->end = scan->next = scan->begin;
        return stop(scan, JSON_STOP_FAILED);
    }
    scan->next = scan->begin;
    scan->end = scan->begin + size;
    scan->end_offset += size;
    if (scan->copy != NULL) {
        scan->copy->from = scan->next;
    }
    return size > 0 || stop(scan, JSON_STOP_END);
}

/* Go to the next byte that is no blank. */
static inline bool
pass_blanks(struct json_scan *scan)
{
    for (;;) {
        while (scan->next < scan->end && is_blank(*scan->next)) {
            scan->next++;
        }
        if (__builtin_expect(scan->next < scan->end, 1)) {
            return true;
        }
        if (!refill(scan)) {
            return false;
        }
    }
}

bool
json_scan_peek(struct json_scan *scan, char *byte)
{
    if (!pass_blanks(scan)) {
        return false;
    }
    *byte = *scan->next;
    return true;
}

bool
json_scan_take(struct json_scan *scan, char byte, bool *taken)
{
    if (!pass_blanks(scan)) {
        return false;
    }
    *taken = *scan->next == byte;
    scan->next += *taken;
    return true;
}

bool
json_scan_need(struct json_scan *scan, char byte, const char *expected)
{
    if (!pass_blanks(scan)) {
        return false;
    }
    if (*scan->next != byte) {
        return stop_at_syntax(scan, expected);
    }
    scan->next++;
    return true;
}

/* Add to a token that is put together; *room is how much more of it is kept. */
static void
collect(struct json_scan *scan, const char *until, size_t *room, bool *is_cut)
{
    size_t size = (size_t)(until - scan->next);

    if (size > *room) {
        size = *room;
        *is_cut = true;
    }
    buffer_append(&scan->text, scan->next, size);
    *room -= size;
    scan->next = until;
}

/* A string that crosses the window's end. */
static bool
join_string(struct json_scan *scan, bool is_escaped, size_t limit,
            struct text_span *text, bool *is_cut)
{
    size_t room = limit;
    const char *quote = NULL;

    buffer_clear(&scan->text);
    while (quote == NULL) {
        collect(scan, scan->end, &room, is_cut);
        if (!refill(scan)) {
            return false;
        }
        quote = find_string_end(scan->next, scan->end, &is_escaped);
    }
    collect(scan, quote, &room, is_cut);
    scan->next = quote + 1;
    if (!buffer_is_ok(&scan->text)) {
        return stop_without_memory(scan);
    }
    *text = (struct text_span){scan->text.data, scan->text.size};
    return true;
}

bool
json_scan_string(struct json_scan *scan, size_t limit, struct text_span *text,
                 bool *is_cut)
{
    bool is_escaped = false;
    const char *quote;

    if (!json_scan_need(scan, '"', "a string")) {
        return false;
    }
    quote = find_string_end(scan->next, scan->end, &is_escaped);
    if (__builtin_expect(quote == NULL, 0)) {
        return join_string(scan, is_escaped, limit, text, is_cut);
    }
    *text = (struct text_span){scan->next, (size_t)(quote - scan->next)};
    if (text->size > limit) {
        text->size = limit;
        *is_cut = true;
    }
    scan->next = quote + 1;
    return true;
}

/* A word that reaches the window's end. A text is never just a word. */
static bool
join_word(struct json_scan *scan, struct text_span *word)
{
    size_t room = WORD_SIZE_MAX;
    bool is_cut = false;

    buffer_clear(&scan->text);
    do {
        collect(scan, find_word_end(scan->next, scan->end), &room, &is_cut);
        if (scan->next < scan->end) {
            break;
        }
    } while (refill(scan));
    if (!buffer_is_ok(&scan->text)) {
        return stop_without_memory(scan);
    }
    *word = (struct text_span){scan->text.data, is_cut ? 0 : scan->text.size};
    return scan->stop == JSON_STOP_NONE;
}

bool
json_scan_word(struct json_scan *scan, struct text_span *word)
{
    const char *word_end;

    if (!pass_blanks(scan)) {
        return false;
    }
    word_end = find_word_end(scan->next, scan->end);
    if (word_end == scan->next) {
        return stop_at_syntax(scan, "a value");
    }
    if (__builtin_expect(word_end == scan->end, 0) && scan->source != NULL) {
        return join_word(scan, word);
    }
    *word = (struct text_span){scan->next, (size_t)(word_end - scan->next)};
    scan->next = word_end;
    return true;
}

static bool
pass_string(struct json_scan *scan)
{
    bool is_escaped = false;
    const char *quote;

    scan->next++;
    while ((quote = find_string_end(scan->next, scan->end, &is_escaped))
           == NULL) {
        scan->next = scan->end;
        if (!refill(scan)) {
            return false;
        }
    }
    scan->next = quote + 1;
    return true;
}

static bool
pass_word(struct json_scan *scan)
{
    do {
        scan->next = find_word_end(scan->next, scan->end);
        if (scan->next < scan->end) {
            return true;
        }
    } while (refill(scan));
    if (scan->stop == JSON_STOP_END && scan->source == NULL) {
        scan->stop = JSON_STOP_NONE;
    }
    return scan->stop == JSON_STOP_NONE;
}

static bool
open_bracket(struct json_scan *scan)
{
    if (scan->nesting.size >= DEPTH_MAX) {
        return stop_at_syntax(scan, "less than a million nested values");
    }
    buffer_append_char(&scan->nesting, *scan->next == '{' ? '}' : ']');
    scan->next++;
    return buffer_is_ok(&scan->nesting) || stop_without_memory(scan);
}

static bool
close_bracket(struct json_scan *scan)
{
    struct buffer *nesting = &scan->nesting;

    if (nesting->size == 0) {
        return stop_at_syntax(scan, "a value");
    }
    if (nesting->data[nesting->size - 1] != *scan->next) {
        return stop_at_syntax(
            scan, nesting->data[nesting->size - 1] == '}' ? "'}'" : "']'");
    }
    nesting->size--;
    scan->next++;
    return true;
}

/* One token of a value. Where commas and colons stand is not looked at. */
static bool
pass_token(struct json_scan *scan)
{
    char byte = *scan->next;

    if (byte == '"') {
        return pass_string(scan);
    }
    if (byte == '{' || byte == '[') {
        return open_bracket(scan);
    }
    if (byte == '}' || byte == ']') {
        return close_bracket(scan);
    }
    if ((byte == ',' || byte == ':') && scan->nesting.size > 0) {
        scan->next++;
        return true;
    }
    return is_word_byte(byte) ? pass_word(scan)
                              : stop_at_syntax(scan, "a value");
}

bool
json_scan_skip(struct json_scan *scan)
{
    buffer_clear(&scan->nesting);
    do {
        if (!pass_blanks(scan) || !pass_token(scan)) {
            return false;
        }
    } while (scan->nesting.size > 0);
    return true;
}

bool
json_scan_copy(struct json_scan *scan, struct buffer *out, size_t limit,
               bool *is_cut)
{
    struct json_copy copy = {.out = out, .room = limit};
    bool ok;

    if (!pass_blanks(scan)) {
        return false;
    }
    copy.from = scan->next;
    scan->copy = &copy;
    ok = json_scan_skip(scan);
    copy_passed(scan);
    scan->copy = NULL;
    *is_cut = *is_cut || copy.is_cut;
    return ok && (buffer_is_ok(out) || stop_without_memory(scan));
}

bool
json_scan_resync(struct json_scan *scan)
{
    char before = '\0'; /* the last byte that is no blank; 'n' = "}," */
    char byte;

    scan->stop = JSON_STOP_NONE;
    while (json_scan_peek(scan, &byte)) {
        if (before == 'n' && byte == '{') {
            return true;
        }
        before = before == '}' && byte == ',' ? 'n' : byte;
        if (byte == 'n') {
            before = '\0';
        }
        scan->next++;
    }
    return false;
}
