// SPDX-License-Identifier: Apache-2.0
#include "import/stack_samples.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "import/event_intake_parts.h"
#include "import/half_stack.h"
#include "import/json_value.h"

struct sampling {
    struct event_intake *intake;
    uint32_t *threads; /* by source: the thread; owned */
    uint32_t *tracks;  /* by source: the track; owned */
    struct half_stack calls;
    uint32_t *open; /* the frames of the open calls, outermost first; owned */
    uint32_t *path; /* those of the sample; owned */
    size_t open_count;
    uint32_t source; /* of the open calls */
    int64_t time_ns; /* of the sample before */
    int64_t gap_ns;  /* and from the one before that */
};

static struct text_span
source_of(const struct event_intake *intake, uint32_t index,
          struct stack_source *source)
{
    struct text_span tid;
    const char *key =
        intern_table_text(intake->stack_sources, index, &tid.size);

    memcpy(source, key, sizeof *source);
    tid.data = key + sizeof *source;
    tid.size -= sizeof *source;
    return tid;
}

/* The process that has a thread of this id; else the first one, or none. */
static bool
find_process(struct event_intake *intake, struct text_span tid,
             uint32_t *process, struct error *err)
{
    const struct event_tables *tables = &intake->tables;
    uint64_t number;

    for (size_t i = 0; json_value_u64(tid, &number) && i < tables->thread_count;
         i++) {
        if (tables->threads[i].thread_id == number) {
            *process = tables->threads[i].process;
            return true;
        }
    }
    if (tables->process_count > 0) {
        *process = 0;
        return true;
    }
    return event_tables_process(&intake->tables, (struct text_span){0}, process,
                                err);
}

static bool
find_threads(struct sampling *sampling, uint32_t count, struct error *err)
{
    struct event_intake *intake = sampling->intake;

    for (uint32_t i = 0; i < count; i++) {
        struct stack_source source;
        struct text_span tid = source_of(intake, i, &source);

        if (!intake_goes_on(intake, err)
            || (source.process == UINT32_MAX
                && !find_process(intake, tid, &source.process, err))
            || !event_tables_thread(&intake->tables, source.process, tid,
                                    &sampling->threads[i], err)) {
            return false;
        }
    }
    return true;
}

/* "main, cycles:u" */
static bool
name_track(struct event_intake *intake, uint32_t name,
           const struct import_thread *thread, const char **kept,
           struct error *err)
{
    struct buffer *text = &intake->text;
    struct text_span span;

    buffer_clear(text);
    if (thread->name != NULL) {
        buffer_append_text(text, thread->name);
    } else {
        buffer_append_format(text, "thread %llu",
                             (unsigned long long)thread->thread_id);
    }
    span.data = intern_table_text(intake->tables.names, name, &span.size);
    buffer_append_text(text, ", ");
    json_value_string(span, text);
    if (span.size == 0) {
        buffer_append_text(text, "samples");
    }
    if (!buffer_is_ok(text)) {
        return error_set_no_memory(err);
    }
    return event_tables_keep(&intake->tables, intake_span(text), kept, err);
}

/* No thread is looked up any more. */
static bool
add_tracks(struct sampling *sampling, uint32_t count, struct error *err)
{
    struct event_tables *tables = &sampling->intake->tables;

    for (uint32_t i = 0; i < count; i++) {
        struct stack_source source;
        struct import_thread track;

        sampling->tracks[i] = UINT32_MAX;
        (void)source_of(sampling->intake, i, &source);
        if (sampling->threads[i] == UINT32_MAX) {
            continue;
        }
        track = tables->threads[sampling->threads[i]];
        track.kind = VZT_STREAM_SAMPLES;
        track.home = sampling->threads[i];
        track.first_ns = INT64_MAX;
        if (!name_track(sampling->intake, source.name,
                        &tables->threads[track.home], &track.name, err)
            || !event_tables_add_track(tables, &track, &sampling->tracks[i],
                                       err)) {
            return false;
        }
    }
    return true;
}

/* End the calls from a level on. */
static bool
end_calls(struct sampling *sampling, size_t level, int64_t time_ns,
          struct error *err)
{
    while (sampling->open_count > level) {
        struct sort_entry end = sampling->calls.open[sampling->calls.count - 1];

        end.start_ns = end.end_ns = time_ns;
        if (!half_stack_end(&sampling->calls, sampling->intake, &end, false,
                            IMPORT_LOSS_NO_STACK, err)) {
            return false;
        }
        sampling->open_count--;
    }
    return true;
}

/* The last sample of a track. */
static bool
end_track(struct sampling *sampling, struct error *err)
{
    return end_calls(sampling, 0, sampling->time_ns + sampling->gap_ns, err)
           && half_stack_leave(&sampling->calls, sampling->intake, err);
}

static bool
begin_call(struct sampling *sampling, uint32_t frame, uint32_t track,
           int64_t time_ns, struct error *err)
{
    struct event_intake *intake = sampling->intake;
    uint32_t name = stack_frames_at(&intake->frames, frame).name;
    struct sort_entry entry = {
        .start_ns = time_ns,
        .process = intake->tables.threads[track].process,
        .thread = track,
        .what = name << INTAKE_NAME_SHIFT,
    };

    if (name > INTAKE_NAME_MASK >> INTAKE_NAME_SHIFT) {
        return error_set(err, ERROR_UNSUPPORTED, "more than 2^27 names");
    }
    sampling->open[sampling->open_count++] = frame;
    return half_stack_begin(&sampling->calls, &entry, err);
}

/* The frames of a stack, outermost first; how many. */
static size_t
find_path(struct sampling *sampling, uint32_t frame)
{
    const struct stack_frames *frames = &sampling->intake->frames;
    uint32_t *path = sampling->path;
    size_t count = 0;

    while (frame != UINT32_MAX && count < STACK_DEPTH_MAX) {
        path[count++] = frame;
        frame = stack_frames_at(frames, frame).caller;
    }
    for (size_t i = 0; i < count / 2; i++) {
        uint32_t first = path[i];

        path[i] = path[count - 1 - i];
        path[count - 1 - i] = first;
    }
    return count;
}

static bool
take_sample(struct sampling *sampling, const struct sort_entry *sample,
            struct error *err)
{
    uint32_t track = sampling->tracks[sample->thread];
    size_t level = 0;
    uint32_t frame;
    size_t count;

    if (track == UINT32_MAX) {
        return intake_lose(sampling->intake, IMPORT_LOSS_TOO_MANY_THREADS);
    }
    if (!stack_frames_find(&sampling->intake->frames, sample->payload, &frame,
                           err)) {
        return false;
    }
    if (frame == UINT32_MAX) {
        return intake_lose(sampling->intake, IMPORT_LOSS_NO_STACK);
    }
    count = find_path(sampling, frame);
    if (sampling->source != sample->thread) {
        if (!end_track(sampling, err)) {
            return false;
        }
        sampling->source = sample->thread;
        sampling->gap_ns = 0;
    } else {
        sampling->gap_ns = sample->start_ns - sampling->time_ns;
    }
    while (level < count && level < sampling->open_count
           && sampling->open[level] == sampling->path[level]) {
        level++;
    }
    if (!end_calls(sampling, level, sample->start_ns, err)) {
        return false;
    }
    sampling->time_ns = sample->start_ns;
    for (; level < count; level++) {
        if (!begin_call(sampling, sampling->path[level], track,
                        sample->start_ns, err)) {
            return false;
        }
    }
    return true;
}

static bool
take_samples(struct sampling *sampling, struct error *err)
{
    struct event_sort *samples = sampling->intake->samples;
    struct sort_entry sample;
    bool found = true;
    bool ok = event_sort_finish(samples, err);

    while (ok && found) {
        ok = intake_goes_on(sampling->intake, err)
             && event_sort_next(samples, &sample, &found, err)
             && (!found || take_sample(sampling, &sample, err));
    }
    return ok && end_track(sampling, err);
}

bool
stack_samples_add(struct event_intake *intake, struct error *err)
{
    struct sampling sampling = {.intake = intake, .source = UINT32_MAX};
    uint32_t count = intern_table_count(intake->stack_sources);
    bool ok;

    if (count == 0) {
        return true;
    }
    intake->losses.cut[IMPORT_CUT_SAMPLES] = event_sort_count(intake->samples);
    sampling.threads = array_new(count, sizeof *sampling.threads, err);
    sampling.tracks = array_new(count, sizeof *sampling.tracks, err);
    sampling.open = array_new(STACK_DEPTH_MAX, sizeof *sampling.open, err);
    sampling.path = array_new(STACK_DEPTH_MAX, sizeof *sampling.path, err);
    ok = sampling.threads != NULL && sampling.tracks != NULL
         && sampling.open != NULL && sampling.path != NULL
         && find_threads(&sampling, count, err)
         && add_tracks(&sampling, count, err) && take_samples(&sampling, err);
    half_stack_release(&sampling.calls);
    free(sampling.threads);
    free(sampling.tracks);
    free(sampling.open);
    free(sampling.path);
    return ok;
}
