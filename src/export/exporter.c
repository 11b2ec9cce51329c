// SPDX-License-Identifier: Apache-2.0
#include "export/exporter.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/output_file.h"
#include "export/chrome_json.h"

static const struct exporter *const exporters[] = {
    &chrome_json_exporter,
};

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

static void
report_unknown_suffix(const char *path, struct error *err)
{
    struct buffer known = {0};

    for (size_t i = 0; i < exporter_count(); i++) {
        buffer_append_format(&known, "%s%s, %s.gz", i > 0 ? ", " : "",
                             exporters[i]->suffix, exporters[i]->suffix);
    }
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

    *is_gzip = ends_in(path, size, gzip_suffix);
    if (*is_gzip) {
        size -= sizeof gzip_suffix - 1;
    }
    for (size_t i = 0; i < exporter_count(); i++) {
        if (ends_in(path, size, exporters[i]->suffix)) {
            return exporters[i];
        }
    }
    if (*is_gzip) {
        return &chrome_json_exporter; /* "trace.gz", as VizTracer has it */
    }
    report_unknown_suffix(path, err);
    return NULL;
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
