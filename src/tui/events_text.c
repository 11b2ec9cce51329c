// SPDX-License-Identifier: Apache-2.0
#include "tui/events_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/events.h"
#include "tui/search.h"
#include "tui/time_text.h"
#include "tui/timeline_points.h"
#include "tui/viewer.h"

const char *
events_column_title(enum events_column column)
{
    static const char *const titles[] = {
        [EVENTS_TIME] = "TIME",   [EVENTS_KIND] = "KIND",
        [EVENTS_WHERE] = "WHERE", [EVENTS_NAME] = "NAME",
        [EVENTS_VALUE] = "VALUE",
    };

    return titles[column];
}

static const char *const kind_names[][2] = {
    [MOMENT_INSTANT] = {"instant", "instants"},
    [MOMENT_LOG] = {"log", "log lines"},
    [MOMENT_OBJECT] = {"object", "objects"},
    [MOMENT_COUNTER] = {"counter", "counters"},
    [MOMENT_ERROR] = {"error", "errors"},
    [MOMENT_HIT] = {"match", "matches"},
};

const char *
events_kind_name(enum moment_kind kind)
{
    return kind_names[kind][0];
}

const char *
events_kind_names(enum moment_kind kind)
{
    return kind_names[kind][1];
}

/* Text that has a size, as far as there is room. */
static const char *
take_text(char *text, const char *from, size_t size)
{
    (void)snprintf(text, EVENTS_TEXT_SIZE, "%.*s",
                   size < EVENTS_TEXT_SIZE ? (int)size : EVENTS_TEXT_SIZE - 1,
                   from);
    return text;
}

static struct model_instant
instant_of(const struct events *events, const struct moment *moment)
{
    return trace_model_instant(events->viewer->model, moment->index);
}

static const struct model_gap *
gap_of(const struct events *events, const struct moment *moment)
{
    return &trace_model_gaps(events->viewer->model,
                             moment->owner)[moment->index];
}

static const struct counter_point *
point_of(const struct events *events, const struct moment *moment)
{
    return &trace_model_counter_points(events->viewer->model,
                                       moment->owner)[moment->index];
}

uint32_t
events_track(const struct events *events, const struct moment *moment)
{
    switch (moment->source) {
    case MOMENT_OF_INSTANT:
        return instant_of(events, moment).track;
    case MOMENT_OF_POINT:
        return point_of(events, moment)->track;
    case MOMENT_OF_GAP:
        return moment->owner;
    case MOMENT_OF_END:
        break;
    case MOMENT_OF_UNFINISHED:
    case MOMENT_OF_CALL:
        return moment_list_slice(events->list, moment)->track;
    }
    return UINT32_MAX;
}

uint32_t
events_process(const struct events *events, const struct moment *moment)
{
    uint32_t track = events_track(events, moment);

    return track == UINT32_MAX
               ? moment->owner
               : trace_model_track(events->viewer->model, track)->process;
}

/* The thread, with its process where there are several. */
static const char *
write_where(const struct events *events, const struct moment *moment,
            char *text)
{
    const struct trace_model *model = events->viewer->model;
    const struct model_process *process =
        trace_model_process(model, events_process(events, moment));
    uint32_t track = events_track(events, moment);
    const char *name = track == UINT32_MAX
                           ? process->name
                           : trace_model_track(model, track)->name;

    if (trace_model_process_count(model) > 1) {
        (void)snprintf(text, EVENTS_TEXT_SIZE, "%" PRIu32 " %s", process->pid,
                       name);
    } else {
        (void)snprintf(text, EVENTS_TEXT_SIZE, "%s", name);
    }
    return text;
}

/* "print", "hello" of "print - hello\n". */
static size_t
find_split(const struct model_instant *instant)
{
    const char *at = strstr(instant->name, " - ");

    return at == NULL ? instant->name_size : (size_t)(at - instant->name);
}

static const char *
write_instant_name(const struct model_instant *instant, char *text)
{
    enum moment_kind kind = moment_kind_of(instant);

    return take_text(text, instant->name,
                     kind == MOMENT_LOG || kind == MOMENT_ERROR
                         ? find_split(instant)
                         : instant->name_size);
}

static const char *
write_instant_value(const struct model_instant *instant, char *text)
{
    enum moment_kind kind = moment_kind_of(instant);
    size_t split = find_split(instant) + 3;
    size_t end = instant->name_size;

    if (kind == MOMENT_OBJECT) {
        (void)snprintf(text, EVENTS_TEXT_SIZE, "%s %.100s %.*s",
                       timeline_phase_name(instant->phase), instant->id,
                       instant->args_size < EVENTS_TEXT_SIZE
                           ? (int)instant->args_size
                           : EVENTS_TEXT_SIZE - 1,
                       instant->args);
        return text;
    }
    if (kind == MOMENT_INSTANT || split >= end) {
        return take_text(text, instant->args, instant->args_size);
    }
    while (end > split && instant->name[end - 1] == '\n') {
        end--;
    }
    return take_text(text, instant->name + split, end - split);
}

static const char *
write_counter_name(const struct model_counter *counter, char *text)
{
    bool has_key = counter->key[0] != '\0' && strcmp(counter->key, "value") != 0
                   && strcmp(counter->key, counter->name) != 0;

    (void)snprintf(text, EVENTS_TEXT_SIZE, "%s%s%s", counter->name,
                   has_key ? " " : "", has_key ? counter->key : "");
    return text;
}

const char *
events_point_text(const struct events *events, const struct moment *moment,
                  char *text, size_t size)
{
    const struct counter_point *point = point_of(events, moment);

    if (moment->index == 0 || point->value == point[-1].value
        || isnan(point->value - point[-1].value)) {
        (void)snprintf(text, size, "%.15g", point->value);
    } else {
        (void)snprintf(text, size, "%.15g (%+.6g)", point->value,
                       point->value - point[-1].value);
    }
    return text;
}

static const char *
write_gap(const struct events *events, const struct model_gap *gap, char *text)
{
    char calls[TEXT_NUMBER_SIZE];
    char duration[TEXT_NUMBER_SIZE];

    (void)text_duration(duration, sizeof duration, gap->end_ns - gap->start_ns,
                        events->viewer->theme.is_ascii);
    if (gap->lost_calls == 0) {
        (void)snprintf(text, EVENTS_TEXT_SIZE, "calls of %s", duration);
    } else {
        (void)snprintf(text, EVENTS_TEXT_SIZE, "%s call%s of %s",
                       text_grouped(calls, sizeof calls, gap->lost_calls),
                       gap->lost_calls == 1 ? "" : "s", duration);
    }
    return text;
}

static const char *
write_call(const struct events *events, const struct moment *moment, char *text)
{
    const struct slice *slice = moment_list_slice(events->list, moment);
    char duration[TEXT_NUMBER_SIZE];
    uint32_t callers;

    (void)text_duration(duration, sizeof duration,
                        slice->end_ns - slice->start_ns,
                        events->viewer->theme.is_ascii);
    if (moment->kind == MOMENT_HIT) {
        return take_text(text, duration, SIZE_MAX);
    }
    if (moment->source == MOMENT_OF_UNFINISHED) {
        (void)snprintf(text, EVENTS_TEXT_SIZE, "did not end, open for %s",
                       duration);
        return text;
    }
    callers = moment_list_callers(events->list, moment);
    (void)snprintf(text, EVENTS_TEXT_SIZE, "raised in %s", duration);
    if (callers > 0) {
        size_t used = strlen(text);

        (void)snprintf(text + used, EVENTS_TEXT_SIZE - used,
                       ", through %" PRIu32 " caller%s", callers,
                       callers == 1 ? "" : "s");
    }
    return text;
}

static const char *
write_name(const struct events *events, const struct moment *moment, char *text)
{
    const struct trace_model *model = events->viewer->model;
    struct model_instant instant;

    switch (moment->source) {
    case MOMENT_OF_INSTANT:
        instant = instant_of(events, moment);
        return write_instant_name(&instant, text);
    case MOMENT_OF_POINT:
        return write_counter_name(trace_model_counter(model, moment->owner),
                                  text);
    case MOMENT_OF_GAP:
        return take_text(text, "calls are missing", SIZE_MAX);
    case MOMENT_OF_END:
        return take_text(text, "process ended", SIZE_MAX);
    case MOMENT_OF_UNFINISHED:
    case MOMENT_OF_CALL:
        break;
    }
    return model_function_label(
        search_function(model,
                        moment_list_slice(events->list, moment)->function),
        text, EVENTS_TEXT_SIZE);
}

static const char *
write_value(const struct events *events, const struct moment *moment,
            char *text)
{
    struct model_instant instant;

    switch (moment->source) {
    case MOMENT_OF_INSTANT:
        instant = instant_of(events, moment);
        return write_instant_value(&instant, text);
    case MOMENT_OF_POINT:
        return events_point_text(events, moment, text, EVENTS_TEXT_SIZE);
    case MOMENT_OF_GAP:
        return write_gap(events, gap_of(events, moment), text);
    case MOMENT_OF_END:
        return take_text(
            text,
            trace_model_process(events->viewer->model, moment->owner)->end_text,
            SIZE_MAX);
    case MOMENT_OF_UNFINISHED:
    case MOMENT_OF_CALL:
        break;
    }
    return write_call(events, moment, text);
}

const char *
events_cell(const struct events *events, const struct moment *moment,
            enum events_column column, char *text)
{
    char time[TIME_TEXT_SIZE];

    switch (column) {
    case EVENTS_TIME:
        return take_text(
            text, viewer_time_listed(events->viewer, time, moment->time_ns),
            SIZE_MAX);
    case EVENTS_KIND:
        return take_text(text, events_kind_name(moment->kind), SIZE_MAX);
    case EVENTS_WHERE:
        return write_where(events, moment, text);
    case EVENTS_NAME:
        return write_name(events, moment, text);
    case EVENTS_VALUE:
    case EVENTS_COLUMN_COUNT:
        break;
    }
    return write_value(events, moment, text);
}
