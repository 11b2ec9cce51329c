// SPDX-License-Identifier: Apache-2.0
/* What the details say where there is no call: about instants, counters,
 * processes and empty places. */
#include "tui/details_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/place_text.h"
#include "tui/timeline.h"
#include "tui/timeline_parts.h"
#include "tui/timeline_points.h"
#include "tui/viewer.h"

enum { NEIGHBOURS_MAX = 50, SAME_TIME_MAX = 50 };

static const struct track_item *
cursor_item(const struct timeline *timeline)
{
    return &timeline->list.items[timeline->state.item];
}

/* "+1.2ms", how far a time is from the cursor. */
static const char *
write_offset(const struct timeline *timeline, int64_t time_ns,
             char text[TIME_TEXT_SIZE + 1])
{
    int64_t offset_ns = time_ns - timeline->state.time_ns;
    char number[TIME_TEXT_SIZE];

    (void)snprintf(
        text, TIME_TEXT_SIZE + 1, "%s%s", offset_ns > 0 ? "+" : "",
        time_text_offset(number, offset_ns, timeline->viewer->theme.is_ascii));
    return text;
}

static bool
add_neighbour(struct details_lines *lines, const struct timeline *timeline,
              size_t column, const char *name, int64_t time_ns,
              struct error *err)
{
    struct details_target target = {.kind = TARGET_TIME, .time_ns = time_ns};
    char offset[TIME_TEXT_SIZE + 1];

    return details_add(lines, column, name,
                       write_offset(timeline, time_ns, offset), &target, err);
}

static const char *
write_title(const struct model_instant *instant, char title[PIECE_SIZE])
{
    return timeline_instant_title(instant, title, PIECE_SIZE);
}

/* The instants of the row on one side of number `from`, the nearest
 * first. */
static bool
add_instants(struct details_lines *lines, const struct timeline *timeline,
             size_t column, size_t from, int direction, struct error *err)
{
    size_t item = timeline->state.item;
    char title[PIECE_SIZE];

    if (timeline_instant_beside(timeline, item, from, direction) == SIZE_MAX) {
        return details_add_header(
            lines, column,
            direction > 0 ? "nothing after it" : "nothing before", "", err);
    }
    if (!details_add_header(
            lines, column, direction > 0 ? "after it" : "before it", "", err)) {
        return false;
    }
    for (unsigned i = 0; i < NEIGHBOURS_MAX; i++) {
        size_t at = timeline_instant_beside(timeline, item, from, direction);
        struct model_instant instant;

        if (at == SIZE_MAX) {
            break;
        }
        instant = trace_model_instant(timeline->model, at);
        if (!add_neighbour(lines, timeline, column,
                           write_title(&instant, title),
                           time_limit(instant.time_ns), err)) {
            return false;
        }
        from = direction > 0 ? at + 1 : at;
    }
    return true;
}

static bool
add_instant(struct details_lines *lines, const struct timeline *timeline,
            const struct model_instant *instant, unsigned width,
            struct error *err)
{
    char title[PIECE_SIZE];
    const char *thread =
        trace_model_track(timeline->model, instant->track)->name;

    return details_add_header(lines, 0, write_title(instant, title), thread,
                              err)
           && (instant->args_size == 0
                   ? details_add(lines, 0, "(no arguments)", "", NULL, err)
                   : details_add_json(lines, 0, instant->args,
                                      instant->args_size, width, err));
}

/* All instants at the cursor's time; *end is the number behind the last. */
static bool
add_instants_here(struct details_lines *lines, const struct timeline *timeline,
                  size_t first, unsigned width, size_t *end, struct error *err)
{
    size_t item = timeline->state.item;
    uint64_t time_ns = trace_model_instant(timeline->model, first).time_ns;
    size_t at = first;

    for (unsigned i = 0; at != SIZE_MAX; i++) {
        struct model_instant instant = trace_model_instant(timeline->model, at);

        if (instant.time_ns != time_ns) {
            break;
        }
        if (i < SAME_TIME_MAX
            && !add_instant(lines, timeline, &instant, width, err)) {
            return false;
        }
        *end = at + 1;
        at = timeline_instant_beside(timeline, item, *end, 1);
    }
    return true;
}

/* How much of a text is shown. */
static int
cut_size(size_t size)
{
    return size < PIECE_SIZE ? (int)size : PIECE_SIZE - 1;
}

static void
add_instant_facts(struct pieces *pieces, const struct timeline *timeline,
                  const struct model_instant *instant)
{
    const struct model_track *track =
        trace_model_track(timeline->model, instant->track);
    char text[TIME_TEXT_SIZE];

    pieces_add(pieces, 1, false, PART_TITLE, "at %s",
               details_time(timeline, text, instant->time_ns));
    if (instant->phase != 0) {
        pieces_add(pieces, 2, false, PART_TEXT, "object %.*s, %s",
                   cut_size(instant->id_size), instant->id,
                   timeline_phase_name(instant->phase));
    } else {
        pieces_add(pieces, 2, false, PART_TEXT, "%s",
                   timeline_scope_name(instant->scope));
    }
    place_add_track(pieces, 3, track);
    place_add_pid(pieces, 4, PART_TEXT,
                  trace_model_process(timeline->model, track->process));
}

static bool
of_instants(struct timeline *timeline, struct error *err)
{
    struct details_lines *lines = &timeline->details->lines;
    size_t from = trace_model_instant_find(timeline->model,
                                           (uint64_t)timeline->state.time_ns);
    size_t end = from;
    struct details_layout layout;
    struct model_instant instant;
    char title[PIECE_SIZE];
    size_t last;

    lines->head_count = 1;
    layout = details_layout(timeline);
    last = layout.column_count - 1;
    if (timeline_instant_here(timeline, &instant)) {
        (void)snprintf(lines->title, sizeof lines->title, "%s",
                       write_title(&instant, title));
        add_instant_facts(&lines->head[0], timeline, &instant);
        from = timeline_instant_beside(timeline, timeline->state.item, from, 1);
        if (!add_instants_here(lines, timeline, from, layout.width, &end,
                               err)) {
            return false;
        }
    } else {
        (void)timeline_item_name(timeline, timeline->state.item, lines->title);
        pieces_add(&lines->head[0], 1, false, PART_FAINT, "no instant here");
    }
    return add_instants(lines, timeline, last, end, 1, err)
           && add_instants(lines, timeline, last, from, -1, err);
}

static const char *
write_value(char *text, size_t size, double value)
{
    (void)snprintf(text, size, "%.15g", value);
    return text;
}

/* Since when a counter has had the value of point number at. */
static size_t
find_change(const struct counter_point *points, size_t at)
{
    while (at > 0
           && (points[at - 1].value == points[at].value
               || (isnan(points[at - 1].value) && isnan(points[at].value)))) {
        at--;
    }
    return at;
}

static void
add_counter_facts(struct details_lines *lines, const struct timeline *timeline,
                  const struct model_counter *counter,
                  const struct counter_point *points, size_t until)
{
    struct pieces *pieces = &lines->head[0];
    char number[TEXT_NUMBER_SIZE];
    char text[TIME_TEXT_SIZE];

    if (until == 0) {
        pieces_add(pieces, 1, false, PART_FAINT, "no value yet");
    } else {
        const struct counter_point *point = &points[until - 1];
        size_t change = find_change(points, until - 1);

        pieces_add(pieces, 1, false, PART_TITLE, "value %s",
                   write_value(number, sizeof number, point->value));
        pieces_add(pieces, 2, false, PART_TEXT, "last changed at %s",
                   details_time(timeline, text, points[change].time_ns));
        pieces_add(pieces, 4, false, PART_TEXT, "last set at %s",
                   details_time(timeline, text, point->time_ns));
        pieces_add(pieces, 5, false, PART_TEXT, "by thread %s",
                   trace_model_track(timeline->model, point->track)->name);
    }
    pieces = &lines->head[1];
    pieces_add(pieces, 1, false, PART_TEXT, "min %s",
               write_value(number, sizeof number, counter->min));
    pieces_add(pieces, 1, false, PART_TEXT, "max %s",
               write_value(number, sizeof number, counter->max));
    pieces_add(pieces, 2, false, PART_TEXT, "%s %s",
               text_grouped(number, sizeof number, counter->point_count),
               counter->point_count == 1 ? "point" : "points");
    place_add_pid(pieces, 3, PART_TEXT,
                  trace_model_process(timeline->model, counter->process));
    lines->head_count = 2;
}

static bool
add_point(struct details_lines *lines, const struct timeline *timeline,
          size_t column, const struct counter_point *point, struct error *err)
{
    char number[TEXT_NUMBER_SIZE];

    return add_neighbour(lines, timeline, column,
                         write_value(number, sizeof number, point->value),
                         time_limit(point->time_ns), err);
}

static bool
of_counter(struct timeline *timeline, struct error *err)
{
    struct details_lines *lines = &timeline->details->lines;
    uint32_t index = cursor_item(timeline)->index;
    const struct model_counter *counter =
        trace_model_counter(timeline->model, index);
    const struct counter_point *points =
        trace_model_counter_points(timeline->model, index);
    size_t until =
        timeline_points_until(timeline, index, timeline->state.time_ns);
    size_t last;

    (void)timeline_item_name(timeline, timeline->state.item, lines->title);
    add_counter_facts(lines, timeline, counter, points, until);
    last = details_layout(timeline).column_count - 1;
    if (!details_add_header(lines, 0, "so far", "", err)) {
        return false;
    }
    for (size_t i = until; i > 0 && until - i < NEIGHBOURS_MAX; i--) {
        if (!add_point(lines, timeline, 0, &points[i - 1], err)) {
            return false;
        }
    }
    if (!details_add_header(lines, last, "from here on", "", err)) {
        return false;
    }
    for (size_t i = until;
         i < counter->point_count && i - until < NEIGHBOURS_MAX; i++) {
        if (!add_point(lines, timeline, last, &points[i], err)) {
            return false;
        }
    }
    return true;
}

static bool
of_file(struct timeline *timeline)
{
    struct details_lines *lines = &timeline->details->lines;
    size_t input = cursor_item(timeline)->index;
    struct pieces *pieces = &lines->head[0];
    struct timeline_file_facts facts;
    char text[TIME_TEXT_SIZE];
    char number[TEXT_NUMBER_SIZE];

    timeline_file_facts(timeline, input, &facts);
    (void)timeline_item_name(timeline, timeline->state.item, lines->title);
    pieces_add(pieces, 1, false, PART_TITLE, "%s",
               trace_model_input_name(timeline->model, input));
    pieces_add(pieces, 3, false, PART_TEXT, "start %s",
               details_time(timeline, text, facts.start_ns));
    pieces_add(pieces, 4, false, PART_TEXT, "end %s",
               details_time(timeline, text, facts.end_ns));
    pieces_add(pieces, 2, false, PART_TEXT, "%zu %s", facts.process_count,
               facts.process_count == 1 ? "process" : "processes");
    pieces_add(pieces, 3, false, PART_TEXT, "%s %s",
               text_grouped(number, sizeof number, facts.call_count),
               facts.call_count == 1 ? "call" : "calls");
    lines->head_count = 1;
    return true;
}

static bool
of_async(struct timeline *timeline)
{
    struct details_lines *lines = &timeline->details->lines;
    struct pieces *pieces = &lines->head[0];
    size_t item = timeline->state.item;
    uint64_t calls = timeline_async_calls(timeline, item, NULL);
    char number[TEXT_NUMBER_SIZE];

    (void)timeline_item_name(timeline, item, lines->title);
    pieces_add(pieces, 1, false, PART_TEXT,
               "what goes on beside the threads; what overlaps stands in "
               "further lanes");
    pieces_add(pieces, 2, false, PART_TEXT, "%s %s",
               text_grouped(number, sizeof number, calls),
               calls == 1 ? "call" : "calls");
    lines->head_count = 1;
    return true;
}

static bool
of_process(struct timeline *timeline, struct error *err)
{
    struct details_lines *lines = &timeline->details->lines;
    const struct model_process *process =
        trace_model_process(timeline->model, cursor_item(timeline)->process);
    struct pieces *pieces = &lines->head[0];
    char text[TIME_TEXT_SIZE];
    char number[TEXT_NUMBER_SIZE];

    (void)snprintf(lines->title, sizeof lines->title, "%.*s", PIECE_SIZE - 1,
                   process->name);
    place_add_pid(pieces, 1, PART_TITLE, process);
    pieces_add(pieces, 5, false, PART_TEXT, "parent %" PRIu32, process->ppid);
    pieces_add(pieces, 3, false, PART_TEXT, "start %s",
               details_time(timeline, text, process->start_ns));
    pieces_add(pieces, 4, false, PART_TEXT, "end %s",
               details_time(timeline, text, process->end_ns));
    pieces_add(pieces, 3, false, PART_TEXT, "%s %s",
               text_grouped(number, sizeof number, process->call_count),
               process->call_count == 1 ? "call" : "calls");
    if (process->lost_calls > 0) {
        pieces_add(pieces, 2, false, PART_WARNING, "%s calls %s",
                   text_grouped(number, sizeof number, process->lost_calls),
                   viewer_lost_word(timeline->viewer));
    }
    pieces_add(pieces, 2, false, PART_TEXT, "%s", process->end_text);
    lines->head_count = 1;
    if (!details_add_header(lines, 0, "notes about the trace", "", err)) {
        return false;
    }
    for (size_t i = 0; i < trace_model_note_count(timeline->model); i++) {
        if (!details_add(lines, 0, trace_model_note(timeline->model, i), "",
                         NULL, err)) {
            return false;
        }
    }
    return true;
}

static bool
of_empty_place(struct timeline *timeline, struct error *err)
{
    struct details_lines *lines = &timeline->details->lines;
    int64_t time_ns = timeline->state.time_ns;
    char text[PIECE_SIZE];
    char key;

    (void)timeline_item_name(timeline, timeline->state.item, lines->title);
    if (!timeline_write_nearest(timeline, time_ns, time_ns, text, &key, err)) {
        return false;
    }
    if (key == '\0') {
        pieces_add(&lines->head[0], 1, false, PART_FAINT, "%s", text);
    } else {
        pieces_add(&lines->head[0], 1, false, PART_FAINT, "%s: %c goes there",
                   text, key);
    }
    lines->head_count = 1;
    return true;
}

bool
details_of_place(struct timeline *timeline, struct error *err)
{
    switch (cursor_item(timeline)->kind) {
    case ITEM_INSTANTS:
        return of_instants(timeline, err);
    case ITEM_COUNTER:
        return of_counter(timeline, err);
    case ITEM_FILE:
        return of_file(timeline);
    case ITEM_PROCESS:
        return of_process(timeline, err);
    case ITEM_ASYNC:
        return of_async(timeline);
    case ITEM_TRACK:
        break;
    }
    return of_empty_place(timeline, err);
}
