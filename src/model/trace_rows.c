// SPDX-License-Identifier: Apache-2.0
#include "model/trace_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/model_data.h"
#include "model/process_numbers.h"
#include "model/process_state.h"

struct section_key {
    int64_t sort_index;
    uint64_t key; /* its start, or its id */
    size_t section;
};

static int
compare_keys(const void *left, const void *right)
{
    const struct section_key *a = left;
    const struct section_key *b = right;

    if (a->sort_index != b->sort_index) {
        return a->sort_index < b->sort_index ? -1 : 1;
    }
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return (a->section > b->section) - (a->section < b->section);
}

/* The first event, or the start of recording when that is known and earlier
 * (or there is no event). */
static uint64_t
find_start(const struct model_section *section)
{
    const struct trace_section *source = section->section;
    uint64_t start_ns = UINT64_MAX;

    for (size_t i = 0; i < source->block_count; i++) {
        uint64_t ns = model_section_time(section, source->blocks[i].first_tick);

        if (source->blocks[i].word_count > 0 && ns < start_ns) {
            start_ns = ns;
        }
    }
    if (source->header.anchor_tick != 0 || start_ns == UINT64_MAX) {
        uint64_t ns = model_section_time(section, source->header.anchor_tick);

        start_ns = ns < start_ns ? ns : start_ns;
    }
    return start_ns;
}

/* Sections and processes, each as the other's index, and parents. */
static void
link_sections(struct trace_model *model)
{
    for (size_t i = 0; i < model->process_count; i++) {
        model->sections[model->process_sections[i]].process = (uint32_t)i;
    }
}

/* Find the section of each section's parent by its id. */
static bool
find_parents(struct trace_model *model, struct error *err)
{
    size_t count = model->section_count;
    struct section_key *ids = array_new(count, sizeof *ids, err);

    if (ids == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        ids[i] = (struct section_key){
            .key = model->sections[i].section->header.section_id, .section = i};
    }
    qsort(ids, count, sizeof *ids, compare_keys);
    for (size_t i = 0; i < count; i++) {
        uint64_t id = model->sections[i].section->header.parent_section_id;
        size_t low = 0;
        size_t high = count;

        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (ids[middle].key < id) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        model->sections[i].parent = SIZE_MAX;
        if (id != 0 && low < count && ids[low].key == id) {
            model->sections[i].parent = ids[low].section;
        }
    }
    free(ids);
    return true;
}

static bool
add_processes(struct trace_model *model, uint32_t only_pid, struct error *err)
{
    size_t count = 0;
    struct section_key *starts =
        array_new(model->section_count, sizeof *starts, err);
    bool ok = false;

    model->processes =
        array_new(model->section_count, sizeof *model->processes, err);
    model->process_sections =
        array_new(model->section_count, sizeof *model->process_sections, err);
    if (starts == NULL || model->processes == NULL
        || model->process_sections == NULL) {
        goto out;
    }
    for (size_t i = 0; i < model->section_count; i++) {
        if (only_pid == 0
            || model->sections[i].section->header.pid == only_pid) {
            starts[count++] = (struct section_key){
                .sort_index = model->sections[i].section->header.sort_index,
                .section = i,
                .key = find_start(&model->sections[i])};
        }
    }
    model->process_count = count;
    qsort(starts, count, sizeof *starts, compare_keys);
    for (size_t i = 0; i < count; i++) {
        struct model_process *process = &model->processes[i];

        model->process_sections[i] = starts[i].section;
        process->start_ns = process->end_ns = starts[i].key;
        process->input = model->sections[starts[i].section].input;
        if (!process_state_describe(process,
                                    model->sections[starts[i].section].section,
                                    &model->texts, err)) {
            goto out;
        }
    }
    link_sections(model);
    ok = true;

out:
    free(starts);
    return ok;
}

/* Streams next to the thread they belong to, else in the order of their ids. */
static int
compare_streams(const void *left, const void *right)
{
    const struct trace_stream *a = (*(const struct model_stream *)left).stream;
    const struct trace_stream *b = (*(const struct model_stream *)right).stream;
    uint32_t a_home = a->parent != 0 ? a->parent : a->id;
    uint32_t b_home = b->parent != 0 ? b->parent : b->id;

    if (a_home != b_home) {
        return a_home < b_home ? -1 : 1;
    }
    if ((a->parent != 0) != (b->parent != 0)) {
        return a->parent != 0 ? 1 : -1;
    }
    return (a->id > b->id) - (a->id < b->id);
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
    return "stream";
}

/* The number of a thread in exports. A greenlet runs in a thread that has its
 * own calls at the same time, and so do samples; no thread of the system has a
 * number like it. */
static uint64_t
track_number(const struct trace_stream *stream)
{
    enum { FIRST_MADE_UP = 1 << 24 }; /* above the kernel's largest number */

    return stream->kind == VZT_STREAM_THREAD || stream->kind == VZT_STREAM_LANE
               ? stream->thread_id
               : (uint64_t)FIRST_MADE_UP + stream->id;
}

static const char *
name_track(struct trace_model *model, const struct trace_stream *stream)
{
    bool has_thread =
        stream->kind == VZT_STREAM_THREAD && stream->thread_id != 0;
    uint64_t number = has_thread ? stream->thread_id : stream->id;
    char text[48];

    if (stream->name[0] != '\0') {
        return stream->name;
    }
    (void)snprintf(text, sizeof text, "%s %" PRIu64, kind_name(stream->kind),
                   number);
    return arena_copy(&model->texts, text, strlen(text));
}

/* Time only grows from block to block, whatever the headers claim. */
static void
add_blocks(struct trace_model *model, const struct model_stream *stream,
           struct model_track *track)
{
    const struct model_section *section = &model->sections[stream->section];
    const struct trace_block *rows = section->section->blocks;
    struct model_block *blocks = &model->blocks[model->block_count];
    uint64_t now = 0;

    if (stream->block_count == 0) {
        return; /* perhaps the section has no blocks at all */
    }
    rows += stream->stream->first_block;
    for (size_t i = 0; i < stream->block_count; i++) {
        uint64_t ns = model_section_time(section, rows[i].first_tick);

        now = ns > now ? ns : now;
        blocks[i] = (struct model_block){
            .row = &rows[i],
            .start_ns = now,
            .end_ns = MODEL_TIME_MAX,
            .last_ns = now,
            .open_first = RECORD_NONE,
            .open_last = RECORD_NONE,
        };
        if (i > 0) {
            blocks[i - 1].end_ns = now;
        }
    }
    track->start_ns = blocks[0].start_ns;
    model->block_count += stream->block_count;
}

static bool
add_tracks_of(struct trace_model *model, size_t process, struct error *err)
{
    size_t section = model->process_sections[process];
    const struct trace_section *source = model->sections[section].section;
    struct model_stream *streams = &model->streams[model->track_count];

    for (size_t i = 0; i < source->stream_count; i++) {
        streams[i] = (struct model_stream){
            .stream = &source->streams[i],
            .section = section,
            .block_count = source->streams[i].block_count,
            .open_at_end = RECORD_NONE,
        };
    }
    qsort(streams, source->stream_count, sizeof *streams, compare_streams);
    model->processes[process].first_track = model->track_count;
    model->processes[process].track_count = source->stream_count;
    for (size_t i = 0; i < source->stream_count; i++) {
        struct model_track *track = &model->tracks[model->track_count++];

        *track = (struct model_track){
            .process = (uint32_t)process,
            .kind = streams[i].stream->kind,
            .thread_id = track_number(streams[i].stream),
            .has_thread_id =
                streams[i].stream->thread_id < VZT_MADE_UP_THREAD_ID,
            .name = name_track(model, streams[i].stream),
            .category = streams[i].stream->category,
            .start_ns = model->processes[process].start_ns,
        };
        if (track->name == NULL) {
            return error_set_no_memory(err);
        }
        streams[i].first_block = model->block_count;
        add_blocks(model, &streams[i], track);
    }
    return true;
}

static bool
add_tracks(struct trace_model *model, struct error *err)
{
    size_t track_count = 0;
    size_t block_count = 0;

    for (size_t i = 0; i < model->section_count; i++) {
        track_count += model->sections[i].section->stream_count;
        block_count += model->sections[i].section->block_count;
    }
    if (track_count >= UINT32_MAX || block_count >= UINT32_MAX) {
        return error_set(err, ERROR_UNSUPPORTED,
                         "more than 2^32 threads or blocks");
    }
    model->tracks = array_new(track_count, sizeof *model->tracks, err);
    model->streams = array_new(track_count, sizeof *model->streams, err);
    model->blocks = array_new(block_count, sizeof *model->blocks, err);
    if (model->tracks == NULL || model->streams == NULL
        || model->blocks == NULL) {
        return false;
    }
    for (size_t i = 0; i < model->process_count; i++) {
        if (!add_tracks_of(model, i, err)) {
            return false;
        }
    }
    return true;
}

bool
trace_rows_build(struct trace_model *model, uint32_t only_pid,
                 struct error *err)
{
    return find_parents(model, err) && add_processes(model, only_pid, err)
           && process_numbers_set(model, err) && add_tracks(model, err);
}
