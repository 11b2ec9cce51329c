// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/profile_diff.h"
#include "random_model.h"
#include "random_scope.h"
#include "support/failing_malloc.h"
#include "support/random.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

static struct scope_profile
profile_of(const struct trace_model *model, const struct trace_scope *scope)
{
    struct scope_profile_options options = {.has_no_tree = true};
    struct scope_profile profile;
    struct error err = {0};

    cr_assert(scope_profile_build(&profile, model, scope, &options, &err), "%s",
              err.message);
    return profile;
}

static struct profile_diff
diff_of(const struct trace_model *a_model, const struct scope_profile *a,
        const struct trace_model *b_model, const struct scope_profile *b)
{
    struct profile_side sides[] = {{a_model, a}, {b_model, b}};
    struct profile_diff diff;
    struct error err = {0};

    cr_assert(profile_diff_build(&diff, &sides[0], &sides[1], &err));
    return diff;
}

/* Of one model each function is itself: a row has its numbers of both sides. */
static void
check_rows(const struct profile_diff *diff, const struct scope_profile *a,
           const struct scope_profile *b)
{
    size_t expected = 0;

    for (uint32_t i = 0; i <= a->function_count; i++) {
        bool is_in_a = a->functions[i].call_count > 0;
        bool is_in_b = b->functions[i].call_count > 0;
        size_t found = 0;

        expected += is_in_a || is_in_b;
        for (size_t k = 0; k < diff->count; k++) {
            const struct profile_diff_row *row = &diff->rows[k];

            if (row->functions[0] != i && row->functions[1] != i) {
                continue;
            }
            found++;
            cr_assert(eq(int, row->functions[0] == i, is_in_a));
            cr_assert(eq(int, row->functions[1] == i, is_in_b));
            cr_assert(eq(u64, row->sums[0].self_ns, a->functions[i].self_ns));
            cr_assert(eq(u64, row->sums[1].total_ns, b->functions[i].total_ns));
            cr_assert(
                eq(u64, row->sums[1].call_count, b->functions[i].call_count));
            cr_assert(eq(int, row->change == PROFILE_NEW, !is_in_a));
            cr_assert(eq(int, row->change == PROFILE_GONE, !is_in_b));
        }
        cr_assert(eq(sz, found, is_in_a || is_in_b));
    }
    cr_assert(eq(sz, diff->count, expected));
}

static int64_t
sum_of_changes(const struct profile_diff *diff)
{
    int64_t sum = 0;

    for (size_t i = 0; i < diff->count; i++) {
        sum += profile_diff_delta(&diff->rows[i], PROFILE_DIFF_SELF);
    }
    return sum;
}

Test(profile_diff, has_every_function_of_both_parts_once_and_adds_up)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {kind + 1};
        struct random_model random;

        random_model_open(&random, random_model_kind(kind), 1);
        for (int round = 0; round < 4; round++) {
            struct random_scope scopes[2];
            struct scope_profile profiles[2];
            struct profile_diff diff;

            for (int i = 0; i < 2; i++) {
                random_scope_choose(&scopes[i], &random, &numbers);
                profiles[i] = profile_of(random.model, &scopes[i].scope);
            }
            diff =
                diff_of(random.model, &profiles[0], random.model, &profiles[1]);
            check_rows(&diff, &profiles[0], &profiles[1]);
            cr_assert(eq(i64, sum_of_changes(&diff),
                         (int64_t)profiles[1].total_ns
                             - (int64_t)profiles[0].total_ns));
            profile_diff_release(&diff);
            scope_profile_release(&profiles[0]);
            scope_profile_release(&profiles[1]);
        }
        random_model_close(&random);
    }
}

Test(profile_diff, of_the_same_part_is_nothing)
{
    struct trace_scope whole = trace_scope_whole();
    struct random_model random;
    struct scope_profile profile;
    struct profile_diff diff;

    random_model_open(&random, random_model_kind(0), 1);
    profile = profile_of(random.model, &whole);
    diff = diff_of(random.model, &profile, random.model, &profile);
    cr_assert(gt(sz, diff.count, 0));
    for (size_t i = 0; i < diff.count; i++) {
        cr_assert(eq(int, diff.rows[i].change, PROFILE_SAME));
        cr_assert(
            eq(i64, profile_diff_delta(&diff.rows[i], PROFILE_DIFF_TOTAL), 0));
    }
    profile_diff_release(&diff);
    scope_profile_release(&profile);
    random_model_close(&random);
}

static uint64_t
distance(int64_t delta)
{
    return (uint64_t)(delta < 0 ? -delta : delta);
}

/* How many rows come before another one, after each way to sort them. */
static size_t
check_orders(struct profile_diff *diff)
{
    size_t compared = 0;

    for (int i = 0; i < 2 * PROFILE_DIFF_KEY_COUNT; i++) {
        enum profile_diff_key key = (enum profile_diff_key)(i / 2);
        size_t inverted = i % 2;

        profile_diff_sort(diff, key, inverted);
        for (size_t k = 1; k < diff->count; k++) {
            const struct profile_diff_row *row = &diff->rows[k - 1 + inverted];
            const struct profile_diff_row *next = &diff->rows[k - inverted];

            compared++;
            if (key == PROFILE_DIFF_NAME) {
                cr_assert(le(
                    int, strcmp(row->function->name, next->function->name), 0));
            } else {
                cr_assert(ge(u64, distance(profile_diff_delta(row, key)),
                             distance(profile_diff_delta(next, key))));
            }
        }
    }
    return compared;
}

Test(profile_diff, is_in_the_order_that_is_asked_for)
{
    struct trace_scope whole = trace_scope_whole();
    size_t compared = 0;

    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        struct random numbers = {kind + 7};
        struct random_model random;
        struct random_scope scope;
        struct scope_profile a;
        struct scope_profile b;
        struct profile_diff diff;

        random_model_open(&random, random_model_kind(kind), 1);
        random_scope_choose(&scope, &random, &numbers);
        a = profile_of(random.model, &scope.scope);
        b = profile_of(random.model, &whole);
        diff = diff_of(random.model, &a, random.model, &b);
        compared += check_orders(&diff);
        profile_diff_release(&diff);
        scope_profile_release(&a);
        scope_profile_release(&b);
        random_model_close(&random);
    }
    cr_assert(gt(sz, compared, 100));
}

/* A function of a trace: its line, and how long its one call takes. */
struct one_call {
    const char *name;
    uint32_t line;
    uint64_t duration_ns;
    const char *file; /* NULL = "/w/a.py" */
};

static struct trace_model *
open_calls(const char *folder, const struct one_call *calls, size_t count)
{
    struct trace_builder *b = trace_builder_new(folder);
    struct trace_model_options options = {.thread_count = 1};
    uint32_t thread = trace_builder_thread(b, "MainThread");
    struct trace_model *model = NULL;
    struct error err = {0};
    uint64_t now_ns = 0;
    char *path;

    for (size_t i = 0; i < count; i++) {
        uint32_t function = trace_builder_function(
            b, calls[i].name, calls[i].file == NULL ? "/w/a.py" : calls[i].file,
            calls[i].line);

        trace_builder_call(b, thread, function, now_ns + 1);
        now_ns += calls[i].duration_ns + 1;
        trace_builder_return(b, thread, function, now_ns);
    }
    path = trace_builder_finish(b);
    cr_assert(
        trace_model_open(&model, (const char *const *)&path, 1, &options, &err),
        "%s", err.message);
    free(path);
    return model;
}

/* "name 10 > 30 slower" of each row, by name. */
static void
expect_rows(const struct one_call *a, size_t a_count, const struct one_call *b,
            size_t b_count, const char *expected)
{
    char *folders[] = {temporary_folder_make(), temporary_folder_make()};
    struct trace_model *models[] = {open_calls(folders[0], a, a_count),
                                    open_calls(folders[1], b, b_count)};
    struct trace_scope whole = trace_scope_whole();
    struct scope_profile profiles[] = {profile_of(models[0], &whole),
                                       profile_of(models[1], &whole)};
    struct profile_diff diff =
        diff_of(models[0], &profiles[0], models[1], &profiles[1]);
    char text[1024] = "";
    size_t size = 0;

    profile_diff_sort(&diff, PROFILE_DIFF_NAME, false);
    for (size_t i = 0; i < diff.count; i++) {
        const struct profile_diff_row *row = &diff.rows[i];

        size += (size_t)snprintf(
            text + size, sizeof text - size, "%s:%u %lu>%lu %s\n",
            row->function->name, row->function->line, row->sums[0].total_ns,
            row->sums[1].total_ns, profile_change_name(row->change));
    }
    cr_expect(eq(str, text, (char *)expected));
    profile_diff_release(&diff);
    for (int i = 0; i < 2; i++) {
        scope_profile_release(&profiles[i]);
        trace_model_close(models[i]);
        temporary_folder_remove(folders[i]);
    }
}

Test(profile_diff, a_function_that_moved_is_still_itself)
{
    static const struct one_call a[] = {
        {"f", 10, 100, NULL}, {"g", 20, 100, NULL}, {"old", 30, 7, NULL}};
    static const struct one_call b[] = {
        {"f", 12, 300, NULL}, {"g", 22, 98, NULL}, {"young", 30, 9, NULL}};

    expect_rows(a, 3, b, 3,
                "f:12 100>300 slower\ng:22 100>98 same\n"
                "old:30 7>0 gone\nyoung:30 0>9 new\n");
}

Test(profile_diff, a_name_in_another_file_is_another_function)
{
    static const struct one_call a[] = {{"main", 10, 100, NULL}};
    static const struct one_call b[] = {{"main", 10, 300, "/w/b.py"}};

    expect_rows(a, 1, b, 1, "main:10 100>0 gone\nmain:10 0>300 new\n");
}

Test(profile_diff, of_many_of_one_name_those_at_the_same_line_are_the_same)
{
    static const struct one_call a[] = {{"<lambda>", 1, 10, NULL},
                                        {"<lambda>", 5, 20, NULL},
                                        {"<lambda>", 9, 30, NULL}};
    static const struct one_call b[] = {{"<lambda>", 3, 15, NULL},
                                        {"<lambda>", 5, 40, NULL},
                                        {"<lambda>", 12, 3, NULL},
                                        {"<lambda>", 20, 4, NULL}};

    expect_rows(a, 3, b, 4,
                "<lambda>:3 10>15 slower\n<lambda>:5 20>40 slower\n"
                "<lambda>:12 30>3 faster\n<lambda>:20 0>4 new\n");
}

Test(profile_diff, nothing_can_be_compared_with_something)
{
    static const struct one_call some[] = {{"f", 1, 5, NULL}};

    expect_rows(some, 0, some, 0, "");
    expect_rows(some, 1, some, 0, "f:1 5>0 gone\n");
    expect_rows(some, 0, some, 1, "f:1 0>5 new\n");
    expect_rows(some, 1, some, 1, "f:1 5>5 same\n");
}

Test(profile_diff, a_failed_allocation_leaves_nothing)
{
    struct trace_scope whole = trace_scope_whole();
    struct random_model random;
    struct scope_profile profile;
    bool has_failed = true;

    random_model_open(&random, random_model_kind(0), 1);
    profile = profile_of(random.model, &whole);
    for (unsigned i = 0; has_failed && failing_malloc_arm(i); i++) {
        struct profile_side side = {random.model, &profile};
        struct profile_diff diff;
        struct error err = {0};
        bool ok = profile_diff_build(&diff, &side, &side, &err);

        has_failed = failing_malloc_disarm();
        cr_assert(eq(int, ok, !has_failed));
        cr_assert(eq(int, err.code, ok ? ERROR_NONE : ERROR_NO_MEMORY));
        cr_assert(eq(int, diff.rows != NULL, ok));
        profile_diff_release(&diff);
    }
    scope_profile_release(&profile);
    random_model_close(&random);
}
