// SPDX-License-Identifier: Apache-2.0
/* What a trace says about what recording it took. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/recording_facts.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"
#include "trace_bytes.h"

static char *folder;

static void
set_up(void)
{
    folder = temporary_folder_make();
}

static void
tear_down(void)
{
    temporary_folder_remove(folder);
}

TestSuite(recording_facts, .init = set_up, .fini = tear_down);

/* A process of `calls` calls of 800 ns each, one a microsecond, that says what
 * an event took, and writing. */
static void
add_process(struct trace_builder *builder, uint32_t pid, uint64_t calls,
            uint64_t cost_ps, uint64_t flush_ns)
{
    uint32_t function = trace_builder_function(builder, "f", "/w/a.py", 1);
    uint32_t thread;

    trace_builder_process(builder, "app.py", pid, 1);
    trace_builder_event_cost(builder, cost_ps);
    trace_builder_block_size(builder, 512);
    trace_builder_status(builder, (struct vzt_status){.state = VZT_STATE_ENDED,
                                                      .flush_ticks = flush_ns});
    thread = trace_builder_thread(builder, "MainThread");
    for (uint64_t i = 0; i < calls; i++) {
        trace_builder_call(builder, thread, function, 1000 * (i + 1));
        trace_builder_return(builder, thread, function, 1000 * (i + 1) + 800);
    }
}

static struct trace_model *
open_path(const char *path)
{
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, &path, 1, NULL, &err), "%s",
              err.message);
    return model;
}

static struct trace_model *
open_model(struct trace_builder *builder)
{
    char *path = trace_builder_finish(builder);
    struct trace_model *model = open_path(path);

    free(path);
    return model;
}

static void
expect_text(const struct trace_model *model, const char *expected)
{
    struct buffer text = {0};

    recording_facts_append(&text, model, true);
    if (expected == NULL) {
        cr_assert(zero(sz, text.size));
    } else {
        cr_assert(text.size > 0 && strstr(text.data, expected) != NULL,
                  "\"%s\" is not in \"%s\"", expected,
                  text.size > 0 ? text.data : "");
    }
    buffer_release(&text);
}

Test(recording_facts, the_cost_of_all_processes_that_state_theirs)
{
    struct trace_builder *builder = trace_builder_new(folder);
    struct recording_cost cost;
    struct trace_model *model;

    add_process(builder, 200, 100, 10000, 3000); /* 2 us and 3 us */
    add_process(builder, 201, 300, 30000, 0);    /* 18 us */
    add_process(builder, 202, 500, 0, 9999);     /* does not say */
    add_process(builder, 203, 0, 5000, 9999);    /* called nothing */
    model = open_model(builder);
    cost = recording_cost(model);
    cr_assert(eq(u64, cost.event_count, 800));
    cr_assert(epsilon_eq(dbl, cost.event_ns, 25, 1e-9));
    cr_assert(eq(u64, cost.flush_ns, 3000));
    cr_assert(eq(u64, cost.total_ns, 23000));
    cr_assert(eq(u64, cost.busy_ns, 400 * 800));
    expect_text(model, "about 25.0 ns an event, and 23.0 us with writing: "
                       "7.2% of the time in calls");
    trace_model_close(model);
}

Test(recording_facts, nothing_is_said_when_nothing_is_known)
{
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_model *model;

    add_process(builder, 200, 10, 0, 0);
    model = open_model(builder);
    cr_assert(zero(u64, recording_cost(model).event_count));
    cr_assert(zero(dbl, recording_clock_spread_ppm(model)));
    expect_text(model, NULL);
    trace_model_close(model);
}

/* A block each 200 ms; from the tenth on the counter is slower. */
static void
slow_down(char *path, double share)
{
    struct trace_bytes bytes = trace_bytes_read(path);
    struct vzt_chunk_header *block;

    for (size_t i = 10; (block = trace_bytes_block(&bytes, i)) != NULL; i++) {
        block->first_monotonic_ns += (uint64_t)((double)(i - 9) * 2e8 * share);
    }
    trace_bytes_write(&bytes);
    trace_bytes_release(&bytes);
}

Test(recording_facts, a_clock_that_ran_unevenly_is_worth_saying)
{
    static const double shares[] = {1e-5, 2e-4};

    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        struct trace_builder *builder = trace_builder_new(folder);
        uint32_t thread;
        struct trace_model *model;
        char *path;

        trace_builder_block_size(builder, 128);
        thread = trace_builder_thread(builder, "MainThread");
        for (uint64_t k = 1; k <= 20; k++) {
            trace_builder_instant(builder, thread, "a long enough name", NULL,
                                  k * UINT64_C(200000000));
        }
        path = trace_builder_finish(builder);
        slow_down(path, shares[i]);
        model = open_path(path);
        cr_assert(epsilon_eq(dbl, recording_clock_spread_ppm(model),
                             shares[i] * 1e6, shares[i] * 1e4));
        expect_text(model, i == 0 ? NULL : "varied by 200 parts per million");
        trace_model_close(model);
        cr_assert(eq(int, remove(path), 0));
        free(path);
    }
}

Test(recording_facts, numbers_that_cannot_be_do_no_harm)
{
    struct trace_builder *builder = trace_builder_new(folder);
    struct trace_model *model;

    add_process(builder, 200, 10, UINT64_MAX, UINT64_MAX);
    add_process(builder, 201, 10, UINT64_MAX, UINT64_MAX);
    model = open_model(builder);
    cr_assert(eq(u64, recording_cost(model).event_count, 40));
    expect_text(model, "100% of the time in calls");
    trace_model_close(model);
}
