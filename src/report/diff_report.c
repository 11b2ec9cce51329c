// SPDX-License-Identifier: Apache-2.0
#include "report/diff_report.h"

#include <inttypes.h>

#include "base/error.h"
#include "base/text.h"
#include "model/profile_diff.h"
#include "model/trace_model.h"
#include "report/function_place.h"
#include "report/report_document.h"

static const struct report_column columns[] = {
    {"self_change_ns", "self", REPORT_NS, true},
    {"self_change_percent", "self %", REPORT_PERCENT, true},
    {"self_a_ns", "self A", REPORT_NS, false},
    {"self_b_ns", "self B", REPORT_NS, false},
    {"total_change_ns", "total", REPORT_NS, true},
    {"total_a_ns", "total A", REPORT_NS, false},
    {"total_b_ns", "total B", REPORT_NS, false},
    {"calls_change", "calls", REPORT_COUNT, true},
    {"calls_a", "calls A", REPORT_COUNT, false},
    {"calls_b", "calls B", REPORT_COUNT, false},
    {"change", "change", REPORT_TEXT, false},
    {"function", "function", REPORT_TEXT, false},
    {"place", "place", REPORT_TEXT, false},
};

enum { COLUMN_COUNT = sizeof columns / sizeof columns[0] };

static const enum profile_diff_key keys[] = {
    [REPORT_SORT_SELF] = PROFILE_DIFF_SELF,
    [REPORT_SORT_TOTAL] = PROFILE_DIFF_TOTAL,
    [REPORT_SORT_CALLS] = PROFILE_DIFF_CALLS,
};

/* The change of one number, of which there is no share when it was 0. */
static void
set_change(struct report_value *change, struct report_value *percent,
           const struct profile_diff_row *row, enum profile_diff_key key)
{
    double before = (double)profile_diff_value(row, key, 0);
    double delta = (double)profile_diff_delta(row, key);

    report_set_number(change, delta);
    if (percent != NULL && before > 0) {
        report_set_number(percent, 100 * delta / before);
    }
}

static void
set_sides(struct report_value *values, const struct profile_diff_row *row,
          enum profile_diff_key key)
{
    report_set_number(&values[0], (double)profile_diff_value(row, key, 0));
    report_set_number(&values[1], (double)profile_diff_value(row, key, 1));
}

static bool
add_row(struct report_document *document, struct report_table *table,
        const struct profile_diff_row *row, struct error *err)
{
    struct report_value *values = report_row_add(table, err);

    if (values == NULL) {
        return false;
    }
    set_change(&values[0], &values[1], row, PROFILE_DIFF_SELF);
    set_sides(&values[2], row, PROFILE_DIFF_SELF);
    set_change(&values[4], NULL, row, PROFILE_DIFF_TOTAL);
    set_sides(&values[5], row, PROFILE_DIFF_TOTAL);
    set_change(&values[7], NULL, row, PROFILE_DIFF_CALLS);
    set_sides(&values[8], row, PROFILE_DIFF_CALLS);
    report_set_text(&values[10], profile_change_name(row->change));
    report_set_text(&values[11], row->function->name);
    return function_place_set(document, &values[12], row->function, err);
}

static bool
has_changed(const struct profile_diff_row *row)
{
    return profile_diff_delta(row, PROFILE_DIFF_SELF) != 0
           || profile_diff_delta(row, PROFILE_DIFF_TOTAL) != 0
           || profile_diff_delta(row, PROFILE_DIFF_CALLS) != 0;
}

static bool
add_rows(struct report_document *document, struct profile_diff *diff,
         const struct trace_report_options *options, struct error *err)
{
    static const char *const titles[] = {
        [REPORT_SORT_SELF] = "Functions, by how much their own time changed",
        [REPORT_SORT_TOTAL] =
            "Functions, by how much their time with callees changed",
        [REPORT_SORT_CALLS] = "Functions, by how much their calls changed",
    };
    struct report_table *table = report_table_add(
        document, "functions", titles[options->sort], columns, COLUMN_COUNT);

    profile_diff_sort(diff, keys[options->sort], false);
    for (size_t i = 0; i < diff->count; i++) {
        if (!has_changed(&diff->rows[i])) {
            continue;
        }
        if (table->row_count == options->limit) {
            table->omitted_count++;
        } else if (!add_row(document, table, &diff->rows[i], err)) {
            return false;
        }
    }
    return true;
}

static void
add_facts(struct report_document *document, const struct profile_diff *diff)
{
    size_t changed_count = 0;

    static const char *const keys_of_time[] = {"call_time_a_ns",
                                               "call_time_b_ns"};
    static const char *const titles_of_time[] = {"time in calls, A",
                                                 "time in calls, B"};
    static const char *const keys_of_calls[] = {"calls_a", "calls_b"};
    static const char *const titles_of_calls[] = {"calls, A", "calls, B"};
    static const char *const keys_of_loss[] = {"lost_calls_a", "lost_calls_b"};
    static const char *const titles_of_loss[] = {"lost calls, A",
                                                 "lost calls, B"};

    for (int side = 0; side < 2; side++) {
        struct trace_summary summary =
            trace_model_summary(diff->sides[side].model);

        report_fact_number(document, keys_of_time[side], titles_of_time[side],
                           REPORT_NS,
                           (double)diff->sides[side].profile->total_ns);
        report_fact_number(document, keys_of_calls[side], titles_of_calls[side],
                           REPORT_COUNT, (double)summary.call_count);
        report_fact_number(document, keys_of_loss[side], titles_of_loss[side],
                           REPORT_COUNT, (double)summary.lost_calls);
    }
    for (size_t i = 0; i < diff->count; i++) {
        changed_count += has_changed(&diff->rows[i]);
    }
    report_fact_number(document, "changed_functions", "functions that changed",
                       REPORT_COUNT, (double)changed_count);
    report_fact_number(document, "same_functions", "functions that did not",
                       REPORT_COUNT, (double)(diff->count - changed_count));
}

/* "B spends 57.0 ms in calls, 12.0 ms (26.7%) more than A; parse (app.py:3)
 * changed most: its own time went from 3 ms to 15 ms." */
static bool
make_headline(struct report_document *document, struct profile_diff *diff,
              bool is_ascii, struct error *err)
{
    struct buffer *text = &document->headline;
    uint64_t before = diff->sides[0].profile->total_ns;
    uint64_t after = diff->sides[1].profile->total_ns;
    uint64_t delta = after > before ? after - before : before - after;
    char times[3][TEXT_NUMBER_SIZE];
    const struct profile_diff_row *row;

    buffer_append_format(
        text, "B spends %s in calls, %s",
        text_duration(times[0], sizeof times[0], after, is_ascii),
        delta == 0 ? "as much as"
                   : text_duration(times[1], sizeof times[1], delta, is_ascii));
    if (delta > 0 && before > 0) {
        buffer_append_format(text, " (%.1f%%)",
                             100.0 * (double)delta / (double)before);
    }
    if (delta > 0) {
        buffer_append_text(text, after > before ? " more than" : " less than");
    }
    buffer_append_text(text, " A");
    profile_diff_sort(diff, PROFILE_DIFF_SELF, false);
    if (diff->count > 0
        && profile_diff_delta(&diff->rows[0], PROFILE_DIFF_SELF) != 0) {
        row = &diff->rows[0];
        buffer_append_text(text, "; ");
        function_place_append_all(text, row->function);
        buffer_append_format(text,
                             " changed most: its own time went from %s to %s",
                             text_duration(times[0], sizeof times[0],
                                           row->sums[0].self_ns, is_ascii),
                             text_duration(times[2], sizeof times[2],
                                           row->sums[1].self_ns, is_ascii));
    }
    buffer_append_char(text, '.');
    return buffer_is_ok(text) || error_set_no_memory(err);
}

bool
diff_report_make(struct report_document *document, struct profile_diff *diff,
                 const struct trace_report_options *options, struct error *err)
{
    bool ok = make_headline(document, diff, options->is_ascii, err);

    if (ok) {
        add_facts(document, diff);
        ok = add_rows(document, diff, options, err);
    }
    if (!ok) {
        report_document_release(document);
    }
    return ok;
}
