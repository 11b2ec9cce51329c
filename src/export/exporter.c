// SPDX-License-Identifier: Apache-2.0
#include "export/exporter.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/output_file.h"
#include "export/chrome_json.h"
#include "export/html_report.h"

static const struct exporter *const exporters[] = {
    &chrome_json_exporter,
    &html_exporter,
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
        const char *suffix = exporters[i]->suffix;

        buffer_append_format(text, "%s%s", i > 0 ? ", " : "", suffix);
        if (exporters[i]->has_gzip) {
            buffer_append_format(text, ", %s.gz", suffix);
        }
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
    size_t size = strlen(path);
    bool is_known = false;

    *is_gzip = ends_in(path, size, gzip_suffix);
    if (*is_gzip) {
        size -= sizeof gzip_suffix - 1;
    }
    for (size_t i = 0; i < exporter_count(); i++) {
        if (ends_in(path, size, exporters[i]->suffix)) {
            is_known = true;
            if (!*is_gzip || exporters[i]->has_gzip) {
                return check(exporters[i], path, err);
            }
        }
    }
    if (*is_gzip && !is_known) {
        return &chrome_json_exporter; /* "trace.gz", as VizTracer has it */
    }
    report_unknown_suffix(path, err);
    return NULL;
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
