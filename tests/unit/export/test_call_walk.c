// SPDX-License-Identifier: Apache-2.0
/* Calls as entries and exits, for formats that have those. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

#include "base/error.h"
#include "cut_check.h"
#include "export/call_walk.h"
#include "export/exporter.h"
#include "model/span_query.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

enum { OPEN_MAX = 256 };

/* What was entered and not left, as the visitor is told. */
struct walked {
    const struct trace_model *model;
    struct slice open[OPEN_MAX];
    size_t open_count;
    uint64_t last_ns; /* of the last entry or exit of the track */
    uint64_t call_count;
};

static bool
begin_track(void *context, uint32_t track, struct error *err)
{
    struct walked *walked = context;

    (void)track;
    (void)err;
    walked->open_count = 0;
    walked->last_ns = 0;
    walked->call_count = 0;
    return true;
}

static bool
enter(void *context, const struct slice *slice, struct error *err)
{
    struct walked *walked = context;

    (void)err;
    cr_assert(ge(u64, slice->start_ns, walked->last_ns));
    cr_assert(eq(sz, walked->open_count, slice->depth),
              "each call that is open is left when it ends, no earlier");
    cr_assert(lt(sz, walked->open_count, OPEN_MAX));
    walked->open[walked->open_count++] = *slice;
    walked->last_ns = slice->start_ns;
    walked->call_count++;
    return true;
}

static bool
leave(void *context, const struct slice *slice, uint64_t end_ns,
      struct error *err)
{
    struct walked *walked = context;
    const struct slice *last;

    (void)err;
    cr_assert(gt(sz, walked->open_count, 0));
    last = &walked->open[--walked->open_count];
    cr_assert(eq(u64, slice->start_ns, last->start_ns));
    cr_assert(eq(u32, slice->function, last->function));
    cr_assert(eq(u64, end_ns, slice->end_ns));
    cr_assert(ge(u64, end_ns, walked->last_ns));
    walked->last_ns = end_ns;
    return true;
}

static bool
end_track(void *context, uint32_t track, struct error *err)
{
    struct walked *walked = context;

    (void)err;
    cr_assert(eq(sz, walked->open_count, 0));
    cr_assert(eq(u64, walked->call_count,
                 trace_model_track(walked->model, track)->call_count));
    return true;
}

Test(call_walk, enters_and_leaves_every_call_in_the_order_of_time)
{
    static const struct trace_random_options kinds[] = {
        {.seed = 1, .calls_per_thread = 300, .block_size = 512},
        {.seed = 2, .thread_count = 3, .calls_per_thread = 200},
        {.seed = 3, .calls_per_thread = 150, .depth_max = 80, .is_deep = true},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        char *folder = temporary_folder_make();
        struct trace_oracle *oracle = trace_random(folder, &kinds[i]);
        struct trace_model *model = cut_open_model(oracle->path);
        struct walked walked = {.model = model};
        struct call_visitor visitor = {
            .context = &walked,
            .begin_track = begin_track,
            .enter = enter,
            .leave = leave,
            .end_track = end_track,
        };
        struct export_options options = {0};
        struct error err = {0};

        cr_assert(call_walk(model, &options, &visitor, &err), "%s",
                  err.message);
        trace_model_close(model);
        trace_oracle_free(oracle);
        temporary_folder_remove(folder);
    }
}
