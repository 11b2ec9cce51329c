// SPDX-License-Identifier: Apache-2.0
/* What a reader makes of sections and chunks that no writer of ours makes. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "format/event.h"
#include "format/reader.h"
#include "format/record_encode.h"
#include "image.h"

static struct trace_file *
open_image(const struct image *image)
{
    struct trace_file *file = NULL;
    struct error err = {0};

    cr_assert(trace_file_open(&file, image_write(image, image->size), &err),
              "%s", err.message);
    return file;
}

static size_t
append_block(struct image *image, uint32_t stream, uint64_t number,
             size_t count)
{
    uint64_t words[64];

    for (size_t i = 0; i < count; i++) {
        words[i] = event_tag(EVENT_CALL, 1);
    }
    return image_append_chunk(
        image,
        (struct vzt_chunk_header){
            .kind = VZT_CHUNK_EVENTS, .stream = stream, .number = number},
        NULL, words, count);
}

static void
append_definitions(struct image *image, const uint64_t *words, size_t count)
{
    (void)image_append_chunk(
        image, (struct vzt_chunk_header){.kind = VZT_CHUNK_DEFINITIONS}, NULL,
        words, count);
}

static size_t
encode_function(uint64_t *words, uint32_t id, const char *name)
{
    struct function_definition function = {
        .kind = VZT_FUNCTION_C,
        .name = {name, strlen(name)},
    };

    return record_encode_function(words, 64, id, &function);
}

Test(reader, sorts_blocks_by_stream_and_number)
{
    struct image image = image_empty();
    struct trace_file *file;
    const struct trace_section *section;

    (void)image_append_section(&image);
    (void)append_block(&image, 9, 1, 1);
    (void)append_block(&image, 2, 7, 2);
    (void)append_block(&image, 9, 0, 3);
    (void)append_block(&image, 2, 1, 4);
    file = open_image(&image);
    section = trace_file_section(file, 0);
    cr_assert(eq(sz, section->block_count, 4));
    cr_assert(eq(u64, section->blocks[0].word_count, 4));
    cr_assert(eq(u64, section->blocks[1].word_count, 2));
    cr_assert(eq(u64, section->blocks[2].word_count, 3));
    cr_assert(eq(u64, section->blocks[3].word_count, 1));
    /* Streams that nobody defined have rows all the same. */
    cr_assert(eq(sz, section->stream_count, 2));
    cr_assert(eq(u32, section->streams[1].id, 9));
    cr_assert(eq(str, (char *)section->streams[1].name, ""));
    cr_assert(eq(sz, section->streams[1].first_block, 2));
    cr_assert(eq(sz, section->streams[1].block_count, 2));
    trace_file_close(file);
    image_release(&image);
}

Test(reader, passes_over_room_and_chunks_of_later_versions)
{
    struct image image = image_empty();
    struct trace_file *file;
    uint64_t noise[] = {1, 2, VZT_CHUNK_MAGIC, 4};
    static const char zeros[1000];

    (void)image_append_section(&image);
    (void)image_append_chunk(&image,
                             (struct vzt_chunk_header){.kind = VZT_CHUNK_FREE},
                             NULL, noise, 4);
    (void)append_block(&image, 1, 0, 5);
    (void)image_append_chunk(&image, (struct vzt_chunk_header){.kind = 77},
                             NULL, noise, 4);
    (void)append_block(&image, 1, 1, 6);
    image_append(&image, zeros, sizeof zeros); /* allocated, not yet written */
    file = open_image(&image);
    cr_assert(eq(sz, trace_file_section(file, 0)->block_count, 2));
    cr_assert(zero(u64, trace_file_damage(file)->damaged_chunks));
    cr_assert(zero(u64, trace_file_damage(file)->skipped_bytes));
    trace_file_close(file);
    image_release(&image);
}

Test(reader, skips_what_is_no_section_and_says_how_much)
{
    struct image image = image_empty();
    struct image section = image_empty();
    struct trace_file *file;

    (void)image_append_section(&section);
    (void)append_block(&section, 1, 0, 5);
    image_section(&section, 0)->section_size = section.size;
    image_append(&image, "garbage", 7);
    image_append(&image, section.data, section.size);
    image_append(&image, "more of it", 10);
    file = open_image(&image);
    cr_assert(eq(sz, trace_file_section(file, 0)->block_count, 1));
    cr_assert(eq(u64, trace_file_section(file, 0)->offset, 7));
    cr_assert(eq(u64, trace_file_damage(file)->skipped_bytes, 17));
    cr_assert(zero(u64, trace_file_damage(file)->first_offset));
    trace_file_close(file);
    image_release(&image);
    image_release(&section);
}

/* A section that this version must not read, between two others. */
static void
check_refused(void (*spoil)(struct vzt_section_header *header),
              const char *reason)
{
    struct image image = image_empty();
    struct trace_file *file = NULL;
    struct error err = {0};
    size_t second;

    (void)image_append_section(&image);
    (void)append_block(&image, 1, 0, 5);
    second = image_append_section(&image);
    (void)append_block(&image, 1, 0, 6);
    spoil(image_section(&image, second));
    (void)image_append_section(&image);
    (void)append_block(&image, 1, 0, 7);
    file = open_image(&image);
    cr_assert(eq(sz, trace_file_section_count(file), 2));
    cr_assert(eq(u64, trace_file_section(file, 1)->blocks[0].word_count, 7));
    cr_assert(strstr(trace_file_damage(file)->first_reason, reason) != NULL,
              "%s", trace_file_damage(file)->first_reason);
    trace_file_close(file);

    spoil(image_section(&image, 0));
    file = NULL;
    cr_assert(
        eq(int, trace_file_open(&file, image_write(&image, second), &err), 0));
    cr_assert(eq(int, err.code, ERROR_BAD_TRACE));
    cr_assert(strstr(err.message, reason) != NULL, "%s", err.message);
    image_release(&image);
}

static void
make_newer(struct vzt_section_header *header)
{
    header->format_version = VZT_FORMAT_VERSION + 1;
}

static void
need_feature(struct vzt_section_header *header)
{
    header->must_understand = 4;
}

static void
make_index(struct vzt_section_header *header)
{
    header->section_kind = VZT_SECTION_INDEX;
}

Test(reader, refuses_sections_of_later_versions)
{
    check_refused(make_newer, "needs a newer version");
    check_refused(need_feature, "features 0x4");
    check_refused(make_index, "");
}

Test(reader, knows_functions_with_any_id)
{
    struct image image = image_empty();
    struct trace_file *file;
    const struct trace_section *section;
    uint64_t words[192];
    size_t count = encode_function(words, EVENT_FUNCTION_MAX, "last");
    uint32_t id;

    count += encode_function(words + count, 5, "five");
    count += encode_function(words + count, 5, "five again");
    (void)image_append_section(&image);
    append_definitions(&image, words, count);
    file = open_image(&image);
    section = trace_file_section(file, 0);
    cr_assert(eq(sz, trace_section_function_count(section), 2));
    cr_assert(eq(
        str, (char *)trace_section_function(section, EVENT_FUNCTION_MAX)->name,
        "last"));
    cr_assert(
        eq(str, (char *)trace_section_function(section, 5)->name, "five"));
    cr_assert(eq(ptr, (void *)trace_section_function(section, 6), NULL));
    cr_assert(eq(ptr, (void *)trace_section_function(section, 0), NULL));
    cr_assert(eq(str, (char *)trace_section_function_at(section, 1, &id)->name,
                 "last"));
    cr_assert(eq(u32, id, EVENT_FUNCTION_MAX));
    cr_assert(eq(u64, trace_section_function_end(section),
                 (uint64_t)EVENT_FUNCTION_MAX + 1));
    trace_file_close(file);
    image_release(&image);
}

Test(reader, says_which_definitions_are_damaged)
{
    struct image image = image_empty();
    struct trace_file *file;
    uint64_t words[128];
    size_t first = encode_function(words, 1, "a name that will be too long");
    size_t count = first + encode_function(words + first, 2, "two");

    ((struct vzt_function *)(words + 1))->name_size = 1000;
    (void)image_append_section(&image);
    append_definitions(&image, words, count);
    file = open_image(&image);
    cr_assert(eq(u64, trace_file_damage(file)->damaged_chunks, 1));
    cr_assert(eq(u64, trace_file_damage(file)->first_offset,
                 VZT_SECTION_HEADER_SIZE));
    cr_assert(
        eq(sz, trace_section_function_count(trace_file_section(file, 0)), 1));
    trace_file_close(file);
    image_release(&image);
}

Test(reader, names_streams_by_their_last_definition)
{
    struct image image = image_empty();
    struct trace_file *file;
    const struct trace_stream *stream;
    uint64_t words[128];
    size_t count = record_encode_stream_end(words, 128, 3, 777);

    count +=
        record_encode_stream(words + count, 128 - count, 3, VZT_STREAM_THREAD,
                             0, 42, (struct text_span){"early", 5});
    count +=
        record_encode_stream(words + count, 128 - count, 3, VZT_STREAM_THREAD,
                             0, 42, (struct text_span){"late", 4});
    (void)image_append_section(&image);
    append_definitions(&image, words, count);
    (void)append_block(&image, 3, 0, 1);
    file = open_image(&image);
    cr_assert(eq(sz, trace_file_section(file, 0)->stream_count, 1));
    stream = &trace_file_section(file, 0)->streams[0];
    cr_assert(eq(str, (char *)stream->name, "late"));
    cr_assert(eq(u64, stream->end_tick, 777));
    cr_assert(eq(u64, stream->thread_id, 42));
    cr_assert(eq(sz, stream->block_count, 1));
    trace_file_close(file);
    image_release(&image);
}

Test(reader, refuses_what_is_no_trace)
{
    static const char *const texts[] = {"", "{\"traceEvents\": []}", "\x89PNG"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct image image = image_empty();
        struct trace_file *file = NULL;
        struct error err = {0};

        image_append(&image, texts[i], strlen(texts[i]));
        (void)image_write(&image, image.size);
        cr_assert(not(trace_file_has_magic(image.path)));
        cr_assert(not(trace_file_open(&file, image.path, &err)));
        cr_assert(eq(int, err.code, ERROR_BAD_TRACE));
        cr_assert(strstr(err.message, "not a viztracer recording") != NULL);
        image_release(&image);
    }
}

Test(reader, fails_cleanly_on_files_that_cannot_be_read)
{
    struct trace_file *file = NULL;
    struct error err = {0};

    cr_assert(not(trace_file_open(&file, "/nonexistent/trace.vzt", &err)));
    cr_assert(eq(int, err.code, ERROR_SYSTEM));
    cr_assert(not(trace_file_has_magic("/nonexistent/trace.vzt")));
    cr_assert(not(trace_file_open(&file, "/tmp", &err)));
    cr_assert(eq(ptr, file, NULL));
}
