// SPDX-License-Identifier: Apache-2.0
#include "model/event_store.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "format/event.h"
#include "format/record_decode.h"
#include "model/counter_series.h"
#include "model/instant_lane.h"
#include "model/model_data.h"

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

int
event_place_compare(const void *left, const void *right)
{
    const struct event_place *a = left;
    const struct event_place *b = right;
    int order = compare_numbers(a->time_ns, b->time_ns);

    if (order == 0) {
        order = compare_numbers(a->track, b->track);
    }
    if (order == 0) {
        order = compare_numbers(a->block, b->block);
    }
    return order != 0 ? order : compare_numbers(a->ordinal, b->ordinal);
}

static const char *
copy_text(struct event_store *store, struct text_span text)
{
    return text.size == 0 ? ""
                          : arena_copy(&store->texts, text.data, text.size);
}

/* Keep the texts, and what is told of an instant or an object. */
static bool
keep_instant(struct event_store *store, const struct object_record *record,
             enum vzt_scope scope, struct error *err)
{
    struct stored_instant stored = {.place = store->place};
    struct model_instant *instant = &stored.instant;
    struct text_span args = record->args_string == 0
                                ? record->args
                                : trace_section_string(store->section->section,
                                                       record->args_string);

    *instant = (struct model_instant){
        .time_ns = store->place.time_ns,
        .track = store->place.track,
        .scope = scope,
        .phase = record->phase,
        .name_size = record->name.size,
        .id_size = record->id.size,
        .args_size = args.size,
    };
    instant->name = copy_text(store, record->name);
    instant->id = copy_text(store, record->id);
    instant->args = copy_text(store, args);
    if (instant->name == NULL || instant->id == NULL || instant->args == NULL) {
        return error_set_no_memory(err);
    }
    instant->lane = instant_lane_of(instant);
    if (!array_reserve((void **)&store->instants, &store->instant_capacity,
                       store->instant_count + 1, sizeof stored, err)) {
        return false;
    }
    store->instants[store->instant_count++] = stored;
    return true;
}

static bool
put_instant(struct event_store *store, const uint64_t *payload,
            size_t word_count, struct error *err)
{
    struct instant_record record;
    struct object_record kept;

    if (!record_decode_instant(payload, word_count, &record)) {
        return true;
    }
    kept = (struct object_record){
        .name = record.name,
        .args = record.args,
        .args_string = record.args_string,
    };
    return keep_instant(store, &kept, record.scope, err);
}

static bool
put_object(struct event_store *store, const uint64_t *payload,
           size_t word_count, struct error *err)
{
    struct object_record record;

    return !record_decode_object(payload, word_count, &record)
           || keep_instant(store, &record, VZT_SCOPE_THREAD, err);
}

static bool
put_gap(struct event_store *store, const uint64_t *payload, size_t word_count,
        struct error *err)
{
    struct vzt_gap gap;
    struct stored_gap stored = {.place = store->place};

    if (!record_decode_gap(payload, word_count, &gap)) {
        return true;
    }
    if (!array_reserve((void **)&store->gaps, &store->gap_capacity,
                       store->gap_count + 1, sizeof stored, err)) {
        return false;
    }
    stored.start_ns = model_section_time(store->section, gap.start_tick);
    if (stored.start_ns > stored.place.time_ns) {
        stored.start_ns = stored.place.time_ns;
    }
    stored.lost_calls = gap.lost_calls;
    stored.is_pause = gap.reason == VZT_GAP_PAUSED;
    store->gaps[store->gap_count++] = stored;
    return true;
}

bool
event_store_put(void *context, uint64_t time_ns, uint64_t head,
                const uint64_t *payload, struct error *err)
{
    struct event_store *store = context;
    size_t word_count = record_size(head);

    store->place.time_ns = time_ns;
    store->place.ordinal++;
    switch (record_type(head)) {
    case RECORD_INSTANT:
        return put_instant(store, payload, word_count, err);
    case RECORD_OBJECT:
        return put_object(store, payload, word_count, err);
    case RECORD_COUNTER:
        return counter_series_put(store, payload, word_count, err);
    case RECORD_GAP:
        return put_gap(store, payload, word_count, err);
    case RECORD_FLOW_START:
    case RECORD_FLOW_END:
        return flow_store_put(&store->flows, store->section, store->scratch,
                              &store->place, head, payload, err);
    }
    return true; /* a kind that this version does not show */
}

static bool
merge_instants(struct trace_model *model, struct event_store *stores,
               size_t store_count, struct error *err)
{
    struct stored_instant *all;
    size_t count = 0;

    for (size_t i = 0; i < store_count; i++) {
        count += stores[i].instant_count;
    }
    all = array_new(count, sizeof *all, err);
    model->instants = array_new(count, sizeof *model->instants, err);
    if (all == NULL || model->instants == NULL) {
        free(all);
        return false;
    }
    count = 0;
    for (size_t i = 0; i < store_count; i++) {
        if (stores[i].instant_count > 0) {
            memcpy(&all[count], stores[i].instants,
                   stores[i].instant_count * sizeof *all);
        }
        count += stores[i].instant_count;
    }
    qsort(all, count, sizeof *all, event_place_compare);
    for (size_t i = 0; i < count; i++) {
        model->instants[i] = all[i].instant;
        model->tracks[all[i].instant.track].instant_count++;
    }
    model->instant_count = count;
    free(all);
    return true;
}

static bool
merge_gaps(struct event_store *stores, size_t store_count,
           struct stored_gap **gaps, size_t *gap_count, struct error *err)
{
    size_t count = 0;
    struct stored_gap *all;

    for (size_t i = 0; i < store_count; i++) {
        count += stores[i].gap_count;
    }
    all = array_new(count, sizeof *all, err);
    if (all == NULL) {
        return false;
    }
    *gap_count = count;
    count = 0;
    for (size_t i = 0; i < store_count; i++) {
        for (size_t k = 0; k < stores[i].gap_count; k++) {
            all[count++] = stores[i].gaps[k];
        }
    }
    qsort(all, count, sizeof *all, event_place_compare);
    *gaps = all;
    return true;
}

/* The instants' texts move to the model, which outlives the stores. */
static void
move_texts(struct trace_model *model, struct event_store *stores,
           size_t store_count)
{
    for (size_t i = 0; i < store_count; i++) {
        model->event_texts[i] = stores[i].texts;
        stores[i].texts = (struct arena){0};
    }
    model->event_texts_count = store_count;
}

bool
event_store_merge(struct trace_model *model, struct event_store *stores,
                  size_t store_count, struct stored_gap **gaps,
                  size_t *gap_count, struct error *err)
{
    model->event_texts =
        array_new(store_count, sizeof *model->event_texts, err);
    if (model->event_texts == NULL
        || !merge_instants(model, stores, store_count, err)
        || !instant_lane_build(model, err)
        || !counter_series_merge(model, stores, store_count, err)
        || !merge_gaps(stores, store_count, gaps, gap_count, err)) {
        return false;
    }
    move_texts(model, stores, store_count);
    return true;
}

void
event_store_release(struct event_store *store)
{
    free(store->instants);
    free(store->points);
    free(store->gaps);
    flow_store_release(&store->flows);
    intern_table_free(store->series);
    arena_release(&store->texts);
    *store = (struct event_store){0};
}
