// SPDX-License-Identifier: Apache-2.0
/* What a page has no room for, against a search for each call's callers. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "export/html_left_out.h"
#include "model/span_query.h"
#include "support/random.h"

enum { CALLS = 400, DEPTH_MAX = 8, NONE = CALLS };

struct call_list {
    struct slice calls[CALLS];
    size_t count;
};

/* Calls of [start, end), and in them, by start. */
static void
add_calls(struct call_list *list, struct random *random, uint32_t depth,
          uint64_t start_ns, uint64_t end_ns)
{
    uint64_t at = start_ns;

    while (list->count < CALLS && depth < DEPTH_MAX && at + 4 < end_ns) {
        uint64_t from = at + random_below(random, 5);
        uint64_t to = from + 1 + random_below(random, (end_ns - at) / 2);

        if (to > end_ns) {
            return;
        }
        list->calls[list->count++] =
            (struct slice){.start_ns = from, .end_ns = to, .depth = depth};
        add_calls(list, random, depth + 1, from, to);
        at = to + 1 + random_below(random, 9);
    }
}

static bool
is_kept(const struct slice *call, uint64_t least_ns)
{
    return call->end_ns - call->start_ns >= least_ns;
}

/* The innermost call of the page around a call, or NONE. */
static size_t
find_caller(const struct call_list *list, size_t index, uint64_t least_ns)
{
    const struct slice *call = &list->calls[index];
    size_t found = NONE;

    for (size_t i = 0; i < index; i++) {
        const struct slice *other = &list->calls[i];

        if (is_kept(other, least_ns) && other->depth < call->depth
            && other->end_ns >= call->end_ns) {
            found = i;
        }
    }
    return found;
}

static uint64_t
next_number(const struct buffer *bytes, size_t *at)
{
    uint64_t value = 0;
    unsigned shift = 0;
    unsigned char byte;

    do {
        cr_assert(lt(sz, *at, bytes->size));
        byte = (unsigned char)bytes->data[(*at)++];
        value |= (uint64_t)(byte & 0x7F) << shift;
        shift += 7;
    } while (byte >= 0x80);
    return value;
}

static void
expect_counts(const struct call_list *list, uint64_t least_ns,
              const struct buffer *bytes, size_t *at)
{
    uint64_t counts[CALLS + 1] = {0};
    uint64_t left = next_number(bytes, at);
    size_t row = 0;
    size_t next = left > 0 ? next_number(bytes, at) : NONE;

    for (size_t i = 0; i < list->count; i++) {
        if (!is_kept(&list->calls[i], least_ns)) {
            counts[find_caller(list, i, least_ns)]++;
        }
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!is_kept(&list->calls[i], least_ns)) {
            continue;
        }
        cr_assert(eq(int, counts[i] > 0, left > 0 && row == next));
        if (counts[i] > 0) {
            cr_assert(eq(u64, next_number(bytes, at), counts[i]));
            left--;
            next = left > 0 ? row + next_number(bytes, at) : NONE;
        }
        row++;
    }
    cr_assert(eq(u64, left, 0));
}

/* The outermost calls that are left out, between those that are not. */
static void
expect_stretches(const struct call_list *list, uint64_t least_ns,
                 const struct buffer *bytes, size_t *at)
{
    uint64_t left = next_number(bytes, at);
    uint64_t before_ns = 0;
    size_t i = 0;

    while (i < list->count) {
        uint64_t start_ns;
        uint64_t end_ns = 0;
        uint64_t count = 0;
        bool is_over = false;

        while (i < list->count
               && (is_kept(&list->calls[i], least_ns)
                   || find_caller(list, i, least_ns) != NONE)) {
            i++;
        }
        if (i == list->count) {
            break;
        }
        start_ns = list->calls[i].start_ns;
        for (; i < list->count && !is_over; i++) {
            is_over = is_kept(&list->calls[i], least_ns);
            if (!is_over) {
                count++;
                end_ns = list->calls[i].end_ns > end_ns ? list->calls[i].end_ns
                                                        : end_ns;
            }
        }
        cr_assert(gt(u64, left--, 0));
        cr_assert(eq(u64, before_ns + next_number(bytes, at), start_ns));
        cr_assert(eq(u64, next_number(bytes, at), end_ns - start_ns));
        cr_assert(eq(u64, next_number(bytes, at), count));
        before_ns = end_ns;
    }
    cr_assert(eq(u64, left, 0));
}

Test(html_left_out, says_where_calls_are_left_out)
{
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random random = {.state = seed};
        struct html_left_out left = {0};
        struct buffer bytes = {0};
        struct error err = {0};
        size_t at = 0;

        for (unsigned track = 0; track < 3; track++) {
            static struct call_list list;
            uint64_t least_ns = 1 + random_below(&random, 60);

            list.count = 0;
            add_calls(&list, &random, 0, 0, 3000);
            for (size_t i = 0; i < list.count; i++) {
                cr_assert(
                    is_kept(&list.calls[i], least_ns)
                        ? html_left_out_keep(&left, &list.calls[i], &err)
                        : html_left_out_skip(&left, &list.calls[i], &err));
            }
            html_left_out_finish(&left, &bytes);
            expect_counts(&list, least_ns, &bytes, &at);
            expect_stretches(&list, least_ns, &bytes, &at);
        }
        cr_assert(eq(sz, at, bytes.size));
        buffer_release(&bytes);
        html_left_out_release(&left);
    }
}

/* A call that begins when another one ends is not in it. */
Test(html_left_out, knows_calls_that_touch)
{
    const struct slice kept = {.start_ns = 0, .end_ns = 10, .depth = 0};
    const struct slice inside = {.start_ns = 10, .end_ns = 10, .depth = 1};
    const struct slice beside = {.start_ns = 10, .end_ns = 12, .depth = 0};
    struct html_left_out left = {0};
    struct buffer bytes = {0};
    struct error err = {0};

    cr_assert(html_left_out_keep(&left, &kept, &err));
    cr_assert(html_left_out_skip(&left, &inside, &err));
    cr_assert(html_left_out_skip(&left, &beside, &err));
    html_left_out_finish(&left, &bytes);
    /* One call with one left out in it, and a stretch of one. */
    cr_assert(eq(sz, bytes.size, 7));
    cr_assert(eq(int, memcmp(bytes.data, "\1\0\1\1\12\2\1", 7), 0));
    buffer_release(&bytes);
    html_left_out_release(&left);
}
