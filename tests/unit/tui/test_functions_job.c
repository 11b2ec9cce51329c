// SPDX-License-Identifier: Apache-2.0
/* A table of more rows than are sorted at once. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <poll.h>
#include <string.h>

#include "base/error.h"
#include "model/trace_model.h"
#include "support/model_oracle.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"
#include "tui/functions.h"
#include "tui/functions_job.h"
#include "tui/jobs.h"
#include "tui/viewer.h"

enum { FUNCTIONS = 9000, CALLS = 27000 };

struct many_functions {
    char *folder;
    struct trace_oracle *oracle;
    struct viewer viewer;
    struct functions functions;
};

static void
begin(struct many_functions *many)
{
    const struct trace_random_options options = {
        .seed = 7, .function_count = FUNCTIONS, .calls_per_thread = CALLS};
    const struct trace_model_options model_options = {0};
    struct trace_model *model = NULL;
    struct error err = {0};
    const char *path;

    *many = (struct many_functions){.folder = temporary_folder_make()};
    many->oracle = trace_random(many->folder, &options);
    path = many->oracle->path;
    cr_assert(trace_model_open(&model, &path, 1, &model_options, &err));
    many->viewer.model = model;
    cr_assert(jobs_new(&many->viewer.jobs, false, &err));
    many->functions.viewer = &many->viewer;
}

static void
end(struct many_functions *many)
{
    functions_forget(&many->functions);
    jobs_free(many->viewer.jobs);
    trace_model_close((struct trace_model *)many->viewer.model);
    trace_oracle_free(many->oracle);
    temporary_folder_remove(many->folder);
}

static void
wait_for_jobs(struct many_functions *many)
{
    struct error err = {0};

    while (jobs_are_busy(many->viewer.jobs)) {
        struct pollfd wake = {.fd = jobs_fd(many->viewer.jobs),
                              .events = POLLIN};

        cr_assert(eq(int, poll(&wake, 1, -1), 1));
        cr_assert(jobs_collect(many->viewer.jobs, &err));
    }
}

/* The rows are those of a table that is sorted at once. */
static void
expect_order(const struct many_functions *many)
{
    const struct functions *functions = &many->functions;
    struct functions_table table = {0};
    struct error err = {0};

    cr_assert(functions->has_profile);
    cr_assert(functions->is_sorted);
    cr_assert(functions_table_build(&table, functions->model,
                                    &functions->profile, false, &err));
    cr_assert(functions_table_sort(&table, &functions->state.order, &err));
    cr_assert(eq(sz, functions->table.count, table.count));
    cr_assert(gt(sz, table.count, FUNCTIONS / 10 * 9));
    cr_assert(eq(int,
                 memcmp(functions->table.rows, table.rows,
                        table.count * sizeof *table.rows),
                 0));
    functions_table_release(&table);
}

Test(functions_job, sorts_by_what_was_asked_for_last)
{
    struct many_functions many;
    struct functions *functions = &many.functions;
    struct error err = {0};

    begin(&many);
    cr_assert(functions_job_start(functions, true, &err));
    wait_for_jobs(&many);
    expect_order(&many);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        functions->state.order = (struct functions_order){
            .column = (enum functions_column)i, .is_inverted = i % 2 == 1};
        functions->is_sorted = false;
        cr_assert(functions_order_start(functions, &err));
        cr_assert(functions_order_start(functions, &err)); /* as each frame */
        if (i % 3 != 0) {
            wait_for_jobs(&many);
            expect_order(&many);
        }
    }
    end(&many);
}

/* The sums stay as long as somebody sorts by them. */
Test(functions_job, may_be_forgotten_at_any_time)
{
    struct many_functions many;
    struct functions *functions = &many.functions;
    struct error err = {0};

    begin(&many);
    for (int i = 0; i < 3; i++) {
        cr_assert(functions_job_start(functions, i == 1, &err));
        wait_for_jobs(&many);
        expect_order(&many);
        functions->state.order.column = COLUMN_CALLS;
        cr_assert(functions_order_start(functions, &err));
        functions->state.order.column = COLUMN_TOTAL;
        cr_assert(functions_order_start(functions, &err));
        functions_forget(functions);
        functions->state.order.column = COLUMN_SELF;
        wait_for_jobs(&many);
        cr_assert(not(functions->has_profile));
    }
    end(&many);
}
