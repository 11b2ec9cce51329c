// SPDX-License-Identifier: Apache-2.0
/*
 * bench/bench_viewer.c - how long a large trace takes to open, how long the
 * viewer takes to answer, and the memory that all of it needs.
 *
 *     bench_viewer TRACE [VIEWS [ROW...]]
 *
 * Prints one JSON object. Everything is asked about VIEWS (200) random views or
 * patterns of a seeded list, each with nothing remembered of the ones before;
 * rows of passes over the trace, or much of it, have fewer, and say so. With
 * ROWs those alone are measured. A frame is what the viewer shows at once after
 * a key, of 160x50 cells; it is exact when nothing goes on in the background
 * any more.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "bench_passes.h"
#include "bench_rows.h"
#include "model/slice_hits.h"
#include "model/slice_step.h"
#include "model/span_query.h"
#include "model/trace_model.h"
#include "tui/action.h"
#include "tui/app.h"
#include "tui/search.h"

enum {
    WIDTH = 160,
    HEIGHT = 50,
    VIEWS = 200,
    ZOOMS = 24, /* keys, each zooms in by two */
    KEYS_PER_WAIT = 4,
};

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
look(struct bench *bench, double *first_ms, double *exact_ms, struct error *err)
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
    *first_ms = ms_since(start_ns);
    is_ok = is_ok && settle(app, err);
    *exact_ms = ms_since(start_ns);
    app_free(app);
    return is_ok;
}

static bool
measure_frames(struct bench *bench, struct error *err)
{
    double *exact_ms = array_new(bench->view_count, sizeof *exact_ms, err);
    bool is_ok = exact_ms != NULL;

    for (size_t i = 0; is_ok && i < bench->view_count; i++) {
        double first_ms = 0;

        is_ok = look(bench, &first_ms, &exact_ms[i], err);
        add_time(bench, first_ms);
    }
    if (is_ok) {
        print_row(bench, "frame, first");
        memcpy(bench->times, exact_ms, bench->view_count * sizeof *exact_ms);
        bench->time_count = bench->view_count;
        print_row(bench, "frame, exact");
    }
    free(exact_ms);
    return is_ok;
}

/* The key of some action that neither leaves the viewer nor asks its host. */
static unsigned
random_key(struct bench *bench)
{
    for (;;) {
        const struct action *action =
            action_at(random_below(&bench->random, ACTION_COUNT));
        struct action_keys keys;
        size_t offset = 0;

        if (action->id != ACTION_QUIT && action->id != ACTION_CLOSE
            && action->id != ACTION_SUSPEND && action->id != ACTION_INTERRUPT
            && action->id != ACTION_RELOAD && action->id != ACTION_PIPE
            && action_next_keys(action, &offset, &keys)) {
            return keys.key;
        }
    }
}

/* What the host would do is left undone. */
static void
drop_requests(struct app *app)
{
    struct app_request request;

    while (app_take_request(app, &request)) {
        free(request.text);
    }
}

/* From a key to what is shown at once, whatever still goes on; now and then
 * all is waited for. */
static bool
press_random(struct bench *bench, struct app *app, struct error *err)
{
    unsigned key = random_key(bench);
    bool has_quit = false;
    uint64_t start_ns = clock_monotonic_ns();

    if (!app_key(app, key, &has_quit, err) || !app_draw(app, err)) {
        return false;
    }
    add_time(bench, ms_since(start_ns));
    drop_requests(app);
    return random_below(&bench->random, KEYS_PER_WAIT) != 0 || settle(app, err);
}

static bool
measure_keys(struct bench *bench, struct error *err)
{
    const struct app_options options = {
        .colour_count = 256, .title = "bench", .is_live = true};
    struct app *app = NULL;
    bool is_ok = app_new(&app, bench->model, &options, WIDTH, HEIGHT, err);

    for (size_t i = 0; is_ok && i < bench->view_count; i++) {
        is_ok = press_random(bench, app, err);
    }
    if (is_ok) {
        print_row(bench, "a random key and its frame");
    }
    app_free(app);
    return is_ok;
}

/* A part of the name of some function, or the whole name of a rare one. */
static void
random_pattern(struct bench *bench, bool is_rare, struct search_terms *terms)
{
    uint32_t function = random_function(bench, is_rare);
    const char *name = trace_model_function(bench->model, function)->name;
    size_t start =
        is_rare ? 0 : random_below(&bench->random, strlen(name) / 2 + 1);

    *terms = (struct search_terms){
        .is_plain = true, .only = SEARCH_ALL, .track = SEARCH_ALL};
    (void)snprintf(terms->text, sizeof terms->text, "%s", name + start);
}

static struct slice_hit_set
hit_set(const struct search *search)
{
    return (struct slice_hit_set){
        .functions = search->hits,
        .function_count = search->function_count,
        .track = UINT32_MAX,
    };
}

/* From the pattern to the first call behind a random moment. */
static bool
find_first(struct bench *bench, bool is_rare, struct error *err)
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

    random_pattern(bench, is_rare, &terms);
    start_ns = clock_monotonic_ns();
    is_ok = search_set(&search, bench->model, &terms, err);
    request.set = hit_set(&search);
    is_ok = is_ok
            && slice_step(bench->model, &request, &silent, bench->scratch,
                          &result, err);
    add_time(bench, ms_since(start_ns));
    search_clear(&search);
    return is_ok;
}

/* How many calls match, and how many of them are before a random moment. */
static bool
count_all(struct bench *bench, struct error *err)
{
    uint64_t duration_ns = trace_model_summary(bench->model).duration_ns;
    const struct progress silent = {0};
    struct slice_hits_request request = {
        .window_end_ns = UINT64_MAX,
        .grid = {.column_ns = duration_ns / WIDTH + 1, .column_count = WIDTH}};
    struct slice_step_request step = {
        .from.start_ns = random_below(&bench->random, duration_ns + 1)};
    struct search search = {0};
    struct slice_hits hits = {0};
    struct search_terms terms;
    uint64_t rank;
    uint64_t start_ns;
    bool is_ok;

    random_pattern(bench, true, &terms);
    start_ns = clock_monotonic_ns();
    is_ok = search_set(&search, bench->model, &terms, err);
    request.set = step.set = hit_set(&search);
    is_ok =
        is_ok && slice_hits_count(bench->model, &request, &silent, &hits, err);
    step.block_counts = hits.block_counts;
    is_ok =
        is_ok && slice_rank(bench->model, &step, bench->scratch, &rank, err);
    add_time(bench, ms_since(start_ns));
    slice_hits_release(&hits);
    search_clear(&search);
    return is_ok;
}

static bool
measure_search(struct bench *bench, struct error *err)
{
    for (int is_rare = 0; is_rare <= 1; is_rare++) {
        for (size_t i = 0; i < bench->view_count; i++) {
            if (!find_first(bench, is_rare != 0, err)) {
                return false;
            }
        }
        print_row(bench, is_rare != 0 ? "first hit of a rare name"
                                      : "first hit of a part of a name");
    }
    return true;
}

static bool
measure_counts(struct bench *bench, struct error *err)
{
    for (size_t i = 0; i < bench->view_count; i++) {
        if (!count_all(bench, err)) {
            return false;
        }
    }
    print_row(bench, "n of N of a rare name");
    return true;
}

struct row {
    const char *name; /* as an argument */
    bool (*measure)(struct bench *bench, struct error *err);
};

static const struct row rows[] = {
    {"frames", measure_frames},
    {"keys", measure_keys},
    {"search", measure_search},
    {"counts", measure_counts},
    {"area-functions", measure_area_functions},
    {"area-flame", measure_area_flame},
    {"flame", measure_whole_flame},
    {"rank", measure_rank},
    {"family", measure_family},
    {"times", measure_times},
    {"edges", measure_edges},
    {"filter", measure_filter},
    {"slow-filter", measure_slow_filter},
};

static bool
is_wanted(const struct row *row, char *const *names, size_t name_count)
{
    for (size_t i = 0; i < name_count; i++) {
        if (strcmp(names[i], row->name) == 0) {
            return true;
        }
    }
    return name_count == 0;
}

static bool
measure(struct bench *bench, const char *path, char *const *names,
        size_t name_count, struct error *err)
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
           "\"calls\": %" PRIu64 ", \"tracks\": %zu, \"rows\": {\n",
           ms_since(start_ns) / 1e3, resident_mb(),
           (double)summary.index_bytes / 1e6, summary.call_count,
           trace_model_track_count(bench->model));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bench->random.state = i + 1; /* whatever rows are measured */
        if (is_wanted(&rows[i], names, name_count)
            && !rows[i].measure(bench, err)) {
            return false;
        }
    }
    printf("},\n\"memory_mb\": %.1f}\n", resident_mb());
    return true;
}

int
main(int argc, char **argv)
{
    struct bench bench = {0};
    struct error err = {0};
    uint64_t view_count = VIEWS;
    bool ok;

    if (argc < 2 || (argc > 2 && !number_parse_u64(argv[2], &view_count))
        || view_count == 0) {
        fprintf(stderr, "usage: bench_viewer TRACE [VIEWS [ROW...]]\n");
        return 2;
    }
    bench.view_count = view_count;
    bench.times = array_new(view_count, sizeof *bench.times, &err);
    ok = bench.times != NULL
         && measure(&bench, argv[1], argv + 3, argc > 3 ? (size_t)argc - 3 : 0,
                    &err);
    if (!ok) {
        fprintf(stderr, "bench_viewer: %s\n", err.message);
    }
    span_scratch_free(bench.scratch);
    trace_model_close(bench.model);
    free(bench.times);
    return ok ? 0 : 1;
}
