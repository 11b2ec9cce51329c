// SPDX-License-Identifier: Apache-2.0
#include "cli/report_command.h"

#include <stdlib.h>

#include "base/error.h"
#include "cli/console.h"
#include "cli/filtered_trace.h"
#include "cli/input_list.h"
#include "cli/input_traces.h"
#include "cli/options.h"
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
      struct buffer *words)
{
    const struct judged *judged = context;

    return condition_holds(condition, judged->model, judged->profile, words);
}

static bool
write_report(const struct options *options, const char *query,
             const struct trace_model *model,
             const struct scope_profile *profile, struct error *err)
{
    struct trace_report_options report_options = report_output_options(options);
    struct report_document document = {0};
    bool ok;

    report_options.scope = query;
    ok = trace_report_make(&document, model, profile, &report_options, err)
         && report_output_print(options, &document, err);
    report_document_release(&document);
    return ok;
}

/* The part of the trace that is reported becomes the model. */
static bool
narrow(struct trace_model **model, const char *scope, struct error *err)
{
    struct trace_model *part = NULL;

    if (scope[0] == '\0') {
        return true;
    }
    if (!filtered_trace_open(NULL, *model, scope, &part, (struct progress){0},
                             err)) {
        return error_add_context(err, "--scope");
    }
    trace_model_close(*model);
    *model = part;
    return true;
}

static bool
report(const struct options *options, const char *query, char *const *paths,
       size_t path_count, const struct console *console, bool *has_failed,
       struct error *err)
{
    const struct input_traces_options input_options = {
        .aligns_inputs = options->aligns_inputs,
        .align_marker = options->align_marker,
        .list = options->list,
    };
    const struct scope_profile_options profile_options = {.has_no_tree = true};
    const struct trace_scope whole = trace_scope_whole();
    struct trace_model *model = NULL;
    struct scope_profile profile = {0};
    bool ok =
        input_traces_load(&model, paths, path_count, &input_options, err)
        && narrow(&model, query, err)
        && scope_profile_build(&profile, model, &whole, &profile_options, err)
        && write_report(options, query, model, &profile, err)
        && report_output_judge(options, holds,
                               &(struct judged){model, &profile}, console,
                               has_failed, err);

    scope_profile_release(&profile);
    trace_model_close(model);
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
