// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "format/source_text.h"

static void
expect_text(const char *bytes, const char *text)
{
    struct buffer out = {0};

    buffer_append_text(&out, "");
    source_text_decode(&out, bytes, strlen(bytes));
    cr_expect(eq(str, out.data, (char *)text), "%s", bytes);
    buffer_release(&out);
}

Test(source_text, is_utf_8_unless_it_says_otherwise)
{
    expect_text("", "");
    expect_text("x = '\xc3\xa9'\n", "x = '\xc3\xa9'\n");
    expect_text("\xef\xbb\xbfx = '\xc3\xa9'", "x = '\xc3\xa9'");
    expect_text("# coding: utf-8\n\xc3\xa9", "# coding: utf-8\n\xc3\xa9");
    expect_text("# coding: UTF8\n\xc3\xa9", "# coding: UTF8\n\xc3\xa9");
    expect_text("# coding: utf-8-sig\n\xc3\xa9",
                "# coding: utf-8-sig\n\xc3\xa9");
}

Test(source_text, follows_the_comment_that_names_an_encoding)
{
    expect_text("# -*- coding: latin-1 -*-\n'\xe9'",
                "# -*- coding: latin-1 -*-\n'\xc3\xa9'");
    expect_text(
        "#!/usr/bin/python\n# vim: set fileencoding=iso_8859_15 :\n\xa4",
        "#!/usr/bin/python\n# vim: set fileencoding=iso_8859_15 :\n"
        "\xe2\x82\xac");
    expect_text("\r\n\f# coding=cp1252\r\n\x80",
                "\r\n\f# coding=cp1252\r\n\xe2\x82\xac");
    expect_text("# coding: shift_jis\n\x82\xa0",
                "# coding: shift_jis\n\xe3\x81\x82");
    expect_text("# coding: koi8-r\n\xc1", "# coding: koi8-r\n\xd0\xb0");
}

Test(source_text, looks_only_where_python_looks)
{
    expect_text("x = 1\n# coding: latin-1\n\xe9",
                "x = 1\n# coding: latin-1\n\xe9");
    expect_text("\n\n# coding: latin-1\n\xe9", "\n\n# coding: latin-1\n\xe9");
    expect_text("x = 'coding: latin-1'\n\xe9", "x = 'coding: latin-1'\n\xe9");
    expect_text("# coding latin-1\n\xe9", "# coding latin-1\n\xe9");
    expect_text("# coding:\n\xe9", "# coding:\n\xe9");
}

Test(source_text, replaces_what_is_no_character_of_the_encoding)
{
    expect_text("# coding: ascii\na\xe9z", "# coding: ascii\na\xef\xbf\xbdz");
    expect_text("# coding: euc-jp\n\xa4", "# coding: euc-jp\n\xef\xbf\xbd");
    expect_text("# coding: no-such-thing\n\xe9",
                "# coding: no-such-thing\n\xe9");
}

Test(source_text, decodes_long_files_in_parts)
{
    enum { SIZE = 100000 };
    static const char head[] = "# coding: latin-1\n";
    char *bytes = malloc(SIZE);
    struct buffer out = {0};
    const size_t head_size = sizeof head - 1;

    memset(bytes, '\xe9', SIZE);
    memcpy(bytes, head, head_size);
    source_text_decode(&out, bytes, SIZE);
    cr_assert(eq(sz, out.size, head_size + 2 * (SIZE - head_size)));
    for (size_t i = head_size; i < out.size; i += 2) {
        cr_assert(memcmp(out.data + i, "\xc3\xa9", 2) == 0);
    }
    buffer_release(&out);
    free(bytes);
}

Test(source_text, never_reads_past_the_end)
{
    static const char whole[] = "\xef\xbb\xbf#!\r\n  # coding: latin-1\n\xe9";

    for (size_t start = 0; start < 4; start += 3) {
        for (size_t size = 0; size < sizeof whole - start; size++) {
            struct buffer out = {0};
            char *part = malloc(size == 0 ? 1 : size);

            memcpy(part, whole + start, size);
            source_text_decode(&out, part, size);
            cr_assert(buffer_is_ok(&out));
            buffer_release(&out);
            free(part);
        }
    }
}
