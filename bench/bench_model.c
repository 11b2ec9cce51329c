// SPDX-License-Identifier: Apache-2.0
/*
 * bench/bench_model.c - how long a trace takes to open, to draw and to sum up,
 * and the memory that its model needs.
 *
 *     bench_model TRACE [THREADS]
 *
 * Prints one JSON object. A frame is 60 tracks (or all, when there are fewer)
 * of 8 rows and one of all deeper ones, 200 columns, and the overview; its
 * times are medians over the places that are looked at.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "model/scope_profile.h"
#include "model/span_query.h"
#include "model/timeline_query.h"
#include "model/trace_model.h"

enum {
    COLUMNS = 200,
    ROWS = 8,
    TRACKS_MAX = 60,
    PLACES = 5,
    ZOOM_STEP = 8, /* a power of two: each zoom shows 1/8 of the one before */
    ZOOMS = 6,
};

struct bench {
    struct trace_model *model;
    struct span_scratch *scratch;
    struct timeline_cell *cells;
};

static double
seconds_since(uint64_t start_ns)
{
    return (double)(clock_monotonic_ns() - start_ns) / 1e9;
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

static int
compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

static double
median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, compare_doubles);
    return values[count / 2];
}

/* Draw the tracks once; seconds, or a negative number after a failure. */
static double
draw(struct bench *bench, const struct timeline_grid *grid, bool is_exact,
     struct error *err)
{
    size_t track_count = trace_model_track_count(bench->model);
    float overview[COLUMNS];
    uint64_t start_ns = clock_monotonic_ns();

    for (uint32_t i = 0; i < track_count && i < TRACKS_MAX; i++) {
        struct timeline_request request = {
            .track = i,
            .depth_count = ROWS,
            .include_deeper = true,
            .is_exact = is_exact,
            .grid = *grid,
        };

        if (!timeline_cells(bench->model, &request, bench->scratch,
                            bench->cells, err)) {
            return -1;
        }
    }
    timeline_overview(bench->model, grid, overview);
    return seconds_since(start_ns);
}

/* Look at a few places at one zoom: the medians of both ways to draw. */
static bool
measure_zoom(struct bench *bench, unsigned zoom, struct error *err)
{
    uint64_t duration_ns = trace_model_summary(bench->model).duration_ns;
    uint64_t view_ns = duration_ns;
    double estimates[PLACES];
    double exacts[PLACES];

    for (unsigned i = 0; i < zoom; i++) {
        view_ns /= ZOOM_STEP;
    }
    for (unsigned i = 0; i < PLACES; i++) {
        struct timeline_grid grid = {
            .origin_ns = (int64_t)((duration_ns - view_ns) / PLACES * (i + 1)),
            .column_ns = view_ns / COLUMNS + 1,
            .column_count = COLUMNS,
        };

        estimates[i] = draw(bench, &grid, false, err);
        exacts[i] = draw(bench, &grid, true, err);
        if (estimates[i] < 0 || exacts[i] < 0) {
            return false;
        }
    }
    printf("%s\"frame %u: %.3g s wide\": \"estimate %.2f ms, exact %.1f ms\"",
           zoom == 0 ? "" : ", ", zoom, (double)view_ns / 1e9,
           1e3 * median(estimates, PLACES), 1e3 * median(exacts, PLACES));
    return true;
}

/* The flame graph of the whole trace, and the function table of half of it. */
static bool
measure_profile(const struct bench *bench, unsigned thread_count,
                struct error *err)
{
    struct scope_profile_options options = {.thread_count = thread_count};
    struct trace_scope scope = trace_scope_whole();
    struct scope_profile profile;
    uint64_t start_ns = clock_monotonic_ns();

    if (!scope_profile_build(&profile, bench->model, &scope, &options, err)) {
        return false;
    }
    printf(", \"profile_s\": %.3f, \"profile_nodes\": %" PRIu32
           ", \"profile_levels\": %" PRIu32,
           seconds_since(start_ns), profile.node_count,
           profile.nodes[profile.node_count - 1].level);
    scope_profile_release(&profile);
    scope.end_ns = trace_model_summary(bench->model).duration_ns / 2;
    options.has_no_tree = true;
    start_ns = clock_monotonic_ns();
    if (!scope_profile_build(&profile, bench->model, &scope, &options, err)) {
        return false;
    }
    printf(", \"functions_of_half_s\": %.3f", seconds_since(start_ns));
    scope_profile_release(&profile);
    return true;
}

static bool
measure(struct bench *bench, const char *path, unsigned thread_count,
        struct error *err)
{
    struct trace_model_options options = {.thread_count = thread_count};
    uint64_t start_ns = clock_monotonic_ns();
    struct trace_summary summary;

    if (!trace_model_open(&bench->model, &path, 1, &options, err)
        || !span_scratch_new(&bench->scratch, err)) {
        return false;
    }
    printf("{\"open_s\": %.3f, \"memory_mb\": %.1f, ", seconds_since(start_ns),
           resident_mb());
    summary = trace_model_summary(bench->model);
    printf("\"index_mb\": %.1f, \"calls\": %" PRIu64 ", \"tracks\": %zu, ",
           (double)summary.index_bytes / 1e6, summary.call_count,
           trace_model_track_count(bench->model));
    for (unsigned zoom = 0; zoom < ZOOMS; zoom++) {
        if (!measure_zoom(bench, zoom, err)) {
            return false;
        }
    }
    if (!measure_profile(bench, thread_count, err)) {
        return false;
    }
    printf(", \"memory_after_mb\": %.1f}\n", resident_mb());
    return true;
}

int
main(int argc, char **argv)
{
    struct bench bench = {0};
    struct error err = {0};
    uint64_t thread_count = 0;
    bool ok;

    if (argc < 2 || argc > 3
        || (argc == 3 && !number_parse_u64(argv[2], &thread_count))) {
        fprintf(stderr, "usage: bench_model TRACE [THREADS]\n");
        return 2;
    }
    bench.cells = calloc((ROWS + 1) * COLUMNS, sizeof *bench.cells);
    ok = bench.cells != NULL
         && measure(&bench, argv[1], (unsigned)thread_count, &err);
    if (!ok) {
        fprintf(stderr, "bench_model: %s\n", err.message);
    }
    span_scratch_free(bench.scratch);
    trace_model_close(bench.model);
    free(bench.cells);
    return ok ? 0 : 1;
}
