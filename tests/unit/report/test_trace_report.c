// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/profile_diff.h"
#include "model/random_model.h"
#include "model/scope_profile.h"
#include "report/condition.h"
#include "report/diff_report.h"
#include "report/report_document.h"
#include "report/slowest_calls.h"
#include "report/trace_report.h"

/* As the header of slowest_calls says. */
static int
compare_calls(const void *left, const void *right)
{
    const struct slice *a = left;
    const struct slice *b = right;

    if (a->self_ns != b->self_ns) {
        return a->self_ns > b->self_ns ? -1 : 1;
    }
    if (a->start_ns != b->start_ns) {
        return a->start_ns < b->start_ns ? -1 : 1;
    }
    return a->track != b->track ? (a->track > b->track) - (a->track < b->track)
                                : (a->depth > b->depth) - (a->depth < b->depth);
}

/* Every slice of the model, by what the blocks hold; the caller frees. */
static struct slice *
all_calls(const struct random_model *random, size_t *count)
{
    struct slice *calls = NULL;
    struct error err = {0};

    *count = 0;
    for (uint32_t i = 0; i < trace_model_track_count(random->model); i++) {
        for (size_t k = 0; k < span_block_count(random->model, i); k++) {
            const struct slice *slices;
            size_t all;
            size_t first;

            cr_assert(span_block_slices(random->model, i, k, random->scratch,
                                        &slices, &all, &first, &err));
            calls = realloc(calls, (*count + all + 1) * sizeof *calls);
            memcpy(calls + *count, slices + first,
                   (all - first) * sizeof *calls);
            *count += all - first;
        }
    }
    return calls;
}

Test(trace_report, finds_the_slowest_calls)
{
    for (size_t kind = 0; kind < random_model_kind_count(); kind++) {
        static const size_t limits[] = {1, 7, 100};
        const struct progress silent = {0};
        struct random_model random = {0};
        struct slice *calls;
        size_t count;

        random_model_open(&random, random_model_kind(kind), 1);
        calls = all_calls(&random, &count);
        qsort(calls, count, sizeof *calls, compare_calls);
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
            struct slice found[100];
            size_t found_count;
            struct error err = {0};

            cr_assert(slowest_calls_find(random.model, found, limits[i],
                                         &found_count, &silent, &err));
            cr_assert(
                eq(sz, found_count, count < limits[i] ? count : limits[i]));
            for (size_t k = 0; k < found_count; k++) {
                cr_assert(eq(int, compare_calls(&found[k], &calls[k]), 0));
            }
        }
        free(calls);
        random_model_close(&random);
    }
}

static void
make_report(struct report_document *document, const struct random_model *random,
            const struct trace_report_options *options)
{
    const struct scope_profile_options profile_options = {.has_no_tree = true};
    const struct trace_scope whole = trace_scope_whole();
    struct scope_profile profile;
    struct error err = {0};

    cr_assert(scope_profile_build(&profile, random->model, &whole,
                                  &profile_options, &err));
    cr_assert(
        trace_report_make(document, random->model, &profile, options, &err));
    scope_profile_release(&profile);
}

Test(trace_report, is_sorted_and_bounded)
{
    static const unsigned columns[] = {[REPORT_SORT_SELF] = 0,
                                       [REPORT_SORT_TOTAL] = 2,
                                       [REPORT_SORT_CALLS] = 4};
    struct random_model random = {0};

    random_model_open(&random, random_model_kind(0), 1);
    for (int sort = REPORT_SORT_SELF; sort <= REPORT_SORT_CALLS; sort++) {
        for (size_t limit = 1; limit < 12; limit += 5) {
            const struct trace_report_options options = {
                .limit = limit, .sort = (enum report_sort)sort};
            struct report_document document = {0};
            const struct report_table *table = &document.tables[0];

            make_report(&document, &random, &options);
            cr_assert(le(sz, table->row_count, limit));
            for (size_t i = 1; i < table->row_count; i++) {
                size_t at = i * table->column_count + columns[sort];

                cr_assert(ge(dbl,
                             table->values[at - table->column_count].number,
                             table->values[at].number));
            }
            report_document_release(&document);
        }
    }
    random_model_close(&random);
}

Test(trace_report, begins_with_what_is_slow)
{
    const struct trace_report_options options = {.limit = 3};
    struct random_model random = {0};
    struct report_document document = {0};

    random_model_open(&random, random_model_kind(0), 1);
    make_report(&document, &random, &options);
    /* The function of the first row, which is sorted by own time. */
    cr_assert(
        eq(int,
           strncmp(document.headline.data, document.tables[0].values[7].text,
                   strlen(document.tables[0].values[7].text)),
           0));
    report_document_release(&document);
    random_model_close(&random);
}

/* The profile of a model. */
static struct scope_profile
profile_of(const struct random_model *random)
{
    const struct scope_profile_options options = {.has_no_tree = true};
    const struct trace_scope whole = trace_scope_whole();
    struct scope_profile profile;
    struct error err = {0};

    cr_assert(
        scope_profile_build(&profile, random->model, &whole, &options, &err));
    return profile;
}

static bool
changed(const struct profile_diff *diff, const char *text)
{
    struct condition *condition = NULL;
    struct buffer words = {0};
    struct error err = {0};
    bool holds;

    cr_assert(condition_parse(&condition, text, &err), "%s", err.message);
    holds = condition_holds_of_change(condition, diff, &words);
    buffer_release(&words);
    condition_free(condition);
    return holds;
}

Test(diff_report, adds_up_to_both_sides)
{
    const struct trace_report_options options = {.limit = REPORT_LIMIT_MAX};
    struct random_model randoms[2] = {0};
    struct scope_profile profiles[2];
    struct report_document document = {0};
    struct profile_diff diff;
    struct error err = {0};
    double sums[3] = {0}; /* change, A, B */

    random_model_open(&randoms[0], random_model_kind(0), 1);
    random_model_open(&randoms[1], random_model_kind(1), 1);
    profiles[0] = profile_of(&randoms[0]);
    profiles[1] = profile_of(&randoms[1]);
    cr_assert(profile_diff_build(
        &diff, &(struct profile_side){randoms[0].model, &profiles[0]},
        &(struct profile_side){randoms[1].model, &profiles[1]}, &err));
    cr_assert(diff_report_make(&document, &diff, &options, &err));
    for (size_t i = 0; i < document.tables[0].row_count; i++) {
        const struct report_value *row =
            &document.tables[0].values[i * document.tables[0].column_count];

        sums[0] += row[0].number;
        sums[1] += row[2].number;
        sums[2] += row[3].number;
        cr_assert(eq(dbl, row[0].number, row[3].number - row[2].number));
    }
    cr_assert(eq(dbl, sums[1], (double)profiles[0].total_ns));
    cr_assert(eq(dbl, sums[2], (double)profiles[1].total_ns));
    cr_assert(eq(int, changed(&diff, "self(.) > 0ns"), sums[0] > 0));
    cr_assert(eq(int, changed(&diff, "self(.) >= 0%"), sums[0] >= 0));
    cr_assert(not(changed(&diff, "calls(there is none) > 0")));
    report_document_release(&document);
    profile_diff_release(&diff);
    for (int i = 0; i < 2; i++) {
        scope_profile_release(&profiles[i]);
        random_model_close(&randoms[i]);
    }
}

Test(diff_report, of_a_trace_and_itself_is_nothing)
{
    const struct trace_report_options options = {.limit = REPORT_LIMIT_MAX};
    struct random_model random = {0};
    struct scope_profile profile;
    struct report_document document = {0};
    struct profile_side side = {0};
    struct profile_diff diff;
    struct error err = {0};

    random_model_open(&random, random_model_kind(0), 1);
    profile = profile_of(&random);
    side = (struct profile_side){random.model, &profile};
    cr_assert(profile_diff_build(&diff, &side, &side, &err));
    cr_assert(diff_report_make(&document, &diff, &options, &err));
    cr_assert(strstr(document.headline.data, "as much as A.") != NULL);
    cr_assert(eq(sz, document.tables[0].row_count, 0));
    cr_assert(eq(sz, document.tables[0].omitted_count, 0));
    cr_assert(not(changed(&diff, "self(.) > 0ns")));
    cr_assert(changed(&diff, "total(.) <= 0%"));
    report_document_release(&document);
    profile_diff_release(&diff);
    scope_profile_release(&profile);
    random_model_close(&random);
}
