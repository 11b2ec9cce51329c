// SPDX-License-Identifier: Apache-2.0
#include "cli/diff_command.h"

#include "base/error.h"
#include "cli/console.h"
#include "cli/input_list.h"
#include "cli/input_traces.h"
#include "cli/launcher_signals.h"
#include "cli/options.h"
#include "cli/progress_bar.h"
#include "cli/report_output.h"
#include "model/profile_diff.h"
#include "model/scope_profile.h"
#include "report/condition.h"
#include "report/diff_report.h"
#include "report/report_document.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* One of the two: a word may stand for several files. */
struct side {
    struct trace_model *model;
    struct scope_profile profile;
};

static bool
open_side(struct side *side, char *const *word, struct progress_bar *bar,
          struct error *err)
{
    struct input_list list = {0};
    const struct input_traces_options input_options = {
        .progress = progress_bar_of(bar, "reading"),
        .list = &list,
    };
    struct scope_profile_options profile_options = {.has_no_tree = true};
    const struct trace_scope whole = trace_scope_whole();
    bool ok = input_list_open(&list, word, 1, err)
              && input_traces_load(&side->model, list.paths, list.count,
                                   &input_options, err);

    input_list_release(&list);
    if (!ok) {
        return false;
    }
    profile_options.progress = progress_bar_of(bar, "summing up");
    return scope_profile_build(&side->profile, side->model, &whole,
                               &profile_options, err);
}

static bool
open_sides(struct side sides[2], const struct options *options,
           const struct console *console, struct error *err)
{
    struct progress_bar bar;
    struct launcher_signals signals;
    bool ok;

    launcher_signals_hold_ends(&signals); /* so that the bar is erased */
    progress_bar_begin(&bar, console);
    ok = open_side(&sides[0], &options->inputs[0], &bar, err)
         && open_side(&sides[1], &options->inputs[1], &bar, err);
    progress_bar_hide(&bar);
    launcher_signals_release(&signals);
    return ok;
}

static void
close_side(struct side *side)
{
    scope_profile_release(&side->profile);
    trace_model_close(side->model);
}

static bool
holds(const void *context, const struct condition *condition,
      struct buffer *words, bool *is_about_any)
{
    const struct profile_diff *diff = context;

    *is_about_any = condition_is_about_any(condition, diff->sides[0].model,
                                           diff->sides[0].profile)
                    || condition_is_about_any(condition, diff->sides[1].model,
                                              diff->sides[1].profile);
    return condition_holds_of_change(condition, diff, words);
}

static bool
write_diff(const struct options *options, struct profile_diff *diff,
           struct error *err)
{
    const struct trace_report_options report_options =
        report_output_options(options);
    struct report_document document = {0};
    bool ok = diff_report_make(&document, diff, &report_options, err)
              && report_output_print(options, &document, err);

    report_document_release(&document);
    return ok;
}

static bool
compare(const struct options *options, const struct side *sides,
        const struct console *console, bool *has_failed, struct error *err)
{
    const struct profile_side a = {sides[0].model, &sides[0].profile};
    const struct profile_side b = {sides[1].model, &sides[1].profile};
    struct profile_diff diff = {0};
    bool ok =
        profile_diff_build(&diff, &a, &b, err)
        && write_diff(options, &diff, err)
        && report_output_judge(options, holds, &diff, console, has_failed, err);

    profile_diff_release(&diff);
    return ok;
}

int
diff_command(const struct options *options, const struct console *console)
{
    struct error err = {0};
    struct side sides[2] = {0};
    bool has_failed = false;
    bool ok;

    if (!report_output_check(options, &err)) {
        console_error(console, "%s", err.message);
        return STATUS_USAGE;
    }
    ok = open_sides(sides, options, console, &err)
         && compare(options, sides, console, &has_failed, &err);
    if (!ok) {
        console_error(console, "%s", err.message);
    }
    close_side(&sides[0]);
    close_side(&sides[1]);
    if (!ok && err.code == ERROR_USAGE) {
        return STATUS_USAGE;
    }
    return ok && !has_failed ? 0 : STATUS_FAILED;
}
