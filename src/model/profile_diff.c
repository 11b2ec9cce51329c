// SPDX-License-Identifier: Apache-2.0
#include "model/profile_diff.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/trace_model.h"

/* A change of less than total / SAME_PART is none. */
enum { SAME_PART = 20 };

/* A function of one side that has calls. */
struct entry {
    const struct model_function *function;
    uint32_t index;
    bool is_paired;
};

struct entries {
    struct entry *items;
    size_t count;
};

const char *
profile_change_name(enum profile_change change)
{
    switch (change) {
    case PROFILE_SAME:
        return "same";
    case PROFILE_SLOWER:
        return "slower";
    case PROFILE_FASTER:
        return "faster";
    case PROFILE_NEW:
        return "new";
    case PROFILE_GONE:
        return "gone";
    }
    return "";
}

/* Whether two functions may be one, whatever their lines are. */
static int
compare_identity(const struct model_function *a, const struct model_function *b)
{
    int order = strcmp(a->name, b->name);

    if (order == 0) {
        order = strcmp(a->file, b->file);
    }
    return order != 0 ? order : (int)a->kind - (int)b->kind;
}

static int
compare_functions(const struct model_function *a,
                  const struct model_function *b)
{
    int order = compare_identity(a, b);

    return order != 0 ? order : (a->line > b->line) - (a->line < b->line);
}

static int
compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    int order = compare_functions(left->function, right->function);

    return order != 0
               ? order
               : (left->index > right->index) - (left->index < right->index);
}

static bool
find_entries(struct entries *entries, const struct profile_side *side,
             struct error *err)
{
    const struct scope_profile *profile = side->profile;
    size_t all = (size_t)profile->function_count + 1;

    entries->items = array_new(all, sizeof *entries->items, err);
    if (entries->items == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < all; i++) {
        const struct profile_function *sums = &profile->functions[i];

        if (sums->call_count > 0 || sums->total_ns > 0) {
            entries->items[entries->count++] = (struct entry){
                .function = scope_profile_function(side->model, i),
                .index = i,
            };
        }
    }
    qsort(entries->items, entries->count, sizeof *entries->items,
          compare_entries);
    return true;
}

static enum profile_change
change_of(uint64_t a_ns, uint64_t b_ns)
{
    uint64_t apart_ns = a_ns > b_ns ? a_ns - b_ns : b_ns - a_ns;
    uint64_t most_ns = a_ns > b_ns ? a_ns : b_ns;

    if (apart_ns == 0 || apart_ns < most_ns / SAME_PART) {
        return PROFILE_SAME;
    }
    return b_ns > a_ns ? PROFILE_SLOWER : PROFILE_FASTER;
}

/* NULL = it has no calls on that side. */
static void
add_row(struct profile_diff *diff, struct entry *a, struct entry *b)
{
    struct profile_diff_row *row = &diff->rows[diff->count++];
    struct entry *entries[2] = {a, b};

    *row = (struct profile_diff_row){.functions = {UINT32_MAX, UINT32_MAX}};
    for (unsigned i = 0; i < 2; i++) {
        if (entries[i] != NULL) {
            row->functions[i] = entries[i]->index;
            row->sums[i] = diff->sides[i].profile->functions[entries[i]->index];
            row->function = entries[i]->function;
            entries[i]->is_paired = true;
        }
    }
    row->change = a == NULL ? PROFILE_NEW
                  : b == NULL
                      ? PROFILE_GONE
                      : change_of(row->sums[0].total_ns, row->sums[1].total_ns);
}

/* Pair the functions at the same line of two runs of the same name, file and
 * kind. */
static void
pair_same_lines(struct profile_diff *diff, struct entry *a, size_t a_count,
                struct entry *b, size_t b_count)
{
    size_t j = 0;

    for (size_t i = 0; i < a_count; i++) {
        while (j < b_count && b[j].function->line < a[i].function->line) {
            j++;
        }
        if (j < b_count && b[j].function->line == a[i].function->line) {
            add_row(diff, &a[i], &b[j++]);
        }
    }
}

/* And the others one by one, as long as both have some. */
static void
pair_others(struct profile_diff *diff, struct entry *a, size_t a_count,
            struct entry *b, size_t b_count)
{
    size_t i = 0;
    size_t j = 0;

    while (i < a_count || j < b_count) {
        if (i < a_count && a[i].is_paired) {
            i++;
        } else if (j < b_count && b[j].is_paired) {
            j++;
        } else {
            add_row(diff, i < a_count ? &a[i] : NULL,
                    j < b_count ? &b[j] : NULL);
            i += i < a_count;
            j += j < b_count;
        }
    }
}

/* How many entries from first on are the same function but for the line. */
static size_t
run_length(const struct entries *entries, size_t first,
           const struct model_function *function)
{
    size_t end = first;

    while (end < entries->count
           && compare_identity(entries->items[end].function, function) == 0) {
        end++;
    }
    return end - first;
}

static void
pair_all(struct profile_diff *diff, struct entries *a, struct entries *b)
{
    size_t i = 0;
    size_t j = 0;

    while (i < a->count || j < b->count) {
        const struct model_function *first =
            i == a->count   ? b->items[j].function
            : j == b->count ? a->items[i].function
            : compare_identity(a->items[i].function, b->items[j].function) < 0
                ? a->items[i].function
                : b->items[j].function;
        size_t a_count = run_length(a, i, first);
        size_t b_count = run_length(b, j, first);

        pair_same_lines(diff, a->items + i, a_count, b->items + j, b_count);
        pair_others(diff, a->items + i, a_count, b->items + j, b_count);
        i += a_count;
        j += b_count;
    }
}

bool
profile_diff_build(struct profile_diff *diff, const struct profile_side *a,
                   const struct profile_side *b, struct error *err)
{
    struct entries of_a = {0};
    struct entries of_b = {0};
    bool ok = false;

    *diff = (struct profile_diff){.sides = {*a, *b}};
    if (find_entries(&of_a, a, err) && find_entries(&of_b, b, err)) {
        diff->rows =
            array_new(of_a.count + of_b.count, sizeof *diff->rows, err);
        ok = diff->rows != NULL;
    }
    if (ok) {
        pair_all(diff, &of_a, &of_b);
        profile_diff_sort(diff, PROFILE_DIFF_SELF, false);
    } else {
        *diff = (struct profile_diff){0};
    }
    free(of_a.items);
    free(of_b.items);
    return ok;
}

void
profile_diff_release(struct profile_diff *diff)
{
    free(diff->rows);
    *diff = (struct profile_diff){0};
}

uint64_t
profile_diff_value(const struct profile_diff_row *row,
                   enum profile_diff_key key, unsigned side)
{
    const struct profile_function *sums = &row->sums[side];

    switch (key) {
    case PROFILE_DIFF_SELF:
        return sums->self_ns;
    case PROFILE_DIFF_TOTAL:
        return sums->total_ns;
    case PROFILE_DIFF_CALLS:
        return sums->call_count;
    case PROFILE_DIFF_NAME:
    case PROFILE_DIFF_KEY_COUNT:
        break;
    }
    assert(!"a name has no value");
    return 0;
}

int64_t
profile_diff_delta(const struct profile_diff_row *row,
                   enum profile_diff_key key)
{
    uint64_t a = profile_diff_value(row, key, 0);
    uint64_t b = profile_diff_value(row, key, 1);
    uint64_t apart = a > b ? a - b : b - a;
    int64_t limited = apart > INT64_MAX ? INT64_MAX : (int64_t)apart;

    return a > b ? -limited : limited;
}

static uint64_t
size_of_change(const struct profile_diff_row *row, enum profile_diff_key key)
{
    uint64_t a = profile_diff_value(row, key, 0);
    uint64_t b = profile_diff_value(row, key, 1);

    return a > b ? a - b : b - a;
}

static int
compare_changes(const void *a, const void *b, enum profile_diff_key key)
{
    uint64_t left = size_of_change(a, key);
    uint64_t right = size_of_change(b, key);

    return (left < right) - (left > right); /* the greatest first */
}

static int
by_name(const void *a, const void *b)
{
    const struct profile_diff_row *left = a;
    const struct profile_diff_row *right = b;
    int order = compare_functions(left->function, right->function);

    /* The same function twice is one that is gone and one that is new. */
    return order != 0 ? order
                      : (left->functions[0] > right->functions[0])
                            - (left->functions[0] < right->functions[0]);
}

static int
by_self(const void *a, const void *b)
{
    int order = compare_changes(a, b, PROFILE_DIFF_SELF);

    return order != 0 ? order : by_name(a, b);
}

static int
by_total(const void *a, const void *b)
{
    int order = compare_changes(a, b, PROFILE_DIFF_TOTAL);

    return order != 0 ? order : by_self(a, b);
}

static int
by_calls(const void *a, const void *b)
{
    int order = compare_changes(a, b, PROFILE_DIFF_CALLS);

    return order != 0 ? order : by_self(a, b);
}

static void
turn_around(struct profile_diff *diff)
{
    for (size_t i = 0; i < diff->count / 2; i++) {
        struct profile_diff_row kept = diff->rows[i];

        diff->rows[i] = diff->rows[diff->count - 1 - i];
        diff->rows[diff->count - 1 - i] = kept;
    }
}

void
profile_diff_sort(struct profile_diff *diff, enum profile_diff_key key,
                  bool is_inverted)
{
    static int (*const orders[PROFILE_DIFF_KEY_COUNT])(const void *,
                                                       const void *) = {
        [PROFILE_DIFF_SELF] = by_self,
        [PROFILE_DIFF_TOTAL] = by_total,
        [PROFILE_DIFF_CALLS] = by_calls,
        [PROFILE_DIFF_NAME] = by_name,
    };

    if (diff->count > 0) {
        qsort(diff->rows, diff->count, sizeof *diff->rows, orders[key]);
    }
    if (is_inverted) {
        turn_around(diff);
    }
}
