// SPDX-License-Identifier: Apache-2.0
/*
 * bench/bench_viewer.c - how long a large trace takes to open, how long the
 * viewer takes to answer, and the memory that all of it needs.
 *
 *     bench_viewer TRACE [VIEWS]
 *
 * Prints one JSON object. Everything is asked about VIEWS (200) random views or
 * patterns of a seeded list, each with nothing remembered of the ones before.
 * A frame is what the viewer shows at once after a key, of 160x50 cells; it is
 * exact when nothing goes on in the background any more. Passes over the whole
 * trace are repeated only PASSES times.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "export/trace_cut.h"
#include "model/call_rank.h"
#include "model/scope_profile.h"
#include "model/slice_hits.h"
#include "model/slice_step.h"
#include "model/span_query.h"
#include "model/trace_model.h"
#include "model/trace_query.h"
#include "support/random.h"
#include "tui/app.h"
#include "tui/search.h"

enum {
    WIDTH = 160,
    HEIGHT = 50,
    VIEWS = 200,
    ZOOMS = 24, /* keys, each zooms in by two */
    PASSES = 5,
};

struct bench {
    struct trace_model *model;
    struct span_scratch *scratch;
    struct random random;
    size_t view_count;
    double *times; /* view_count of them, of one row */
    size_t time_count;
    bool has_row; /* in the output */
};

static double
ms_since(uint64_t start_ns)
{
    return (double)(clock_monotonic_ns() - start_ns) / 1e6;
}

static int
compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

static void
add_time(struct bench *bench, double ms)
{
    bench->times[bench->time_count++] = ms;
}

/* Anonymous and shared memory of this process, in MB. */
static double
resident_mb(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    unsigned long long kib;
    unsigned long long sum = 0;

    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (sscanf(line, "RssAnon: %llu", &kib) == 1
            || sscanf(line, "RssShmem: %llu", &kib) == 1) {
            sum += kib;
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return (double)sum * 1024 / 1e6;
}

/* Print the row that the times make, and begin another one. */
static void
print_row(struct bench *bench, const char *name)
{
    double *times = bench->times;
    size_t count = bench->time_count;

    qsort(times, count, sizeof *times, compare_doubles);
    printf("%s\"%s\": {\"count\": %zu, \"median_ms\": %.3f, \"p95_ms\": %.3f, "
           "\"most_ms\": %.3f, \"memory_mb\": %.1f}",
           bench->has_row ? ", " : "", name, count, times[count / 2],
           times[count - 1 - count / 20], times[count - 1], resident_mb());
    bench->has_row = true;
    bench->time_count = 0;
}

static bool
press(struct app *app, const char *keys, struct error *err)
{
    bool has_quit = false;

    for (const char *key = keys; *key != '\0'; key++) {
        if (!app_key(app, (unsigned char)*key, &has_quit, err)) {
            return false;
        }
    }
    return true;
}

/* Wait until the frame is final, however often it is drawn for that. */
static bool
settle(struct app *app, struct error *err)
{
    while (!app_is_settled(app)) {
        struct pollfd wake = {.fd = app_wake_fd(app), .events = POLLIN};

        if (poll(&wake, 1, -1) < 0) {
            return error_set(err, ERROR_SYSTEM, "cannot wait for a frame");
        }
        if (!app_wake(app, err) || !app_draw(app, err)) {
            return false;
        }
    }
    return true;
}

/* Keys that lead to a random view: a time, and how far it is zoomed in. */
static void
random_view(struct bench *bench, char keys[64])
{
    uint64_t duration_ns = trace_model_summary(bench->model).duration_ns;
    uint64_t time_ns = random_below(&bench->random, duration_ns + 1);
    unsigned zoom = (unsigned)(random_below(&bench->random, ZOOMS));
    int used = snprintf(keys, 64, ":%" PRIu64 "ns\r", time_ns);

    memset(keys + used, 'w', zoom);
    keys[(unsigned)used + zoom] = '\0';
}

/* One view of an app that has seen none: its first frame, and when it is
 * exact. */
static bool
look(struct bench *bench, bool is_exact, struct error *err)
{
    const struct app_options options = {
        .colour_count = 256, .title = "bench", .is_live = true};
    struct app *app = NULL;
    char keys[64];
    uint64_t start_ns;
    bool is_ok;

    random_view(bench, keys);
    if (!app_new(&app, bench->model, &options, WIDTH, HEIGHT, err)) {
        return false;
    }
    is_ok = press(app, "zR", err) && press(app, keys, err);
    start_ns = clock_monotonic_ns();
    is_ok = is_ok && app_draw(app, err);
    if (is_ok && !is_exact) {
        add_time(bench, ms_since(start_ns));
    }
    is_ok = is_ok && settle(app, err);
    if (is_ok && is_exact) {
        add_time(bench, ms_since(start_ns));
    }
    app_free(app);
    return is_ok;
}

static bool
measure_frames(struct bench *bench, struct error *err)
{
    const struct random seed = bench->random;

    for (int is_exact = 0; is_exact <= 1; is_exact++) {
        bench->random = seed;
        for (size_t i = 0; i < bench->view_count; i++) {
            if (!look(bench, is_exact != 0, err)) {
                return false;
            }
        }
        print_row(bench, is_exact != 0 ? "frame, exact" : "frame, first");
    }
    return true;
}

/* A part of the name of some function; of rare ones, too. */
static void
random_pattern(struct bench *bench, struct search_terms *terms)
{
    uint32_t count = trace_model_function_count(bench->model);
    uint32_t index = (uint32_t)random_below(&bench->random, count);
    const char *name = trace_model_function(bench->model, index)->name;
    size_t start = random_below(&bench->random, strlen(name) / 2 + 1);

    *terms = (struct search_terms){
        .is_plain = true, .only = SEARCH_ALL, .track = SEARCH_ALL};
    (void)snprintf(terms->text, sizeof terms->text, "%s", name + start);
}

/* From the pattern to the first call behind a random moment. */
static bool
find_first(struct bench *bench, struct error *err)
{
    uint64_t duration_ns = trace_model_summary(bench->model).duration_ns;
    const struct progress silent = {0};
    struct search search = {0};
    struct slice_step_result result;
    struct slice_step_request request = {
        .from.start_ns = random_below(&bench->random, duration_ns + 1)};
    struct search_terms terms;
    uint64_t start_ns;
    bool is_ok;

    random_pattern(bench, &terms);
    start_ns = clock_monotonic_ns();
    is_ok = search_set(&search, bench->model, &terms, err);
    request.set = (struct slice_hit_set){
        .functions = search.hits,
        .function_count = search.function_count,
        .track = UINT32_MAX,
    };
    is_ok = is_ok
            && slice_step(bench->model, &request, &silent, bench->scratch,
                          &result, err);
    add_time(bench, ms_since(start_ns));
    search_clear(&search);
    return is_ok;
}

static bool
measure_search(struct bench *bench, struct error *err)
{
    for (size_t i = 0; i < bench->view_count; i++) {
        if (!find_first(bench, err)) {
            return false;
        }
    }
    print_row(bench, "search, first hit");
    return true;
}

/* A tenth of the time, somewhere. */
static struct trace_scope
random_scope(struct bench *bench)
{
    uint64_t duration_ns = trace_model_summary(bench->model).duration_ns;
    struct trace_scope scope = trace_scope_whole();

    scope.start_ns = random_below(&bench->random, duration_ns / 10 * 9 + 1);
    scope.end_ns = scope.start_ns + duration_ns / 10;
    return scope;
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
measure_sums(struct bench *bench, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();
    static const char *const names[] = {"functions of an area",
                                        "flame graph of an area"};

    for (int has_tree = 0; has_tree <= 1; has_tree++) {
        for (int i = 0; i < PASSES; i++) {
            struct trace_scope scope = random_scope(bench);

            if (!sum_up(bench, &scope, has_tree != 0, err)) {
                return false;
            }
        }
        print_row(bench, names[has_tree]);
    }
    for (int i = 0; i < PASSES; i++) {
        if (!sum_up(bench, &whole, true, err)) {
            return false;
        }
    }
    print_row(bench, "flame graph of all");
    return true;
}

/* The exact place of a call among all of its function: ( and ). */
static bool
measure_rank(struct bench *bench, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();
    const struct call_rank_options options = {0};
    uint32_t count = trace_model_function_count(bench->model);

    for (int i = 0; i < PASSES; i++) {
        struct slice call = {.function =
                                 (uint32_t)random_below(&bench->random, count)};
        struct call_rank rank;
        uint64_t start_ns = clock_monotonic_ns();

        call.end_ns =
            trace_model_function(bench->model, call.function)->max_ns / 2;
        if (!call_rank_find(&rank, bench->model, &whole, &call, &options,
                            err)) {
            return false;
        }
        add_time(bench, ms_since(start_ns));
        call_rank_release(&rank);
    }
    print_row(bench, "rank of a call");
    return true;
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

/* To one function: most is hidden. */
static bool
measure_filter(struct bench *bench, struct error *err)
{
    uint32_t count = trace_model_function_count(bench->model);

    for (int i = 0; i < PASSES; i++) {
        uint32_t index = (uint32_t)random_below(&bench->random, count);
        struct trace_query *query = NULL;
        char text[TRACE_QUERY_SIZE];
        bool ok;

        (void)snprintf(text, sizeof text, "\"%s\"",
                       trace_model_function(bench->model, index)->name);
        ok = trace_query_parse(&query, text, NAME_PATTERN_TEXT, NULL, err)
             && filter(bench, query, err);
        trace_query_free(query);
        if (!ok) {
            return false;
        }
    }
    print_row(bench, "filter");
    return true;
}

static bool
measure(struct bench *bench, const char *path, struct error *err)
{
    const struct trace_model_options options = {0};
    uint64_t start_ns = clock_monotonic_ns();
    struct trace_summary summary;

    if (!trace_model_open(&bench->model, &path, 1, &options, err)
        || !span_scratch_new(&bench->scratch, err)) {
        return false;
    }
    summary = trace_model_summary(bench->model);
    printf("{\"open_s\": %.3f, \"opened_mb\": %.1f, \"index_mb\": %.1f, "
           "\"calls\": %" PRIu64 ", \"tracks\": %zu, \"rows\": {",
           ms_since(start_ns) / 1e3, resident_mb(),
           (double)summary.index_bytes / 1e6, summary.call_count,
           trace_model_track_count(bench->model));
    if (!measure_frames(bench, err) || !measure_search(bench, err)
        || !measure_sums(bench, err) || !measure_rank(bench, err)
        || !measure_filter(bench, err)) {
        return false;
    }
    printf("}}\n");
    return true;
}

int
main(int argc, char **argv)
{
    struct bench bench = {.random.state = 1};
    struct error err = {0};
    uint64_t view_count = VIEWS;
    bool ok;

    if (argc < 2 || argc > 3
        || (argc == 3 && !number_parse_u64(argv[2], &view_count))
        || view_count < PASSES) {
        fprintf(stderr, "usage: bench_viewer TRACE [VIEWS]\n");
        return 2;
    }
    bench.view_count = view_count;
    bench.times = calloc(view_count, sizeof *bench.times);
    ok = bench.times != NULL && measure(&bench, argv[1], &err);
    if (!ok) {
        fprintf(stderr, "bench_viewer: %s\n", err.message);
    }
    span_scratch_free(bench.scratch);
    trace_model_close(bench.model);
    free(bench.times);
    return ok ? 0 : 1;
}
