// SPDX-License-Identifier: Apache-2.0
#include "export/html_report.h"

#include "base/deflate_text.h"
#include "base/error.h"
#include "base/output_file.h"
#include "export/html_flame.h"
#include "export/html_flows.h"
#include "export/html_page.h"
#include "export/html_points.h"
#include "export/html_sink.h"
#include "export/html_slices.h"
#include "export/html_source.h"
#include "export/html_summary.h"
#include "export/html_sums.h"
#include "model/trace_model.h"

static bool
write_data(struct html_sink *sink, const struct html_sums *sums,
           struct error *err)
{
    struct html_points points;
    struct html_room room;
    struct html_limits limits;

    room.least_ns =
        html_sums_least_duration(sums, HTML_SLICES_MAX, &room.slice_count);
    limits = (struct html_limits){
        .least_ns = room.least_ns,
        .args_least_ns = html_sums_least_with_args(sums, HTML_ALL_ARGS_MAX),
    };
    html_points_plan(&points, sink);
    if (!html_summary_write(sink, sums, &room, &points, err)
        || !html_slices_write(sink, &limits, err)
        || !html_points_write(sink, &points, err)
        || !html_flame_write(sink, err) || !html_source_write(sink, sums, err)
        || !html_flows_write(sink, err)
        || !deflate_text_finish(sink->text, err)) {
        return false;
    }
    if (sink->options->event_count != NULL) {
        *sink->options->event_count =
            sums->call_count + points.instant_count + points.point_count;
    }
    return true;
}

static bool
check_page(struct error *err)
{
    if (html_page().head_size > 0) {
        return true;
    }
    return error_set(err, ERROR_UNSUPPORTED,
                     "this viztracer was built without HTML reports "
                     "(-DVIZTRACER_HTML=OFF): write .json or .vzt, or build it "
                     "where nodejs and npm are installed");
}

static bool
write_html_report(struct output_file *file, const struct trace_model *model,
                  const struct export_options *options, struct error *err)
{
    struct html_page page = html_page();
    struct html_sink sink = {
        .model = model,
        .options = options,
        .base_ns = trace_model_summary(model).start_monotonic_ns,
    };
    struct html_sums sums = {0};
    bool ok = false;

    if (!output_file_write(file, page.head, page.head_size)) {
        return output_file_failure(file, err);
    }
    if (deflate_text_new(&sink.text, file, err)
        && html_sums_make(&sums, &sink, err) && write_data(&sink, &sums, err)) {
        ok = output_file_write(file, page.tail, page.tail_size)
             || output_file_failure(file, err);
    }
    html_sums_release(&sums);
    buffer_release(&sink.bytes);
    deflate_text_free(sink.text);
    return ok;
}

const struct exporter html_exporter = {
    .name = "html",
    .suffix = ".html",
    .summary = "a page for any browser: timeline, flame graph, functions",
    .hint = "open it in a browser",
    .has_flame_graph = true,
    .check = check_page,
    .write = write_html_report,
};
