// SPDX-License-Identifier: Apache-2.0
#include "export/html_flame.h"

#include "export/exporter.h"
#include "export/html_sink.h"
#include "model/scope_profile.h"
#include "model/trace_scope.h"

static uint64_t
to_model_time(const struct html_sink *sink, uint64_t monotonic_ns)
{
    return monotonic_ns > sink->base_ns ? monotonic_ns - sink->base_ns : 0;
}

static struct trace_scope
scope_of(const struct html_sink *sink)
{
    const struct export_options *options = sink->options;
    struct trace_scope scope = trace_scope_whole();

    if (options->interval_count > 0) {
        const struct export_interval *last =
            &options->intervals[options->interval_count - 1];

        scope.start_ns = to_model_time(sink, options->intervals[0].start_ns);
        scope.end_ns = to_model_time(sink, last->end_ns);
    }
    return scope;
}

static uint64_t
function_code(const struct scope_profile *profile,
              const struct profile_node *node)
{
    if (node->function == PROFILE_ROOT || node->function == PROFILE_OTHER) {
        return 0;
    }
    return node->function < profile->function_count
               ? (uint64_t)node->function + 2
               : 1;
}

static bool
write_nodes(struct html_sink *sink, const struct scope_profile *profile,
            struct error *err)
{
    const struct profile_node *nodes = profile->nodes;
    struct buffer *bytes = &sink->bytes;
    uint32_t count = profile->node_count;

    html_append_number(bytes, count);
    for (uint32_t i = 0; i < count; i++) {
        html_append_number(bytes, function_code(profile, &nodes[i]));
    }
    for (uint32_t i = 0; i < count; i++) {
        html_append_number(bytes, nodes[i].child_count);
    }
    for (uint32_t i = 0; i < count; i++) {
        html_append_number(bytes, nodes[i].total_ns);
    }
    for (uint32_t i = 0; i < count; i++) {
        html_append_number(bytes, nodes[i].self_ns);
    }
    for (uint32_t i = 0; i < count; i++) {
        html_append_number(bytes, nodes[i].call_count);
    }
    return html_sink_flush(sink, err);
}

bool
html_flame_write(struct html_sink *sink, struct error *err)
{
    const struct trace_scope scope = scope_of(sink);
    const struct scope_profile_options options = {
        .node_max = HTML_FLAME_NODES_MAX,
        .progress = sink->options->progress,
    };
    struct scope_profile profile = {0};
    bool ok = scope_profile_build(&profile, sink->model, &scope, &options, err)
              && write_nodes(sink, &profile, err);

    scope_profile_release(&profile);
    return ok;
}
