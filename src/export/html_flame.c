// SPDX-License-Identifier: Apache-2.0
#include "export/html_flame.h"

#include <stdlib.h>

#include "base/array.h"
#include "export/exporter.h"
#include "export/html_sink.h"
#include "model/scope_profile.h"

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

static int
compare_times(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

/* The least time of which the page has room for the paths that take as long or
 * longer; 0 when all fit. */
static bool
find_least_time(const struct scope_profile *profile, uint64_t *least_ns,
                struct error *err)
{
    uint32_t count = profile->node_count;
    uint64_t *times;

    *least_ns = 0;
    if (count <= HTML_FLAME_NODES_MAX) {
        return true;
    }
    times = array_new(count, sizeof *times, err);
    if (times == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        times[i] = profile->nodes[i].total_ns;
    }
    qsort(times, count, sizeof *times, compare_times);
    *least_ns = times[count - HTML_FLAME_NODES_MAX - 1] + 1;
    free(times);
    return true;
}

/* What is left of the nodes. Callers take no less time than callees, so that
 * no path loses its middle. */
struct kept_nodes {
    const struct scope_profile *profile;
    uint64_t least_ns;
};

static bool
is_kept(const struct kept_nodes *kept, uint32_t index)
{
    return index == 0 || kept->profile->nodes[index].total_ns >= kept->least_ns;
}

static uint32_t
count_kept(const struct kept_nodes *kept, uint32_t start, uint32_t end)
{
    uint32_t count = 0;

    for (uint32_t i = start; i < end; i++) {
        count += is_kept(kept, i);
    }
    return count;
}

enum column {
    COLUMN_FUNCTION,
    COLUMN_CHILDREN,
    COLUMN_TOTAL,
    COLUMN_SELF,
    COLUMN_CALLS,
    COLUMN_COUNT,
};

static uint64_t
value_of(const struct kept_nodes *kept, const struct profile_node *node,
         enum column column)
{
    switch (column) {
    case COLUMN_FUNCTION:
        return function_code(kept->profile, node);
    case COLUMN_CHILDREN:
        return count_kept(kept, node->first_child,
                          node->first_child + node->child_count);
    case COLUMN_TOTAL:
        return node->total_ns;
    case COLUMN_SELF:
        return node->self_ns;
    case COLUMN_CALLS:
        return node->call_count;
    case COLUMN_COUNT:
        break;
    }
    return 0;
}

static bool
write_nodes(struct html_sink *sink, const struct scope_profile *profile,
            struct error *err)
{
    struct kept_nodes kept = {.profile = profile};
    uint32_t all = profile->node_count;
    uint32_t count;

    if (!find_least_time(profile, &kept.least_ns, err)) {
        return false;
    }
    count = count_kept(&kept, 0, all);
    html_append_number(&sink->bytes, all - count);
    html_append_number(&sink->bytes, kept.least_ns);
    html_append_number(&sink->bytes, count);
    for (enum column column = 0; column < COLUMN_COUNT; column++) {
        for (uint32_t i = 0; i < all; i++) {
            if (is_kept(&kept, i)) {
                html_append_number(&sink->bytes,
                                   value_of(&kept, &profile->nodes[i], column));
            }
        }
    }
    return html_sink_flush(sink, err);
}

bool
html_flame_write(struct html_sink *sink, struct error *err)
{
    const struct trace_scope scope =
        export_options_scope(sink->options, sink->model);
    const struct scope_profile_options options = {
        .progress = sink->options->progress,
    };
    struct scope_profile profile = {0};
    bool ok = scope_profile_build(&profile, sink->model, &scope, &options, err)
              && write_nodes(sink, &profile, err);

    scope_profile_release(&profile);
    return ok;
}
