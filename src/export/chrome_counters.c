// SPDX-License-Identifier: Apache-2.0
/*
 * The series of one (process, counter) are merged by time with a heap, which
 * keeps a counter of very many series from costing their square.
 */
#include "export/chrome_counters.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "export/chrome_sink.h"
#include "export/json_text.h"
#include "model/trace_model.h"

/* A series and its next point. */
struct cursor {
    const struct model_counter *counter;
    const struct counter_point *point;
    const struct counter_point *end;
    size_t order; /* of the series in the model */
};

/* Exact in a double, and so the same in whatever reads the report. */
static const double INTEGER_LIMIT = 9007199254740992.0;

static int
compare_text(const char *a, const char *b)
{
    int order = strcmp(a, b);

    return (order > 0) - (order < 0);
}

static bool
is_same_group(const struct cursor *a, const struct cursor *b)
{
    return a->counter->process == b->counter->process
           && strcmp(a->counter->name, b->counter->name) == 0;
}

static int
compare_groups(const void *left, const void *right)
{
    const struct cursor *a = left;
    const struct cursor *b = right;
    int order = (a->counter->process > b->counter->process)
                - (a->counter->process < b->counter->process);

    if (order == 0) {
        order = compare_text(a->counter->name, b->counter->name);
    }
    return order != 0 ? order : (a->order > b->order) - (a->order < b->order);
}

static bool
is_same_event(const struct counter_point *a, const struct counter_point *b)
{
    return a->time_ns == b->time_ns && a->track == b->track;
}

static bool
is_before(const struct cursor *a, const struct cursor *b)
{
    if (a->point->time_ns != b->point->time_ns) {
        return a->point->time_ns < b->point->time_ns;
    }
    if (a->point->track != b->point->track) {
        return a->point->track < b->point->track;
    }
    return a->order < b->order;
}

static void
sift_down(struct cursor *heap, size_t count, size_t at)
{
    for (;;) {
        size_t child = 2 * at + 1;
        struct cursor moved = heap[at];

        if (child + 1 < count && is_before(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (child >= count || !is_before(&heap[child], &heap[at])) {
            return;
        }
        heap[at] = heap[child];
        heap[child] = moved;
        at = child;
    }
}

/* Step over the first point of the heap; how many series are left. */
static size_t
advance(struct cursor *heap, size_t count)
{
    heap[0].point++;
    if (heap[0].point == heap[0].end) {
        count--;
        heap[0] = heap[count];
    }
    sift_down(heap, count, 0);
    return count;
}

static void
append_value(struct buffer *text, const struct model_counter *counter,
             double value)
{
    if (counter->is_integer && fabs(value) <= INTEGER_LIMIT) {
        buffer_append_format(text, "%lld", (long long)value);
    } else {
        json_append_double(text, value);
    }
}

/* Write the event of the first point, with all points that belong to it. */
static bool
write_event(struct chrome_sink *sink, struct cursor *heap, size_t *count,
            struct error *err)
{
    const struct counter_point first = *heap[0].point;
    const struct model_counter *counter = heap[0].counter;
    const struct model_process *process =
        trace_model_process(sink->model, counter->process);
    const struct model_track *track =
        trace_model_track(sink->model, first.track);
    char separator = '{';

    chrome_sink_begin(sink, process->number, track->thread_id);
    chrome_sink_time(sink, first.time_ns);
    buffer_append_text(&sink->text, ",\"ph\":\"C\"");
    chrome_sink_string(sink, "name", counter->name, strlen(counter->name));
    chrome_sink_key(sink, "args");
    while (*count > 0 && is_same_event(heap[0].point, &first)) {
        counter = heap[0].counter;
        buffer_append_char(&sink->text, separator);
        json_append_string(&sink->text, counter->key, strlen(counter->key));
        buffer_append_char(&sink->text, ':');
        append_value(&sink->text, counter, heap[0].point->value);
        separator = ',';
        *count = advance(heap, *count);
    }
    buffer_append_char(&sink->text, '}');
    return chrome_sink_end(sink, err);
}

static bool
write_group(struct chrome_sink *sink, struct cursor *heap, size_t count,
            struct error *err)
{
    for (size_t i = count; i > 0; i--) {
        sift_down(heap, count, i - 1);
    }
    while (count > 0) {
        if (!chrome_sink_wants(sink, heap[0].point->time_ns, NULL)) {
            count = advance(heap, count);
            continue;
        }
        if (!write_event(sink, heap, &count, err)) {
            return false;
        }
        sink->event_count++;
    }
    return true;
}

/* A cursor for each series that has points, group by group. */
static struct cursor *
list_cursors(const struct trace_model *model, size_t *count, struct error *err)
{
    size_t series_count = trace_model_counter_count(model);
    struct cursor *cursors = array_new(series_count, sizeof *cursors, err);

    *count = 0;
    for (size_t i = 0; cursors != NULL && i < series_count; i++) {
        const struct model_counter *counter = trace_model_counter(model, i);
        const struct counter_point *points =
            trace_model_counter_points(model, i);

        if (counter->point_count > 0) {
            cursors[*count] =
                (struct cursor){.counter = counter,
                                .point = points,
                                .end = points + counter->point_count,
                                .order = i};
            (*count)++;
        }
    }
    if (*count > 0) {
        qsort(cursors, *count, sizeof *cursors, compare_groups);
    }
    return cursors;
}

bool
chrome_counters_write(struct chrome_sink *sink, struct error *err)
{
    size_t count = 0;
    struct cursor *cursors = list_cursors(sink->model, &count, err);
    bool ok = cursors != NULL;
    size_t end;

    for (size_t start = 0; ok && start < count; start = end) {
        end = start + 1;
        while (end < count && is_same_group(&cursors[start], &cursors[end])) {
            end++;
        }
        ok = write_group(sink, cursors + start, end - start, err);
    }
    free(cursors);
    return ok;
}
