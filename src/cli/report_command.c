// SPDX-License-Identifier: Apache-2.0
#include "cli/report_command.h"

#include <stdlib.h>

#include "base/error.h"
#include "cli/console.h"
#include "cli/filtered_trace.h"
#include "cli/input_list.h"
#include "cli/input_traces.h"
#include "cli/launcher_signals.h"
#include "cli/options.h"
#include "cli/progress_bar.h"
#include "cli/recordings.h"
#include "cli/report_output.h"
#include "cli/scope_query.h"
#include "model/scope_profile.h"
#include "model/trace_model.h"
#include "report/condition.h"
#include "report/report_document.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* What conditions are asked about. */
struct judged {
    const struct trace_model *model;
    const struct scope_profile *profile;
};

static bool
holds(const void *context, const struct condition *condition,
      struct buffer *words, bool *is_about_any)
{
    const struct judged *judged = context;

    *is_about_any =
        condition_is_about_any(condition, judged->model, judged->profile);

    return condition_holds(condition, judged->model, judged->profile, words);
}

/* A trace and what is said of it. */
struct reported {
    struct trace_model *model;
    struct scope_profile profile;
    struct report_document document;
};

static void
reported_release(struct reported *reported)
{
    report_document_release(&reported->document);
    scope_profile_release(&reported->profile);
    trace_model_close(reported->model);
}

/* The part of the trace that is reported becomes the model. */
static bool
narrow(struct trace_model **model, const char *query, struct progress_bar *bar,
       struct error *err)
{
    struct trace_model *part = NULL;

    if (query[0] == '\0') {
        return true;
    }
    if (!filtered_trace_open(NULL, *model, query, &part,
                             progress_bar_of(bar, "cutting"), err)) {
        return error_add_context(err, "--scope");
    }
    trace_model_close(*model);
    *model = part;
    return true;
}

static bool
sum_up(struct reported *reported, struct progress_bar *bar, struct error *err)
{
    const struct trace_scope whole = trace_scope_whole();
    const struct scope_profile_options options = {
        .has_no_tree = true,
        .progress = progress_bar_of(bar, "summing up"),
    };

    return scope_profile_build(&reported->profile, reported->model, &whole,
                               &options, err);
}

/* All that takes long. */
static bool
make(struct reported *reported, const struct options *options,
     const char *query, char *const *paths, size_t path_count,
     struct progress_bar *bar, struct error *err)
{
    const struct input_traces_options input_options = {
        .progress = progress_bar_of(bar, "reading"),
        .aligns_inputs = options->aligns_inputs,
        .align_marker = options->align_marker,
        .list = options->list,
    };
    struct trace_report_options report_options = report_output_options(options);

    if (!input_traces_load(&reported->model, paths, path_count, &input_options,
                           err)
        || !narrow(&reported->model, query, bar, err)
        || !sum_up(reported, bar, err)) {
        return false;
    }
    report_options.scope = query;
    report_options.progress = progress_bar_of(bar, "ranking calls");
    return trace_report_make(&reported->document, reported->model,
                             &reported->profile, &report_options, err);
}

static bool
report(const struct options *options, const char *query, char *const *paths,
       size_t path_count, const struct console *console, bool *has_failed,
       struct error *err)
{
    struct reported reported = {0};
    struct progress_bar bar;
    struct launcher_signals signals;
    bool ok;

    launcher_signals_hold_ends(&signals); /* so that the bar is erased */
    progress_bar_begin(&bar, console);
    ok = make(&reported, options, query, paths, path_count, &bar, err);
    progress_bar_hide(&bar);
    launcher_signals_release(&signals);
    ok =
        ok && report_output_print(options, &reported.document, err)
        && report_output_judge(
            options, holds, &(struct judged){reported.model, &reported.profile},
            console, has_failed, err);
    reported_release(&reported);
    return ok;
}

/* Of the inputs, or of the newest recording. */
static bool
report_inputs(const struct options *options, const char *query,
              const struct console *console, bool *has_failed,
              struct error *err)
{
    char *newest = NULL;
    bool ok;

    if (options->input_count > 0) {
        return report(options, query, options->inputs, options->input_count,
                      console, has_failed, err);
    }
    newest = recordings_newest(err);
    if (newest != NULL) {
        console_note(console, "of the newest recording, %s", newest);
    }
    ok = newest != NULL
         && report(options, query, &newest, 1, console, has_failed, err);
    free(newest);
    return ok;
}

int
report_command(const struct options *options, const struct console *console)
{
    struct options found = *options;
    struct input_list list = {0};
    struct error err = {0};
    bool has_failed = false;
    char *query = scope_query_make(options, &err);
    bool ok;

    if (query == NULL || !report_output_check(options, &err)) {
        console_error(console, "%s", err.message);
        free(query);
        return STATUS_USAGE;
    }
    ok = input_list_replace(&list, &found, &err)
         && report_inputs(&found, query, console, &has_failed, &err);
    input_list_release(&list);
    free(query);
    if (!ok) {
        console_error(console, "%s", err.message);
        return err.code == ERROR_USAGE ? STATUS_USAGE : STATUS_FAILED;
    }
    return has_failed ? STATUS_FAILED : 0;
}
