// SPDX-License-Identifier: Apache-2.0
/* The lists of instants against a look at each instant. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "model/instant_lane.h"
#include "model/trace_model.h"
#include "random_model.h"

static struct model_instant
instant_of(const char *name, const char *args)
{
    return (struct model_instant){
        .name = name,
        .name_size = strlen(name),
        .args = args,
        .args_size = strlen(args),
    };
}

Test(instant_lane, tells_what_was_written_from_what_happened)
{
    static const struct {
        const char *name;
        const char *args;
        enum instant_lane lane;
    } cases[] = {
        {"here", "", LANE_MARKS},
        {"print - hello", "", LANE_LOG},
        {"logging - hello", "{\"n\": 1}", LANE_LOG},
        {"name", "{\"value\": \"text\"}", LANE_LOG},
        {"name", "{ \"value\" : \"a\\\"b\" }", LANE_LOG},
        {"name", "{\"value\": 1}", LANE_MARKS},
        {"name", "{\"value\": \"text\", \"n\": 1}", LANE_MARKS},
        {"name", "{\"value\": \"text", LANE_MARKS},
        {"name", "{\"value\": \"text\\", LANE_MARKS},
        {"Exception - x", "", LANE_MARKS},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct model_instant instant = instant_of(cases[i].name, cases[i].args);

        cr_expect(eq(int, instant_lane_of(&instant), cases[i].lane), "%zu", i);
        instant.phase = VZT_OBJECT_CREATED;
        cr_expect(eq(int, instant_lane_of(&instant), LANE_OBJECTS), "%zu", i);
    }
}

/* Each instant is in the list of its process and lane, in order. */
static size_t
check_list(const struct trace_model *model, uint32_t process,
           enum instant_lane lane)
{
    struct instant_list list = instant_lane_list(model, process, lane);
    size_t seen = 0;

    for (size_t i = 0; i < trace_model_instant_count(model); i++) {
        struct model_instant instant = trace_model_instant(model, i);

        if (seen == 0
            || trace_model_instant(model, i - 1).time_ns < instant.time_ns) {
            cr_assert(
                eq(sz, instant_list_before(&list, instant.time_ns), seen));
        }
        cr_assert(eq(sz, instant_list_place(&list, i), seen));
        if (trace_model_track(model, instant.track)->process == process
            && instant_lane_of(&instant) == lane) {
            cr_assert(lt(sz, seen, list.count));
            cr_assert(eq(u32, list.items[seen], (uint32_t)i));
            seen++;
        }
    }
    cr_assert(eq(sz, seen, list.count));
    cr_assert(eq(sz, instant_list_before(&list, UINT64_MAX), seen));
    return seen;
}

Test(instant_lane, has_each_instant_in_one_list)
{
    const struct trace_random_options options = {.seed = 11,
                                                 .process_count = 3,
                                                 .thread_count = 2,
                                                 .calls_per_thread = 300,
                                                 .instant_permille = 100,
                                                 .object_permille = 100,
                                                 .block_size = 512};
    struct random_model random = {0};
    size_t seen = 0;

    random_model_open(&random, &options, 2);
    for (uint32_t i = 0; i < trace_model_process_count(random.model); i++) {
        for (int lane = 0; lane < LANE_COUNT; lane++) {
            seen += check_list(random.model, i, (enum instant_lane)lane);
        }
    }
    cr_assert(gt(sz, seen, 100));
    cr_assert(eq(sz, seen, trace_model_instant_count(random.model)));
    random_model_close(&random);
}
