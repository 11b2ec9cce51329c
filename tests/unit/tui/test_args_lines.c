// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/utf8.h"
#include "support/random.h"
#include "tui/args_lines.h"

/* The lines with a bar behind each. */
static char *
lay_out(const char *json, size_t size, size_t *count)
{
    struct buffer out = {0};
    struct error err = {0};

    cr_assert(args_lines(&out, count, json, size, &err), "%s", err.message);
    for (size_t i = 0; i < out.size; i++) {
        out.data[i] = out.data[i] == '\0' ? '|' : out.data[i];
    }
    return out.data == NULL ? calloc(1, 1) : buffer_take(&out);
}

static void
expect(const char *json, const char *lines)
{
    size_t count;
    char *found = lay_out(json, strlen(json), &count);

    cr_expect(eq(str, found, (char *)lines), "%s", json);
    free(found);
}

Test(args_lines, put_each_value_on_a_line)
{
    expect("{\"func_args\": {\"rows\": \"<list len=18231>\", \"fmt\": "
           "\"html\", \"size\": {\"w\":3,\"h\":4}, \"more\": [1, 2]}, "
           "\"return_value\": \"ok\"}",
           "func_args: |  rows: \"<list len=18231>\"|  fmt: \"html\"|"
           "  size: {\"w\": 3, \"h\": 4}|  more: [1, 2]|"
           "return_value: \"ok\"|");
    expect("{}", "");
    expect("", "");
    expect("12345678901234567890123", "12345678901234567890123|");
    expect("{\"a\": 0.1000, \"b\":null}", "a: 0.1000|b: null|");
    expect("[1, {\"a\": 2}]", "- 1|- {\"a\": 2}|");
}

Test(args_lines, resolve_only_escapes_beyond_ascii)
{
    expect("{\"\\u6f22\": \"\\u00e9\\ud83d\\ude00\\n\\u001b\\\\u6f22\"}",
           "漢: \"é😀\\n\\u001b\\\\u6f22\"|");
    expect("[\"\\ud83d\", \"\\u12\"]", "- \"\\ud83d\"|- \"\\u12\"|");
}

Test(args_lines, never_contain_what_a_terminal_would_obey)
{
    expect("{\"a\x1b[2J\": \"\x07\xff\"}", "a\\x1b[2J: \"\\x07\\xff\"|");
    expect("[\"\\u202e\"]", "- \"\\u202e\"|");
}

Test(args_lines, lay_out_what_is_cut_as_far_as_it_goes)
{
    const char *json = "{\"a\": [\"bcd\", {\"e\": 1.5}], \"f\": \"\\u6f22\"}";

    for (size_t size = 0; size <= strlen(json); size++) {
        size_t count;
        char *copy = malloc(size + 1); /* so that reading behind it is seen */
        char *lines;

        memcpy(copy, json, size);
        lines = lay_out(copy, size, &count);
        cr_expect(size < 3 || count > 0, "%zu bytes", size);
        free(lines);
        free(copy);
    }
    expect("{\"a\": \"bc", "a: \"bc|");
    expect("}}]]", "");
    expect("::,,", "::|");
}

Test(args_lines, say_how_much_is_left_out)
{
    size_t size = 3 * (size_t)ARGS_BYTES_MAX;
    char *text = malloc(size);
    char *lines;
    size_t count;

    memset(text, '7', size);
    text[0] = '"';
    lines = lay_out(text, size, &count);
    cr_expect(eq(sz, count, 2));
    cr_expect(strstr(lines, " ... 1,047,576 more bytes|") != NULL, "%s",
              strstr(lines, " ..."));
    cr_expect(strstr(lines, "|... 2,097,152 more bytes|") != NULL);
    free(lines);

    for (size_t i = 0; i < 6000; i++) {
        text[i] = i % 2 == 0 ? '1' : ',';
    }
    lines = lay_out(text, 6000, &count);
    cr_expect(eq(sz, count, ARGS_LINES_MAX + 1));
    cr_expect(strstr(lines, "... 1,000 more lines|") != NULL);
    free(lines);
    free(text);
}

Test(args_lines, take_any_depth)
{
    size_t size = ARGS_BYTES_MAX;
    char *text = malloc(size);
    char *lines;
    size_t count;

    memset(text, '[', size);
    lines = lay_out(text, size, &count);
    cr_expect(gt(sz, count, 0));
    free(lines);
    memset(text, '{', size);
    lines = lay_out(text, size, &count);
    free(lines);
    free(text);
}

static bool
is_printable(const char *text)
{
    size_t size = strlen(text);

    for (size_t i = 0; i < size;) {
        uint32_t character;

        i += utf8_decode(text + i, size - i, &character);
        if (character == UTF8_INVALID || utf8_width(character) < 0) {
            return false;
        }
    }
    return true;
}

Test(args_lines, survive_any_bytes)
{
    static const char pieces[] = "{}[]\",:\\u d8\x1b\xff\xc3\xa9"
                                 "e1-\n\t";
    struct random random = {7};

    for (int i = 0; i < 20000; i++) {
        char json[64];
        size_t size = random_below(&random, sizeof json);
        size_t count;
        char *lines;

        for (size_t j = 0; j < size; j++) {
            json[j] = pieces[random_below(&random, sizeof pieces)];
        }
        lines = lay_out(json, size, &count);
        cr_assert(is_printable(lines), "round %d", i);
        free(lines);
    }
}
