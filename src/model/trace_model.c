// SPDX-License-Identifier: Apache-2.0
#include "model/trace_model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/os.h"
#include "base/text.h"
#include "format/clock_map.h"
#include "format/reader.h"
#include "model/block_index.h"
#include "model/block_join.h"
#include "model/event_store.h"
#include "model/function_intern.h"
#include "model/model_data.h"
#include "model/source_list.h"
#include "model/time_axis.h"
#include "model/trace_inputs.h"
#include "model/trace_notes.h"
#include "model/trace_rows.h"

/* Of a thread whose calls all are too old for a bound nothing may be left that
 * could count them: the process knows of them all. */
static void
add_unseen_losses(struct trace_model *model, size_t process)
{
    const struct vzt_status *status =
        &model->sections[model->process_sections[process]].section->status;
    uint64_t seen = model->processes[process].lost_calls;

    if (status->call_limit > 0 && status->dropped_calls > seen) {
        model->processes[process].lost_calls = status->dropped_calls;
        model->summary.lost_calls += status->dropped_calls - seen;
    }
}

/* Add up what the tracks know. */
static void
sum_tracks(struct trace_model *model)
{
    struct trace_summary *summary = &model->summary;

    for (size_t i = 0; i < model->track_count; i++) {
        const struct model_track *track = &model->tracks[i];
        struct model_process *process = &model->processes[track->process];

        process->call_count += track->call_count;
        process->lost_calls += track->lost_calls;
        summary->call_count += track->call_count;
        summary->lost_calls += track->lost_calls;
        summary->mismatched_returns += model->streams[i].mismatched_returns;
        summary->unfinished_calls += model->streams[i].unfinished_count;
    }
    for (size_t i = 0; i < model->process_count; i++) {
        struct model_process *process = &model->processes[i];

        add_unseen_losses(model, i);
        if (process->end_ns > summary->duration_ns) {
            summary->duration_ns = process->end_ns;
        }
        summary->is_live =
            summary->is_live || process->end == PROCESS_END_RUNNING;
    }
    summary->event_count =
        summary->call_count + model->instant_count + model->point_count;
}

static void
sum_files(struct trace_model *model)
{
    for (size_t i = 0; i < model->section_count; i++) {
        model->summary.file_bytes += model->sections[i].section->size;
    }
    for (size_t i = 0; i < model->file_count; i++) {
        model->summary.file_bytes +=
            trace_file_damage(model->files[i])->skipped_bytes;
    }
}

/* The blocks' own pointers into the files' tables of blocks are not counted,
 * the files are the reader's. */
static uint64_t
count_bytes(const struct trace_model *model)
{
    uint64_t bytes = model->texts.size_bytes;

    for (size_t i = 0; i < model->cell_memory_count; i++) {
        bytes += model->cell_memory[i].size_bytes;
    }
    for (size_t i = 0; i < model->event_texts_count; i++) {
        bytes += model->event_texts[i].size_bytes;
    }
    bytes += model->block_count * sizeof *model->blocks;
    bytes += model->record_count * sizeof *model->records;
    bytes += model->function_count * sizeof *model->functions;
    bytes += model->instant_count
             * (sizeof *model->instants + sizeof *model->lane_instants);
    bytes += model->counter_count * sizeof *model->counters;
    bytes += model->point_count * sizeof *model->points;
    bytes += model->counter_sum_count * sizeof *model->counter_sums;
    bytes += model->gap_count * sizeof *model->gaps;
    bytes += model->flows.point_count * sizeof *model->flows.points;
    bytes += model->flows.arrow_count * sizeof *model->flows.arrows;
    bytes += model->flows.early_count * sizeof *model->flows.early;
    bytes +=
        model->track_count * (sizeof *model->tracks + sizeof *model->streams);
    return bytes;
}

static uint64_t
count_unreadable(const struct block_index *index)
{
    uint64_t count = 0;

    for (size_t i = 0; i < index->model->block_count; i++) {
        count += index->ends[i].is_unreadable;
    }
    return count;
}

static bool
note_stop(struct trace_model *model, size_t indexed_count, struct error *err)
{
    char read_blocks[TEXT_NUMBER_SIZE];
    char all_blocks[TEXT_NUMBER_SIZE];

    return trace_notes_add(
        model, err,
        "loading was stopped at block %s of %s; the calls, instants and "
        "counters of the others are missing",
        text_grouped(read_blocks, sizeof read_blocks, indexed_count),
        text_grouped(all_blocks, sizeof all_blocks, model->block_count));
}

/* Decode everything once and put together what it gave. */
static bool
build_index(struct trace_model *model,
            const struct trace_model_options *options, uint64_t *unreadable,
            struct error *err)
{
    struct block_index index = {0};
    struct stored_gap *gaps = NULL;
    size_t gap_count = 0;
    bool ok = false;

    if (!block_index_build(&index, model, options, err)
        || !event_store_merge(model, index.stores, index.worker_count, &gaps,
                              &gap_count, err)
        || !block_join(&index, gaps, gap_count, err)
        || !flow_build(model, &index, err)) {
        goto out;
    }
    function_intern_finish(model, index.sums);
    if (index.indexed_count < model->block_count
        && !note_stop(model, index.indexed_count, err)) {
        goto out;
    }
    *unreadable = count_unreadable(&index);
    ok = true;

out:
    free(gaps);
    block_index_release(&index);
    return ok;
}

static bool
add_given_notes(struct trace_model *model,
                const struct trace_model_options *options, struct error *err)
{
    for (size_t i = 0; i < options->note_count; i++) {
        if (!trace_notes_add(model, err, "%s", options->notes[i])) {
            return false;
        }
    }
    return true;
}

static bool
name_inputs(struct trace_model *model, const char *const *names, size_t count,
            struct error *err)
{
    model->input_names = array_new(count, sizeof *model->input_names, err);
    if (model->input_names == NULL) {
        return false;
    }
    model->input_count = count;
    for (size_t i = 0; i < count; i++) {
        model->input_names[i] =
            arena_copy(&model->texts, names[i], strlen(names[i]));
        if (model->input_names[i] == NULL) {
            return error_set_no_memory(err);
        }
    }
    return true;
}

size_t
trace_model_input_count(const struct trace_model *model)
{
    return model->input_count;
}

const char *
trace_model_input_name(const struct trace_model *model, size_t index)
{
    return model->input_names[index];
}

bool
trace_model_open(struct trace_model **out, const char *const *paths,
                 size_t path_count, const struct trace_model_options *options,
                 struct error *err)
{
    static const struct trace_model_options defaults = {0};
    struct trace_model *model = array_new(1, sizeof *model, err);
    uint64_t unreadable = 0;

    if (model == NULL) {
        return false;
    }
    options = options == NULL ? &defaults : options;
    model->serial = os_random_u64();
    if (!add_given_notes(model, options, err)
        || !name_inputs(model, options->names == NULL ? paths : options->names,
                        path_count, err)
        || !trace_inputs_open(model, paths, path_count, err)
        || !time_axis_build(model, options->aligns_inputs, options->delays_ns,
                            err)
        || !function_intern_build(model, err)
        || !trace_rows_build(model, options->only_pid, err)
        || !source_list_build(model, err)
        || !build_index(model, options, &unreadable, err)) {
        trace_model_close(model);
        return false;
    }
    sum_files(model);
    sum_tracks(model);
    if (!trace_notes_build(model, unreadable, err)) {
        trace_model_close(model);
        return false;
    }
    model->summary.index_bytes = count_bytes(model);
    os_release_free_memory(); /* what building the index took */
    *out = model;
    return true;
}

static void
release_sections(struct trace_model *model)
{
    for (size_t i = 0; i < model->section_count; i++) {
        free(model->sections[i].functions);
        free(model->sections[i].function_ids);
    }
    free(model->sections);
    for (size_t i = 0; i < model->clock_count; i++) {
        clock_map_free(model->clocks[i]);
    }
    free(model->clocks);
    for (size_t i = 0; i < model->file_count; i++) {
        trace_file_close(model->files[i]);
    }
    free(model->files);
}

void
trace_model_close(struct trace_model *model)
{
    if (model == NULL) {
        return;
    }
    release_sections(model);
    for (size_t i = 0; i < model->cell_memory_count; i++) {
        arena_release(&model->cell_memory[i]);
    }
    free(model->cell_memory);
    for (size_t i = 0; i < model->event_texts_count; i++) {
        arena_release(&model->event_texts[i]);
    }
    free(model->event_texts);
    arena_release(&model->texts);
    free(model->input_names);
    free(model->processes);
    free(model->process_sections);
    free(model->tracks);
    free(model->streams);
    free(model->blocks);
    free(model->records);
    free(model->functions);
    free(model->instants);
    free(model->lane_instants);
    free(model->lane_starts);
    free(model->counters);
    free(model->points);
    free(model->counter_sums);
    flow_data_release(&model->flows);
    free(model->gaps);
    free(model->notes);
    free(model->sources);
    free(model);
}

size_t
trace_model_note_count(const struct trace_model *model)
{
    return model->note_count;
}

const char *
trace_model_note(const struct trace_model *model, size_t index)
{
    return model->notes[index];
}

struct trace_summary
trace_model_summary(const struct trace_model *model)
{
    return model->summary;
}

size_t
trace_model_process_count(const struct trace_model *model)
{
    return model->process_count;
}

const struct model_process *
trace_model_process(const struct trace_model *model, size_t index)
{
    return &model->processes[index];
}

const struct trace_section *
trace_model_section(const struct trace_model *model, size_t process)
{
    return model->sections[model->process_sections[process]].section;
}

const struct trace_stream *
trace_model_stream(const struct trace_model *model, size_t track)
{
    return model->streams[track].stream;
}

uint64_t
trace_model_tick_time(const struct trace_model *model, size_t process,
                      uint64_t tick)
{
    return model_section_time(
        &model->sections[model->process_sections[process]], tick);
}

size_t
trace_model_track_count(const struct trace_model *model)
{
    return model->track_count;
}

size_t
trace_model_thread_count(const struct trace_model *model, size_t first,
                         size_t count)
{
    size_t thread_count = 0;

    for (size_t i = first; i < first + count; i++) {
        thread_count += model->tracks[i].kind == VZT_STREAM_THREAD;
    }
    return thread_count;
}

const struct model_track *
trace_model_track(const struct trace_model *model, size_t index)
{
    return &model->tracks[index];
}

const struct model_gap *
trace_model_gaps(const struct trace_model *model, size_t track)
{
    return &model->gaps[model->streams[track].first_gap];
}

uint32_t
trace_model_function_count(const struct trace_model *model)
{
    return (uint32_t)model->function_count;
}

const struct model_function *
trace_model_function(const struct trace_model *model, uint32_t index)
{
    return &model->functions[index];
}

uint32_t
trace_model_function_index(const struct trace_model *model,
                           const struct model_function *function)
{
    return function == &model->unknown_function
               ? UINT32_MAX
               : (uint32_t)(function - model->functions);
}

const struct model_function *
trace_model_unknown_function(const struct trace_model *model)
{
    return &model->unknown_function;
}

bool
trace_model_find_function(const struct trace_model *model,
                          const struct model_function *like, uint32_t *index)
{
    for (size_t i = 0; i < model->function_count; i++) {
        const struct model_function *function = &model->functions[i];

        if (function->hash == like->hash && function->line == like->line
            && function->kind == like->kind
            && strcmp(function->name, like->name) == 0
            && strcmp(function->file, like->file) == 0) {
            *index = (uint32_t)i;
            return true;
        }
    }
    return false;
}

const char *
model_function_label(const struct model_function *function, char *text,
                     size_t capacity)
{
    if (function->file[0] != '\0' && function->line == 0) {
        (void)snprintf(text, capacity, "%s (%s)", function->name,
                       function->file);
    } else if (function->kind == VZT_FUNCTION_PYTHON
               && function->file[0] != '\0') {
        (void)snprintf(text, capacity, "%s (%s:%" PRIu32 ")", function->name,
                       function->file, function->line);
    } else {
        (void)snprintf(text, capacity, "%s", function->name);
    }
    return text;
}

size_t
trace_model_instant_count(const struct trace_model *model)
{
    return model->instant_count;
}

struct model_instant
trace_model_instant(const struct trace_model *model, size_t index)
{
    return model->instants[index];
}

size_t
trace_model_instant_find(const struct trace_model *model, uint64_t time_ns)
{
    size_t low = 0;
    size_t high = model->instant_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (model->instants[middle].time_ns < time_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

size_t
trace_model_counter_count(const struct trace_model *model)
{
    return model->counter_count;
}

const struct model_counter *
trace_model_counter(const struct trace_model *model, size_t index)
{
    return &model->counters[index].counter;
}

const struct counter_point *
trace_model_counter_points(const struct trace_model *model, size_t index)
{
    return model->counters[index].points;
}
