// SPDX-License-Identifier: Apache-2.0
/* Records come back as they were made, and cut ones are told from whole. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/hash.h"
#include "format/layout.h"
#include "format/record_decode.h"
#include "format/record_encode.h"
#include "support/random.h"

enum { CAPACITY = 64, TEXTS = 5, TEXT_SIZE = 24 };

struct texts {
    char data[TEXTS][TEXT_SIZE];
    struct text_span spans[TEXTS];
};

static struct texts
random_texts(struct random *random)
{
    struct texts texts;

    for (size_t i = 0; i < TEXTS; i++) {
        for (size_t j = 0; j < TEXT_SIZE; j++) {
            texts.data[i][j] = (char)random_u64(random);
        }
    }
    return texts;
}

/* Spans point into the struct, so they are made where it stands. */
static void
point(struct texts *texts, struct random *random)
{
    for (size_t i = 0; i < TEXTS; i++) {
        texts->spans[i].data = texts->data[i];
        texts->spans[i].size = random_below(random, TEXT_SIZE + 1);
    }
}

static bool
is_same_text(struct text_span a, struct text_span b)
{
    return a.size == b.size
           && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* A whole record of its size, zero behind its last text. */
static void
check_shape(const uint64_t *words, size_t count, enum record_type type)
{
    cr_assert(gt(sz, count, 0));
    cr_assert(eq(u32, event_kind(words[0]), EVENT_LONG));
    cr_assert(eq(int, record_type(words[0]), type));
    cr_assert(eq(sz, record_size(words[0]) + 1, count));
    cr_assert(zero(u32, event_delta(words[0])));
}

Test(record, instants_come_back)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct random random = {seed};
        struct texts texts = random_texts(&random);
        struct instant_record found;
        uint64_t words[CAPACITY];
        size_t capacity = CAPACITY;
        size_t count;

        point(&texts, &random);
        memset(words, 0xAA, sizeof words);
        count = record_encode_instant(words, capacity, VZT_SCOPE_PROCESS,
                                      texts.spans[0], texts.spans[1]);
        check_shape(words, count, RECORD_INSTANT);
        cr_assert(record_decode_instant(words + 1, count - 1, &found));
        cr_assert(eq(int, found.scope, VZT_SCOPE_PROCESS));
        cr_assert(is_same_text(found.name, texts.spans[0]));
        cr_assert(is_same_text(found.args, texts.spans[1]));
        cr_assert(zero(u32, found.args_string));
        for (size_t cut = 0; cut + 1 < count; cut++) {
            cr_assert(not(record_decode_instant(words + 1, cut, &found)));
        }
        /* A capacity that is too small is not used, not even in part. */
        for (capacity = 0; capacity < count; capacity++) {
            memset(words, 0xAA, sizeof words);
            cr_assert(zero(
                sz, record_encode_instant(words, capacity, VZT_SCOPE_PROCESS,
                                          texts.spans[0], texts.spans[1])));
            cr_assert(eq(u64, words[capacity], 0xAAAAAAAAAAAAAAAA));
        }
    }
}

Test(record, pads_with_zeros)
{
    uint64_t words[CAPACITY];
    struct text_span name = {"abc", 3};
    size_t count;

    memset(words, 0xAA, sizeof words);
    count = record_encode_instant(words, CAPACITY, VZT_SCOPE_THREAD, name,
                                  (struct text_span){0});
    cr_assert(eq(sz, count, 4));
    cr_assert(eq(u64, words[3], 0x636261));
}

Test(record, instants_may_name_a_string)
{
    uint64_t words[CAPACITY];
    struct text_span name = {"name", 4};
    struct instant_record found;
    size_t count = record_encode_instant_by_string(
        words, CAPACITY, VZT_SCOPE_GLOBAL, name, 12345678);

    check_shape(words, count, RECORD_INSTANT);
    cr_assert(record_decode_instant(words + 1, count - 1, &found));
    cr_assert(eq(u32, found.args_string, 12345678));
    cr_assert(zero(sz, found.args.size));
    cr_assert(is_same_text(found.name, name));
}

Test(record, objects_come_back)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct random random = {seed};
        struct texts texts = random_texts(&random);
        struct object_record object = {
            .phase = VZT_OBJECT_CREATED + random_below(&random, 3),
            .args_string = seed % 2 == 0 ? 0 : 77,
        };
        struct object_record found;
        uint64_t words[CAPACITY];
        size_t count;

        point(&texts, &random);
        object.id = texts.spans[0];
        object.name = texts.spans[1];
        object.args = texts.spans[2];
        count = record_encode_object(words, CAPACITY, &object);
        check_shape(words, count, RECORD_OBJECT);
        cr_assert(record_decode_object(words + 1, count - 1, &found));
        cr_assert(eq(int, found.phase, object.phase));
        cr_assert(is_same_text(found.id, object.id));
        cr_assert(is_same_text(found.name, object.name));
        cr_assert(eq(u32, found.args_string, object.args_string));
        if (object.args_string == 0) {
            cr_assert(is_same_text(found.args, object.args));
        } else {
            cr_assert(zero(sz, found.args.size));
        }
        for (size_t cut = 0; cut + 1 < count; cut++) {
            cr_assert(not(record_decode_object(words + 1, cut, &found)));
        }
        for (size_t capacity = 0; capacity < count; capacity++) {
            cr_assert(zero(sz, record_encode_object(words, capacity, &object)));
        }
    }
}

Test(record, an_object_in_an_unknown_phase_is_a_snapshot)
{
    struct vzt_object fixed = {.phase = 99};
    uint64_t words[sizeof fixed / 8];
    struct object_record found;

    memcpy(words, &fixed, sizeof fixed);
    cr_assert(record_decode_object(words, sizeof fixed / 8, &found));
    cr_assert(eq(int, found.phase, VZT_OBJECT_SNAPSHOT));
}

Test(record, flows_come_back)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct random random = {seed};
        struct texts texts = random_texts(&random);
        enum record_type type =
            seed % 2 == 0 ? RECORD_FLOW_START : RECORD_FLOW_END;
        struct flow_record flow = {
            .id = random_u64(&random),
            .flags = (uint32_t)random_u64(&random),
        };
        struct flow_record found;
        uint64_t words[CAPACITY];
        size_t count;

        point(&texts, &random);
        flow.name = texts.spans[0];
        count = record_encode_flow(words, CAPACITY, type, &flow);
        check_shape(words, count, type);
        cr_assert(record_decode_flow(words + 1, count - 1, &found));
        cr_assert(eq(u64, found.id, flow.id));
        cr_assert(eq(u32, found.flags, flow.flags));
        cr_assert(is_same_text(found.name, flow.name));
        for (size_t cut = 0; cut + 1 < count; cut++) {
            cr_assert(not(record_decode_flow(words + 1, cut, &found)));
        }
        for (size_t capacity = 0; capacity < count; capacity++) {
            cr_assert(
                zero(sz, record_encode_flow(words, capacity, type, &flow)));
        }
    }
}

Test(record, counters_come_back)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct random random = {seed};
        struct texts texts = random_texts(&random);
        struct counter_value values[TEXTS - 1] = {0};
        size_t series_count = random_below(&random, TEXTS);
        struct counter_record found;
        uint64_t words[CAPACITY];
        const char *key;
        size_t count;

        point(&texts, &random);
        for (size_t i = 0; i < series_count; i++) {
            values[i].key = texts.spans[i + 1];
            values[i].type = i % 2 == 0 ? VZT_VALUE_INT64 : VZT_VALUE_DOUBLE;
            if (i % 2 == 0) {
                values[i].value.integer = (int64_t)random_u64(&random);
            } else {
                values[i].value.real = (double)random_u64(&random) / -3;
            }
        }
        count = record_encode_counter(words, CAPACITY, texts.spans[0], values,
                                      series_count);
        check_shape(words, count, RECORD_COUNTER);
        cr_assert(record_decode_counter(words + 1, count - 1, &found));
        cr_assert(is_same_text(found.name, texts.spans[0]));
        cr_assert(eq(sz, found.series_count, series_count));
        key = found.keys;
        for (size_t i = 0; i < series_count; i++) {
            struct text_span seen = {key, found.series[i].key_size};

            cr_assert(is_same_text(seen, values[i].key));
            cr_assert(eq(u32, found.series[i].type, values[i].type));
            cr_assert(zero(int, memcmp(&found.series[i].bits, &values[i].value,
                                       sizeof(uint64_t))));
            key += seen.size;
        }
        for (size_t cut = 0; cut + 1 < count; cut++) {
            cr_assert(not(record_decode_counter(words + 1, cut, &found)));
        }
    }
}

Test(record, definitions_come_back)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct random random = {seed};
        struct texts texts = random_texts(&random);
        struct function_definition function;
        struct function_definition found_function;
        struct stream_definition found_stream;
        struct string_record found_string;
        struct source_record found_source;
        uint64_t words[CAPACITY];
        uint32_t id;
        size_t count;

        point(&texts, &random);
        function = (struct function_definition){
            .kind = VZT_FUNCTION_C,
            .line = (uint32_t)random_u64(&random),
            .name = texts.spans[0],
            .file = texts.spans[1],
        };
        count = record_encode_function(words, CAPACITY, 77, &function);
        check_shape(words, count, RECORD_DEFINE_FUNCTION);
        cr_assert(
            record_decode_function(words + 1, count - 1, &id, &found_function));
        cr_assert(eq(u32, id, 77));
        cr_assert(eq(u32, found_function.line, function.line));
        cr_assert(eq(int, found_function.kind, VZT_FUNCTION_C));
        cr_assert(is_same_text(found_function.name, function.name));
        cr_assert(is_same_text(found_function.file, function.file));

        count = record_encode_stream(words, CAPACITY, 9, VZT_STREAM_LANE, 3,
                                     UINT64_MAX, texts.spans[2]);
        check_shape(words, count, RECORD_DEFINE_STREAM);
        cr_assert(record_decode_stream(words + 1, count - 1, &found_stream));
        cr_assert(eq(u32, found_stream.id, 9));
        cr_assert(eq(u32, found_stream.parent, 3));
        cr_assert(eq(int, found_stream.kind, VZT_STREAM_LANE));
        cr_assert(eq(u64, found_stream.thread_id, UINT64_MAX));
        cr_assert(is_same_text(found_stream.name, texts.spans[2]));

        count = record_encode_string(words, CAPACITY, 5, texts.spans[3]);
        check_shape(words, count, RECORD_DEFINE_STRING);
        cr_assert(record_decode_string(words + 1, count - 1, &found_string));
        cr_assert(eq(u32, found_string.id, 5));
        cr_assert(eq(u64, found_string.whole_size, texts.spans[3].size));
        cr_assert(is_same_text(found_string.text, texts.spans[3]));

        count = record_encode_source(words, CAPACITY, texts.spans[0],
                                     texts.spans[4], 10, 20, 30);
        check_shape(words, count, RECORD_DEFINE_SOURCE);
        cr_assert(record_decode_source(words + 1, count - 1, &found_source));
        cr_assert(eq(u64, found_source.offset, 10));
        cr_assert(eq(u64, found_source.whole_size, 20));
        cr_assert(eq(u64, found_source.whole_hash, 30));
        cr_assert(is_same_text(found_source.path, texts.spans[0]));
        cr_assert(is_same_text(found_source.piece, texts.spans[4]));
    }
}

Test(record, processes_have_no_more_arguments_than_ends)
{
    struct process_definition process = {
        .argument_count = 3,
        .arguments = {"a\0bb\0c", 7},
        .name = {"name", 4},
        .version = {"1", 1},
    };
    struct process_definition found;
    uint64_t words[CAPACITY];
    size_t count = record_encode_process(words, CAPACITY, &process);

    cr_assert(record_decode_process(words + 1, count - 1, &found));
    cr_assert(eq(u32, found.argument_count, 3));
    cr_assert(is_same_text(found.name, process.name));
    cr_assert(is_same_text(found.version, process.version));
    ((struct vzt_process *)(words + 1))->argument_count = UINT32_MAX;
    cr_assert(record_decode_process(words + 1, count - 1, &found));
    cr_assert(eq(u32, found.argument_count, 3));
}

Test(record, gaps_clocks_and_ends_come_back)
{
    uint64_t words[CAPACITY];
    struct vzt_gap gap;
    struct vzt_stream_end end;
    size_t count = record_encode_gap(words, CAPACITY, VZT_GAP_PAUSED, 1000, 17);

    check_shape(words, count, RECORD_GAP);
    cr_assert(record_decode_gap(words + 1, count - 1, &gap));
    cr_assert(eq(u32, gap.reason, VZT_GAP_PAUSED));
    cr_assert(eq(u64, gap.start_tick, 1000));
    cr_assert(eq(u64, gap.lost_calls, 17));
    cr_assert(not(record_decode_gap(words + 1, count - 2, &gap)));

    count = record_encode_clock(words, CAPACITY, UINT64_MAX - 1);
    check_shape(words, count, RECORD_CLOCK);
    cr_assert(eq(u64, words[1], UINT64_MAX - 1));

    count = record_encode_stream_end(words, CAPACITY, 8, 99);
    check_shape(words, count, RECORD_END_STREAM);
    cr_assert(record_decode_stream_end(words + 1, count - 1, &end));
    cr_assert(eq(u32, end.id, 8));
    cr_assert(eq(u64, end.tick, 99));
}

Test(record, refuses_sizes_that_no_record_can_have)
{
    uint64_t words[CAPACITY];
    struct text_span huge = {"", SIZE_MAX};
    struct text_span empty = {"", 0};
    struct function_definition function = {.name = huge, .file = huge};
    struct object_record object = {.id = huge, .name = huge};
    struct flow_record flow = {.name = huge};
    struct counter_value value = {.key = huge};

    cr_assert(zero(sz, record_encode_instant(words, CAPACITY, VZT_SCOPE_THREAD,
                                             huge, huge)));
    cr_assert(zero(sz, record_encode_instant(words, CAPACITY, VZT_SCOPE_THREAD,
                                             empty, huge)));
    cr_assert(zero(sz, record_encode_function(words, CAPACITY, 1, &function)));
    cr_assert(zero(sz, record_encode_object(words, CAPACITY, &object)));
    cr_assert(
        zero(sz, record_encode_flow(words, CAPACITY, RECORD_FLOW_END, &flow)));
    cr_assert(
        zero(sz, record_encode_counter(words, CAPACITY, empty, &value, 1)));
    cr_assert(zero(
        sz, record_encode_counter(words, CAPACITY, empty, &value, SIZE_MAX)));
}

Test(record, survives_payloads_of_any_numbers)
{
    for (uint64_t seed = 0; seed < 50000; seed++) {
        struct random random = {seed};
        uint64_t words[8];
        size_t count = random_below(&random, 9);
        struct instant_record instant;
        struct object_record object;
        struct flow_record flow;
        struct counter_record counter;
        struct function_definition function;
        struct stream_definition stream;
        struct process_definition process;
        struct string_record string;
        struct source_record source;
        uint32_t id;

        for (size_t i = 0; i < 8; i++) {
            words[i] = random_u64(&random) >> random_below(&random, 64);
        }
        if (record_decode_instant(words, count, &instant)) {
            cr_assert(instant.name.size + instant.args.size <= count * 8);
        }
        if (record_decode_object(words, count, &object)) {
            cr_assert(object.id.size + object.name.size + object.args.size
                      <= count * 8);
        }
        if (record_decode_flow(words, count, &flow)) {
            cr_assert(flow.name.size <= count * 8);
        }
        if (record_decode_counter(words, count, &counter)) {
            cr_assert(counter.series_count <= count);
        }
        if (record_decode_function(words, count, &id, &function)) {
            cr_assert(function.name.size + function.file.size <= count * 8);
        }
        if (record_decode_stream(words, count, &stream)) {
            cr_assert(stream.name.size <= count * 8);
        }
        if (record_decode_process(words, count, &process)) {
            cr_assert(process.argument_count <= process.arguments.size);
        }
        if (record_decode_string(words, count, &string)) {
            cr_assert(string.text.size <= count * 8);
        }
        if (record_decode_source(words, count, &source)) {
            cr_assert(source.path.size + source.piece.size <= count * 8);
        }
    }
}
