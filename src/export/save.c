// SPDX-License-Identifier: Apache-2.0
#include "export/save.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/error.h"
#include "export/exporter.h"
#include "export/output_format.h"
#include "export/trace_pack.h"
#include "model/trace_model.h"

/* The intervals on CLOCK_MONOTONIC, as the trace has it; the caller frees
 * them. The first process has the clock. */
static struct export_interval *
convert_intervals(const struct save_request *request,
                  const struct trace_model *model, struct error *err)
{
    uint64_t base_ns = trace_model_summary(model).start_monotonic_ns;
    struct export_interval *intervals =
        array_new(request->interval_count, sizeof *intervals, err);

    for (size_t i = 0; intervals != NULL && i < request->interval_count; i++) {
        const struct save_interval *from = &request->intervals[i];

        intervals[i] = (struct export_interval){
            .start_ns =
                base_ns + trace_model_tick_time(model, 0, from->start_tick),
            .end_ns = base_ns + trace_model_tick_time(model, 0, from->end_tick),
        };
    }
    return intervals;
}

static bool
export_request(const struct save_request *request,
               const struct trace_model *model,
               const struct output_format *format, uint64_t *event_count,
               struct error *err)
{
    struct export_options options = {
        .has_file_info = request->has_file_info,
        .opens_flame_graph = request->opens_flame_graph,
        .ends_open_calls = request->ends_open_calls,
    };
    struct export_interval *intervals = NULL;
    bool ok = true;

    if (request->interval_count > 0 && trace_model_process_count(model) > 0) {
        intervals = convert_intervals(request, model, err);
        ok = intervals != NULL;
        options.intervals = intervals;
        options.interval_count = request->interval_count;
        options.event_count = event_count;
    }
    ok = ok
         && export_trace_as(model, request->output_path, format, &options, err);
    free(intervals);
    return ok;
}

static bool
save(const struct save_request *request, unsigned long long *event_count,
     struct error *err)
{
    const struct trace_model_options model_options = {0};
    struct trace_model *model = NULL;
    uint64_t count;
    struct output_format format;
    bool ok = false;

    if (!output_format_of_path(&format, request->output_path, err)
        || (request->opens_flame_graph
            && !exporter_check_flame_graph(&format, request->output_path,
                                           err))) {
        return false;
    }
    if (!trace_model_open(&model, &request->recording_path, 1, &model_options,
                          err)) {
        return false;
    }
    count = trace_model_summary(model).event_count;
    ok = output_format_is_trace(&format)
             ? trace_pack_own(
                 request->recording_path, request->output_path,
                 request->ends_open_calls,
                 &(struct trace_pack_options){.is_gzip = format.is_gzip}, err)
             : export_request(request, model, &format, &count, err);
    if (ok && event_count != NULL) {
        *event_count = count;
    }
    trace_model_close(model);
    return ok;
}

bool
viztracer_save(const struct save_request *request,
               unsigned long long *event_count, char *message,
               size_t message_size)
{
    struct error err = {0};

    if (save(request, event_count, &err)) {
        return true;
    }
    (void)snprintf(message, message_size, "%s", err.message);
    return false;
}
