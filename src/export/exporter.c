// SPDX-License-Identifier: Apache-2.0
#include "export/exporter.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/output_file.h"
#include "export/callgrind.h"
#include "export/chrome_json.h"
#include "export/folded.h"
#include "export/function_csv.h"
#include "export/html_report.h"
#include "export/perfetto.h"
#include "export/pstats.h"
#include "export/speedscope.h"

static const struct exporter *const exporters[] = {
    &chrome_json_exporter, &html_exporter,   &perfetto_exporter,
    &speedscope_exporter,  &folded_exporter, &pstats_exporter,
    &callgrind_exporter,   &csv_exporter,
};

/* How many intervals start at this time or before. */
static size_t
count_started(const struct export_options *options, uint64_t monotonic_ns)
{
    size_t low = 0;
    size_t high = options->interval_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (options->intervals[middle].start_ns <= monotonic_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool
export_options_want(const struct export_options *options, uint64_t monotonic_ns,
                    uint64_t *end_ns)
{
    size_t started;

    *end_ns = UINT64_MAX;
    if (options->interval_count == 0) {
        return true;
    }
    started = count_started(options, monotonic_ns);
    if (started == 0
        || monotonic_ns >= options->intervals[started - 1].end_ns) {
        return false;
    }
    *end_ns = options->intervals[started - 1].end_ns;
    return true;
}

static uint64_t
to_model_time(const struct trace_model *model, uint64_t monotonic_ns)
{
    uint64_t base_ns = trace_model_summary(model).start_monotonic_ns;

    return monotonic_ns > base_ns ? monotonic_ns - base_ns : 0;
}

struct trace_scope
export_options_scope(const struct export_options *options,
                     const struct trace_model *model)
{
    struct trace_scope scope = trace_scope_whole();

    if (options->interval_count > 0) {
        const struct export_interval *last =
            &options->intervals[options->interval_count - 1];

        scope.start_ns = to_model_time(model, options->intervals[0].start_ns);
        scope.end_ns = to_model_time(model, last->end_ns);
    }
    return scope;
}

size_t
exporter_count(void)
{
    return sizeof exporters / sizeof exporters[0];
}

const struct exporter *
exporter_at(size_t index)
{
    return exporters[index];
}

/* Whether the first size bytes of path end in suffix, with a name before it. */
static bool
ends_in(const char *path, size_t size, const char *suffix)
{
    size_t length = strlen(suffix);

    return size > length && path[size - length - 1] != '/'
           && memcmp(path + size - length, suffix, length) == 0;
}

void
exporter_list_suffixes(struct buffer *text)
{
    for (size_t i = 0; i < exporter_count(); i++) {
        buffer_append_format(text, "%s%s%s", i > 0 ? ", " : "",
                             exporters[i]->suffix,
                             exporters[i]->has_gzip ? "[.gz]" : "");
    }
}

/* The exporter, when this build has it. */
static const struct exporter *
check(const struct exporter *exporter, const char *path, struct error *err)
{
    if (exporter->check == NULL || exporter->check(err)) {
        return exporter;
    }
    (void)error_add_context(err, path);
    return NULL;
}

static void
report_unknown_suffix(const char *path, struct error *err)
{
    struct buffer known = {0};

    exporter_list_suffixes(&known);
    if (buffer_is_ok(&known)) {
        (void)error_set(err, ERROR_USAGE,
                        "%s: the suffix names no known format (%s)", path,
                        known.data);
    } else {
        (void)error_set_no_memory(err);
    }
    buffer_release(&known);
}

const struct exporter *
exporter_for_path(const char *path, bool *is_gzip, struct error *err)
{
    static const char gzip_suffix[] = ".gz";
    const struct exporter *best = NULL;
    size_t size = strlen(path);

    *is_gzip = ends_in(path, size, gzip_suffix);
    if (*is_gzip) {
        size -= sizeof gzip_suffix - 1;
    }
    for (size_t i = 0; i < exporter_count(); i++) {
        if (ends_in(path, size, exporters[i]->suffix)
            && (best == NULL
                || strlen(exporters[i]->suffix) > strlen(best->suffix))) {
            best = exporters[i];
        }
    }
    if (best == NULL && *is_gzip) {
        return &chrome_json_exporter; /* "trace.gz", as VizTracer has it */
    }
    if (best == NULL || (*is_gzip && !best->has_gzip)) {
        report_unknown_suffix(path, err);
        return NULL;
    }
    return check(best, path, err);
}

bool
exporter_check_flame_graph(const char *path, struct error *err)
{
    bool is_gzip;
    const struct exporter *exporter = exporter_for_path(path, &is_gzip, err);

    if (exporter == NULL) {
        return false;
    }
    return exporter->has_flame_graph
           || error_set(err, ERROR_USAGE,
                        "a flame graph is a page: the name must end in .html, "
                        "not as %s does",
                        path);
}

bool
export_trace(const struct trace_model *model, const char *path,
             const struct export_options *options, struct error *err)
{
    struct output_file *file = NULL;
    bool is_gzip = false;
    const struct exporter *exporter = exporter_for_path(path, &is_gzip, err);
    bool ok = exporter != NULL
              && (is_gzip ? output_file_create_gzip(&file, path, err)
                          : output_file_create(&file, path, err))
              && exporter->write(file, model, options, err)
              && output_file_commit(file, err);

    output_file_release(file); /* deletes it unless it was committed */
    return ok;
}
