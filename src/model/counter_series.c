// SPDX-License-Identifier: Apache-2.0
#include "model/counter_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/intern.h"
#include "format/record_decode.h"
#include "model/counter_mean.h"
#include "model/event_store.h"
#include "model/model_data.h"

/* A series as a key of the intern table; the texts follow, so that neither
 * can run into the other. */
struct series_key {
    uint32_t process;
    uint32_t name_size;
};

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

bool
counter_series_put(struct event_store *store, const uint64_t *payload,
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

static int
compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
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

bool
counter_series_merge(struct trace_model *model, struct event_store *stores,
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
    qsort(all, count, sizeof *all, event_place_compare);
    distribute_points(model, all, count, rank);
    ok = counter_mean_build(model, err);

out:
    free(rank);
    free(all);
    intern_table_free(table);
    return ok;
}
