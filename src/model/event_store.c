// SPDX-License-Identifier: Apache-2.0
#include "model/event_store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "format/event.h"
#include "format/record_decode.h"
#include "model/model_data.h"

/* A series as a key of the intern table; the texts follow, so that neither
 * can run into the other. */
struct series_key {
    uint32_t process;
    uint32_t name_size;
};

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
intern_series(struct event_store *store, struct text_span name,
              struct text_span key, uint32_t *id, struct error *err)
{
    char bytes[2 * VZT_LONG_RECORD_SIZE_MAX];
    struct series_key head = {.process = store->section->process,
                              .name_size = (uint32_t)name.size};
    size_t size = sizeof head + name.size + key.size;

    if (store->series == NULL && !intern_table_new(&store->series, err)) {
        return false;
    }
    if (size > sizeof bytes) {
        return error_set(err, ERROR_BAD_TRACE,
                         "a counter's name of %zu bytes is too long",
                         name.size + key.size);
    }
    memcpy(bytes, &head, sizeof head);
    memcpy(bytes + sizeof head, name.data, name.size);
    memcpy(bytes + sizeof head + name.size, key.data, key.size);
    return intern_table_add(store->series, bytes, size, id, err);
}

static bool
put_point(struct event_store *store, struct text_span name,
          const struct vzt_series *series, struct text_span key,
          struct error *err)
{
    struct stored_point point = {.place = store->place};

    if (name.size + key.size > VZT_LONG_RECORD_SIZE_MAX) {
        return true; /* no recorder writes such; see vzt(5) */
    }
    if (!intern_series(store, name, key, &point.series, err)
        || !array_reserve((void **)&store->points, &store->point_capacity,
                          store->point_count + 1, sizeof point, err)) {
        return false;
    }
    if (series->type == VZT_VALUE_INT64) {
        int64_t integer;

        memcpy(&integer, &series->bits, sizeof integer);
        point.value = (double)integer;
        point.is_integer = true;
    } else {
        memcpy(&point.value, &series->bits, sizeof point.value);
    }
    store->points[store->point_count++] = point;
    return true;
}

static bool
put_counter(struct event_store *store, const uint64_t *payload,
            size_t word_count, struct error *err)
{
    struct counter_record record;
    const char *key;

    if (!record_decode_counter(payload, word_count, &record)) {
        return true;
    }
    key = record.keys;
    for (size_t i = 0; i < record.series_count; i++) {
        const struct vzt_series *series = &record.series[i];
        struct text_span text = {.data = key, .size = series->key_size};

        if (!put_point(store, record.name, series, text, err)) {
            return false;
        }
        key += series->key_size;
    }
    return true;
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
        return put_counter(store, payload, word_count, err);
    case RECORD_GAP:
        return put_gap(store, payload, word_count, err);
    }
    return true; /* a kind that this version does not show */
}

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* Every stored thing begins with its place. */
static int
compare_places(const void *left, const void *right)
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
    qsort(all, count, sizeof *all, compare_places);
    for (size_t i = 0; i < count; i++) {
        model->instants[i] = all[i].instant;
        model->tracks[all[i].instant.track].instant_count++;
    }
    model->instant_count = count;
    free(all);
    return true;
}

/* A series of the whole model, and where its points go. */
struct merged_series {
    const char *bytes; /* struct series_key, name, key */
    size_t size;
    uint32_t id;
};

static struct series_key
series_key(const struct merged_series *series)
{
    struct series_key key;

    memcpy(&key, series->bytes, sizeof key);
    return key;
}

static int
compare_texts(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);

    return order != 0 ? order : compare_numbers(a_size, b_size);
}

static int
compare_series(const void *left, const void *right)
{
    const struct merged_series *a = left;
    const struct merged_series *b = right;
    struct series_key a_key = series_key(a);
    struct series_key b_key = series_key(b);
    int order = compare_numbers(a_key.process, b_key.process);
    size_t head = sizeof a_key;

    if (order == 0) {
        order = compare_texts(a->bytes + head, a_key.name_size, b->bytes + head,
                              b_key.name_size);
    }
    if (order == 0) {
        order = compare_texts(a->bytes + head + a_key.name_size,
                              a->size - head - a_key.name_size,
                              b->bytes + head + b_key.name_size,
                              b->size - head - b_key.name_size);
    }
    return order;
}

/* Give every point the id of its series in one common table. */
static bool
join_series(struct event_store *stores, size_t store_count,
            struct intern_table *table, struct error *err)
{
    for (size_t i = 0; i < store_count; i++) {
        struct event_store *store = &stores[i];

        for (size_t k = 0; k < store->point_count; k++) {
            size_t size;
            const char *bytes = intern_table_text(
                store->series, store->points[k].series, &size);

            if (!intern_table_add(table, bytes, size, &store->points[k].series,
                                  err)) {
                return false;
            }
        }
    }
    return true;
}

/* Fill model->counters; rank[id of a series] becomes its index there. */
static bool
make_counters(struct trace_model *model, const struct intern_table *table,
              uint32_t *rank, struct error *err)
{
    size_t count = intern_table_count(table);
    struct merged_series *series = array_new(count, sizeof *series, err);
    bool ok = false;

    model->counters = array_new(count, sizeof *model->counters, err);
    if (series == NULL || model->counters == NULL) {
        goto out;
    }
    model->counter_count = count;
    for (uint32_t i = 0; i < count; i++) {
        series[i].bytes = intern_table_text(table, i, &series[i].size);
        series[i].id = i;
    }
    qsort(series, count, sizeof *series, compare_series);
    for (uint32_t i = 0; i < count; i++) {
        struct series_key key = series_key(&series[i]);
        const char *name = series[i].bytes + sizeof key;
        struct model_counter *counter = &model->counters[i].counter;

        rank[series[i].id] = i;
        counter->process = key.process;
        counter->is_integer = true;
        counter->name = arena_copy(&model->texts, name, key.name_size);
        counter->key = arena_copy(&model->texts, name + key.name_size,
                                  series[i].size - sizeof key - key.name_size);
        if (counter->name == NULL || counter->key == NULL) {
            (void)error_set_no_memory(err);
            goto out;
        }
    }
    ok = true;

out:
    free(series);
    return ok;
}

static void
add_point(struct counter_data *data, const struct stored_point *stored)
{
    struct model_counter *counter = &data->counter;
    double value = stored->value;

    data->points[counter->point_count++] = (struct counter_point){
        .time_ns = stored->place.time_ns,
        .value = value,
        .track = stored->place.track,
    };
    counter->is_integer = counter->is_integer && stored->is_integer;
    if (isnan(value)) {
        return;
    }
    if (isnan(counter->min) || value < counter->min) {
        counter->min = value;
    }
    if (isnan(counter->max) || value > counter->max) {
        counter->max = value;
    }
}

/* Put points, sorted by time, into the counters they belong to. */
static void
distribute_points(struct trace_model *model, const struct stored_point *points,
                  size_t count, const uint32_t *rank)
{
    struct counter_point *place = model->points;

    for (size_t i = 0; i < count; i++) {
        model->counters[rank[points[i].series]].counter.point_count++;
    }
    for (size_t i = 0; i < model->counter_count; i++) {
        struct counter_data *data = &model->counters[i];

        data->points = place;
        place += data->counter.point_count;
        data->counter.point_count = 0;
        data->counter.min = data->counter.max = NAN;
    }
    for (size_t i = 0; i < count; i++) {
        add_point(&model->counters[rank[points[i].series]], &points[i]);
    }
    model->point_count = count;
}

static bool
merge_points(struct trace_model *model, struct event_store *stores,
             size_t store_count, struct error *err)
{
    struct intern_table *table = NULL;
    struct stored_point *all = NULL;
    uint32_t *rank = NULL;
    size_t count = 0;
    bool ok = false;

    if (!intern_table_new(&table, err)
        || !join_series(stores, store_count, table, err)) {
        goto out;
    }
    for (size_t i = 0; i < store_count; i++) {
        count += stores[i].point_count;
    }
    all = array_new(count, sizeof *all, err);
    rank = array_new(intern_table_count(table), sizeof *rank, err);
    model->points = array_new(count, sizeof *model->points, err);
    if (all == NULL || rank == NULL || model->points == NULL
        || !make_counters(model, table, rank, err)) {
        goto out;
    }
    count = 0;
    for (size_t i = 0; i < store_count; i++) {
        if (stores[i].point_count > 0) {
            memcpy(&all[count], stores[i].points,
                   stores[i].point_count * sizeof *all);
        }
        count += stores[i].point_count;
    }
    qsort(all, count, sizeof *all, compare_places);
    distribute_points(model, all, count, rank);
    ok = true;

out:
    free(rank);
    free(all);
    intern_table_free(table);
    return ok;
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
    qsort(all, count, sizeof *all, compare_places);
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
        || !merge_points(model, stores, store_count, err)
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
    intern_table_free(store->series);
    arena_release(&store->texts);
    *store = (struct event_store){0};
}
