// SPDX-License-Identifier: Apache-2.0
#include "export/exporter.h"

#include "base/error.h"
#include "base/output_file.h"
#include "export/callgrind.h"
#include "export/chrome_json.h"
#include "export/folded.h"
#include "export/function_csv.h"
#include "export/html_report.h"
#include "export/output_format.h"
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

bool
exporter_check_flame_graph(const struct output_format *format, const char *path,
                           struct error *err)
{
    return (format->exporter != NULL && format->exporter->has_flame_graph)
           || error_set(err, ERROR_USAGE,
                        "a flame graph is a page: the name must end in .html, "
                        "not as %s does",
                        path);
}

bool
export_trace_as(const struct trace_model *model, const char *path,
                const struct output_format *format,
                const struct export_options *options, struct error *err)
{
    struct output_file *file = NULL;
    bool ok = (format->is_gzip ? output_file_create_gzip(&file, path, err)
                               : output_file_create(&file, path, err))
              && format->exporter->write(file, model, options, err)
              && output_file_commit(file, err);

    output_file_release(file); /* deletes it unless it was committed */
    return ok;
}

bool
export_trace(const struct trace_model *model, const char *path,
             const struct export_options *options, struct error *err)
{
    struct output_format format;

    if (!output_format_of_path(&format, path, err)) {
        return false;
    }
    if (output_format_is_trace(&format)) {
        return error_set(err, ERROR_USAGE, "%s: a trace is packed or cut",
                         path);
    }
    return export_trace_as(model, path, &format, options, err);
}
