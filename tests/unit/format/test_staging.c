// SPDX-License-Identifier: Apache-2.0
/* Chunks that a recorder is, or was, writing into. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/error.h"
#include "format/event.h"
#include "format/reader.h"
#include "format/record_encode.h"
#include "image.h"

enum { ROOM = 64 }; /* words of the staging chunks here */

static struct vzt_chunk_header
block_header(uint64_t number, uint32_t flags)
{
    return (struct vzt_chunk_header){
        .kind = VZT_CHUNK_EVENTS,
        .flags = flags,
        .stream = 1,
        .number = number,
        .first_tick = 1000 * number,
    };
}

/* count calls of function, then zeros. */
static void
fill(uint64_t words[ROOM], size_t count, uint32_t function)
{
    memset(words, 0, ROOM * sizeof *words);
    for (size_t i = 0; i < count; i++) {
        words[i] = event_tag(EVENT_CALL, function) | 1;
    }
}

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
load_first(struct block *block, const struct trace_file *file)
{
    struct error err = {0};

    cr_assert(
        block_load(block, file, trace_file_section(file, 0)->blocks, &err),
        "%s", err.message);
    return block->word_count;
}

Test(staging, ends_at_the_first_zero_head)
{
    for (size_t count = 1; count <= ROOM; count++) {
        struct image image = image_empty();
        uint64_t words[ROOM];
        struct trace_file *file;
        struct block block = {0};

        fill(words, count, 7);
        (void)image_append_section(&image);
        (void)image_append_chunk(&image, block_header(0, VZT_CHUNK_STAGING),
                                 NULL, words, ROOM);
        file = open_image(&image);
        cr_assert(eq(sz, trace_file_section(file, 0)->block_count, 1));
        cr_assert(trace_file_section(file, 0)->blocks[0].is_staging);
        cr_assert(
            eq(u64, trace_file_section(file, 0)->blocks[0].word_count, count));
        cr_assert(eq(sz, load_first(&block, file), count));
        cr_assert(zero(u64, trace_file_damage(file)->damaged_chunks));
        block_release(&block);
        trace_file_close(file);
        image_release(&image);
    }
}

Test(staging, does_not_end_inside_a_record_with_zeros)
{
    struct image image = image_empty();
    uint64_t words[ROOM];
    size_t count;
    struct trace_file *file;

    fill(words, 3, 7);
    count = 3 + record_encode_gap(words + 3, ROOM - 3, VZT_GAP_PAUSED, 0, 0);
    words[count++] = event_tag(EVENT_RETURN, 7);
    (void)image_append_section(&image);
    (void)image_append_chunk(&image, block_header(0, VZT_CHUNK_STAGING), NULL,
                             words, ROOM);
    file = open_image(&image);
    cr_assert(
        eq(u64, trace_file_section(file, 0)->blocks[0].word_count, count));
    trace_file_close(file);
    image_release(&image);
}

Test(staging, ends_before_a_record_that_is_longer_than_the_chunk)
{
    struct image image = image_empty();
    uint64_t words[ROOM];
    struct trace_file *file;

    fill(words, ROOM, 7);
    words[10] = record_tag(RECORD_INSTANT, ROOM - 10);
    (void)image_append_section(&image);
    (void)image_append_chunk(&image, block_header(0, VZT_CHUNK_STAGING), NULL,
                             words, ROOM);
    file = open_image(&image);
    cr_assert(eq(u64, trace_file_section(file, 0)->blocks[0].word_count, 10));
    trace_file_close(file);
    image_release(&image);
}

Test(staging, is_empty_when_its_reset_was_never_finished)
{
    struct image image = image_empty();
    struct vzt_chunk_header header = block_header(0, VZT_CHUNK_STAGING);
    uint64_t words[ROOM];
    struct trace_file *file;

    fill(words, 5, 7);
    header.sequence = 3;
    (void)image_append_section(&image);
    (void)image_append_chunk(&image, header, NULL, words, ROOM);
    file = open_image(&image);
    cr_assert(zero(sz, trace_file_section(file, 0)->block_count));
    cr_assert(zero(u64, trace_file_damage(file)->damaged_chunks));
    trace_file_close(file);
    image_release(&image);
}

/* Two copies of block 4, before and after two other blocks; the second one
 * without its last words. */
static void
check_copies(size_t staged, size_t written, size_t cut, uint64_t other,
             bool staging_counts)
{
    struct image image = image_empty();
    uint64_t words[ROOM];
    const struct trace_section *section;
    struct trace_file *file;
    struct block block = {0};

    (void)image_append_section(&image);
    fill(words, staged, 1);
    (void)image_append_chunk(&image, block_header(4, VZT_CHUNK_STAGING), NULL,
                             words, ROOM);
    fill(words, 9, 3);
    (void)image_append_chunk(&image, block_header(other, 0), NULL, words, 9);
    (void)image_append_chunk(&image, block_header(3, 0), NULL, words, 9);
    fill(words, written, 2);
    (void)image_append_chunk(&image, block_header(4, 0), NULL, words, written);
    image.size -= cut * sizeof *words;
    file = open_image(&image);
    section = trace_file_section(file, 0);
    cr_assert(eq(sz, section->block_count, 3));
    for (size_t i = 0; i < 3; i++) {
        const struct trace_block *row = &section->blocks[i];
        struct error err = {0};

        cr_assert(block_load(&block, file, row, &err));
        cr_assert(eq(u64, event_function(block.words[0]),
                     row->number != 4 ? 3
                     : staging_counts ? 1
                                      : 2));
        cr_assert(eq(int, row->is_staging, row->number == 4 && staging_counts));
    }
    block_release(&block);
    trace_file_close(file);
    image_release(&image);
}

Test(staging, of_two_copies_the_one_with_more_words_counts)
{
    check_copies(10, 20, 0, 2, false);
    check_copies(20, 10, 0, 2, true);
    check_copies(10, 10, 0, 2, false);
    check_copies(20, 30, 11, 2, true);
    check_copies(20, 30, 9, 2, false);
}

Test(staging, does_not_count_once_a_later_block_is_there)
{
    check_copies(20, 10, 0, 5, false);
    check_copies(20, 10, 1, 5, true); /* of the whole one, who knows */
}

Test(staging, gives_a_block_as_it_was_when_it_was_opened)
{
    static const char room[1000];
    struct image image = image_empty();
    uint64_t words[ROOM];
    struct trace_file *file;
    struct block block = {0};
    size_t staging;

    (void)image_append_section(&image);
    fill(words, 10, 1);
    staging = image_append_chunk(&image, block_header(0, VZT_CHUNK_STAGING),
                                 NULL, words, ROOM);
    image_append(&image, room, sizeof room);
    file = open_image(&image);
    cr_assert(eq(sz, load_first(&block, file), 10));

    /* It grows. */
    fill(words, 30, 1);
    memcpy(image_chunk(&image, staging) + 1, words, sizeof words);
    (void)image_write(&image, image.size);
    cr_assert(eq(sz, load_first(&block, file), 10));

    /* It is flushed, behind another chunk, and the next one begins. What was
     * allocated but not yet used at opening is used by now. */
    image.size -= sizeof room;
    (void)image_append_chunk(
        &image, (struct vzt_chunk_header){.kind = VZT_CHUNK_DEFINITIONS}, NULL,
        NULL, 0);
    (void)image_append_chunk(&image, block_header(0, 0), NULL, words, 30);
    image_chunk(&image, staging)->number = 1;
    image_chunk(&image, staging)->sequence = 2;
    fill(words, 40, 2);
    memcpy(image_chunk(&image, staging) + 1, words, sizeof words);
    (void)image_write(&image, image.size);
    cr_assert(eq(sz, load_first(&block, file), 10));
    cr_assert(eq(u32, event_function(block.words[9]), 1));

    /* A ring gives it up. */
    image.size = staging + image_chunk(&image, staging)->size;
    (void)image_write(&image, image.size);
    cr_assert(zero(sz, load_first(&block, file)));

    block_release(&block);
    trace_file_close(file);
    image_release(&image);
}

struct recorder_thread {
    struct vzt_chunk_header *header;
    _Atomic int is_done;
};

/* Reset and fill the chunk again and again as a recorder does. Every block is
 * of one function, its number. */
static void *
record(void *argument)
{
    struct recorder_thread *thread = argument;
    _Atomic uint64_t *words = (void *)(thread->header + 1);
    _Atomic uint32_t *sequence = (void *)&thread->header->sequence;
    uint32_t number = 1;

    while (!atomic_load(&thread->is_done)) {
        atomic_fetch_add(sequence, 1);
        for (size_t i = 0; i < ROOM; i++) {
            atomic_store(&words[i], 0);
        }
        atomic_store((_Atomic uint64_t *)&thread->header->number, ++number);
        atomic_fetch_add(sequence, 1);
        for (size_t i = 0; i < ROOM; i++) {
            atomic_store(&words[i], event_tag(EVENT_CALL, number));
        }
        /* Long enough that a reader often meets the same block twice. */
        for (uint32_t i = 0; i < number * 7919 % 30000; i++) {
            (void)atomic_load(&words[0]);
        }
    }
    return NULL;
}

Test(staging, never_mixes_blocks_of_a_recorder_at_work)
{
    enum { OPENINGS = 3000 };
    struct image image = image_empty();
    struct recorder_thread thread = {0};
    uint64_t words[ROOM];
    size_t chunk;
    size_t seen = 0;
    pthread_t id;
    char *map;

    (void)image_append_section(&image);
    fill(words, 1, 1);
    chunk = image_append_chunk(&image, block_header(1, VZT_CHUNK_STAGING), NULL,
                               words, ROOM);
    (void)image_write(&image, image.size);
    map =
        mmap(NULL, image.size, PROT_READ | PROT_WRITE, MAP_SHARED, image.fd, 0);
    thread.header = (void *)(map + chunk);
    pthread_create(&id, NULL, record, &thread);
    for (int i = 0; i < OPENINGS; i++) {
        struct trace_file *file = NULL;
        struct error err = {0};
        struct block block = {0};
        const struct trace_section *section;

        cr_assert(trace_file_open(&file, image.path, &err), "%s", err.message);
        section = trace_file_section(file, 0);
        if (section->block_count > 0) {
            cr_assert(load_first(&block, file)
                      <= section->blocks[0].word_count);
            seen += block.word_count > 0;
            for (size_t j = 0; j < block.word_count; j++) {
                cr_assert(eq(u64, event_function(block.words[j]),
                             section->blocks[0].number));
            }
        }
        block_release(&block);
        trace_file_close(file);
    }
    atomic_store(&thread.is_done, 1);
    pthread_join(id, NULL);
    cr_assert(gt(sz, seen, 0));
    munmap(map, image.size);
    image_release(&image);
}
