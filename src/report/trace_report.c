// SPDX-License-Identifier: Apache-2.0
#include "report/trace_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "format/payload.h"
#include "model/recording_facts.h"
#include "model/scope_profile.h"
#include "model/span_query.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"
#include "report/function_place.h"
#include "report/report_document.h"
#include "report/slowest_calls.h"
#include "report/waiting.h"

struct maker {
    struct report_document *document;
    const struct trace_model *model;
    const struct scope_profile *profile;
    const struct trace_report_options *options;
    uint32_t *order; /* functions that were called, sorted; owned */
    size_t called_count;
};

/* What sorting needs to know of a function. */
struct sorted_function {
    const struct profile_function *sums;
    uint32_t index;
    enum report_sort sort;
};

struct sorted_thread {
    uint64_t busy_ns;
    uint32_t track;
};

static const struct report_column function_columns[] = {
    {"self_ns", "self", REPORT_NS, false},
    {"self_percent", "self %", REPORT_PERCENT, false},
    {"total_ns", "total", REPORT_NS, false},
    {"total_percent", "total %", REPORT_PERCENT, false},
    {"calls", "calls", REPORT_COUNT, false},
    {"mean_ns", "mean", REPORT_NS, false},
    {"max_ns", "max", REPORT_NS, false},
    {"function", "function", REPORT_TEXT, false},
    {"place", "place", REPORT_TEXT, false},
};

static const struct report_column call_columns[] = {
    {"self_ns", "self", REPORT_NS, false},
    {"duration_ns", "duration", REPORT_NS, false},
    {"start_ns", "start", REPORT_NS, false},
    {"thread", "thread", REPORT_TEXT, false},
    {"function", "function", REPORT_TEXT, false},
    {"place", "place", REPORT_TEXT, false},
};

static const struct report_column thread_columns[] = {
    {"busy_ns", "in calls", REPORT_NS, false},
    {"busy_percent", "of trace", REPORT_PERCENT, false},
    {"calls", "calls", REPORT_COUNT, false},
    {"lost_calls", "lost calls", REPORT_COUNT, false},
    {"depth", "depth", REPORT_COUNT, false},
    {"thread", "thread", REPORT_TEXT, false},
    {"process", "process", REPORT_TEXT, false},
    {"pid", "pid", REPORT_TEXT, false},
    {"end", "end", REPORT_TEXT, false},
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static double
percent_of(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0 : 100.0 * (double)part / (double)whole;
}

static uint64_t
key_of(const struct sorted_function *function)
{
    switch (function->sort) {
    case REPORT_SORT_SELF:
        return function->sums->self_ns;
    case REPORT_SORT_TOTAL:
        return function->sums->total_ns;
    case REPORT_SORT_CALLS:
        return function->sums->call_count;
    }
    return 0;
}

static int
compare_functions(const void *left, const void *right)
{
    const struct sorted_function *a = left;
    const struct sorted_function *b = right;
    uint64_t key_a = key_of(a);
    uint64_t key_b = key_of(b);

    if (key_a != key_b) {
        return key_a > key_b ? -1 : 1;
    }
    if (a->sums->self_ns != b->sums->self_ns) {
        return a->sums->self_ns > b->sums->self_ns ? -1 : 1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

static bool
sort_functions(struct maker *maker, enum report_sort sort, struct error *err)
{
    const struct scope_profile *profile = maker->profile;
    size_t count = (size_t)profile->function_count + 1;
    struct sorted_function *sorted = array_new(count, sizeof *sorted, err);

    free(maker->order);
    maker->order = array_new(count, sizeof *maker->order, err);
    maker->called_count = 0;
    if (sorted == NULL || maker->order == NULL) {
        free(sorted);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (profile_function_is_there(&profile->functions[i])) {
            sorted[maker->called_count++] =
                (struct sorted_function){&profile->functions[i], i, sort};
        }
    }
    qsort(sorted, maker->called_count, sizeof *sorted, compare_functions);
    for (size_t i = 0; i < maker->called_count; i++) {
        maker->order[i] = sorted[i].index;
    }
    free(sorted);
    return true;
}

static bool
add_function(struct maker *maker, struct report_table *table, uint32_t index,
             struct error *err)
{
    const struct model_function *function =
        scope_profile_function(maker->model, index);
    const struct profile_function *sums = &maker->profile->functions[index];
    uint64_t whole_ns = maker->profile->total_ns;
    struct report_value *row = report_row_add(table, err);

    if (row == NULL) {
        return false;
    }
    report_set_number(row++, (double)sums->self_ns);
    report_set_number(row++, percent_of(sums->self_ns, whole_ns));
    report_set_number(row++, (double)sums->total_ns);
    report_set_number(row++, percent_of(sums->total_ns, whole_ns));
    report_set_number(row++, (double)sums->call_count);
    if (sums->call_count > 0) {
        report_set_number(row, (double)(sums->total_ns / sums->call_count));
    }
    row++;
    report_set_number(row++, (double)sums->max_ns);
    report_set_text(row++, function->name);
    return function_place_set(maker->document, row, function, err);
}

static bool
add_functions(struct maker *maker, struct error *err)
{
    static const char *const titles[] = {
        [REPORT_SORT_SELF] = "Functions, by their own time",
        [REPORT_SORT_TOTAL] = "Functions, by their time with callees",
        [REPORT_SORT_CALLS] = "Functions, by calls",
    };
    struct report_table *table = report_table_add(
        maker->document, "functions", titles[maker->options->sort],
        function_columns, COUNT_OF(function_columns));

    if (!sort_functions(maker, maker->options->sort, err)) {
        return false;
    }
    for (size_t i = 0; i < maker->called_count; i++) {
        if (i == maker->options->limit) {
            table->omitted_count = maker->called_count - i;
            break;
        }
        if (!add_function(maker, table, maker->order[i], err)) {
            return false;
        }
    }
    return true;
}

static bool
add_call(struct maker *maker, struct report_table *table,
         const struct slice *call, struct error *err)
{
    const struct model_function *function =
        scope_profile_function(maker->model, call->function);
    struct report_value *row = report_row_add(table, err);

    if (row == NULL) {
        return false;
    }
    report_set_number(row++, (double)call->self_ns);
    report_set_number(row++, (double)(call->end_ns - call->start_ns));
    report_set_number(row++, (double)call->start_ns);
    report_set_text(row++, trace_model_track(maker->model, call->track)->name);
    report_set_text(row++, function->name);
    return function_place_set(maker->document, row, function, err);
}

static bool
add_calls(struct maker *maker, struct error *err)
{
    size_t limit = maker->options->limit;
    struct report_table *table =
        report_table_add(maker->document, "calls", "Calls, by their own time",
                         call_columns, COUNT_OF(call_columns));
    struct slice *calls = array_new(limit, sizeof *calls, err);
    size_t count = 0;
    bool ok = calls != NULL
              && slowest_calls_find(maker->model, calls, limit, &count,
                                    &maker->options->progress, err);

    for (size_t i = 0; ok && i < count; i++) {
        ok = add_call(maker, table, &calls[i], err);
    }
    free(calls);
    return ok;
}

static bool
add_thread(struct maker *maker, struct report_table *table, uint32_t index,
           uint64_t busy_ns, struct error *err)
{
    const struct model_track *track = trace_model_track(maker->model, index);
    const struct model_process *process =
        trace_model_process(maker->model, track->process);
    uint64_t whole_ns = trace_model_summary(maker->model).duration_ns;
    struct report_value *row = report_row_add(table, err);
    const char *text;

    if (row == NULL) {
        return false;
    }
    report_set_number(row++, (double)busy_ns);
    report_set_number(row++, percent_of(busy_ns, whole_ns));
    report_set_number(row++, (double)track->call_count);
    report_set_number(row++, (double)track->lost_calls);
    report_set_number(row++, track->depth);
    report_set_text(row++, track->name);
    report_set_text(row++, process->name);
    if (process->has_pid) {
        text = report_text(maker->document, err, "%" PRIu32, process->pid);
        if (text == NULL) {
            return false;
        }
        report_set_text(row, text);
    }
    row++;
    report_set_text(row, process->end_text != NULL ? process->end_text : "");
    return true;
}

/* How long a thread was in calls: the one cell that is as wide as the trace. */
static bool
busy_of(const struct maker *maker, uint32_t track, struct span_scratch *scratch,
        uint64_t *busy_ns, struct error *err)
{
    const struct timeline_request request = {
        .track = track,
        .depth_count = 1,
        .is_exact = true,
        .grid = {.column_ns = trace_model_summary(maker->model).duration_ns + 1,
                 .column_count = 1},
    };
    struct timeline_cell cell;

    if (!timeline_cells(maker->model, &request, scratch, &cell, err)) {
        return false;
    }
    *busy_ns = cell.busy_ns;
    return true;
}

/* The busiest first. */
static int
compare_threads(const void *left, const void *right)
{
    const struct sorted_thread *a = left;
    const struct sorted_thread *b = right;

    if (a->busy_ns != b->busy_ns) {
        return a->busy_ns > b->busy_ns ? -1 : 1;
    }
    return (a->track > b->track) - (a->track < b->track);
}

static bool
add_tracks(struct maker *maker, struct report_table *table,
           struct span_scratch *scratch, struct error *err)
{
    size_t count = trace_model_track_count(maker->model);
    size_t limit = maker->options->limit;
    struct sorted_thread *threads = array_new(count, sizeof *threads, err);
    bool ok = threads != NULL;

    for (uint32_t i = 0; ok && i < count; i++) {
        threads[i].track = i;
        ok = busy_of(maker, i, scratch, &threads[i].busy_ns, err);
    }
    if (ok) {
        qsort(threads, count, sizeof *threads, compare_threads);
        table->omitted_count = count > limit ? count - limit : 0;
    }
    for (size_t i = 0; ok && i < count && i < limit; i++) {
        ok =
            add_thread(maker, table, threads[i].track, threads[i].busy_ns, err);
    }
    free(threads);
    return ok;
}

static bool
add_threads(struct maker *maker, struct error *err)
{
    size_t tracks = trace_model_track_count(maker->model);
    bool has_others =
        trace_model_thread_count(maker->model, 0, tracks) < tracks;
    struct report_table *table = report_table_add(
        maker->document, "threads",
        has_others ? "Threads and other tracks, by their time in calls"
                   : "Threads, by their time in calls",
        thread_columns, COUNT_OF(thread_columns));
    struct span_scratch *scratch = NULL;
    bool ok = span_scratch_new(&scratch, err)
              && add_tracks(maker, table, scratch, err);

    span_scratch_free(scratch);
    return ok;
}

/* The own time of functions that wait. */
static uint64_t
sum_waiting(const struct maker *maker)
{
    uint64_t sum_ns = 0;

    for (size_t i = 0; i < maker->called_count; i++) {
        uint32_t index = maker->order[i];

        if (waiting_is(scope_profile_function(maker->model, index))) {
            sum_ns += maker->profile->functions[index].self_ns;
        }
    }
    return sum_ns;
}

static void
add_facts(struct maker *maker)
{
    struct report_document *document = maker->document;
    struct trace_summary summary = trace_model_summary(maker->model);
    struct recording_cost cost = recording_cost(maker->model);
    size_t tracks = trace_model_track_count(maker->model);
    size_t threads = trace_model_thread_count(maker->model, 0, tracks);

    if (maker->options->scope != NULL && maker->options->scope[0] != '\0') {
        report_fact_text(document, "scope", "scope", maker->options->scope);
    }
    report_fact_number(document, "duration_ns", "duration", REPORT_NS,
                       (double)summary.duration_ns);
    report_fact_number(document, "call_time_ns",
                       threads < tracks ? "time in calls, all tracks"
                                        : "time in calls, all threads",
                       REPORT_NS, (double)maker->profile->total_ns);
    report_fact_number(document, "waiting_ns", "of that waiting", REPORT_NS,
                       (double)sum_waiting(maker));
    report_fact_number(document, "calls", "calls", REPORT_COUNT,
                       (double)summary.call_count);
    report_fact_number(document, "functions", "functions", REPORT_COUNT,
                       (double)maker->called_count);
    report_fact_number(document, "processes", "processes", REPORT_COUNT,
                       (double)trace_model_process_count(maker->model));
    report_fact_number(document, "threads", "threads", REPORT_COUNT,
                       (double)threads);
    if (threads < tracks) {
        report_fact_number(document, "other_tracks", "other tracks",
                           REPORT_COUNT, (double)(tracks - threads));
    }
    report_fact_number(document, "lost_calls", "lost calls", REPORT_COUNT,
                       (double)summary.lost_calls);
    report_fact_number(document, "unfinished_calls", "unfinished calls",
                       REPORT_COUNT, (double)summary.unfinished_calls);
    if (cost.event_count > 0) {
        report_fact_number(document, "recording_ns", "spent in recording",
                           REPORT_NS, (double)cost.total_ns);
    }
}

/* Behind a function that waits for others: which one works the longest. The
 * functions are in the order of their own time. */
static void
append_slowest_that_works(const struct maker *maker, struct buffer *text)
{
    for (size_t i = 0; i < maker->called_count; i++) {
        const struct profile_function *sums =
            &maker->profile->functions[maker->order[i]];
        const struct model_function *function =
            scope_profile_function(maker->model, maker->order[i]);
        char time[TEXT_NUMBER_SIZE];

        if (sums->self_ns == 0) {
            return;
        }
        if (!waiting_is(function)) {
            buffer_append_text(text, "; of what does not wait, ");
            function_place_append_all(text, function);
            buffer_append_format(text, " took most, %s",
                                 text_duration(time, sizeof time, sums->self_ns,
                                               maker->options->is_ascii));
            return;
        }
    }
}

/* What is slow, in one sentence: the function that took most time itself. */
static bool
make_headline(struct maker *maker, struct error *err)
{
    struct buffer *text = &maker->document->headline;
    char share[TEXT_NUMBER_SIZE];
    char time[TEXT_NUMBER_SIZE];
    char whole[TEXT_NUMBER_SIZE];
    char calls[TEXT_NUMBER_SIZE];
    const struct profile_function *sums;
    const struct model_function *function;

    if (!sort_functions(maker, REPORT_SORT_SELF, err)) {
        return false;
    }
    if (maker->called_count == 0) {
        const char *scope = maker->options->scope;

        buffer_append_text(text, scope != NULL && scope[0] != '\0'
                                     ? "No call is in the scope."
                                     : "No call was recorded.");
        return true;
    }
    sums = &maker->profile->functions[maker->order[0]];
    function = scope_profile_function(maker->model, maker->order[0]);
    function_place_append_all(text, function);
    buffer_append_format(
        text, " took %s of the time itself: %s of %s in calls, in ",
        text_percent(share, sizeof share, sums->self_ns,
                     maker->profile->total_ns),
        text_duration(time, sizeof time, sums->self_ns,
                      maker->options->is_ascii),
        text_duration(whole, sizeof whole, maker->profile->total_ns,
                      maker->options->is_ascii));
    if (sums->call_count == 0) {
        buffer_append_text(text, "what began before");
    } else {
        buffer_append_format(
            text, "%s %s", text_grouped(calls, sizeof calls, sums->call_count),
            sums->call_count == 1 ? "call" : "calls");
    }
    if (waiting_is(function)) {
        append_slowest_that_works(maker, text);
    }
    buffer_append_char(text, '.');
    return true;
}

static bool
add_notes(struct maker *maker, struct error *err)
{
    static const struct report_column columns[] = {
        {"note", "note", REPORT_TEXT, false}};
    size_t count = trace_model_note_count(maker->model);
    struct report_table *table =
        report_table_add(maker->document, "notes", "What is to be known",
                         columns, COUNT_OF(columns));

    for (size_t i = 0; i < count; i++) {
        struct report_value *row = NULL;

        if (i == maker->options->limit) {
            table->omitted_count = count - i;
            break;
        }
        row = report_row_add(table, err);
        if (row == NULL) {
            return false;
        }
        report_set_text(row, trace_model_note(maker->model, i));
    }
    if (count == 0) {
        maker->document->table_count--;
    }
    return true;
}

bool
trace_report_make(struct report_document *document,
                  const struct trace_model *model,
                  const struct scope_profile *profile,
                  const struct trace_report_options *options, struct error *err)
{
    struct maker maker = {
        .document = document,
        .model = model,
        .profile = profile,
        .options = options,
    };
    bool ok = make_headline(&maker, err);

    if (ok) {
        add_facts(&maker);
        ok = add_functions(&maker, err) && add_calls(&maker, err)
             && add_threads(&maker, err) && add_notes(&maker, err)
             && (buffer_is_ok(&document->headline) || error_set_no_memory(err));
    }
    free(maker.order);
    if (!ok) {
        report_document_release(document);
    }
    return ok;
}
