// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "support/failing_malloc.h"
#include "support/random.h"
#include "tui/source_outline.h"

/* "name@block:line ..." of all calls, "-" for the module. */
static void
expect_calls(const char *text, const char *expected)
{
    struct source_outline outline;
    struct buffer found = {0};

    cr_assert(source_outline_make(&outline, text, strlen(text), NULL));
    for (size_t i = 0; i < outline.call_count; i++) {
        const struct outline_call *call = &outline.calls[i];
        const struct outline_block *block = call->block == OUTLINE_NO_BLOCK
                                                ? NULL
                                                : &outline.blocks[call->block];

        buffer_append_format(
            &found, "%s%.*s@%.*s:%u", i == 0 ? "" : " ", (int)call->name_size,
            text + call->name, block == NULL ? 1 : (int)block->name_size,
            block == NULL ? "-" : text + block->name, call->line);
    }
    buffer_append_text(&found, "");
    cr_assert(eq(str, found.data == NULL ? (char *)(size_t) "" : found.data,
                 (char *)(size_t)expected),
              "%s", text);
    buffer_release(&found);
    source_outline_release(&outline);
}

/* "name:first-line-end ..." of all blocks. */
static void
expect_blocks(const char *text, const char *expected)
{
    struct source_outline outline;
    struct buffer found = {0};

    cr_assert(source_outline_make(&outline, text, strlen(text), NULL));
    for (size_t i = 0; i < outline.block_count; i++) {
        const struct outline_block *block = &outline.blocks[i];

        buffer_append_format(&found, "%s%.*s:%u-%u-%u", i == 0 ? "" : " ",
                             (int)block->name_size, text + block->name,
                             block->first_line, block->line, block->end_line);
    }
    buffer_append_text(&found, "");
    cr_assert(eq(str, found.data == NULL ? (char *)(size_t) "" : found.data,
                 (char *)(size_t)expected),
              "%s", text);
    buffer_release(&found);
    source_outline_release(&outline);
}

Test(source_outline, finds_names_that_are_called)
{
    expect_calls("f(x)\n", "f@-:1");
    expect_calls("a.b.c (x)\n", "c@-:1");
    expect_calls("f(g(x), h)\n", "f@-:1 g@-:1");
    expect_calls("f[x](y)\n", "");
    expect_calls("1(2)\n0x1f(3)\n", "");
    expect_calls("\xc3\xa4(1)\n", "\xc3\xa4@-:1");
}

Test(source_outline, skips_strings_and_comments)
{
    expect_calls("s = 'f(x)' # g(y)\nh()\n", "h@-:2");
    expect_calls("'''a(\n\"b(\" \\''' c(\n''' + d()\n", "d@-:3");
    expect_calls("x = rb'\\' f()' + F\"g()\"; k()\n", "k@-:1");
    expect_calls("'open\nf()\n", "f@-:2");
    expect_calls("'joined\\\n f(' + g()\n", "g@-:2");
    expect_calls("not_a_prefix'f()'\n", "");
    expect_calls("\"\"\"never closed\nf()\n", "");
    expect_calls("print('\"'); f()\n", "print@-:1 f@-:1");
}

Test(source_outline, knows_whose_code_a_call_is)
{
    expect_calls("def f(a=g(),\n      b=h()):\n  i()\nj()\n",
                 "g@-:1 h@-:2 i@f:3 j@-:4");
    expect_calls("@d(1)\nclass A(m()):\n  x = n()\n  @p()\n  def q(s): return "
                 "r()\n  t()\n",
                 "d@-:1 m@-:2 n@A:3 p@A:4 r@q:5 t@A:6");
    expect_calls("def f():\n  x = (\ng(),\n)\n  h()\n", "g@f:3 h@f:5");
    expect_calls("def f():\n  '''\nnot\n  '''\n  h()\n", "h@f:5");
    expect_calls("def f():\n  x = 1 + \\\ng()\n", "g@f:3");
    expect_calls("def f():\n\n# f()\n\n  g()\n", "g@f:5");
}

Test(source_outline, knows_where_blocks_begin_and_end)
{
    expect_blocks("def f(): pass\n", "f:1-1-2");
    expect_blocks("@a\n@b(\n1)\nasync def f():\n  1\n\nx = 1\n", "f:1-4-7");
    expect_blocks("class A:\n\tdef f():\n\t\t1\n        def g():\n\t\t2\n",
                  "A:1-1-6 f:2-2-4 g:4-4-6");
    expect_blocks("x = (\ndef f():\n  1\n", "f:2-2-4");
    expect_blocks("def\nclass 1:\ndefine f()\n", "");
    expect_blocks("\fdef f():\r  1\r\ndef g():\n  2", "f:1-1-3 g:3-3-5");
    expect_blocks("@a\nx = 1\ndef f(): 1\n", "f:3-3-4");
}

Test(source_outline, has_all_lines_however_they_end)
{
    static const char text[] = "a\nb\r\nc\rd\0e\n\nf";
    static const char *const lines[] = {"a", "b", "c", "d\0e", "", "f"};
    static const size_t sizes[] = {1, 1, 1, 3, 0, 1};
    struct source_outline outline;

    cr_assert(source_outline_make(&outline, text, sizeof text - 1, NULL));
    cr_assert(eq(sz, outline.line_count, 6));
    for (size_t i = 0; i < 6; i++) {
        size_t size;
        const char *line = source_outline_line(&outline, text, i + 1, &size);

        cr_assert(eq(sz, size, sizes[i]));
        cr_assert(memcmp(line, lines[i], size) == 0);
    }
    source_outline_release(&outline);
    cr_assert(source_outline_make(&outline, NULL, 0, NULL));
    cr_assert(eq(sz, outline.line_count, 0));
    source_outline_release(&outline);
}

static void
check_outline(const struct source_outline *outline, size_t size)
{
    for (size_t i = 0; i < outline->line_count; i++) {
        cr_assert(outline->lines[i] < outline->lines[i + 1]);
    }
    cr_assert(size == 0 || outline->lines[outline->line_count] == size);
    for (size_t i = 0; i < outline->block_count; i++) {
        const struct outline_block *block = &outline->blocks[i];

        cr_assert(block->first_line <= block->line);
        cr_assert(block->line < block->end_line);
        cr_assert(block->end_line <= outline->line_count + 1);
        cr_assert(block->parent == OUTLINE_NO_BLOCK || block->parent < i);
        cr_assert(block->name + block->name_size <= size);
        cr_assert(
            source_outline_block_at(outline, block->line) == i
            || (i + 1 < outline->block_count && block[1].line == block->line));
    }
    for (size_t i = 0; i < outline->call_count; i++) {
        const struct outline_call *call = &outline->calls[i];

        cr_assert(call->line <= outline->line_count);
        cr_assert(call->name >= outline->lines[call->line - 1]);
        cr_assert(call->name + call->name_size <= outline->lines[call->line]);
        cr_assert(call->block == OUTLINE_NO_BLOCK
                  || call->block < outline->block_count);
    }
}

/* Bytes of a Python file in any order, so that most states are met. */
Test(source_outline, survives_any_bytes)
{
    static const char *const pieces[] = {
        "def ",   "class ", "async ", "@",    "(",   ")", "[",  "{",
        "}",      ":",      "\n",     "\r\n", "\r",  " ", "\t", "\f",
        "'",      "\"",     "#",      "\\",   "'''", "f", "rb", "x",
        "\"\"\"", "9",      "\xff",   "\xe4", ".",   ";"};
    struct random random = {7};

    for (int round = 0; round < 3000; round++) {
        struct source_outline outline;
        char text[512];
        size_t size = 0;
        size_t count = random_below(&random, 60);

        for (size_t i = 0; i < count; i++) {
            const char *piece =
                pieces[random_below(&random, sizeof pieces / sizeof *pieces)];

            if (random_permille(&random, 50)) {
                text[size++] = (char)random_below(&random, 256);
            } else {
                memcpy(text + size, piece, strlen(piece));
                size += strlen(piece);
            }
        }
        text[size] = '\0';
        cr_assert(source_outline_make(&outline, text, size, NULL));
        check_outline(&outline, size);
        source_outline_release(&outline);
    }
}

Test(source_outline, survives_every_failed_allocation)
{
    static const char text[] = "def f():\n  g()\n\n'''\n'''\n";
    bool has_failed = true;

    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct source_outline outline;
        struct error err = {0};
        bool ok = source_outline_make(&outline, text, sizeof text - 1, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        source_outline_release(&outline);
    }
}
