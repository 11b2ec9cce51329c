// SPDX-License-Identifier: Apache-2.0
/*
 * What is read by the shape of events before is what is read member by member:
 * the same bytes of a trace, the same notes, the same message.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "import/scan_bytes.h"
#include "imported.h"
#include "support/effort.h"
#include "support/random.h"

enum {
    MEMBERS_MAX = 12,
    STYLES = 4,
    WINDOW_SIZE = 256 * 1024, /* of the scanner */
};

/* The bytes of a trace that was imported; the caller frees. */
static char *
bytes_of(const struct imported_trace *trace, size_t *size)
{
    struct stat status;
    char *bytes;

    cr_assert(eq(int, fstat(trace->fd, &status), 0));
    *size = (size_t)status.st_size;
    bytes = malloc(*size);
    cr_assert(eq(sz, (size_t)pread(trace->fd, bytes, *size, 0), *size));
    return bytes;
}

static void
expect_same_trace(const struct imported_trace *a,
                  const struct imported_trace *b, const char *what)
{
    size_t a_size;
    size_t b_size;
    char *a_bytes = bytes_of(a, &a_size);
    char *b_bytes = bytes_of(b, &b_size);

    cr_assert(eq(sz, a_size, b_size), "%s", what);
    cr_assert(eq(int, memcmp(a_bytes, b_bytes, a_size), 0), "%s", what);
    cr_assert(eq(sz, a->note_count, b->note_count), "%s", what);
    for (size_t i = 0; i < a->note_count; i++) {
        cr_assert(eq(str, a->notes[i], b->notes[i]), "%s", what);
    }
    free(a_bytes);
    free(b_bytes);
}

/* Import both ways; true when both give a trace. */
static bool
expect_same(const struct buffer *text, const char *what)
{
    const struct chrome_json_options by_member = {.has_no_shapes = true};
    const struct chrome_json_options by_shape = {0};
    int fd = memfd_create("shape", MFD_CLOEXEC);
    struct imported_trace a;
    struct imported_trace b;
    struct error a_error = {0};
    struct error b_error = {0};
    char path[32];
    bool ok;

    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    cr_assert(eq(sz, (size_t)write(fd, text->data, text->size), text->size));
    ok = chrome_json_import(&a, path, &by_member, &a_error);
    cr_assert(eq(int, chrome_json_import(&b, path, &by_shape, &b_error), ok),
              "%s: %s%s", what, a_error.message, b_error.message);
    if (ok) {
        expect_same_trace(&a, &b, what);
        imported_trace_release(&a);
        imported_trace_release(&b);
    } else {
        cr_assert(eq(str, a_error.message, b_error.message), "%s", what);
    }
    (void)close(fd);
    return ok;
}

static const char *const keys[] = {
    "pid", "tid",  "ts", "ph", "dur", "name",
    "cat", "args", "s",  "id", "tts", "bp",
};

static const char *const plain_values[][4] = {
    {"1", "2", "1", "\"main\""},
    {"7", "8", "7", "\"t 1\""},
    {"12", "45934271267.777", "0.5", "45934271268"},
    {"\"X\"", "\"X\"", "\"X\"", "\"X\""},
    {"3", "0.66", "15.653", "0"},
    {"\"f (/w/a.py:3)\"", "\"builtins.len\"", "\"a\\\"b\\u00e9\"", "\"\""},
    {"\"fee\"", "\"FEE\"", "\"x\"", "\"fee\""},
    {"{\"a\":[1,\"}\"]}", "{}", "null", "\"text\""},
    {"\"t\"", "\"g\"", "\"p\"", "\"\""},
    {"\"0x12\"", "5", "\"5\"", "\"\\\\\""},
    {"1", "[1,{\"b\":2}]", "\"e\"", "true"},
    {"\"e\"", "\"e\"", "1", "null"},
};

/* Whatever may stand where a value is expected. */
static const char *const odd_values[] = {
    "-1.5",
    "1e3",
    "2.5e-2",
    "12345678",
    "123456789",
    "123456789012345",
    "1234567890123456",
    "1234567890123456789",
    "0.1234567",
    "0.12345678",
    "7.0005",
    "7.00049",
    "1.",
    ".5",
    "\"33.5\"",
    "\"1\"",
    "null",
    "NaN",
    "-",
    "[1]",
    "{}",
    "\"\"",
    "\"\\\\\"",
    "\"B\"",
    "\"E\"",
    "\"i\"",
    "\"C\"",
    "\"M\"",
    "{\"v\":1}",
    "\"Xx\"",
    "99999999.99999999",
    " 5 ",
    "01",
    "\"O\"",
    "12345678.1234567",
    "}",
};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* How a program writes its events. */
struct style {
    size_t members[MEMBERS_MAX];
    size_t count;
    const char *before_key;
    const char *behind_colon;
    bool has_quoted_times;
};

static struct style
random_style(struct random *random)
{
    static const char *const blanks[] = {"", "", " ", "\n    "};
    struct style style = {
        .before_key = blanks[random_below(random, 4)],
        .behind_colon = blanks[random_below(random, 3)],
        .has_quoted_times = random_permille(random, 100),
    };

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        if (i < 6 || random_permille(random, 400)) {
            style.members[style.count++] = i;
        }
    }
    for (size_t i = style.count; i-- > 1;) {
        size_t other = random_below(random, i + 1);
        size_t member = style.members[i];

        style.members[i] = style.members[other];
        style.members[other] = member;
    }
    if (random_permille(random, 100)) {
        style.members[random_below(random, style.count)] =
            random_below(random, COUNT_OF(keys));
    }
    return style;
}

/* Microseconds, of any number of digits. */
static void
put_time(struct buffer *text, struct random *random)
{
    size_t whole =
        1 + random_below(random, random_permille(random, 50) ? 17 : 6);
    size_t places = random_below(random, random_permille(random, 100) ? 10 : 4);

    for (size_t i = 0; i < whole; i++) {
        buffer_append_char(text, (char)('0' + random_below(random, 10)));
    }
    for (size_t i = 0; i < places; i++) {
        buffer_append_text(text, i == 0 ? "." : "");
        buffer_append_char(text, (char)('0' + random_below(random, 10)));
    }
}

static void
put_value(struct buffer *text, const struct style *style, size_t member,
          struct random *random, unsigned odd_permille)
{
    if (random_permille(random, odd_permille)) {
        buffer_append_text(
            text, odd_values[random_below(random, COUNT_OF(odd_values))]);
    } else if (member == 2 || member == 4) {
        const char *quote = style->has_quoted_times ? "\"" : "";

        buffer_append_text(text, quote);
        put_time(text, random);
        buffer_append_text(text, quote);
    } else {
        buffer_append_text(text, plain_values[member][random_below(random, 4)]);
    }
}

static void
put_event(struct buffer *text, const struct style *style, struct random *random,
          unsigned odd_permille)
{
    buffer_append_char(text, '{');
    for (size_t i = 0; i < style->count; i++) {
        size_t member = style->members[i];

        buffer_append_format(text, "%s%s\"%s\":%s", i == 0 ? "" : ",",
                             style->before_key, keys[member],
                             style->behind_colon);
        put_value(text, style, member, random, odd_permille);
    }
    buffer_append_text(text, "}");
}

static void
make_text(struct buffer *text, struct random *random, size_t event_count,
          unsigned odd_permille)
{
    struct style styles[STYLES];
    const char *separator = random_permille(random, 500) ? "," : ",\n";

    for (size_t i = 0; i < STYLES; i++) {
        styles[i] = random_style(random);
    }
    buffer_clear(text);
    buffer_append_text(text, "{\"traceEvents\":[");
    for (size_t i = 0; i < event_count; i++) {
        buffer_append_text(text, i == 0 ? "" : separator);
        put_event(text, &styles[random_below(random, STYLES)], random,
                  odd_permille);
    }
    buffer_append_text(text, "]}");
}

static void
change_bytes(struct buffer *text, struct random *random)
{
    static const char bytes[] = "\"\\{}[],:.0 19ae\n-";

    for (size_t i = random_below(random, 4); i-- > 0;) {
        text->data[random_below(random, text->size)] =
            bytes[random_below(random, sizeof bytes - 1)];
    }
}

Test(event_shape, reads_what_is_read_member_by_member)
{
    struct random random = {.state = 1};
    struct buffer text = {0};
    unsigned count = effort(120, 20000);
    unsigned good_count = 0;

    for (unsigned i = 0; i < count; i++) {
        char what[32];

        (void)snprintf(what, sizeof what, "text %u", i);
        make_text(&text, &random, 1 + random_below(&random, 40),
                  i % 2 == 0 ? 40 : 0);
        if (i % 3 == 0) {
            change_bytes(&text, &random);
        }
        good_count += expect_same(&text, what);
    }
    cr_assert(gt(uint, good_count, count / 2));
    buffer_release(&text);
}

/* Behind it are enough blanks for events to be looked at as a whole. */
static void
expect_same_text(const char *json)
{
    struct buffer text = {0};

    buffer_append_format(&text, "%s%100s", json, "");
    cr_assert(expect_same(&text, json));
    buffer_release(&text);
}

Test(event_shape, takes_no_blanks_for_arguments)
{
    expect_same_text("[{\"ph\":\"X\",\"ts\":1,\"dur\":1,\"args\":{}},"
                     "{\"ph\":\"X\",\"ts\":3,\"dur\":1,\"args\": {}}]");
}

/* Digits in front of an exponent are no places: the calls nest within 1 us. */
Test(event_shape, counts_no_places_of_what_does_not_match)
{
    expect_same_text("[{\"ph\":\"X\",\"ts\":10,\"dur\":10},"
                     "{\"ph\":\"X\",\"ts\":15,\"dur\":0.006e3}]");
}

/* Events stand across the ends of several windows. */
Test(event_shape, reads_events_across_the_end_of_a_window)
{
    struct random random = {.state = 2};
    struct buffer text = {0};

    for (int i = 0; i < 2; i++) {
        make_text(&text, &random, 7000, 1);
        cr_assert(gt(sz, text.size, 2 * (size_t)WINDOW_SIZE));
        cr_assert(expect_same(&text, "large"));
    }
    buffer_release(&text);
}

/* A text of many shapes that never come again. */
Test(event_shape, gives_up_shapes_that_are_of_no_use)
{
    struct buffer text = {0};

    buffer_append_text(&text, "[");
    for (int i = 0; i < 3000; i++) {
        buffer_append_format(
            &text, "{\"a%d\":1,\"ph\":\"X\",\"ts\":%d,\"dur\":1,\"pid\":1},",
            i / 2, i);
    }
    buffer_append_text(&text, "]");
    cr_assert(expect_same(&text, "many shapes"));
    buffer_release(&text);
}

Test(scan_bytes, finds_digits_both_ways)
{
    static const char bytes[] = "0123456789012345678901234567890123456789/:.\"";
    struct random random = {.state = 3};

    for (int i = 0; i < 20000; i++) {
        char text[8];
        uint64_t at_once;
        uint64_t bytewise;
        size_t count;

        for (size_t k = 0; k < sizeof text; k++) {
            text[k] = i % 2 == 0
                          ? bytes[random_below(&random, sizeof bytes - 1)]
                          : (char)random_below(&random, 256);
        }
        count = digits_of_eight_at_once(text, &at_once);
        cr_assert(eq(sz, count, digits_of_eight_bytewise(text, &bytewise)));
        cr_assert(eq(u64, at_once, bytewise), "%.8s", text);
    }
}
