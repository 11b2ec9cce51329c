// SPDX-License-Identifier: Apache-2.0
/* Traces of different times that have something at one time. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/align_marker.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_builder.h"

enum { INPUT_COUNT = 3 };

/* What happens in an input, from the start of its first call. */
struct happening {
    uint64_t start_ns;
    uint64_t ready_call_ns;    /* of a function "ready"; 0 = there is none */
    uint64_t ready_instant_ns; /* likewise */
};

static char *folder;
static char *paths[INPUT_COUNT];

static void
make_input(unsigned index, const struct happening *what)
{
    struct trace_builder *b = trace_builder_new(folder);
    uint32_t work = trace_builder_function(b, "work", "/w/app.py", 1);
    uint32_t ready = trace_builder_function(b, "ready", "/w/app.py", 9);
    uint32_t thread = trace_builder_thread(b, "MainThread");
    uint32_t other = trace_builder_thread(b, "other");
    uint64_t start_ns = what->start_ns;
    char name[32];
    char *path;

    trace_builder_call(b, thread, work, start_ns);
    if (what->ready_call_ns > 0) {
        trace_builder_call(b, other, ready, start_ns + what->ready_call_ns);
        trace_builder_return(b, other, ready,
                             start_ns + what->ready_call_ns + 5);
        trace_builder_call(b, other, ready,
                           start_ns + what->ready_call_ns + 50);
        trace_builder_return(b, other, ready,
                             start_ns + what->ready_call_ns + 70);
    }
    if (what->ready_instant_ns > 0) {
        trace_builder_instant(b, thread, "ready", NULL,
                              start_ns + what->ready_instant_ns);
    }
    trace_builder_return(b, thread, work, start_ns + 900);
    path = trace_builder_finish(b);
    (void)snprintf(name, sizeof name, "%u.vzt", index);
    paths[index] = temporary_folder_file(folder, name);
    cr_assert(eq(int, rename(path, paths[index]), 0));
    free(path);
}

static void
set_up(const struct happening *what)
{
    folder = temporary_folder_make();
    for (unsigned i = 0; i < INPUT_COUNT; i++) {
        make_input(i, &what[i]);
    }
}

static void
tear_down(void)
{
    for (unsigned i = 0; i < INPUT_COUNT; i++) {
        free(paths[i]);
    }
    temporary_folder_remove(folder);
}

static struct trace_model *
open_inputs(const uint64_t *delays_ns)
{
    struct trace_model_options options = {
        .thread_count = 1, .aligns_inputs = true, .delays_ns = delays_ns};
    struct trace_model *model = NULL;
    struct error err = {0};

    cr_assert(trace_model_open(&model, (const char *const *)paths, INPUT_COUNT,
                               &options, &err),
              "%s", err.message);
    return model;
}

/* Where each input begins when the marker is at one time. */
static void
expect_starts(const char *marker, const uint64_t starts_ns[INPUT_COUNT])
{
    struct trace_model *model = open_inputs(NULL);
    uint64_t *delays_ns = NULL;
    struct error err = {0};

    cr_assert(align_marker_find(model, marker, &delays_ns, &err), "%s",
              err.message);
    trace_model_close(model);
    model = open_inputs(delays_ns);
    cr_assert(eq(sz, trace_model_process_count(model), INPUT_COUNT));
    for (size_t i = 0; i < INPUT_COUNT; i++) {
        const struct model_process *process = trace_model_process(model, i);

        cr_assert(lt(sz, process->input, INPUT_COUNT));
        cr_expect(eq(u64, process->start_ns, starts_ns[process->input]));
        cr_expect(eq(u64, delays_ns[process->input], process->start_ns));
    }
    free(delays_ns);
    trace_model_close(model);
}

Test(align_marker, the_first_call_of_that_name_is_at_one_time)
{
    static const struct happening what[] = {
        {5000, 100, 0}, {77000000, 300, 0}, {900, 20, 0}};
    static const uint64_t starts_ns[] = {200, 0, 280};

    set_up(what);
    expect_starts("ready", starts_ns);
    tear_down();
}

Test(align_marker, an_instant_counts_before_a_call)
{
    static const struct happening what[] = {
        {5000, 100, 400}, {77000000, 300, 0}, {900, 20, 500}};
    static const uint64_t starts_ns[] = {100, 200, 0};

    set_up(what);
    expect_starts("ready", starts_ns);
    tear_down();
}

Test(align_marker, an_input_without_it_is_named)
{
    static const struct happening what[] = {
        {5000, 100, 0}, {77000000, 0, 0}, {900, 20, 0}};
    struct trace_model *model;
    uint64_t *delays_ns = NULL;
    struct error err = {0};

    set_up(what);
    model = open_inputs(NULL);
    cr_assert(not(align_marker_find(model, "ready", &delays_ns, &err)));
    cr_assert(eq(int, err.code, ERROR_USAGE));
    cr_assert(ne(ptr, strstr(err.message, "1.vzt has no instant"), NULL), "%s",
              err.message);
    cr_assert(eq(ptr, delays_ns, NULL));
    trace_model_close(model);
    tear_down();
}
