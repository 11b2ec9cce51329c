// SPDX-License-Identifier: Apache-2.0
#include "bench_rows.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/os.h"
#include "model/trace_model.h"

enum {
    RARE = 1000000, /* of so many calls less than one */
    LONG_RUN_MS = 50,
};

double
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

double
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

void
add_time(struct bench *bench, double ms)
{
    bench->times[bench->time_count++] = ms;
    if (ms > LONG_RUN_MS) {
        os_release_free_memory(); /* as the viewer's worker does */
    }
}

void
print_row(struct bench *bench, const char *name)
{
    double *times = bench->times;
    size_t count = bench->time_count;

    qsort(times, count, sizeof *times, compare_doubles);
    printf("%s\"%s\": {\"count\": %zu, \"median_ms\": %.3f, \"p95_ms\": %.3f, "
           "\"most_ms\": %.3f, \"memory_mb\": %.1f}",
           bench->has_row ? ",\n" : "", name, count, times[count / 2],
           times[count - 1 - count / 20], times[count - 1], resident_mb());
    (void)fflush(stdout);
    bench->has_row = true;
    bench->time_count = 0;
}

static bool
is_rare(const struct bench *bench, uint32_t function)
{
    return trace_model_function(bench->model, function)->call_count
           < trace_model_summary(bench->model).call_count / RARE;
}

uint32_t
random_function(struct bench *bench, bool must_be_rare)
{
    uint32_t count = trace_model_function_count(bench->model);
    uint32_t index = (uint32_t)random_below(&bench->random, count);

    for (uint32_t i = 0; must_be_rare && i < count; i++) {
        uint32_t candidate = (index + i) % count;

        if (is_rare(bench, candidate)) {
            return candidate;
        }
    }
    return index;
}

struct trace_scope
random_scope(struct bench *bench)
{
    uint64_t duration_ns = trace_model_summary(bench->model).duration_ns;
    struct trace_scope scope = trace_scope_whole();

    scope.start_ns = random_below(&bench->random, duration_ns / 10 * 9 + 1);
    scope.end_ns = scope.start_ns + duration_ns / 10;
    return scope;
}
