// SPDX-License-Identifier: Apache-2.0
/* Instants, objects and counters. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "random_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

static const struct trace_random_options many = {.seed = 41,
                                                 .calls_per_thread = 600,
                                                 .process_count = 2,
                                                 .thread_count = 2,
                                                 .instant_permille = 100,
                                                 .object_permille = 100,
                                                 .counter_permille = 100,
                                                 .block_size = 512};

/* Its phase, id and arguments. */
static bool
has_facts(const struct model_instant *instant,
          const struct oracle_instant *expected)
{
    char id[32] = "";
    const char *args = expected->phase == 0 ? "{\"n\": 1}"
                       : expected->phase == VZT_OBJECT_SNAPSHOT
                           ? "{\"snapshot\": {\"n\": 1}}"
                           : "";

    if (expected->phase != 0) {
        snprintf(id, sizeof id, "%u", expected->number);
    }
    return (uint32_t)instant->phase == expected->phase
           && strcmp(instant->id, id) == 0 && instant->id_size == strlen(id)
           && strcmp(instant->args, args) == 0
           && instant->args_size == strlen(args);
}

static bool
has_instant(const struct random_model *random,
            const struct model_instant *instant)
{
    const struct trace_oracle *oracle = random->oracle;
    char name[32];

    for (size_t i = 0; i < oracle->instant_count; i++) {
        const struct oracle_instant *expected = &oracle->instants[i];

        if (expected->time_ns - oracle->first_ns == instant->time_ns
            && random_model_track(random, expected->thread) == instant->track
            && strcmp(oracle_instant_name(expected, name), instant->name) == 0
            && instant->name_size == strlen(name)
            && has_facts(instant, expected)) {
            return true;
        }
    }
    return false;
}

Test(events, every_instant_once_in_the_order_of_time)
{
    struct random_model random = {0};
    size_t count;

    random_model_open(&random, &many, 2);
    count = trace_model_instant_count(random.model);
    cr_assert(eq(sz, count, random.oracle->instant_count));
    for (size_t i = 0; i < count; i++) {
        struct model_instant instant = trace_model_instant(random.model, i);
        size_t found = trace_model_instant_find(random.model, instant.time_ns);

        cr_assert(has_instant(&random, &instant));
        cr_assert(le(sz, found, i));
        cr_assert(eq(u64, trace_model_instant(random.model, found).time_ns,
                     instant.time_ns));
        cr_assert(i == 0
                  || trace_model_instant(random.model, i - 1).time_ns
                         <= instant.time_ns);
    }
    random_model_close(&random);
}

/* The oracle's points of one counter of one process: how many there are, and
 * the extremes. */
static size_t
expected_points(const struct random_model *random, uint32_t pid,
                const char *name, double *min, double *max)
{
    const struct trace_oracle *oracle = random->oracle;
    size_t count = 0;
    char text[32];

    for (size_t i = 0; i < oracle->counter_count; i++) {
        const struct oracle_counter *counter = &oracle->counters[i];

        snprintf(text, sizeof text, "counter %u", counter->number);
        if (oracle->threads[counter->thread].pid == pid
            && strcmp(text, name) == 0) {
            *min = count == 0 || counter->value < *min ? counter->value : *min;
            *max = count == 0 || counter->value > *max ? counter->value : *max;
            count++;
        }
    }
    return count;
}

static bool
has_point(const struct random_model *random, const struct counter_point *point)
{
    const struct trace_oracle *oracle = random->oracle;

    for (size_t i = 0; i < oracle->counter_count; i++) {
        const struct oracle_counter *counter = &oracle->counters[i];

        if (counter->time_ns - oracle->first_ns == point->time_ns
            && counter->value == point->value
            && random_model_track(random, counter->thread) == point->track) {
            return true;
        }
    }
    return false;
}

Test(events, every_counter_with_its_points)
{
    struct random_model random = {0};
    size_t point_count = 0;

    random_model_open(&random, &many, 2);
    for (size_t i = 0; i < trace_model_counter_count(random.model); i++) {
        const struct model_counter *counter =
            trace_model_counter(random.model, i);
        const struct counter_point *points =
            trace_model_counter_points(random.model, i);
        double min = 0;
        double max = 0;

        cr_assert(
            eq(sz, counter->point_count,
               expected_points(
                   &random,
                   trace_model_process(random.model, counter->process)->pid,
                   counter->name, &min, &max)));
        cr_assert(eq(dbl, counter->min, min));
        cr_assert(eq(dbl, counter->max, max));
        cr_assert(eq(str, (char *)counter->key, "value"));
        for (size_t k = 0; k < counter->point_count; k++) {
            cr_assert(has_point(&random, &points[k]));
        }
        point_count += counter->point_count;
    }
    cr_assert(eq(sz, point_count, random.oracle->counter_count));
    random_model_close(&random);
}

Test(events, values_that_are_no_numbers_do_not_spoil_the_extremes)
{
    char *folder = temporary_folder_make();
    struct trace_builder *builder = trace_builder_new(folder);
    uint32_t thread = trace_builder_thread(builder, "MainThread");
    struct trace_model *model = NULL;
    struct error err = {0};
    const struct counter_point *points;
    const char *const_path;
    char *path;

    trace_builder_counter(builder, thread, "load", "cpu", NAN, 10);
    trace_builder_counter(builder, thread, "load", "cpu", 3.5, 20);
    trace_builder_counter(builder, thread, "load", "cpu", -1, 30);
    trace_builder_counter(builder, thread, "load", "gpu", NAN, 40);
    const_path = path = trace_builder_finish(builder);
    cr_assert(trace_model_open(&model, &const_path, 1, NULL, &err));
    cr_assert(eq(sz, trace_model_counter_count(model), 2));
    cr_assert(eq(dbl, trace_model_counter(model, 0)->min, -1));
    cr_assert(eq(dbl, trace_model_counter(model, 0)->max, 3.5));
    points = trace_model_counter_points(model, 0);
    cr_assert(isnan(points[0].value));
    cr_assert(isnan(trace_model_counter(model, 1)->min));
    trace_model_close(model);
    free(path);
    temporary_folder_remove(folder);
}
