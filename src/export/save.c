// SPDX-License-Identifier: Apache-2.0
#include "export/save.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "export/exporter.h"
#include "export/trace_pack.h"
#include "model/trace_model.h"

static bool
is_trace_path(const char *path)
{
    static const char suffix[] = ".vzt";
    size_t length = strlen(path);

    return length >= sizeof suffix
           && strcmp(path + length - (sizeof suffix - 1), suffix) == 0;
}

static bool
save(const char *recording_path, const char *output_path, bool has_file_info,
     unsigned long long *event_count, struct error *err)
{
    const struct trace_model_options model_options = {0};
    const struct export_options options = {.has_file_info = has_file_info};
    struct trace_model *model = NULL;
    bool is_gzip;
    bool ok = false;

    if (!is_trace_path(output_path)
        && exporter_for_path(output_path, &is_gzip, err) == NULL) {
        return false;
    }
    if (!trace_model_open(&model, &recording_path, 1, &model_options, err)) {
        return false;
    }
    ok = is_trace_path(output_path)
             ? trace_pack(&recording_path, 1, output_path, err)
             : export_trace(model, output_path, &options, err);
    if (ok && event_count != NULL) {
        *event_count = trace_model_summary(model).event_count;
    }
    trace_model_close(model);
    return ok;
}

bool
viztracer_save(const char *recording_path, const char *output_path,
               bool has_file_info, unsigned long long *event_count,
               char *message, size_t message_size)
{
    struct error err = {0};

    if (save(recording_path, output_path, has_file_info, event_count, &err)) {
        return true;
    }
    (void)snprintf(message, message_size, "%s", err.message);
    return false;
}
