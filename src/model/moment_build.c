// SPDX-License-Identifier: Apache-2.0
/* Making a list: which lanes it has, and which of their items. */
#include "model/moment_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "model/instant_hits.h"
#include "model/model_data.h"
#include "model/moment_calls.h"
#include "model/moment_data.h"

enum { ITEMS_PER_REPORT = 1 << 16 };

static bool
begins_with(const struct model_instant *instant, const char *text)
{
    size_t size = strlen(text);

    return instant->name_size >= size && memcmp(instant->name, text, size) == 0;
}

enum moment_kind
moment_kind_of(const struct model_instant *instant)
{
    if (instant->phase != 0) {
        return MOMENT_OBJECT;
    }
    if (begins_with(instant, "print - ")
        || begins_with(instant, "logging - ")) {
        return MOMENT_LOG;
    }
    return begins_with(instant, "Exception - ") ? MOMENT_ERROR : MOMENT_INSTANT;
}

static bool
has_kind(const struct moment_list *list, enum moment_kind kind)
{
    return (list->request.kinds & 1u << kind) != 0;
}

static bool
has_track(const struct moment_list *list, uint32_t track)
{
    return trace_scope_has_track(&list->request.scope, track);
}

/* Add a lane, if something of it is left by the scope's time; NULL otherwise.
 * There is room. */
static struct moment_lane *
add_lane(struct moment_list *list, const struct moment_lane *lane)
{
    struct moment_lane *added = &list->lanes[list->lane_count];

    *added = *lane;
    moment_lane_clip(added, list->request.scope.start_ns,
                     list->request.scope.end_ns);
    if (added->first == added->end) {
        return NULL;
    }
    list->lane_count++;
    return added;
}

static bool
report(const struct moment_list *list, size_t done, size_t total,
       struct error *err)
{
    return done % ITEMS_PER_REPORT != 0
           || progress_report(list->progress, done, total)
           || error_set(err, ERROR_CANCELLED, "cancelled");
}

static bool
is_instant_hit(const struct moment_list *list, size_t index)
{
    const struct instant_hits *hits = list->request.instants;

    return hits != NULL && index < hits->instant_count
           && hits->is_hit[index] != 0;
}

/* Whether something is in the list that is searched for, or is not. */
static bool
has(const struct moment_list *list, enum moment_kind kind, bool is_hit)
{
    return (is_hit || !list->request.only_hits)
           && (has_kind(list, kind) || (is_hit && has_kind(list, MOMENT_HIT)));
}

static bool
add_instants(struct moment_list *list, struct error *err)
{
    const struct trace_model *model = list->model;
    const struct moment_lane all = {
        .source = MOMENT_OF_INSTANT,
        .items = model->instants,
        .item_size = sizeof *model->instants,
        .end = model->instant_count,
    };
    struct moment_lane *lane = add_lane(list, &all);

    if (lane == NULL) {
        return true;
    }
    lane->has_bits = true;
    if (!ranked_bits_init(&lane->bits, lane->end - lane->first, err)) {
        return false;
    }
    for (size_t i = lane->first; i < lane->end; i++) {
        const struct model_instant *instant = &model->instants[i];
        enum moment_kind kind = moment_kind_of(instant);

        if (!report(list, i - lane->first, lane->end - lane->first, err)) {
            return false;
        }
        list->kind_counts[kind] += has_track(list, instant->track);
        if (has_track(list, instant->track)
            && has(list, kind, is_instant_hit(list, i))) {
            ranked_bits_set(&lane->bits, i - lane->first);
        }
    }
    ranked_bits_count(&lane->bits);
    return true;
}

/* Only points that were logged on some tracks. */
static bool
choose_points(struct moment_list *list, struct moment_lane *lane,
              struct error *err)
{
    const struct counter_point *points = lane->items;

    lane->has_bits = true;
    if (!ranked_bits_init(&lane->bits, lane->end - lane->first, err)) {
        return false;
    }
    for (size_t i = lane->first; i < lane->end; i++) {
        if (!report(list, i - lane->first, lane->end - lane->first, err)) {
            return false;
        }
        if (has_track(list, points[i].track)) {
            ranked_bits_set(&lane->bits, i - lane->first);
        }
    }
    ranked_bits_count(&lane->bits);
    return true;
}

static bool
add_counter(struct moment_list *list, uint32_t index, struct error *err)
{
    const struct counter_data *counter = &list->model->counters[index];
    const struct moment_lane all = {
        .source = MOMENT_OF_POINT,
        .owner = index,
        .items = counter->points,
        .item_size = sizeof *counter->points,
        .end = counter->counter.point_count,
    };
    struct moment_lane *lane = add_lane(list, &all);

    if (lane == NULL) {
        return true;
    }
    if (list->request.scope.tracks != NULL && !choose_points(list, lane, err)) {
        return false;
    }
    list->kind_counts[MOMENT_COUNTER] += moment_lane_count(lane);
    if (!has(list, MOMENT_COUNTER, false)) {
        ranked_bits_release(&lane->bits);
        list->lane_count--;
    }
    return true;
}

/* A lane of errors, all of which count. */
static void
add_errors(struct moment_list *list, const struct moment_lane *all)
{
    struct moment_lane *lane = add_lane(list, all);

    if (lane == NULL) {
        return;
    }
    list->kind_counts[MOMENT_ERROR] += moment_lane_count(lane);
    if (!has(list, MOMENT_ERROR, false)) {
        list->lane_count--;
    }
}

static void
add_gaps(struct moment_list *list, uint32_t track)
{
    const struct moment_lane gaps = {
        .source = MOMENT_OF_GAP,
        .owner = track,
        .items = trace_model_gaps(list->model, track),
        .item_size = sizeof(struct model_gap),
        .end = list->model->tracks[track].gap_count,
    };

    if (has_track(list, track)) {
        add_errors(list, &gaps);
    }
}

/* Whether somebody should know how a process ended. */
static bool
is_bad_end(const struct model_process *process)
{
    switch (process->end) {
    case PROCESS_END_UNKNOWN:
    case PROCESS_END_RUNNING:
        return false;
    case PROCESS_END_FINISHED:
        return process->end_value != 0;
    case PROCESS_END_KILLED:
    case PROCESS_END_SIGNAL:
    case PROCESS_END_STOPPED:
        break;
    }
    return true;
}

static bool
has_process(const struct moment_list *list, const struct model_process *process)
{
    for (size_t i = 0; i < process->track_count; i++) {
        if (has_track(list, (uint32_t)(process->first_track + i))) {
            return true;
        }
    }
    return process->track_count == 0 && list->request.scope.tracks == NULL;
}

static int
compare_ends(const void *left, const void *right)
{
    const struct moment_end *a = left;
    const struct moment_end *b = right;

    return a->time_ns != b->time_ns
               ? (a->time_ns > b->time_ns ? 1 : -1)
               : (a->process > b->process) - (a->process < b->process);
}

static bool
add_ends(struct moment_list *list, struct error *err)
{
    const struct trace_model *model = list->model;
    struct moment_lane ends = {.source = MOMENT_OF_END,
                               .item_size = sizeof *list->ends};

    list->ends = array_new(model->process_count, sizeof *list->ends, err);
    if (list->ends == NULL) {
        return false;
    }
    for (size_t i = 0; i < model->process_count; i++) {
        const struct model_process *process = &model->processes[i];

        if (is_bad_end(process) && has_process(list, process)) {
            list->ends[list->end_count++] =
                (struct moment_end){process->end_ns, (uint32_t)i};
        }
    }
    qsort(list->ends, list->end_count, sizeof *list->ends, compare_ends);
    ends.items = list->ends;
    ends.end = list->end_count;
    add_errors(list, &ends);
    return true;
}

static int
compare_slices(const void *left, const void *right)
{
    const struct slice *a = left;
    const struct slice *b = right;

    if (a->start_ns != b->start_ns) {
        return a->start_ns > b->start_ns ? 1 : -1;
    }
    if (a->track != b->track) {
        return a->track > b->track ? 1 : -1;
    }
    return (a->depth > b->depth) - (a->depth < b->depth);
}

/* The calls that were open where a track ends. */
static bool
find_unfinished(struct moment_list *list, uint32_t track, size_t *capacity,
                struct error *err)
{
    const struct trace_model *model = list->model;
    uint32_t at = model->streams[track].open_at_end;

    while (at != RECORD_NONE) {
        const struct span_record *record = &model->records[at];

        if (!array_reserve((void **)&list->unfinished, capacity,
                           list->unfinished_count + 1, sizeof *list->unfinished,
                           err)) {
            return false;
        }
        list->unfinished[list->unfinished_count++] = (struct slice){
            .start_ns = record->start_ns,
            .end_ns = record->end_ns,
            .self_ns = record->self_ns,
            .function = record->function,
            .depth = record->depth,
            .flags = record->flags,
            .track = track,
        };
        at = record->parent;
    }
    return true;
}

static bool
add_unfinished(struct moment_list *list, struct error *err)
{
    struct moment_lane calls = {.source = MOMENT_OF_UNFINISHED,
                                .item_size = sizeof *list->unfinished};
    size_t capacity = 0;

    for (uint32_t i = 0; i < list->model->track_count; i++) {
        if (has_track(list, i) && !find_unfinished(list, i, &capacity, err)) {
            return false;
        }
    }
    if (list->unfinished_count > 0) {
        qsort(list->unfinished, list->unfinished_count,
              sizeof *list->unfinished, compare_slices);
    }
    calls.items = list->unfinished;
    calls.end = list->unfinished_count;
    add_errors(list, &calls);
    return true;
}

static bool
add_calls(struct moment_list *list, struct error *err)
{
    const struct moment_calls *calls = list->request.calls;
    struct moment_lane lane = {.source = MOMENT_OF_CALL};
    struct moment_lane *added;

    if (calls == NULL) {
        return true;
    }
    list->kind_counts[MOMENT_ERROR] += calls->found[MOMENT_ERROR];
    list->kind_counts[MOMENT_HIT] += calls->found[MOMENT_HIT];
    lane.items = calls->calls;
    lane.item_size = sizeof *calls->calls;
    lane.end = calls->count;
    added = add_lane(list, &lane);
    if (added == NULL) {
        return true;
    }
    added->has_bits = true;
    if (!ranked_bits_init(&added->bits, added->end - added->first, err)) {
        return false;
    }
    for (size_t i = added->first; i < added->end; i++) {
        if (has(list, calls->calls[i].kind, calls->calls[i].is_hit)) {
            ranked_bits_set(&added->bits, i - added->first);
        }
    }
    ranked_bits_count(&added->bits);
    return true;
}

static bool
add_all(struct moment_list *list, struct error *err)
{
    const struct trace_model *model = list->model;

    if (!add_instants(list, err)) {
        return false;
    }
    for (uint32_t i = 0; i < model->counter_count; i++) {
        if (!add_counter(list, i, err)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < model->track_count; i++) {
        add_gaps(list, i);
    }
    return add_ends(list, err) && add_unfinished(list, err)
           && add_calls(list, err);
}

bool
moment_list_new(struct moment_list **out, const struct trace_model *model,
                const struct moment_request *request,
                const struct progress *progress, struct error *err)
{
    struct moment_list *list = array_new(1, sizeof *list, err);

    if (list == NULL) {
        return false;
    }
    list->model = model;
    list->request = *request;
    list->request.calls = moment_calls_share(request->calls);
    list->progress = progress;
    /* instants, ends, unfinished calls, calls */
    list->lanes = array_new(4 + model->counter_count + model->track_count,
                            sizeof *list->lanes, err);
    if (list->lanes == NULL || !add_all(list, err)) {
        moment_list_free(list);
        return false;
    }
    for (size_t i = 0; i < list->lane_count; i++) {
        list->count += moment_lane_count(&list->lanes[i]);
    }
    list->progress = NULL;
    list->request.scope.tracks = NULL;
    list->request.instants = NULL;
    *out = list;
    return true;
}

void
moment_list_free(struct moment_list *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->lane_count; i++) {
        ranked_bits_release(&list->lanes[i].bits);
    }
    free(list->lanes);
    free(list->ends);
    free(list->unfinished);
    moment_calls_drop(list->request.calls);
    free(list);
}
