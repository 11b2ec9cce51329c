// SPDX-License-Identifier: Apache-2.0
#include "bench_passes.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"
#include "bench_rows.h"
#include "export/trace_cut.h"
#include "model/call_edges.h"
#include "model/call_rank.h"
#include "model/call_times.h"
#include "model/function_family.h"
#include "model/scope_profile.h"
#include "model/trace_model.h"
#include "model/trace_query.h"

enum {
    MANY_PASSES = 20,
    FEW_PASSES = 5, /* of what takes seconds */
    COLUMNS = 160,  /* of a chart of time */
};

/* One pass of a row. */
typedef bool pass_function(struct bench *bench, struct error *err);

/* No more passes than views. */
static bool
run_passes(struct bench *bench, const char *name, size_t count,
           pass_function *pass, struct error *err)
{
    char text[64];

    count = count < bench->view_count ? count : bench->view_count;
    for (size_t i = 0; i < count; i++) {
        if (!pass(bench, err)) {
            return false;
        }
    }
    (void)snprintf(text, sizeof text, "%s, %zu passes", name, count);
    print_row(bench, text);
    return true;
}

static bool
sum_up(struct bench *bench, const struct trace_scope *scope, bool has_tree,
       struct error *err)
{
    const struct scope_profile_options options = {.has_no_tree = !has_tree};
    struct scope_profile profile;
    uint64_t start_ns = clock_monotonic_ns();

    if (!scope_profile_build(&profile, bench->model, scope, &options, err)) {
        return false;
    }
    add_time(bench, ms_since(start_ns));
    scope_profile_release(&profile);
    return true;
}

static bool
sum_up_area(struct bench *bench, struct error *err)
{
    struct trace_scope scope = random_scope(bench);

    return sum_up(bench, &scope, false, err);
}

static bool
draw_area(struct bench *bench, struct error *err)
{
    struct trace_scope scope = random_scope(bench);

    return sum_up(bench, &scope, true, err);
}

static bool
draw_whole(struct bench *bench, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();

    return sum_up(bench, &whole, true, err);
}

bool
measure_area_functions(struct bench *bench, struct error *err)
{
    return run_passes(bench, "functions of a tenth", MANY_PASSES, sum_up_area,
                      err);
}

bool
measure_area_flame(struct bench *bench, struct error *err)
{
    return run_passes(bench, "flame graph of a tenth", MANY_PASSES, draw_area,
                      err);
}

bool
measure_whole_flame(struct bench *bench, struct error *err)
{
    return run_passes(bench, "flame graph of all", FEW_PASSES, draw_whole, err);
}

static bool
rank_call(struct bench *bench, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();
    const struct call_rank_options options = {0};
    struct slice call = {.function = random_function(bench, false)};
    struct call_rank rank;
    uint64_t start_ns = clock_monotonic_ns();

    call.end_ns = trace_model_function(bench->model, call.function)->max_ns / 2;
    if (!call_rank_find(&rank, bench->model, &whole, &call, &options, err)) {
        return false;
    }
    add_time(bench, ms_since(start_ns));
    call_rank_release(&rank);
    return true;
}

bool
measure_rank(struct bench *bench, struct error *err)
{
    return run_passes(bench, "rank of a call", MANY_PASSES, rank_call, err);
}

static bool
find_family(struct bench *bench, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();
    const struct function_family_options options = {0};
    uint32_t function = random_function(bench, false);
    struct function_family family;
    uint64_t start_ns = clock_monotonic_ns();

    if (!function_family_find(&family, bench->model, &whole, function, &options,
                              err)) {
        return false;
    }
    add_time(bench, ms_since(start_ns));
    function_family_release(&family);
    return true;
}

bool
measure_family(struct bench *bench, struct error *err)
{
    return run_passes(bench, "callers and callees", MANY_PASSES, find_family,
                      err);
}

static bool
find_times(struct bench *bench, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();
    const struct slice_scan_options options = {0};
    uint64_t duration_ns = trace_model_summary(bench->model).duration_ns;
    uint32_t function = random_function(bench, false);
    const struct call_target target = {.functions = &function, .count = 1};
    struct call_times times = {.column_ns = duration_ns / COLUMNS + 1,
                               .count = COLUMNS};
    uint64_t start_ns = clock_monotonic_ns();

    if (!call_times_find(&times, bench->model, &whole, &target, &options,
                         err)) {
        return false;
    }
    add_time(bench, ms_since(start_ns));
    call_times_release(&times);
    return true;
}

bool
measure_times(struct bench *bench, struct error *err)
{
    return run_passes(bench, "when a function ran", MANY_PASSES, find_times,
                      err);
}

static bool
find_edges(struct bench *bench, struct error *err)
{
    const struct slice_scan_options options = {0};
    struct call_edges edges;
    uint64_t start_ns = clock_monotonic_ns();

    if (!call_edges_find(&edges, bench->model, &options, err)) {
        return false;
    }
    add_time(bench, ms_since(start_ns));
    call_edges_release(&edges);
    return true;
}

bool
measure_edges(struct bench *bench, struct error *err)
{
    return run_passes(bench, "who called whom", FEW_PASSES, find_edges, err);
}

/* Cut the trace to what a query means and open that, as a filter does. */
static bool
filter(struct bench *bench, const struct trace_query *query, struct error *err)
{
    const struct trace_cut_options options = {
        .scope = trace_scope_whole(), .query = query, .keeps_axis = true};
    const struct trace_model_options model_options = {0};
    FILE *file = tmpfile();
    struct trace_model *left = NULL;
    uint64_t start_ns = clock_monotonic_ns();
    char text[32];
    const char *path = text;
    bool ok;

    if (file == NULL) {
        return error_set(err, ERROR_SYSTEM, "cannot make a temporary file");
    }
    (void)snprintf(text, sizeof text, "/proc/self/fd/%d", fileno(file));
    ok = trace_cut(bench->model, path, &options, NULL, err)
         && trace_model_open(&left, &path, 1, &model_options, err);
    add_time(bench, ms_since(start_ns));
    trace_model_close(left);
    (void)fclose(file);
    return ok;
}

static bool
filter_text(struct bench *bench, const char *text, struct error *err)
{
    struct trace_query *query = NULL;
    bool ok = trace_query_parse(&query, text, NAME_PATTERN_TEXT, NULL, err)
              && filter(bench, query, err);

    trace_query_free(query);
    return ok;
}

static bool
filter_name(struct bench *bench, struct error *err)
{
    uint32_t function = random_function(bench, false);
    char text[TRACE_QUERY_SIZE];

    (void)snprintf(text, sizeof text, "\"%s\"",
                   trace_model_function(bench->model, function)->name);
    return filter_text(bench, text, err);
}

bool
measure_filter(struct bench *bench, struct error *err)
{
    return run_passes(bench, "filter to a name", MANY_PASSES, filter_name, err);
}

static bool
filter_slow(struct bench *bench, struct error *err)
{
    return filter_text(bench, "dur>100us", err);
}

bool
measure_slow_filter(struct bench *bench, struct error *err)
{
    return run_passes(bench, "filter to dur>100us", FEW_PASSES, filter_slow,
                      err);
}
