// SPDX-License-Identifier: Apache-2.0
/*
 * A stable merge sort from stretches sorted by insertion. What is in order as
 * it comes, as of a file that lists events by start, costs one look.
 */
#include "import/entry_order.h"

#include <string.h>

#include "base/array.h"

enum { STRETCH_SIZE = 16 };

static bool
is_in_order(enum event_order order, const struct sort_entry *entries,
            size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (entry_is_before(order, &entries[i], &entries[i - 1])) {
            return false;
        }
    }
    return true;
}

static void
sort_stretch(enum event_order order, struct sort_entry *entries, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sort_entry entry = entries[i];
        size_t k = i;

        while (k > 0 && entry_is_before(order, &entry, &entries[k - 1])) {
            entries[k] = entries[k - 1];
            k--;
        }
        entries[k] = entry;
    }
}

/* Merge [0, middle) and [middle, count) of from into to. */
static void
merge_pair(enum event_order order, const struct sort_entry *from, size_t middle,
           size_t count, struct sort_entry *to)
{
    size_t a = 0;
    size_t b = middle;

    while (a < middle && b < count) {
        *to++ =
            entry_is_before(order, &from[b], &from[a]) ? from[b++] : from[a++];
    }
    memcpy(to, &from[a], (middle - a) * sizeof *to);
    memcpy(to + (middle - a), &from[b], (count - b) * sizeof *to);
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* One round: pairs of sorted stretches of this width become one. */
static void
merge_round(enum event_order order, const struct sort_entry *from, size_t count,
            size_t width, struct sort_entry *to)
{
    for (size_t i = 0; i < count; i += 2 * width) {
        size_t middle = least(width, count - i);

        merge_pair(order, &from[i], middle, least(2 * width, count - i),
                   &to[i]);
    }
}

bool
entry_order_sort(enum event_order order, struct sort_entry **entries,
                 struct sort_entry **scratch, size_t count, struct error *err)
{
    if (is_in_order(order, *entries, count)) {
        return true;
    }
    for (size_t i = 0; i < count; i += STRETCH_SIZE) {
        sort_stretch(order, &(*entries)[i], least(STRETCH_SIZE, count - i));
    }
    if (*scratch == NULL) {
        *scratch = array_new(count, sizeof **scratch, err);
        if (*scratch == NULL) {
            return false;
        }
    }
    for (size_t width = STRETCH_SIZE; width < count; width *= 2) {
        struct sort_entry *sorted = *scratch;

        merge_round(order, *entries, count, width, sorted);
        *scratch = *entries;
        *entries = sorted;
    }
    return true;
}
