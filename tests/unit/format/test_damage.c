// SPDX-License-Identifier: Apache-2.0
/* Files that were cut, joined and spoiled: nothing that is there is lost. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "format/reader.h"
#include "image.h"
#include "support/read_back.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

/* A small file with everything in it, and what can be read from it whole. */
struct sample {
    struct image image;
    struct read_back whole;
    size_t section_count;
    uint64_t section_offsets[4];
    uint64_t section_ends[4];
};

static struct trace_file *
open_file(const char *path)
{
    struct trace_file *file = NULL;
    struct error err = {0};

    cr_assert(trace_file_open(&file, path, &err), "%s", err.message);
    return file;
}

static struct read_back
read_all(const struct trace_file *file)
{
    struct read_back read;
    struct error err = {0};

    cr_assert(read_back_file(&read, file, &err), "%s", err.message);
    return read;
}

static struct sample
make_sample(uint64_t seed)
{
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle =
        trace_random(folder, &(struct trace_random_options){
                                 .seed = seed,
                                 .process_count = 2,
                                 .thread_count = 2,
                                 .calls_per_thread = 60,
                                 .depth_max = 8,
                                 .instant_permille = 50,
                                 .object_permille = 30,
                                 .counter_permille = 30,
                                 .gap_permille = 20,
                                 .far_permille = 50,
                                 .mismatch_permille = 30,
                                 .has_unfinished = true,
                                 .block_size = 512,
                             });
    struct sample sample = {.image = image_of_file(oracle->path)};
    struct trace_file *file = open_file(oracle->path);

    sample.whole = read_all(file);
    sample.section_count = trace_file_section_count(file);
    for (size_t i = 0; i < sample.section_count; i++) {
        const struct trace_section *section = trace_file_section(file, i);

        sample.section_offsets[i] = section->offset;
        sample.section_ends[i] = section->offset + section->size;
    }
    cr_assert(eq(sz, sample.whole.call_count, oracle->call_count));
    trace_file_close(file);
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
    return sample;
}

static void
release_sample(struct sample *sample)
{
    read_back_release(&sample->whole);
    image_release(&sample->image);
}

static bool
is_same_call(const struct read_call *a, const struct read_call *b,
             uint64_t shift)
{
    return a->word_offset + shift == b->word_offset
           && a->start_tick == b->start_tick && a->stream == b->stream
           && a->function == b->function;
}

/* The calls whose entry stands before the cut, and no others, are there. */
static void
check_cut(const struct sample *sample, size_t size)
{
    struct trace_file *file = open_file(image_write(&sample->image, size));
    struct read_back read = read_all(file);
    size_t found = 0;

    for (size_t i = 0; i < sample->whole.call_count; i++) {
        const struct read_call *call = &sample->whole.calls[i];

        if (call->word_offset + sizeof(uint64_t) > size) {
            continue;
        }
        cr_assert(found < read.call_count, "cut at %zu", size);
        cr_assert(is_same_call(call, &read.calls[found], 0), "cut at %zu",
                  size);
        cr_assert(ne(ptr,
                     (void *)trace_section_function(
                         trace_file_section(file, read.calls[found].section),
                         call->function),
                     NULL));
        found++;
    }
    cr_assert(eq(sz, read.call_count, found), "cut at %zu", size);
    cr_assert(trace_file_damage(file)->first_reason[0] != '\0'
                  || size == sample->section_ends[0],
              "cut at %zu", size);
    read_back_release(&read);
    trace_file_close(file);
}

Test(damage, keeps_all_before_a_cut_at_any_byte)
{
    struct sample sample = make_sample(1);

    for (size_t size = VZT_SECTION_HEADER_SIZE; size < sample.image.size;
         size++) {
        check_cut(&sample, size);
    }
    release_sample(&sample);
}

Test(damage, names_the_byte_of_a_cut_in_the_first_header)
{
    struct sample sample = make_sample(1);

    for (size_t size = 0; size < VZT_SECTION_HEADER_SIZE; size++) {
        const char *path = image_write(&sample.image, size);
        struct trace_file *file = NULL;
        struct error err = {0};
        char expected[64];

        cr_assert(not(trace_file_open(&file, path, &err)));
        cr_assert(eq(ptr, file, NULL));
        cr_assert(eq(int, err.code, ERROR_BAD_TRACE));
        snprintf(expected, sizeof expected,
                 size < VZT_SECTION_MAGIC_SIZE ? "(%zu bytes)"
                                               : "is cut at byte %zu (",
                 size);
        cr_assert(strstr(err.message, expected) != NULL, "%s", err.message);
        cr_assert(eq(int, trace_file_has_magic(path), size > 0));
    }
    release_sample(&sample);
}

/* Every call of a sample is there, its file shift bytes further on. */
static void
check_holds_all(const struct read_back *read, const struct read_back *whole,
                uint64_t shift, size_t cut)
{
    size_t found = 0;

    for (size_t i = 0; i < read->call_count && found < whole->call_count; i++) {
        found += is_same_call(&whole->calls[found], &read->calls[i], shift);
    }
    cr_assert(eq(sz, found, whole->call_count), "cut at %zu", cut);
}

/* A cut file with a whole one behind it, as `cat` joins them. */
static void
check_joined(const struct sample *first, const struct sample *second,
             size_t cut)
{
    struct image joined = image_empty();
    struct trace_file *file;
    struct read_back read;

    image_append(&joined, first->image.data, cut);
    image_append(&joined, second->image.data, second->image.size);
    file = open_file(image_write(&joined, joined.size));
    read = read_all(file);
    check_holds_all(&read, &second->whole, cut, cut);
    for (size_t i = 0; i < read.call_count; i++) {
        cr_assert(read.calls[i].word_offset >= cut
                      || read.calls[i].word_offset + sizeof(uint64_t) <= cut,
                  "cut at %zu", cut);
    }
    read_back_release(&read);
    trace_file_close(file);
    image_release(&joined);
}

Test(damage, joins_a_file_cut_at_any_byte_with_a_whole_one)
{
    struct sample first = make_sample(2);
    struct sample second = make_sample(3);

    for (size_t cut = 0; cut < first.image.size; cut += 1 + cut % 3) {
        check_joined(&first, &second, cut);
    }
    release_sample(&first);
    release_sample(&second);
}

Test(damage, joins_a_killed_and_cut_recording_with_a_whole_one)
{
    struct sample first = make_sample(4);
    struct sample second = make_sample(5);

    for (size_t i = 0; i < first.section_count; i++) {
        image_section(&first.image, first.section_offsets[i])->section_size = 0;
    }
    for (size_t cut = 0; cut <= first.image.size; cut += 1 + cut % 3) {
        check_joined(&first, &second, cut);
    }
    release_sample(&first);
    release_sample(&second);
}

/* Where the section or chunk that holds a byte begins and ends. */
struct extent {
    uint64_t start;
    uint64_t end;
};

static struct extent
part_around(const struct sample *sample, uint64_t byte)
{
    size_t i = 0;
    uint64_t at;

    while (byte >= sample->section_ends[i]) {
        i++;
    }
    at = sample->section_offsets[i] + VZT_SECTION_HEADER_SIZE;
    if (byte < at) {
        return (struct extent){sample->section_offsets[i],
                               sample->section_ends[i]};
    }
    while (byte - at >= image_chunk(&sample->image, at)->size) {
        at += image_chunk(&sample->image, at)->size;
    }
    return (struct extent){at, at + image_chunk(&sample->image, at)->size};
}

/* One spoiled byte costs at most the chunk, or section, whose header has it. */
static void
check_spoiled(struct sample *sample, size_t byte, uint8_t mask)
{
    struct extent part = part_around(sample, byte);
    struct trace_file *file;
    struct read_back read;
    size_t next = 0;

    sample->image.data[byte] ^= mask;
    file = open_file(image_write(&sample->image, sample->image.size));
    read = read_all(file);
    for (size_t i = 0; i < sample->whole.call_count && mask == 0xFF; i++) {
        const struct read_call *call = &sample->whole.calls[i];

        if (call->word_offset >= part.start && call->word_offset < part.end) {
            continue;
        }
        while (next < read.call_count
               && !is_same_call(call, &read.calls[next], 0)) {
            next++;
        }
        cr_assert(next < read.call_count, "byte %zu of the part at %zu", byte,
                  (size_t)part.start);
    }
    sample->image.data[byte] ^= mask;
    read_back_release(&read);
    trace_file_close(file);
}

Test(damage, loses_no_more_than_the_part_with_the_spoiled_byte)
{
    struct sample sample = make_sample(6);

    for (size_t byte = 0; byte < sample.image.size; byte++) {
        check_spoiled(&sample, byte, 0xFF);
    }
    release_sample(&sample);
}

Test(damage, survives_every_spoiled_byte)
{
    static const uint8_t masks[] = {0x01, 0x08, 0x10, 0x80};
    struct sample sample = make_sample(7);

    for (size_t byte = 0; byte < sample.image.size; byte++) {
        check_spoiled(&sample, byte, masks[byte % sizeof masks]);
    }
    release_sample(&sample);
}
