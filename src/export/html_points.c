// SPDX-License-Identifier: Apache-2.0
#include "export/html_points.h"

#include <string.h>

#include "export/html_sink.h"
#include "model/trace_model.h"

/* Where to go on in a series: the points between are told by two. */
struct stretch {
    size_t end;
    size_t picks[2]; /* the least and the largest, in order of time */
    unsigned pick_count;
};

static uint64_t
count_wanted_instants(const struct html_sink *sink)
{
    size_t count = trace_model_instant_count(sink->model);
    uint64_t wanted = 0;

    for (size_t i = 0; i < count; i++) {
        wanted += html_sink_wants(
            sink, trace_model_instant(sink->model, i).time_ns, NULL);
    }
    return wanted;
}

/* How many points of a series one written pair stands for; 1 = all are
 * written. */
static size_t
stretch_size(const struct html_points *points, size_t point_count)
{
    size_t pairs = points->series_max / 2;

    return point_count <= points->series_max
               ? 1
               : (point_count + pairs - 1) / pairs;
}

/* How many points of each series there is room for. */
static uint64_t
find_series_max(size_t series_count)
{
    enum { LEAST = 100 };
    uint64_t part = HTML_ALL_POINTS_MAX / (series_count > 0 ? series_count : 1);

    if (part < LEAST) {
        return LEAST;
    }
    return part < HTML_SERIES_POINTS_MAX ? part : HTML_SERIES_POINTS_MAX;
}

static uint64_t
count_wanted_points(const struct html_sink *sink, size_t series)
{
    size_t count = trace_model_counter(sink->model, series)->point_count;
    const struct counter_point *points =
        trace_model_counter_points(sink->model, series);
    uint64_t wanted = 0;

    for (size_t i = 0; i < count; i++) {
        wanted += html_sink_wants(sink, points[i].time_ns, NULL);
    }
    return wanted;
}

/* Bytes of the arguments that are written when one instant has limit at most;
 * *cut_count gets how many have more. */
static uint64_t
size_of_arguments(const struct html_points *points,
                  const struct html_sink *sink, uint64_t limit,
                  uint64_t *cut_count)
{
    size_t count = trace_model_instant_count(sink->model);
    uint64_t size = 0;
    uint64_t at = 0;

    *cut_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct model_instant instant = trace_model_instant(sink->model, i);

        if (html_sink_wants(sink, instant.time_ns, NULL)
            && at++ % points->instant_step == 0) {
            bool is_cut = instant.args_size > limit;

            size += is_cut ? limit : instant.args_size;
            *cut_count += is_cut;
        }
    }
    return size;
}

static void
plan_instants(struct html_points *points, const struct html_sink *sink)
{
    enum { LEAST = 32 };
    uint64_t count = count_wanted_instants(sink);

    points->instant_count = count;
    points->instant_step =
        count > HTML_INSTANTS_MAX
            ? (count + HTML_INSTANTS_MAX - 1) / HTML_INSTANTS_MAX
            : 1;
    points->arguments_max = HTML_ARGUMENTS_MAX;
    while (size_of_arguments(points, sink, points->arguments_max,
                             &points->cut_arguments)
               > HTML_ALL_ARGUMENTS_MAX
           && points->arguments_max > LEAST) {
        points->arguments_max = points->arguments_max / 2 > LEAST
                                    ? points->arguments_max / 2
                                    : LEAST;
    }
}

void
html_points_plan(struct html_points *points, const struct html_sink *sink)
{
    size_t series_count = trace_model_counter_count(sink->model);

    *points = (struct html_points){.series_max = find_series_max(series_count)};
    plan_instants(points, sink);
    for (size_t i = 0; i < series_count; i++) {
        size_t count = trace_model_counter(sink->model, i)->point_count;

        points->point_count += count_wanted_points(sink, i);
        points->thinned_series += stretch_size(points, count) > 1;
    }
}

static bool
write_instants(struct html_sink *sink, const struct html_points *points,
               struct error *err)
{
    size_t count = trace_model_instant_count(sink->model);
    uint64_t step = points->instant_step;
    uint64_t last_ns = 0;
    uint64_t at = 0;

    html_append_number(&sink->bytes, (points->instant_count + step - 1) / step);
    for (size_t i = 0; i < count; i++) {
        struct model_instant instant = trace_model_instant(sink->model, i);

        if (!html_sink_wants(sink, instant.time_ns, NULL) || at++ % step != 0) {
            continue;
        }
        html_append_number(&sink->bytes, instant.track);
        html_append_number(&sink->bytes, instant.time_ns - last_ns);
        html_append_number(&sink->bytes, instant.scope);
        html_append_number(&sink->bytes, instant.phase);
        if (instant.phase != 0) {
            html_sink_text(sink, instant.id, instant.id_size);
        }
        html_sink_text(sink, instant.name, instant.name_size);
        html_sink_text(sink, instant.args,
                       instant.args_size < points->arguments_max
                           ? instant.args_size
                           : points->arguments_max);
        last_ns = instant.time_ns;
        if (!html_sink_step(sink, err)) {
            return false;
        }
    }
    return true;
}

/* The part of a series that the sink wants is gathered here. */
struct series {
    struct buffer times;
    struct buffer values;
    uint64_t last_ns;
    uint64_t count;
};

static void
add_point(struct series *series, const struct counter_point *point)
{
    uint64_t bits;
    unsigned char bytes[sizeof bits];

    memcpy(&bits, &point->value, sizeof bits);
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(bits >> (8 * i));
    }
    html_append_number(&series->times, point->time_ns - series->last_ns);
    buffer_append(&series->values, bytes, sizeof bytes);
    series->last_ns = point->time_ns;
    series->count++;
}

/* Of size points from start on, which two to write. A value that is no number
 * is neither the least nor the largest of others. */
static struct stretch
find_stretch(const struct counter_point *points, size_t start, size_t end)
{
    size_t least = start;
    size_t largest = start;

    for (size_t i = start + 1; i < end; i++) {
        if (!(points[i].value >= points[least].value)) {
            least = i;
        }
        if (!(points[i].value <= points[largest].value)) {
            largest = i;
        }
    }
    return (struct stretch){
        .end = end,
        .picks = {least < largest ? least : largest,
                  least < largest ? largest : least},
        .pick_count = least == largest ? 1 : 2,
    };
}

static void
gather_series(struct series *series, const struct html_points *plan,
              const struct html_sink *sink, size_t index)
{
    size_t count = trace_model_counter(sink->model, index)->point_count;
    const struct counter_point *points =
        trace_model_counter_points(sink->model, index);
    size_t size = stretch_size(plan, count);
    struct stretch stretch = {0};

    while (stretch.end < count) {
        size_t left = count - stretch.end;

        stretch = find_stretch(points, stretch.end,
                               stretch.end + (left < size ? left : size));
        for (unsigned i = 0; i < stretch.pick_count; i++) {
            const struct counter_point *point = &points[stretch.picks[i]];

            if (html_sink_wants(sink, point->time_ns, NULL)) {
                add_point(series, point);
            }
        }
    }
}

static bool
write_series(struct html_sink *sink, const struct html_points *points,
             size_t index, struct error *err)
{
    const struct model_counter *counter =
        trace_model_counter(sink->model, index);
    struct series series = {0};

    gather_series(&series, points, sink, index);
    html_append_number(&sink->bytes, counter->process);
    html_sink_text(sink, counter->name, strlen(counter->name));
    html_sink_text(sink, counter->key, strlen(counter->key));
    html_append_number(&sink->bytes, counter->is_integer);
    html_append_number(&sink->bytes, series.count);
    buffer_append(&sink->bytes, series.times.data, series.times.size);
    buffer_append(&sink->bytes, series.values.data, series.values.size);
    sink->bytes.has_failed |=
        series.times.has_failed || series.values.has_failed;
    buffer_release(&series.times);
    buffer_release(&series.values);
    return html_sink_flush(sink, err);
}

bool
html_points_write(struct html_sink *sink, const struct html_points *points,
                  struct error *err)
{
    size_t series_count = trace_model_counter_count(sink->model);

    if (!write_instants(sink, points, err)) {
        return false;
    }
    html_append_number(&sink->bytes, series_count);
    for (size_t i = 0; i < series_count; i++) {
        if (!write_series(sink, points, i, err)) {
            return false;
        }
    }
    return html_sink_flush(sink, err);
}
