// SPDX-License-Identifier: Apache-2.0
/* Traces that lie: nothing crashes, and what is shown is consistent. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "model_check.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "support/trace_random.h"
#include "trace_bytes.h"

/* Open what is there, look at all of it, and close it. */
static void
look_at(const char *path, uint64_t seed)
{
    const struct trace_model_options options = {.thread_count = 1};
    struct trace_model *model = NULL;
    struct error err = {0};

    if (trace_model_open(&model, &path, 1, &options, &err)) {
        model_check(model, seed);
        trace_model_close(model);
    } else {
        cr_assert(gt(sz, strlen(err.message), 0));
    }
}

/* Open a trace many times, each time spoilt anew. */
static void
spoil(const struct trace_random_options *options, unsigned rounds,
      void (*change)(struct trace_bytes *bytes, struct random *numbers))
{
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle = trace_random(folder, options);
    struct trace_bytes bytes = trace_bytes_read(oracle->path);
    struct trace_bytes original = trace_bytes_read(oracle->path);

    for (unsigned i = 0; i < rounds; i++) {
        struct random numbers = {i};

        memcpy(bytes.data, original.data, original.size);
        change(&bytes, &numbers);
        trace_bytes_write(&bytes);
        look_at(oracle->path, i);
    }
    trace_bytes_release(&original);
    trace_bytes_release(&bytes);
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}

static const struct trace_random_options small = {
    .seed = 21,
    .calls_per_thread = 300,
    .thread_count = 2,
    .process_count = 2,
    .block_size = 512,
    .instant_permille = 30,
    .object_permille = 30,
    .counter_permille = 30,
    .flow_permille = 30,
    .gap_permille = 10,
    .has_unfinished = true,
};

static void
change_any_byte(struct trace_bytes *bytes, struct random *numbers)
{
    unsigned count = 1 + (unsigned)random_below(numbers, 30);

    for (unsigned i = 0; i < count; i++) {
        bytes->data[random_below(numbers, bytes->size)] =
            (uint8_t)random_u64(numbers);
    }
}

Test(hostile, bytes_changed_at_random)
{
    spoil(&small, 150, change_any_byte);
}

/* Numbers that tempt: near the ends of their range, or anything. */
static uint64_t
tempting(struct random *numbers)
{
    static const uint64_t values[] = {
        0,          1,        UINT64_MAX,        UINT64_MAX - 1, INT64_MAX,
        UINT32_MAX, 1u << 31, UINT64_C(1) << 62, 1000000000,     1000001000};
    size_t count = sizeof values / sizeof values[0];
    size_t i = random_below(numbers, count + 1);

    return i < count ? values[i] : random_u64(numbers);
}

/* Headers whose ticks, times, counts and open calls lie. */
static void
change_headers(struct trace_bytes *bytes, struct random *numbers)
{
    struct vzt_chunk_header *header;

    for (size_t i = 0; (header = trace_bytes_block(bytes, i)) != NULL; i++) {
        struct vzt_open_call *open = (struct vzt_open_call *)(header + 1);

        switch (random_below(numbers, 12)) {
        case 0:
            header->first_tick = tempting(numbers);
            break;
        case 1:
            header->first_monotonic_ns = tempting(numbers);
            break;
        case 2:
            header->calls_before = tempting(numbers);
            break;
        case 3:
            header->number = tempting(numbers);
            break;
        case 4:
            if (header->open_count > 0) {
                open += random_below(numbers, header->open_count);
                open->start_tick = tempting(numbers);
                open->function = (uint32_t)random_u64(numbers);
                open->flags = (uint32_t)random_below(numbers, 4);
            }
            break;
        case 5:
            header->stream = 1 + (uint32_t)random_below(numbers, 4);
            break;
        }
    }
}

Test(hostile, headers_that_lie)
{
    spoil(&small, 150, change_headers);
}

static void
change_sections(struct trace_bytes *bytes, struct random *numbers)
{
    struct vzt_section_header *section;

    for (size_t i = 0; (section = trace_bytes_section(bytes, i)) != NULL; i++) {
        section->anchor_tick = tempting(numbers);
        section->anchor_monotonic_ns = tempting(numbers);
        section->anchor_realtime_ns = tempting(numbers);
        section->ticks_per_second = tempting(numbers);
        section->clock_kind = 1 + (uint32_t)random_below(numbers, 2);
        section->boot_id[0] = (uint8_t)random_below(numbers, 2);
        section->parent_section_id = trace_bytes_section(bytes, 0)->section_id;
    }
}

Test(hostile, clocks_that_lie)
{
    spoil(&small, 100, change_sections);
}

/* Every short event becomes another one: returns of anything, ids of nothing,
 * steps of any size. */
static void
change_events(struct trace_bytes *bytes, struct random *numbers)
{
    struct vzt_chunk_header *header;

    for (size_t i = 0; (header = trace_bytes_block(bytes, i)) != NULL; i++) {
        uint64_t *word = (uint64_t *)(header + 1) + 2 * header->open_count;

        for (uint64_t k = 0; k < header->word_count; k++) {
            if (event_kind(word[k]) == EVENT_LONG) {
                k += record_size(word[k]);
            } else if (random_below(numbers, 2) == 0) {
                word[k] = event_tag(1 + random_below(numbers, 14),
                                    (uint32_t)random_below(numbers, 15))
                          | random_below(numbers, UINT32_MAX);
            }
        }
    }
}

Test(hostile, events_that_do_not_match)
{
    spoil(&small, 100, change_events);
}

Test(hostile, a_stack_of_a_hundred_thousand_calls)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t function = trace_builder_function(builder, "f", "/w/f.py", 1);
    uint32_t thread = trace_builder_thread(builder, "MainThread");
    struct trace_model *model = NULL;
    struct error err = {0};
    const char *const_path;
    char *path;

    for (unsigned i = 0; i < 100000; i++) {
        trace_builder_call(builder, thread, function, 1000 + 10 * i);
    }
    path = trace_builder_finish(builder);
    const_path = path;
    cr_assert(trace_model_open(&model, &const_path, 1, NULL, &err), "%s",
              err.message);
    cr_assert(eq(u32, trace_model_track(model, 0)->depth, 100000));
    cr_assert(eq(u64, trace_model_summary(model).unfinished_calls, 100000));
    cr_assert(eq(u64, trace_model_function(model, 0)->total_ns, 999990));
    model_check(model, 1);
    trace_model_close(model);
    free(path);
    temporary_folder_remove(folder);
}
