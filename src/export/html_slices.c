// SPDX-License-Identifier: Apache-2.0
#include "export/html_slices.h"

#include "base/error.h"
#include "export/html_left_out.h"
#include "export/html_sink.h"
#include "export/html_sums.h"
#include "model/slice_args.h"
#include "model/span_query.h"
#include "model/trace_model.h"

enum column {
    COLUMN_DEPTH,
    COLUMN_START,
    COLUMN_DURATION,
    COLUMN_CALLEES,
    COLUMN_FUNCTION,
    COLUMN_FLAGS,
    COLUMN_COUNT,
};

struct slices_writer {
    struct html_sink *sink;
    struct span_scratch *scratch;
    struct html_limits limits;
    const struct model_process *process; /* of the current track */
    uint64_t last_start_ns;              /* of the track */
    uint32_t function_count;
    uint64_t count; /* calls in the group */
    struct buffer columns[COLUMN_COUNT];
    struct buffer args;      /* of one call */
    struct buffer args_list; /* of the group */
    uint64_t args_count;     /* in the list */
    uint64_t after_args;     /* calls of the group behind the last with some */
    uint64_t cut_args;       /* calls whose arguments are not there in whole */
    struct html_left_out left; /* of the track */
};

static bool
write_group(struct slices_writer *writer, struct error *err)
{
    struct buffer *bytes = &writer->sink->bytes;

    html_append_number(bytes, writer->count);
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        struct buffer *column = &writer->columns[i];

        if (!buffer_is_ok(column)) {
            return error_set_no_memory(err);
        }
        buffer_append(bytes, column->data, column->size);
        buffer_clear(column);
    }
    if (writer->count > 0) {
        html_append_number(bytes, writer->args_count);
        buffer_append(bytes, writer->args_list.data, writer->args_list.size);
        bytes->has_failed |= writer->args_list.has_failed;
    }
    buffer_clear(&writer->args_list);
    writer->count = 0;
    writer->args_count = 0;
    writer->after_args = 0;
    return html_sink_step(writer->sink, err);
}

/* Put the arguments of the call that comes next into the list, when it takes
 * long enough. */
static bool
add_args(struct slices_writer *writer, const struct slice *slice,
         uint64_t known_ns, struct error *err)
{
    size_t size;

    if (!slice_args(writer->sink->model, slice, writer->scratch, &writer->args,
                    err)) {
        return false;
    }
    size = writer->args.size;
    if (size == 0) {
        return true;
    }
    if (known_ns < writer->limits.args_least_ns) {
        writer->cut_args++;
        return true;
    }
    if (size > HTML_CALL_ARGS_MAX) {
        size = HTML_CALL_ARGS_MAX;
        writer->cut_args++;
    }
    html_append_number(&writer->args_list, writer->after_args);
    html_append_number(&writer->args_list, size);
    buffer_append(&writer->args_list, writer->args.data, size);
    writer->args_count++;
    writer->after_args = 0;
    return true;
}

/* Where the slice ends on the page; *is_open tells whether that is only the
 * end of what is known. */
static uint64_t
find_end(const struct slices_writer *writer, const struct slice *slice,
         uint64_t limit_ns, bool *is_open)
{
    uint64_t end_ns = slice->end_ns;

    *is_open = (slice->flags & SLICE_UNFINISHED) != 0;
    if (*is_open && writer->process->end_ns > end_ns) {
        end_ns = writer->process->end_ns;
    }
    if (end_ns > limit_ns) {
        end_ns = limit_ns;
        *is_open = true;
    }
    return end_ns;
}

static bool
add_slice(struct slices_writer *writer, const struct slice *slice,
          uint64_t limit_ns, bool has_args, struct error *err)
{
    struct buffer *columns = writer->columns;
    bool is_open;
    uint64_t end_ns = find_end(writer, slice, limit_ns, &is_open);
    uint64_t known_end_ns = slice->end_ns < limit_ns ? slice->end_ns : limit_ns;
    uint64_t duration_ns = end_ns - slice->start_ns;
    uint64_t self_ns =
        slice->self_ns < duration_ns ? slice->self_ns : duration_ns;
    uint32_t function =
        slice->function < writer->function_count ? slice->function + 1 : 0;

    html_append_number(&columns[COLUMN_DEPTH], slice->depth);
    html_append_number(&columns[COLUMN_START],
                       slice->start_ns - writer->last_start_ns);
    html_append_number(&columns[COLUMN_DURATION], duration_ns);
    html_append_number(&columns[COLUMN_CALLEES], duration_ns - self_ns);
    html_append_number(&columns[COLUMN_FUNCTION], function);
    html_append_number(&columns[COLUMN_FLAGS],
                       slice->flags | (is_open ? SLICE_UNFINISHED : 0u));
    writer->last_start_ns = slice->start_ns;
    if (has_args
        && !add_args(writer, slice, known_end_ns - slice->start_ns, err)) {
        return false;
    }
    writer->after_args++;
    writer->count++;
    return writer->count < HTML_GROUP_SIZE || write_group(writer, err);
}

/* Nothing is left out: then there is no need to remember what. */
static bool
keep_or_skip(struct slices_writer *writer, const struct slice *slice,
             uint64_t limit_ns, bool has_args, struct error *err)
{
    uint64_t end_ns = slice->end_ns < limit_ns ? slice->end_ns : limit_ns;

    if (end_ns - slice->start_ns < writer->limits.least_ns) {
        return html_left_out_skip(&writer->left, slice, err);
    }
    return (writer->limits.least_ns == 0
            || html_left_out_keep(&writer->left, slice, err))
           && add_slice(writer, slice, limit_ns, has_args, err);
}

static bool
add_block(struct slices_writer *writer, uint32_t track, size_t block,
          struct error *err)
{
    const struct slice *slices = NULL;
    size_t count = 0;
    size_t first_new = 0;
    bool has_args = false;

    if (!span_block_slices(writer->sink->model, track, block, writer->scratch,
                           &slices, &count, &first_new, err)
        || !slice_args_any(writer->scratch, &has_args, err)) {
        return false;
    }
    for (size_t i = first_new; i < count; i++) {
        uint64_t limit_ns;

        if (html_sink_wants(writer->sink, slices[i].start_ns, &limit_ns)
            && !keep_or_skip(writer, &slices[i], limit_ns, has_args, err)) {
            return false;
        }
    }
    return true;
}

static bool
write_track(struct slices_writer *writer, uint32_t index, struct error *err)
{
    const struct trace_model *model = writer->sink->model;
    const struct model_track *track = trace_model_track(model, index);
    size_t block_count = span_block_count(model, index);

    writer->process = trace_model_process(model, track->process);
    writer->last_start_ns = 0;
    for (size_t block = 0; block < block_count; block++) {
        if (!html_sink_report(writer->sink, block, block_count, err)
            || !add_block(writer, index, block, err)) {
            return false;
        }
    }
    if (writer->count > 0 && !write_group(writer, err)) {
        return false;
    }
    if (!write_group(writer, err)) {
        return false;
    }
    html_left_out_finish(&writer->left, &writer->sink->bytes);
    return html_sink_step(writer->sink, err);
}

bool
html_slices_write(struct html_sink *sink, const struct html_limits *limits,
                  struct error *err)
{
    struct slices_writer writer = {
        .sink = sink,
        .limits = *limits,
        .function_count = trace_model_function_count(sink->model),
    };
    uint32_t track_count = (uint32_t)trace_model_track_count(sink->model);
    bool ok = span_scratch_new(&writer.scratch, err);

    for (uint32_t i = 0; ok && i < track_count; i++) {
        ok = write_track(&writer, i, err);
    }
    html_append_number(&sink->bytes, writer.cut_args);
    buffer_release(&writer.args);
    buffer_release(&writer.args_list);
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        buffer_release(&writer.columns[i]);
    }
    html_left_out_release(&writer.left);
    span_scratch_free(writer.scratch);
    return ok;
}
