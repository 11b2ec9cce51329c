// SPDX-License-Identifier: Apache-2.0
/* Every prefix of a file gives the whole events in it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buffer.h"
#include "imported.h"
#include "model/trace_model.h"

enum {
    EVENTS_MAX = 16,
    WINDOW_SIZE = 256 * 1024, /* of the scanner */
};

/* A document, and where each of its events ends. */
struct document {
    struct buffer text;
    size_t ends[EVENTS_MAX];
    size_t event_count;
};

static const char *const events[] = {
    "{\"pid\":1,\"tid\":2,\"ts\":1.5,\"ph\":\"X\",\"dur\":100,\"name\":\"a\"}",
    "{\"args\":{\"a\":[1,{\"b\":\"}]\\\"\"},[]],\"c\":-1.5e3},\"ts\":12,"
    "\"pid\":1,\"tid\":2,\"ph\":\"X\",\"dur\":1.25,"
    "\"name\":\"b\\\\\\u00e9 (/w/a.py:12)\",\"cat\":\"FEE\"}",
    "{ \"pid\" : 1 , \"tid\" : 2 , \"ts\" : 2e1 , \"ph\" : \"X\" ,\n"
    " \"dur\" : 7 , \"x\" : true , \"y\" : [ ] , \"name\" : \"c\" }",
    "{\"ph\":\"X\",\"pid\":\"p\\\"\",\"tid\":\"t\",\"ts\":\"33.5\","
    "\"dur\":\"1\",\"name\":\"d\"}",
    "{\"ph\":\"O\",\"pid\":1,\"tid\":2,\"ts\":40,\"id\":\"7\",\"name\":\"o\","
    "\"args\":{\"snapshot\":{\"k\":\"v\"}}}",
    "{\"ph\":\"i\",\"pid\":1,\"tid\":2,\"ts\":41,\"s\":\"t\",\"name\":\"i\"}",
};

static void
add_events(struct document *document, const char *separator)
{
    size_t count = sizeof events / sizeof *events;

    for (size_t i = 0; i < count; i++) {
        buffer_append_text(&document->text, i == 0 ? "" : separator);
        buffer_append_text(&document->text, events[i]);
        document->ends[document->event_count++] = document->text.size;
    }
}

static struct document
make_array(void)
{
    struct document document = {0};

    buffer_append_text(&document.text, "[");
    add_events(&document, " ,\n");
    buffer_append_text(&document.text, "]");
    return document;
}

static struct document
make_object(void)
{
    struct document document = {0};

    buffer_append_text(&document.text,
                       "{\"viztracer_metadata\":{\"overflow\":false},"
                       "\"file_info\":{\"files\":{\"/w/a.py\":[\"a\\n\",1]},"
                       "\"functions\":{}},\"traceEvents\":[");
    add_events(&document, ",");
    buffer_append_text(&document.text, "],\"other\":[1,2,{}]}");
    return document;
}

static size_t
whole_events(const struct document *document, size_t size)
{
    size_t count = 0;

    while (count < document->event_count && document->ends[count] <= size) {
        count++;
    }
    return count;
}

/* Of the document's text, size bytes are what the import had to read. */
static void
expect_prefix(struct imported *imported, const struct document *document,
              size_t size, bool is_whole, const char *what)
{
    size_t expected = whole_events(document, size);

    if (expected == 0) {
        cr_assert(imported->model == NULL, "%s cut to %zu", what, size);
        cr_assert(strstr(imported->error.message, "no ") != NULL
                      || strstr(imported->error.message, "cut") != NULL
                      || strstr(imported->error.message, "empty") != NULL,
                  "%s cut to %zu: %s", what, size, imported->error.message);
        return;
    }
    cr_assert(imported->model != NULL, "%s cut to %zu: %s", what, size,
              imported->error.message);
    cr_assert(
        eq(u64, trace_model_summary(imported->model).event_count, expected),
        "%s cut to %zu", what, size);
    cr_assert(eq(int, has_note(imported, "cut short"), !is_whole),
              "%s cut to %zu", what, size);
    imported_release(imported);
}

static void
expect_all_prefixes(struct document document, const char *what)
{
    for (size_t size = 0; size <= document.text.size; size++) {
        struct imported imported =
            imported_from(document.text.data, size, NULL);

        expect_prefix(&imported, &document, size, size == document.text.size,
                      what);
    }
    buffer_release(&document.text);
}

Test(import_cut, gives_the_whole_events_before_any_byte)
{
    expect_all_prefixes(make_array(), "array");
    expect_all_prefixes(make_object(), "object");
}

/* The file with an event of each kind; every third byte, for it is long. */
Test(import_cut, of_every_kind_of_event_is_read)
{
    struct buffer text = {0};
    struct imported whole;

    {
        FILE *file = fopen(EVERY_KIND, "r");
        char bytes[4096];
        size_t size;

        cr_assert(ne(ptr, file, NULL));
        while ((size = fread(bytes, 1, sizeof bytes, file)) > 0) {
            buffer_append(&text, bytes, size);
        }
        (void)fclose(file);
    }
    whole = imported_from(text.data, text.size, NULL);
    cr_assert(whole.model != NULL, "%s", whole.error.message);
    cr_assert(not(has_note(&whole, "cut short")));
    for (size_t size = 0; size < text.size; size += 3) {
        struct imported imported = imported_from(text.data, size, NULL);

        if (imported.model != NULL) {
            cr_assert(le(u64, trace_model_summary(imported.model).call_count,
                         trace_model_summary(whole.model).call_count),
                      "cut to %zu", size);
            cr_assert(
                eq(int, has_note(&imported, "cut short"), size < text.size - 2),
                "cut to %zu", size);
        }
        imported_release(&imported);
    }
    imported_release(&whole);
    buffer_release(&text);
}

/* How much zlib itself gets out of so many bytes. */
static size_t
inflated_size(const unsigned char *data, size_t size)
{
    unsigned char out[16384];
    z_stream stream = {.next_in = (unsigned char *)data,
                       .avail_in = (unsigned)size,
                       .next_out = out,
                       .avail_out = sizeof out};

    cr_assert(eq(int, inflateInit2(&stream, 15 + 16), Z_OK));
    (void)inflate(&stream, Z_SYNC_FLUSH);
    (void)inflateEnd(&stream);
    return sizeof out - stream.avail_out;
}

Test(import_cut, gives_the_whole_events_before_any_byte_of_a_gzip_file)
{
    struct document document = make_object();
    size_t size;
    unsigned char *gzip =
        gzip_of(document.text.data, document.text.size, &size);

    for (size_t i = 2; i <= size; i++) {
        struct imported imported = imported_from(gzip, i, NULL);
        size_t inflated = inflated_size(gzip, i);

        expect_prefix(&imported, &document, inflated,
                      inflated == document.text.size, "gzip");
    }
    free(gzip);
    buffer_release(&document.text);
}

Test(import_cut, joins_the_members_of_a_gzip_file)
{
    struct document document = make_array();
    size_t half = document.text.size / 2;
    struct buffer joined = {0};
    size_t size;
    unsigned char *gzip = gzip_of(document.text.data, half, &size);
    struct imported imported;

    buffer_append(&joined, gzip, size);
    free(gzip);
    gzip = gzip_of(document.text.data + half, document.text.size - half, &size);
    buffer_append(&joined, gzip, size);
    free(gzip);
    imported = imported_from(joined.data, joined.size, NULL);
    expect_prefix(&imported, &document, document.text.size, true, "members");
    buffer_release(&joined);
    buffer_release(&document.text);
}

/* The window's end falls on each byte of the document once. */
Test(import_cut, reads_tokens_across_the_end_of_its_window)
{
    struct document document = make_object();
    struct imported whole =
        imported_from(document.text.data, document.text.size, NULL);
    char *expected = imported_text(&whole);

    for (size_t before = 1; before < document.text.size; before++) {
        size_t blanks = WINDOW_SIZE - before;
        char *text = malloc(blanks + document.text.size);
        struct imported imported;
        char *seen;

        memset(text, ' ', blanks);
        memcpy(text + blanks, document.text.data, document.text.size);
        imported = imported_from(text, blanks + document.text.size, NULL);
        cr_assert(imported.model != NULL, "%zu: %s", before,
                  imported.error.message);
        seen = imported_text(&imported);
        cr_assert(eq(str, seen, expected), "%zu bytes in the first window",
                  before);
        cr_assert(eq(sz, imported.trace.note_count, 0));
        free(seen);
        free(text);
        imported_release(&imported);
    }
    free(expected);
    imported_release(&whole);
    buffer_release(&document.text);
}
