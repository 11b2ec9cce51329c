// SPDX-License-Identifier: Apache-2.0
#include "tui/functions.h"

#include "tui/functions_job.h"
#include "tui/functions_pane.h"
#include "tui/viewer.h"

unsigned
functions_height(const struct functions *functions)
{
    return functions->layout.track_height;
}

void
functions_forget(struct functions *functions)
{
    (void)jobs_cancel(functions->viewer->jobs, JOB_FUNCTIONS_ORDER);
    functions_sums_drop(functions->sums);
    functions->sums = NULL;
    functions->profile = (struct scope_profile){0};
    functions_table_release(&functions->table);
    functions->has_profile = false;
    functions->is_asked = false;
    functions->is_measured = false;
    functions->failure[0] = '\0';
}

/* The cursor's row: that of its function, or the same row when it is not in
 * the table. */
static void
find_cursor(struct functions *functions)
{
    const struct functions_table *table = &functions->table;

    if (!functions->has_cursor && table->count > 0) {
        functions->has_cursor = true;
        functions->state.function = table->rows[0];
    }
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i] == functions->state.function) {
            functions->row = i;
            return;
        }
    }
    if (functions->row >= table->count) {
        functions->row = table->count == 0 ? 0 : table->count - 1;
    }
}

static void
follow_cursor(struct functions *functions)
{
    size_t height = functions_height(functions);
    size_t count = functions->table.count;

    if (functions->state.top + height > count) {
        functions->state.top = count > height ? count - height : 0;
    }
    if (functions->row < functions->state.top) {
        functions->state.top = functions->row;
    } else if (functions->row >= functions->state.top + height) {
        functions->state.top = functions->row - height + 1;
    }
}

/* The sums of the whole trace are there at once; durations take a pass, as
 * everything in a scope does. */
static bool
ask(struct functions *functions, bool has_durations, struct error *err)
{
    functions->is_asked = true;
    functions->is_measured = has_durations;
    functions->scope_number = functions->viewer->scope_number;
    return functions_job_start(functions, has_durations, err);
}

uint32_t
functions_function_at(const struct functions *functions, uint32_t index)
{
    return index < functions->profile.function_count ? index : UINT32_MAX;
}

uint32_t
functions_selected(const struct functions *functions)
{
    return functions_function_at(functions,
                                 functions->table.rows[functions->row]);
}

void
functions_go_to_row(struct functions *functions, size_t row)
{
    functions->row = row;
    functions->state.function = functions->table.rows[row];
}

bool
functions_prepare(struct functions *functions, struct error *err)
{
    struct viewer *viewer = functions->viewer;

    if (functions->is_asked
        && functions->scope_number != viewer->scope_number) {
        functions_forget(functions);
    }
    if (!functions->is_asked) {
        return ask(functions, viewer->scope.is_set, err);
    }
    if (functions->has_profile && !functions->is_measured
        && !ask(functions, true, err)) {
        return false;
    }
    if (!functions->has_profile || functions->layout.is_too_small) {
        return true;
    }
    if (!functions->is_sorted && !functions_order_start(functions, err)) {
        return false;
    }
    find_cursor(functions);
    functions_pane_arrange(functions);
    follow_cursor(functions);
    return functions_pane_prepare(functions, err);
}
