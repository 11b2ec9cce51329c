// SPDX-License-Identifier: Apache-2.0
#include "export/callgrind.h"

#include <inttypes.h>
#include <string.h>

#include "export/function_edges.h"
#include "export/profile_export.h"
#include "format/sanitise.h"

struct callgrind {
    struct profile_output *output;
    const struct function_edges *edges;
};

static uint32_t
line_of(const struct callgrind *callgrind, uint32_t function)
{
    return function == PROFILE_OTHER
               ? 0
               : scope_profile_function(callgrind->output->model, function)
                     ->line;
}

/* "fl=..." and "fn=...", or those of a callee. Two functions of one name in a
 * file are told apart by the line. */
static void
append_position(struct callgrind *callgrind, const char *prefix,
                uint32_t function)
{
    struct buffer *text = &callgrind->output->sink.text;
    const char *file = "";
    const char *name = "(deeper calls)";
    uint32_t line = line_of(callgrind, function);

    if (function != PROFILE_OTHER) {
        const struct model_function *known =
            scope_profile_function(callgrind->output->model, function);

        file = known->file;
        name = known->name;
    }
    buffer_append_format(text, prefix[0] == 'c' ? "%sfi=" : "%sfl=", prefix);
    sanitise_append(text, file[0] != '\0' ? file : "~",
                    file[0] != '\0' ? strlen(file) : 1);
    buffer_append_format(text, "\n%sfn=", prefix);
    sanitise_append(text, name, strlen(name));
    if (line > 0) {
        buffer_append_format(text, ":%" PRIu32, line);
    }
    buffer_append_char(text, '\n');
}

static bool
write_edge(struct callgrind *callgrind, const struct function_edge *edge,
           struct error *err)
{
    /* What began before the scope has no call in it. callgrind_annotate takes
     * the time of no calls for the caller's own, so one is written. */
    uint64_t count = edge->sums.call_count > 0 ? edge->sums.call_count : 1;

    append_position(callgrind, "c", edge->callee);
    buffer_append_format(&callgrind->output->sink.text,
                         "calls=%" PRIu64 " %" PRIu32 "\n%" PRIu32 " %" PRIu64
                         "\n",
                         count, line_of(callgrind, edge->callee),
                         line_of(callgrind, edge->caller), edge->sums.total_ns);
    return text_sink_step(&callgrind->output->sink, err);
}

static bool
write_function(struct callgrind *callgrind,
               const struct function_edge *function, size_t *next_edge,
               struct error *err)
{
    const struct function_edges *edges = callgrind->edges;

    buffer_append_char(&callgrind->output->sink.text, '\n');
    append_position(callgrind, "", function->callee);
    buffer_append_format(
        &callgrind->output->sink.text, "%" PRIu32 " %" PRIu64 "\n",
        line_of(callgrind, function->callee), function->sums.self_ns);
    for (; *next_edge < edges->edge_count
           && edges->edges[*next_edge].caller <= function->callee;
         ++*next_edge) {
        if (edges->edges[*next_edge].caller == function->callee
            && !write_edge(callgrind, &edges->edges[*next_edge], err)) {
            return false;
        }
    }
    return text_sink_step(&callgrind->output->sink, err);
}

static bool
write_functions(struct profile_output *output, struct error *err)
{
    struct function_edges edges;
    struct callgrind callgrind = {.output = output, .edges = &edges};
    size_t next_edge = 0;
    bool ok = function_edges_build(&edges, &output->profile, err);

    if (ok) {
        function_edges_sort_by_caller(&edges);
    }
    buffer_append_format(&output->sink.text,
                         "# callgrind format\nversion: 1\n"
                         "creator: viztracer " VIZTRACER_VERSION "\n"
                         "positions: line\n"
                         "event: ns : nanoseconds\nevents: ns\n"
                         "summary: %" PRIu64 "\n",
                         output->profile.nodes[0].total_ns);
    for (size_t i = 0; ok && i < edges.function_count; i++) {
        ok = write_function(&callgrind, &edges.functions[i], &next_edge, err);
    }
    output->entry_count = edges.function_count;
    function_edges_release(&edges);
    return ok;
}

static bool
write_callgrind(struct output_file *file, const struct trace_model *model,
                const struct export_options *options, struct error *err)
{
    return profile_export(file, model, options, true, write_functions, err);
}

const struct exporter callgrind_exporter = {
    .name = "callgrind",
    .suffix = ".callgrind",
    .summary = "functions and their callers, for kcachegrind",
    .has_gzip = true,
    .write = write_callgrind,
};
