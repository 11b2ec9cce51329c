// SPDX-License-Identifier: Apache-2.0
#include "export/profile_export.h"

enum { NODE_MAX = 1 << 20 }; /* paths of calls that are told apart */

bool
profile_export(struct output_file *file, const struct trace_model *model,
               const struct export_options *options, bool has_tree,
               bool (*write)(struct profile_output *output, struct error *err),
               struct error *err)
{
    const struct trace_scope scope = export_options_scope(options, model);
    const struct scope_profile_options profile_options = {
        .has_no_tree = !has_tree,
        .node_max = NODE_MAX,
        .progress = options->progress,
    };
    struct profile_output output = {.sink.file = file, .model = model};
    bool ok = scope_profile_build(&output.profile, model, &scope,
                                  &profile_options, err)
              && write(&output, err) && text_sink_flush(&output.sink, err);

    if (ok && options->event_count != NULL) {
        *options->event_count = output.entry_count;
    }
    scope_profile_release(&output.profile);
    buffer_release(&output.sink.text);
    return ok;
}
