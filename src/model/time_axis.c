// SPDX-License-Identifier: Apache-2.0
#include "model/time_axis.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "format/clock_map.h"
#include "format/event.h"
#include "format/reader.h"
#include "model/model_data.h"

/* Headers are not trusted: no time is so large that sums could overflow. */
static int64_t
bounded(uint64_t ns)
{
    return (int64_t)(ns < CLOCK_TIME_MAX ? ns : CLOCK_TIME_MAX);
}

static const struct vzt_section_header *
header_of(const struct trace_model *model, size_t section)
{
    return &model->sections[section].section->header;
}

static bool
is_same_boot(const struct trace_model *model, size_t a, size_t b)
{
    return memcmp(header_of(model, a)->boot_id, header_of(model, b)->boot_id,
                  sizeof header_of(model, a)->boot_id)
           == 0;
}

static bool
is_same_clock(const struct trace_model *model, size_t a, size_t b)
{
    return header_of(model, a)->clock_kind == header_of(model, b)->clock_kind
           && is_same_boot(model, a, b);
}

/* Sections by boot, clock and place in the files. */
static int
compare_sections(const void *left, const void *right, void *context)
{
    const struct trace_model *model = context;
    size_t a = *(const size_t *)left;
    size_t b = *(const size_t *)right;
    const struct vzt_section_header *a_header = header_of(model, a);
    const struct vzt_section_header *b_header = header_of(model, b);
    int order =
        memcmp(a_header->boot_id, b_header->boot_id, sizeof a_header->boot_id);

    if (order == 0) {
        order = (a_header->clock_kind > b_header->clock_kind)
                - (a_header->clock_kind < b_header->clock_kind);
    }
    return order != 0 ? order : (a > b) - (a < b);
}

static size_t
add_pairs(const struct trace_section *section, struct clock_pair *pairs)
{
    const struct vzt_section_header *header = &section->header;
    size_t count = 0;

    if (header->anchor_tick != 0 || header->anchor_monotonic_ns != 0) {
        pairs[count++] =
            (struct clock_pair){.tick = header->anchor_tick,
                                .monotonic_ns = header->anchor_monotonic_ns};
    }
    for (size_t i = 0; i < section->block_count; i++) {
        pairs[count++] = (struct clock_pair){
            .tick = section->blocks[i].clock_tick,
            .monotonic_ns = section->blocks[i].first_monotonic_ns,
        };
    }
    return count;
}

/* One clock for the sections that order[0..count) names. */
static bool
make_clock(struct trace_model *model, const size_t *order, size_t count,
           struct error *err)
{
    struct clock_map **clock = &model->clocks[model->clock_count];
    struct clock_pair *pairs;
    size_t pair_count = count;
    bool ok;

    for (size_t i = 0; i < count; i++) {
        pair_count += model->sections[order[i]].section->block_count;
    }
    pairs = array_new(pair_count, sizeof *pairs, err);
    if (pairs == NULL) {
        return false;
    }
    pair_count = 0;
    for (size_t i = 0; i < count; i++) {
        pair_count +=
            add_pairs(model->sections[order[i]].section, &pairs[pair_count]);
    }
    ok = clock_map_new(clock, pairs, pair_count,
                       header_of(model, order[0])->ticks_per_second, err);
    free(pairs);
    if (!ok) {
        return false;
    }
    model->clock_count++;
    for (size_t i = 0; i < count; i++) {
        model->sections[order[i]].clock = *clock;
    }
    return true;
}

/* From CLOCK_MONOTONIC to the wall clock, by the boot's first section. */
static int64_t
boot_offset(const struct trace_model *model, size_t first_section)
{
    const struct vzt_section_header *header = header_of(model, first_section);

    return bounded(header->anchor_realtime_ns)
           - bounded(header->anchor_monotonic_ns);
}

/* The wall-clock time of the first event of a section; false if none. */
static bool
find_first_event(const struct model_section *section, int64_t *first_ns)
{
    bool found = false;

    for (size_t i = 0; i < section->section->block_count; i++) {
        const struct trace_block *block = &section->section->blocks[i];
        int64_t ns;

        if (block->word_count == 0) {
            continue;
        }
        ns = bounded(clock_map_ns(section->clock, block->first_tick))
             + section->offset_ns;
        if (!found || ns < *first_ns) {
            *first_ns = ns;
        }
        found = true;
    }
    return found;
}

/* Sections from first up to end, of which those without an event begin with
 * their anchor. */
static int64_t
find_origin(const struct trace_model *model, size_t first, size_t end)
{
    int64_t origin = INT64_MAX;
    int64_t ns = 0;

    for (size_t i = first; i < end; i++) {
        if (find_first_event(&model->sections[i], &ns) && ns < origin) {
            origin = ns;
        }
    }
    for (size_t i = first; i < end && origin == INT64_MAX; i++) {
        const struct model_section *section = &model->sections[i];

        origin = bounded(section->section->header.anchor_monotonic_ns)
                 + section->offset_ns;
    }
    return origin;
}

/* Nothing was traced before 2001: such a time is that of another clock, as an
 * import has it that knows none else. */
static void
set_start(struct trace_model *model, uint64_t realtime_ns)
{
    model->summary.start_realtime_ns = realtime_ns;
    model->summary.has_wall_clock = realtime_ns >= WALL_CLOCK_MIN_NS;
}

static void
set_origin(struct trace_model *model)
{
    int64_t origin = find_origin(model, 0, model->section_count);
    int64_t monotonic = origin - model->sections[0].offset_ns;

    set_start(model, origin > 0 ? (uint64_t)origin : 0);
    model->summary.start_monotonic_ns = monotonic > 0 ? (uint64_t)monotonic : 0;
    for (size_t i = 0; i < model->section_count; i++) {
        model->sections[i].offset_ns -= origin;
    }
}

/* Whether a word begins what can be seen: not the end of a call from before the
 * recording, nor a record that describes. */
static bool
is_seen(uint64_t word)
{
    if (event_kind(word) != EVENT_LONG) {
        return event_is_entry(event_kind(word));
    }
    return record_type(word) == RECORD_INSTANT
           || record_type(word) == RECORD_COUNTER
           || record_type(word) == RECORD_OBJECT;
}

/* The tick of the first event that can be seen; false if there is none. */
static bool
find_seen(const struct block *block, uint64_t *tick)
{
    *tick = block->first_tick;
    if (block->open_count > 0) {
        return true; /* these are seen from the start */
    }
    for (size_t i = 0; i < block->word_count; i++) {
        uint64_t word = block->words[i];
        bool is_record = event_kind(word) == EVENT_LONG;

        *tick += event_delta(word);
        if (is_seen(word)) {
            return true;
        }
        if (is_record && record_type(word) == RECORD_CLOCK
            && record_size(word) == 1) {
            *tick = block->words[i + 1];
        }
        i += is_record ? record_size(word) : 0;
    }
    return false;
}

/* The wall-clock time of what is seen first of a stream; left alone when there
 * is nothing, or something earlier. */
static bool
find_first_of_stream(const struct model_section *section,
                     const struct trace_stream *stream, struct block *block,
                     int64_t *first_ns, struct error *err)
{
    uint64_t tick = 0;
    bool found = false;

    for (size_t i = 0; i < stream->block_count && !found; i++) {
        if (!block_load(block, section->file,
                        &section->section->blocks[stream->first_block + i],
                        err)) {
            return false;
        }
        found = find_seen(block, &tick);
    }
    if (found) {
        int64_t ns =
            bounded(clock_map_ns(section->clock, tick)) + section->offset_ns;

        *first_ns = ns < *first_ns ? ns : *first_ns;
    }
    return true;
}

/* As find_origin, to the event rather than to its block. */
static bool
find_exact_origin(const struct trace_model *model, size_t first, size_t end,
                  int64_t *origin, struct error *err)
{
    struct block block = {0};
    bool ok = true;

    *origin = INT64_MAX;
    for (size_t i = first; i < end; i++) {
        const struct model_section *section = &model->sections[i];

        for (size_t j = 0; ok && j < section->section->stream_count; j++) {
            ok = find_first_of_stream(section, &section->section->streams[j],
                                      &block, origin, err);
        }
    }
    if (*origin == INT64_MAX) {
        *origin = find_origin(model, first, end);
    }
    block_release(&block);
    return ok;
}

/* An origin for each path. */
static bool
align_inputs(struct trace_model *model, const uint64_t *delays_ns,
             struct error *err)
{
    struct model_section *sections = model->sections;
    int64_t latest = 0;

    for (size_t first = 0, end; first < model->section_count; first = end) {
        int64_t origin;

        end = first + 1;
        while (end < model->section_count
               && sections[end].input == sections[first].input) {
            end++;
        }
        if (!find_exact_origin(model, first, end, &origin, err)) {
            return false;
        }
        for (size_t i = first; i < end; i++) {
            sections[i].offset_ns -= origin;
            if (delays_ns != NULL) {
                sections[i].offset_ns += bounded(delays_ns[sections[i].input]);
            }
        }
        latest = origin > latest ? origin : latest;
    }
    set_start(model, (uint64_t)latest);
    model->summary.start_monotonic_ns = 0;
    return true;
}

static bool
make_clocks(struct trace_model *model, const size_t *order, struct error *err)
{
    size_t boot = 0; /* where in order the current boot begins */
    size_t first = 0;

    while (first < model->section_count) {
        size_t end = first + 1;

        if (!is_same_boot(model, order[boot], order[first])) {
            boot = first;
        }
        while (end < model->section_count
               && is_same_clock(model, order[first], order[end])) {
            end++;
        }
        if (!make_clock(model, &order[first], end - first, err)) {
            return false;
        }
        for (size_t i = first; i < end; i++) {
            model->sections[order[i]].offset_ns =
                boot_offset(model, order[boot]);
        }
        first = end;
    }
    return true;
}

bool
time_axis_build(struct trace_model *model, bool aligns_inputs,
                const uint64_t *delays_ns, struct error *err)
{
    size_t count = model->section_count;
    size_t *order = array_new(count, sizeof *order, err);
    bool ok = false;

    model->clocks = array_new(count, sizeof(struct clock_map *), err);
    if (order == NULL || model->clocks == NULL) {
        goto out;
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    qsort_r(order, count, sizeof *order, compare_sections, model);
    if (!make_clocks(model, order, err)) {
        goto out;
    }
    if (aligns_inputs) {
        ok = align_inputs(model, delays_ns, err);
    } else {
        set_origin(model);
        ok = true;
    }

out:
    free(order);
    return ok;
}
