// SPDX-License-Identifier: Apache-2.0
#include "imported.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buffer.h"
#include "model/flow_query.h"
#include "model/slice_args.h"
#include "model/span_query.h"
#include "model/trace_model.h"

struct imported
imported_from_file(const char *path, const struct chrome_json_options *options)
{
    static const struct chrome_json_options defaults = {0};
    struct imported imported = {0};
    const char *trace_path = imported.trace.path;

    if (!chrome_json_import(&imported.trace, path,
                            options == NULL ? &defaults : options,
                            &imported.error)) {
        cr_assert(ne(int, imported.error.code, ERROR_NONE));
        return imported;
    }
    cr_assert(trace_model_open(&imported.model, &trace_path, 1, NULL,
                               &imported.error),
              "%s", imported.error.message);
    return imported;
}

struct imported
imported_from(const void *data, size_t size,
              const struct chrome_json_options *options)
{
    int fd = memfd_create("import", MFD_CLOEXEC);
    struct imported imported;
    char path[32];

    cr_assert(ge(int, fd, 0));
    cr_assert(eq(sz, (size_t)write(fd, data, size), size));
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    imported = imported_from_file(path, options);
    (void)close(fd);
    return imported;
}

struct imported
imported_from_text(const char *json)
{
    return imported_from(json, strlen(json), NULL);
}

void
imported_release(struct imported *imported)
{
    if (imported->model != NULL) {
        trace_model_close(imported->model);
        imported_trace_release(&imported->trace);
    }
    *imported = (struct imported){0};
}

unsigned char *
gzip_of(const void *data, size_t size, size_t *gzip_size)
{
    size_t capacity = size + size / 1000 + 128;
    unsigned char *out = malloc(capacity);
    z_stream stream = {.next_in = (unsigned char *)data,
                       .avail_in = (unsigned)size,
                       .next_out = out,
                       .avail_out = (unsigned)capacity};

    cr_assert(
        eq(int,
           deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
           Z_OK));
    cr_assert(eq(int, deflate(&stream, Z_FINISH), Z_STREAM_END));
    *gzip_size = capacity - stream.avail_out;
    (void)deflateEnd(&stream);
    return out;
}

static void
put_slice(struct buffer *out, const struct imported *imported,
          const struct slice *slice, struct span_scratch *scratch)
{
    const struct model_function *function =
        trace_model_function(imported->model, slice->function);
    struct buffer args = {0};
    struct error err = {0};
    char label[256];

    buffer_append_format(out, "%u %" PRIu64 "+", slice->depth, slice->start_ns);
    if (slice->flags & SLICE_UNFINISHED) {
        buffer_append_text(out, "?");
    } else {
        buffer_append_format(out, "%" PRIu64, slice->end_ns - slice->start_ns);
    }
    buffer_append_format(out, " %s",
                         model_function_label(function, label, sizeof label));
    cr_assert(slice_args(imported->model, slice, scratch, &args, &err));
    if (args.size > 0) {
        buffer_append_format(out, " %s", args.data);
    }
    buffer_append_char(out, '\n');
    buffer_release(&args);
}

/* The arrows that leave a call, and where they go. */
static void
put_flows(struct buffer *out, const struct imported *imported,
          const struct slice *slice)
{
    struct flow_list list =
        flow_list_of_call(imported->model, slice, FLOW_WAY_FORWARD);

    for (size_t i = 0; i < list.count; i++) {
        struct flow_arrow arrow = flow_list_arrow(&list, i);

        buffer_append_format(
            out, "> %.*s to %s %" PRIu64, (int)arrow.name_size, arrow.name,
            trace_model_track(imported->model, arrow.to.track)->name,
            arrow.to.time_ns);
        if (arrow.to.has_call) {
            buffer_append_format(out, " %u", arrow.to.depth);
        }
        buffer_append_char(out, '\n');
    }
}

static const char *
kind_name(enum vzt_stream_kind kind)
{
    switch (kind) {
    case VZT_STREAM_THREAD:
        return "thread";
    case VZT_STREAM_GREENLET:
        return "greenlet";
    case VZT_STREAM_LANE:
        return "lane";
    case VZT_STREAM_ASYNC:
        return "async";
    case VZT_STREAM_SAMPLES:
        return "samples";
    }
    return "unknown";
}

static void
put_track(struct buffer *out, const struct imported *imported, uint32_t index)
{
    const struct model_track *track = trace_model_track(imported->model, index);
    struct span_scratch *scratch = NULL;
    struct error err = {0};

    cr_assert(span_scratch_new(&scratch, &err));
    if (track->kind == VZT_STREAM_ASYNC) {
        buffer_append_format(out, "async (%s) %s\n", track->category,
                             track->name);
    } else {
        buffer_append_format(out, "%s %" PRIu64 " %s\n", kind_name(track->kind),
                             track->thread_id, track->name);
    }
    for (size_t i = 0; i < span_block_count(imported->model, index); i++) {
        const struct slice *slices;
        size_t count;
        size_t first;

        cr_assert(span_block_slices(imported->model, index, i, scratch, &slices,
                                    &count, &first, &err));
        for (; first < count; first++) {
            put_slice(out, imported, &slices[first], scratch);
            put_flows(out, imported, &slices[first]);
        }
    }
    span_scratch_free(scratch);
}

static int
compare_tracks(const void *left, const void *right, void *context)
{
    const struct trace_model *model = context;
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    uint64_t a_id = trace_model_track(model, a)->thread_id;
    uint64_t b_id = trace_model_track(model, b)->thread_id;

    return a_id != b_id ? (a_id < b_id ? -1 : 1) : (a > b) - (a < b);
}

static void
put_process(struct buffer *out, const struct imported *imported,
            const struct model_process *process, bool is_by_id)
{
    uint32_t *tracks = calloc(process->track_count + 1, sizeof *tracks);

    for (size_t i = 0; i < process->track_count; i++) {
        tracks[i] = (uint32_t)(process->first_track + i);
    }
    if (is_by_id) {
        qsort_r(tracks, process->track_count, sizeof *tracks, compare_tracks,
                imported->model);
    }
    buffer_append_format(out, "process %u %s\n", process->pid, process->name);
    for (size_t i = 0; i < process->track_count; i++) {
        put_track(out, imported, tracks[i]);
    }
    free(tracks);
}

static void
put_instant(struct buffer *out, const struct model_instant *instant)
{
    if (instant->phase == 0) {
        buffer_append_format(out, "instant %" PRIu64 " %c", instant->time_ns,
                             " tpg"[instant->scope]);
    } else {
        buffer_append_format(out, "object %" PRIu64 " %c %s", instant->time_ns,
                             " NOD"[instant->phase], instant -> id);
    }
    buffer_append_format(out, " %.*s %s\n", (int)instant->name_size,
                         instant->name,
                         instant->args_size == 0 ? "null" : instant->args);
}

/* Instants of the same time stand by their tracks, whose order is not kept. */
static int
compare_instants(const void *left, const void *right, void *context)
{
    const struct model_instant *a = left;
    const struct model_instant *b = right;

    return a->time_ns != b->time_ns
               ? (a->time_ns < b->time_ns ? -1 : 1)
               : compare_tracks(&a->track, &b->track, context);
}

static void
put_instants(struct buffer *out, struct trace_model *model, bool is_by_id)
{
    size_t count = trace_model_instant_count(model);
    struct model_instant *instants = calloc(count + 1, sizeof *instants);

    for (size_t i = 0; i < count; i++) {
        instants[i] = trace_model_instant(model, i);
    }
    if (is_by_id) {
        qsort_r(instants, count, sizeof *instants, compare_instants, model);
    }
    for (size_t i = 0; i < count; i++) {
        put_instant(out, &instants[i]);
    }
    free(instants);
}

static void
put_counters(struct buffer *out, const struct trace_model *model)
{
    for (size_t i = 0; i < trace_model_counter_count(model); i++) {
        const struct model_counter *counter = trace_model_counter(model, i);
        const struct counter_point *points =
            trace_model_counter_points(model, i);

        buffer_append_format(out, "counter %s %s", counter->name, counter->key);
        for (size_t k = 0; k < counter->point_count; k++) {
            buffer_append_format(out, " %" PRIu64 "=%g", points[k].time_ns,
                                 points[k].value);
        }
        buffer_append_char(out, '\n');
    }
}

static char *
put_all(const struct imported *imported, bool is_by_id)
{
    const struct trace_model *model = imported->model;
    struct buffer out = {0};

    for (size_t i = 0; i < trace_model_process_count(model); i++) {
        put_process(&out, imported, trace_model_process(model, i), is_by_id);
    }
    put_instants(&out, imported->model, is_by_id);
    put_counters(&out, model);
    return buffer_take(&out);
}

char *
imported_text(const struct imported *imported)
{
    return put_all(imported, false);
}

char *
imported_text_by_id(const struct imported *imported)
{
    return put_all(imported, true);
}

void
expect_import(const char *json, const char *expected)
{
    struct imported imported = imported_from_text(json);
    char *text;

    cr_assert(imported.model != NULL, "%s: %s", json, imported.error.message);
    text = imported_text(&imported);
    cr_assert(eq(str, text, (char *)expected));
    free(text);
    imported_release(&imported);
}

bool
has_note(const struct imported *imported, const char *part)
{
    for (size_t i = 0; i < imported->trace.note_count; i++) {
        if (strstr(imported->trace.notes[i], part) != NULL) {
            return true;
        }
    }
    return false;
}
