// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "tui/clipboard.h"

static void
expect_clean(const char *text, const char *wanted)
{
    struct buffer out = {0};

    buffer_append_text(&out, "");
    clipboard_append_clean(&out, text, strlen(text));
    cr_expect(eq(str, out.data, (char *)(size_t)wanted));
    buffer_release(&out);
}

Test(clipboard, keeps_lines_and_nothing_that_controls)
{
    expect_clean("", "");
    expect_clean("a\nb\n", "a\nb\n");
    expect_clean("a\x1b[31m\rb", "a\\x1b[31m\\x0db");
    expect_clean("\n\nx", "\n\nx");
    expect_clean("\xc3\xa9\x9b", "\xc3\xa9\\x9b");
}

/* The samples of RFC 4648, section 10. */
Test(clipboard, writes_base64)
{
    static const char *const samples[][2] = {{"", ""},
                                             {"f", "Zg=="},
                                             {"fo", "Zm8="},
                                             {"foo", "Zm9v"},
                                             {"foob", "Zm9vYg=="},
                                             {"fooba", "Zm9vYmE="},
                                             {"foobar", "Zm9vYmFy"}};

    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct buffer out = {0};
        struct buffer wanted = {0};

        buffer_append_format(&wanted, "\x1b]52;c;%s\a", samples[i][1]);
        cr_assert(clipboard_append_sequence(&out, samples[i][0],
                                            strlen(samples[i][0])));
        cr_expect(eq(str, out.data, wanted.data));
        buffer_release(&out);
        buffer_release(&wanted);
    }
}

Test(clipboard, is_bounded)
{
    struct buffer out = {0};
    char *text = calloc(1, CLIPBOARD_MAX + 1);

    cr_expect(clipboard_append_sequence(&out, text, CLIPBOARD_MAX));
    buffer_clear(&out);
    cr_expect(not(clipboard_append_sequence(&out, text, CLIPBOARD_MAX + 1)));
    cr_expect(eq(sz, out.size, 0));
    buffer_release(&out);
    free(text);
}
