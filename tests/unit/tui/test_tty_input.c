// SPDX-License-Identifier: Apache-2.0
/* Events are compared as one line of text, such as "w C-Up press left 4,2". */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "tui/key.h"
#include "tui/tty_input.h"

static void
append_mouse(struct buffer *out, const struct mouse_event *mouse)
{
    static const char *const kinds[] = {
        "press", "release", "drag", "up", "down", "wheel-left", "wheel-right"};
    static const char *const buttons[] = {"none", "left", "middle", "right"};

    buffer_append_format(out, "%s%s%s%s %s %u,%u",
                         (mouse->modifiers & KEY_CONTROL) != 0 ? "C-" : "",
                         (mouse->modifiers & KEY_META) != 0 ? "M-" : "",
                         (mouse->modifiers & KEY_SHIFT) != 0 ? "S-" : "",
                         kinds[mouse->kind], buttons[mouse->button], mouse->x,
                         mouse->y);
}

static void
append_event(struct buffer *out, const struct tty_event *event)
{
    char name[KEY_NAME_SIZE];

    if (out->size > 0) {
        buffer_append_char(out, ' ');
    }
    switch (event->kind) {
    case TTY_EVENT_KEY:
        buffer_append_text(out, key_format(name, sizeof name, event->key));
        break;
    case TTY_EVENT_MOUSE:
        append_mouse(out, &event->mouse);
        break;
    case TTY_EVENT_PASTE:
        buffer_append_text(out, "paste<");
        buffer_append(out, event->text, event->size);
        buffer_append_char(out, '>');
        break;
    case TTY_EVENT_FOCUS_IN:
        buffer_append_text(out, "focus-in");
        break;
    case TTY_EVENT_FOCUS_OUT:
        buffer_append_text(out, "focus-out");
        break;
    case TTY_EVENT_BACKGROUND:
        buffer_append_text(out, event->is_light ? "light" : "dark");
        break;
    case TTY_EVENT_ATTRIBUTES:
        buffer_append_text(out, "attributes");
        break;
    }
}

static void
take_all(struct tty_input *input, struct buffer *out)
{
    struct tty_event event;

    while (tty_input_take(input, &event)) {
        append_event(out, &event);
    }
}

static void
feed(struct tty_input *input, const char *bytes, size_t size,
     struct buffer *out)
{
    while (size > 0) {
        size_t taken = tty_input_feed(input, bytes, size);

        cr_assert(taken > 0 && taken <= size);
        take_all(input, out);
        bytes += taken;
        size -= taken;
    }
}

static void
expire(struct tty_input *input, struct buffer *out)
{
    tty_input_expire(input);
    take_all(input, out);
}

static void
expect_events(const char *bytes, size_t size, const struct buffer *got,
              const char *expected)
{
    char *shown = malloc(size * 4 + 1);
    size_t used = 0;

    for (size_t i = 0; i < size; i++) {
        used += (size_t)sprintf(shown + used, "\\x%02x",
                                (unsigned)(unsigned char)bytes[i]);
    }
    shown[used] = '\0';
    cr_expect(zero(strcmp(got->size == 0 ? "" : got->data, expected)),
              "%s is %s, not %s", shown, expected,
              got->size == 0 ? "nothing" : got->data);
    free(shown);
}

/* As a whole, and in all parts that one cut makes. */
static void
expect_meaning_of(const char *bytes, size_t size, const char *expected)
{
    static struct tty_input input;

    for (size_t cut = 0; cut < size; cut++) {
        struct buffer got = {0};

        tty_input_init(&input, TTY_ESCAPE_MS);
        feed(&input, bytes, cut, &got);
        feed(&input, bytes + cut, size - cut, &got);
        expire(&input, &got);
        cr_expect(eq(int, tty_input_timeout_ms(&input), -1));
        expect_events(bytes, size, &got, expected);
        buffer_release(&got);
    }
}

struct meaning {
    const char *bytes;
    const char *events;
};

static void
expect_meanings(const struct meaning *meanings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect_meaning_of(meanings[i].bytes, strlen(meanings[i].bytes),
                          meanings[i].events);
    }
}

#define EXPECT_MEANINGS(table) \
    expect_meanings(table, sizeof(table) / sizeof((table)[0]))

/* Each is a whole sequence with one key, whatever stands around it. */
static const struct meaning keys[] = {
    {"w", "w"},
    {" ", "Space"},
    {"~", "~"},
    {"\r", "Enter"},
    {"\n", "Enter"},
    {"\t", "Tab"},
    {"\b", "BS"},
    {"\x7f", "BS"},
    {"\x01", "C-a"},
    {"\x03", "C-c"},
    {"\x12", "C-r"},
    {"\x1a", "C-z"},
    {"\x1c", "C-\\"},
    {"\x1d", "C-]"},
    {"\x1e", "C-^"},
    {"\x1f", "C-_"},
    {"\xc3\xa9", "é"},
    {"\xe2\x82\xac", "€"},
    {"\xf0\x9f\x98\x80", "😀"},
    {"\x1bw", "M-w"},
    {"\x1b\r", "M-Enter"},
    {"\x1b\x7f", "M-BS"},
    {"\x1b\x03", "C-M-c"},
    {"\x1b\xc3\xa9", "M-é"},
    /* Cursor keys: normal, application, with modifiers, of old terminals. */
    {"\x1b[A", "Up"},
    {"\x1b[B", "Down"},
    {"\x1b[C", "Right"},
    {"\x1b[D", "Left"},
    {"\x1b[H", "Home"},
    {"\x1b[F", "End"},
    {"\x1bOA", "Up"},
    {"\x1bOH", "Home"},
    {"\x1bOF", "End"},
    {"\x1b[1;2A", "S-Up"},
    {"\x1b[1;3B", "M-Down"},
    {"\x1b[1;5C", "C-Right"},
    {"\x1b[1;8D", "C-M-S-Left"},
    {"\x1b[1;33D", "M-Left"},
    {"\x1b[1;1D", "Left"},
    {"\x1b[5A", "C-Up"},
    {"\x1b[;5A", "C-Up"},
    {"\x1bO5A", "C-Up"},
    {"\x1bO1;5A", "C-Up"},
    {"\x1b[1;5H", "C-Home"},
    /* rxvt. */
    {"\x1bOa", "C-Up"},
    {"\x1bOd", "C-Left"},
    {"\x1b[a", "S-Up"},
    {"\x1b[d", "S-Left"},
    {"\x1b\x1b[A", "M-Up"},
    {"\x1b\x1bOA", "M-Up"},
    {"\x1b[5^", "C-PgUp"},
    {"\x1b[6$", "S-PgDn"},
    {"\x1b[3@", "C-S-Del"},
    {"\x1b[7~", "Home"},
    {"\x1b[8~", "End"},
    /* The editing pad. */
    {"\x1b[1~", "Home"},
    {"\x1b[2~", "Ins"},
    {"\x1b[3~", "Del"},
    {"\x1b[4~", "End"},
    {"\x1b[5~", "PgUp"},
    {"\x1b[6~", "PgDn"},
    {"\x1b[5;2~", "S-PgUp"},
    {"\x1b[6;6~", "C-S-PgDn"},
    /* Function keys. */
    {"\x1bOP", "F1"},
    {"\x1bOS", "F4"},
    {"\x1b[P", "F1"},
    {"\x1b[1;2Q", "S-F2"},
    {"\x1bO2R", "S-F3"},
    {"\x1b[11~", "F1"},
    {"\x1b[15~", "F5"},
    {"\x1b[17~", "F6"},
    {"\x1b[21~", "F10"},
    {"\x1b[23~", "F11"},
    {"\x1b[24~", "F12"},
    {"\x1b[24;5~", "C-F12"},
    {"\x1b[[A", "F1"},
    {"\x1b[[E", "F5"},
    {"\x1b[Z", "S-Tab"},
    {"\x1b[1;5Z", "C-S-Tab"},
    /* The keypad in application mode. */
    {"\x1bOM", "Enter"},
    {"\x1bOj", "*"},
    {"\x1bOk", "+"},
    {"\x1bOp", "0"},
    {"\x1bOy", "9"},
    {"\x1bOX", "="},
    /* modifyOtherKeys and CSI u. */
    {"\x1b[27;5;9~", "C-Tab"},
    {"\x1b[27;2;13~", "S-Enter"},
    {"\x1b[27;5;33~", "C-!"},
    {"\x1b[27;6;82~", "C-r"},
    {"\x1b[119u", "w"},
    {"\x1b[97;5u", "C-a"},
    {"\x1b[97;2u", "A"},
    {"\x1b[49:33;2u", "!"},
    {"\x1b[9;2u", "S-Tab"},
    {"\x1b[27u", "Esc"},
    {"\x1b[127;3u", "M-BS"},
    {"\x1b[233u", "é"},
    {"\x1b[57399u", "0"},
    {"\x1b[57419;5u", "C-Up"},
    {"\x1b[97;1:1u", "a"},
    {"\x1b[97;5:2u", "C-a"},
    {"\x1b[1;5:1A", "C-Up"},
    /* CSI as one character. */
    {"\xc2\x9b"
     "1;5A",
     "C-Up"},
    {"\xc2\x8f"
     "A",
     "Up"},
};

Test(tty_input, reads_every_spelling_of_a_key_however_it_is_cut)
{
    EXPECT_MEANINGS(keys);
}

/* Whole sequences that say nothing to us. */
static const struct meaning unknown[] = {
    {"\x1b[>1;4000;0c", ""},
    {"\x1b[=1c", ""},
    {"\x1b[?2026;2$y", ""},
    {"\x1b[4;2$y", ""},
    {"\x1b[24;80R", ""},
    {"\x1b[8;24;80t", ""},
    {"\x1b[0n", ""},
    {"\x1b[1 q", ""},
    {"\x1b[99~", ""},
    {"\x1b[25~", ""},
    {"\x1b[99999999999999999999A", ""},
    {"\x1b[1;9A", ""},
    {"\x1b[97;9u", ""},
    {"\x1b[97;1:3u", ""},
    {"\x1b[1;1:3A", ""},
    {"\x1b[57358u", ""},
    {"\x1b[0u", ""},
    {"\x1b[8238u", ""},
    {"\x1b[1114112u", ""},
    {"\x1b[1;2;3;4;5;6;7;8A", ""},
    {"\x1bOz", ""},
    {"\x1bO;", ""},
    {"\x1b[[Z", ""},
    {"\x1b]0;w\x1b\x1b\\", ""},
    {"\x1bP1+r436f=323536\x1b\\", ""},
    {"\x1b_Gi=1;OK\x1b\\", ""},
    {"\x1b^text\xc2\x9c", ""},
    {"\x1bXtext\x18", ""},
    {"\xc2\x9d"
     "11;x\x07",
     ""},
    {"\x1b[1;\x18", ""},
    {"\x1b[1;\x1a", ""},
    {"\x1b[M\x20\x20\x20", ""},
    {"\x1b[<0;0;1M", ""},
    {"\x1b[<0;1;0M", ""},
    {"\x1b[<0;99999999999;1M", ""},
    {"\x1b[<0;1M", ""},
    {"\x1b[<35;4;5M", ""},
    {"\x1b[<128;4;5M", ""},
    {"\x1b[<64;4;5m", ""},
    {"\xff", ""},
    {"\x80", ""},
    {"\xc0\xaf", ""},
    {"\xed\xa0\x80", ""},
    {"\xe2\x80\xae", ""}, /* a bidi override */
};

Test(tty_input, swallows_what_it_does_not_know_whole)
{
    EXPECT_MEANINGS(unknown);
}

Test(tty_input, long_sequences_end_at_their_end)
{
    struct buffer bytes = {0};

    buffer_append_text(&bytes, "\x1b[");
    for (size_t i = 0; i < 1000; i++) {
        buffer_append_text(&bytes, "1;");
    }
    buffer_append_text(&bytes, "Aw\x1b]");
    for (size_t i = 0; i < 1000; i++) {
        buffer_append_text(&bytes, "qQ;");
    }
    buffer_append_text(&bytes, "\x07s");
    expect_meaning_of(bytes.data, bytes.size, "w s");
    buffer_release(&bytes);
}

Test(tty_input, a_sequence_cut_short_is_dropped)
{
    static const struct meaning cut[] = {
        {"\x1b[", ""},      {"\x1b[1;5", ""},        {"\x1bO", ""},
        {"\x1b[<0;1", ""},  {"\x1b]11;rgb", ""},     {"\x1b[M!", ""},
        {"\x1b[[", ""},     {"\xe2\x82", ""},        {"\x1b[1;\x1b[A", "Up"},
        {"\x1bP", ""},      {"\xe2\x82w", "w"},      {"\x1b]0;x\x1b[A", "Up"},
        {"\x1b[1\xc3", ""}, {"\x1b]0;x\x1b", "Esc"}, {"\x1b[M\x1bOB", "Down"},
    };

    EXPECT_MEANINGS(cut);
}

Test(tty_input, an_escape_alone_is_the_key)
{
    static const struct meaning escapes[] = {
        {"\x1b", "Esc"},
        {"\x1b\x1b", "Esc Esc"},
        {"\x1b\x1b\x1b", "Esc Esc Esc"},
        {"\x1b\x1bw", "Esc M-w"},
        {"\x1b\x1b[<0;1;1M", "Esc press left 0,0"},
        {"\x1b\x1b[I", "Esc focus-in"},
        {"\x1b\x1b[99~", "Esc"},
        {"\x1b\x1b]0;w\x07", "Esc"},
        {"\x1b\x1b[", "Esc"},
    };

    EXPECT_MEANINGS(escapes);
}

Test(tty_input, says_how_long_to_wait)
{
    static struct tty_input input;
    struct buffer out = {0};

    tty_input_init(&input, TTY_ESCAPE_SLOW_MS);
    cr_expect(eq(int, tty_input_timeout_ms(&input), -1));
    feed(&input, "\x1b", 1, &out);
    cr_expect(eq(int, tty_input_timeout_ms(&input), TTY_ESCAPE_SLOW_MS));
    feed(&input, "[", 1, &out);
    cr_expect(eq(int, tty_input_timeout_ms(&input), 2 * TTY_ESCAPE_SLOW_MS));
    feed(&input, "200~x", 5, &out);
    cr_expect(eq(int, tty_input_timeout_ms(&input), TTY_PASTE_MS));
    expire(&input, &out);
    cr_expect(eq(int, tty_input_timeout_ms(&input), -1));
    expect_events("", 0, &out, "paste<x>");
    buffer_release(&out);
}

Test(tty_input, reads_the_mouse)
{
    static const struct meaning reports[] = {
        {"\x1b[<0;10;5M", "press left 9,4"},
        {"\x1b[<1;1;1M", "press middle 0,0"},
        {"\x1b[<2;300;200M", "press right 299,199"},
        {"\x1b[<0;10;5m", "release left 9,4"},
        {"\x1b[<32;11;5M", "drag left 10,4"},
        {"\x1b[<34;11;5M", "drag right 10,4"},
        {"\x1b[<64;1;2M", "up none 0,1"},
        {"\x1b[<65;1;2M", "down none 0,1"},
        {"\x1b[<66;1;2M", "wheel-left none 0,1"},
        {"\x1b[<67;1;2M", "wheel-right none 0,1"},
        {"\x1b[<4;1;2M", "S-press left 0,1"},
        {"\x1b[<24;1;2M", "C-M-press left 0,1"},
        {"\x1b[<69;1;2M", "S-down none 0,1"},
        /* Bytes, whatever they look like; the release does not say of what. */
        {"\x1b[M \x2a\x25", "press left 9,4"},
        {"\x1b[M\"qQ\x1b[M#qQ", "press right 80,48 release right 80,48"},
        {"\x1b[M@\xff\xfe", "drag left 222,221"},
        {"\x1b[M`!!", "up none 0,0"},
        {"\x1b[M#!!", "release none 0,0"},
        /* urxvt */
        {"\x1b[32;10;5M\x1b[35;10;5M", "press left 9,4 release left 9,4"},
    };

    EXPECT_MEANINGS(reports);
}

Test(tty_input, reads_pastes_and_focus)
{
    static const struct meaning meanings[] = {
        {"\x1b[200~q w\x1b[A\r\x1b[201~s", "paste<q w\x1b[A\r> s"},
        {"\x1b[200~\x1b[201~", "paste<>"},
        {"\x1b[200~\x1b\x1b[201~", "paste<\x1b>"},
        {"\x1b[200~\x1b[20\x1b[201~", "paste<\x1b[20>"},
        {"\x1b[200~\x1b[200~\x1b[201~", "paste<\x1b[200~>"},
        {"\x1b[200~no end", "paste<no end>"},
        {"\x1b[201~", ""},
        {"\x1b[I\x1b[O", "focus-in focus-out"},
    };

    EXPECT_MEANINGS(meanings);
}

Test(tty_input, a_long_paste_is_cut_but_taken_whole)
{
    static struct tty_input input;
    struct buffer bytes = {0};
    struct tty_event event;
    size_t taken;

    buffer_append_text(&bytes, "\x1b[200~");
    for (size_t i = 0; i < 10 * TTY_PASTE_MAX; i++) {
        buffer_append_char(&bytes, (char)('a' + i % 26));
    }
    buffer_append_text(&bytes, "\x1b[201~q");
    tty_input_init(&input, TTY_ESCAPE_MS);
    taken = tty_input_feed(&input, bytes.data, bytes.size);
    cr_expect(eq(sz, taken, bytes.size - 1));
    cr_assert(tty_input_take(&input, &event));
    cr_expect(eq(int, event.kind, TTY_EVENT_PASTE));
    cr_expect(eq(sz, event.size, TTY_PASTE_MAX));
    cr_expect(zero(memcmp(event.text, bytes.data + 6, TTY_PASTE_MAX)));
    buffer_release(&bytes);
}

/* A small generator with a seed, so that a failure can be repeated. */
static uint32_t
next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* A sequence that means nothing: CSI with a private prefix, or a string. */
static void
append_unknown(struct buffer *bytes, uint32_t *random)
{
    static const char prefixes[] = "?>=";
    static const char strings[] = "P]_^X";
    size_t size = next_random(random) % 20;
    char final;

    if (next_random(random) % 2 == 0) {
        buffer_append_format(bytes, "\x1b[%c",
                             prefixes[next_random(random) % 3]);
        for (size_t i = 0; i < size; i++) {
            buffer_append_char(bytes,
                               (char)(0x20 + next_random(random) % 0x20));
        }
        do { /* c ends an answer that is known */
            final = (char)(0x40 + next_random(random) % 0x3F);
        } while (final == 'c');
        buffer_append_char(bytes, final);
        return;
    }
    buffer_append_format(bytes, "\x1b%c", strings[next_random(random) % 5]);
    for (size_t i = 0; i < size; i++) {
        buffer_append_char(bytes, (char)(0x20 + next_random(random) % 0x5F));
    }
    buffer_append_text(bytes, next_random(random) % 2 == 0 ? "\x07" : "\x1b\\");
}

static void
append_known(struct buffer *bytes, struct buffer *expected, uint32_t *random)
{
    const struct meaning *key =
        &keys[next_random(random) % (sizeof keys / sizeof keys[0])];

    buffer_append_text(bytes, key->bytes);
    if (expected->size > 0) {
        buffer_append_char(expected, ' ');
    }
    buffer_append_text(expected, key->events);
}

Test(tty_input, no_key_comes_from_inside_of_a_sequence)
{
    static struct tty_input input;
    uint32_t random = 1;

    for (unsigned round = 0; round < 500; round++) {
        struct buffer bytes = {0};
        struct buffer expected = {0};
        struct buffer got = {0};

        tty_input_init(&input, TTY_ESCAPE_MS);
        for (size_t i = 0; i < 40; i++) {
            if (next_random(&random) % 2 == 0) {
                append_unknown(&bytes, &random);
            } else {
                append_known(&bytes, &expected, &random);
            }
        }
        for (size_t at = 0; at < bytes.size;) {
            size_t size = 1 + next_random(&random) % 9;

            size = size < bytes.size - at ? size : bytes.size - at;
            feed(&input, bytes.data + at, size, &got);
            at += size;
        }
        expect_events(bytes.data, bytes.size, &got,
                      expected.size == 0 ? "" : expected.data);
        buffer_release(&bytes);
        buffer_release(&expected);
        buffer_release(&got);
    }
}

Test(tty_input, any_bytes_leave_it_ready_for_a_key)
{
    static struct tty_input input;
    uint32_t random = 2;

    tty_input_init(&input, TTY_ESCAPE_MS);
    for (unsigned round = 0; round < 20000; round++) {
        struct buffer got = {0};
        char bytes[64];
        size_t size = next_random(&random) % sizeof bytes;

        for (size_t i = 0; i < size; i++) {
            bytes[i] =
                (char)(next_random(&random) % 3 == 0
                           ? (int)next_random(&random)
                           : "\x1b[]OM<;:0129~u$P\x07\\"[next_random(&random)
                                                         % 19]);
        }
        feed(&input, bytes, size, &got);
        expire(&input, &got);
        cr_assert(eq(int, tty_input_timeout_ms(&input), -1));
        buffer_clear(&got);
        feed(&input, "q", 1, &got);
        cr_assert(eq(sz, got.size, 1));
        cr_assert(eq(chr, got.data[0], 'q'));
        buffer_release(&got);
    }
}

Test(tty_input, hears_what_the_terminal_answers)
{
    static const struct meaning meanings[] = {
        {"\x1b]11;rgb:0000/0000/0000\x07", "dark"},
        {"\x1b]11;rgb:0000/0000/0000\x1b\\", "dark"},
        {"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", "light"},
        {"\x1b]11;rgb:ff/fd/f0\x07", "light"},
        {"\x1b]11;rgba:0000/0000/0000/ffff\x07", "dark"},
        {"\x1b]11;rgb:1e1e/1e1e/2e2e\xc2\x9c", "dark"},
        {"\x1b]11;rgb:0/f/0\x07", "light"}, /* green is bright, blue is not */
        {"\x1b]11;rgb:0/0/f\x07", "dark"},
        {"\x1b]11;rgb:\x07", ""},
        {"\x1b]11;rgb:1/2\x07", ""},
        {"\x1b]11;rgb:fffff/0/0\x07", ""},
        {"\x1b]11;rgb:g/0/0\x07", ""},
        {"\x1b]10;rgb:ffff/ffff/ffff\x07", ""},
        {"\x1bP11;rgb:ffff/ffff/ffff\x1b\\", ""},
        {"\x1b]11;rgb:0/0/0\x18", ""},
        {"\x1b[?62;22c", "attributes"},
        {"\x1b[?1;2c", "attributes"},
        {"\x1b[?c", "attributes"},
    };

    expect_meanings(meanings, sizeof meanings / sizeof meanings[0]);
}
