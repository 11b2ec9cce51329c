// SPDX-License-Identifier: Apache-2.0
#include "export/folded.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/array.h"
#include "export/frame_name.h"
#include "export/profile_export.h"

struct folded {
    struct profile_output *output;
    uint32_t *path; /* owned; nodes from the present one to the outermost */
    struct buffer name;
};

/* A ";" in a name would be the end of it. */
static void
append_frame(struct folded *folded, uint32_t node)
{
    struct buffer *text = &folded->output->sink.text;
    struct buffer *name = &folded->name;

    buffer_clear(name);
    frame_name_append(name, folded->output->model,
                      folded->output->profile.nodes[node].function);
    for (size_t i = 0; i < name->size; i++) {
        if (name->data[i] == ';') {
            name->data[i] = ':';
        }
    }
    buffer_append(text, name->data, name->size);
    text->has_failed |= name->has_failed;
}

static bool
write_node(struct folded *folded, uint32_t index, struct error *err)
{
    const struct profile_node *nodes = folded->output->profile.nodes;
    struct text_sink *sink = &folded->output->sink;
    uint32_t count = 0;

    for (uint32_t i = index; i != 0; i = nodes[i].parent) {
        folded->path[count++] = i;
    }
    while (count > 0) {
        append_frame(folded, folded->path[--count]);
        if (count > 0) {
            buffer_append_char(&sink->text, ';');
        }
    }
    buffer_append_format(&sink->text, " %" PRIu64 "\n", nodes[index].self_ns);
    return text_sink_step(sink, err);
}

static bool
write_nodes(struct profile_output *output, struct error *err)
{
    const struct scope_profile *profile = &output->profile;
    uint32_t level_max = profile->nodes[profile->node_count - 1].level;
    struct folded folded = {.output = output};
    bool ok;

    folded.path = array_new((size_t)level_max + 1, sizeof *folded.path, err);
    ok = folded.path != NULL;
    for (uint32_t i = 1; ok && i < profile->node_count; i++) {
        if (profile->nodes[i].self_ns > 0) {
            ok = write_node(&folded, i, err);
            output->entry_count++;
        }
    }
    buffer_release(&folded.name);
    free(folded.path);
    return ok;
}

static bool
write_folded(struct output_file *file, const struct trace_model *model,
             const struct export_options *options, struct error *err)
{
    return profile_export(file, model, options, true, write_nodes, err);
}

const struct exporter folded_exporter = {
    .name = "folded",
    .suffix = ".folded",
    .summary = "folded stacks with nanoseconds, for flamegraph.pl",
    .has_gzip = true,
    .write = write_folded,
};
