// SPDX-License-Identifier: Apache-2.0
#include "cli/report_command.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "cli/console.h"
#include "cli/input_traces.h"
#include "cli/live_view.h"
#include "cli/options.h"
#include "cli/recordings.h"
#include "model/scope_profile.h"
#include "report/condition.h"
#include "report/report_document.h"
#include "report/report_format.h"
#include "report/trace_report.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

static enum report_format
find_format(const struct options *options)
{
    return options->is_markdown ? REPORT_FORMAT_MARKDOWN
           : options->is_json   ? REPORT_FORMAT_JSON
           : options->is_csv    ? REPORT_FORMAT_CSV
                                : REPORT_FORMAT_TEXT;
}

static enum report_sort
find_sort(const struct options *options)
{
    if (options->sort == NULL) {
        return REPORT_SORT_SELF;
    }
    return strcmp(options->sort, "total") == 0   ? REPORT_SORT_TOTAL
           : strcmp(options->sort, "calls") == 0 ? REPORT_SORT_CALLS
                                                 : REPORT_SORT_SELF;
}

/* What is wrong with a condition is said before any work is done. */
static bool
check_conditions(const struct options *options, struct error *err)
{
    for (size_t i = 0; i < options->conditions.count; i++) {
        struct condition *condition = NULL;

        if (!condition_parse(&condition, options->conditions.items[i], err)) {
            return error_add_context(err, "--fail_if");
        }
        condition_free(condition);
    }
    return true;
}

/* Say of each condition that holds what was measured; *has_failed when one
 * does. */
static bool
judge(const struct options *options, const struct trace_model *model,
      const struct scope_profile *profile, const struct console *console,
      bool *has_failed, struct error *err)
{
    for (size_t i = 0; i < options->conditions.count; i++) {
        struct condition *condition = NULL;
        struct buffer words = {0};

        if (!condition_parse(&condition, options->conditions.items[i], err)) {
            return false;
        }
        if (condition_holds(condition, model, profile, &words)) {
            console_error(console, "--fail_if %s",
                          buffer_is_ok(&words) ? words.data
                                               : options->conditions.items[i]);
            *has_failed = true;
        }
        buffer_release(&words);
        condition_free(condition);
    }
    return true;
}

static bool
write_report(const struct options *options, const struct trace_model *model,
             const struct scope_profile *profile, struct error *err)
{
    const struct trace_report_options report_options = {
        .limit = options->row_limit == 0 ? REPORT_LIMIT : options->row_limit,
        .sort = find_sort(options),
    };
    struct report_document document = {0};
    struct buffer text = {0};
    bool ok = trace_report_make(&document, model, profile, &report_options, err)
              && report_format(&text, &document, find_format(options),
                               live_view_needs_ascii(options), err)
              && console_print(&text, err);

    report_document_release(&document);
    buffer_release(&text);
    return ok;
}

static bool
report(const struct options *options, char *const *paths, size_t path_count,
       const struct console *console, bool *has_failed, struct error *err)
{
    const struct input_traces_options input_options = {0};
    const struct scope_profile_options profile_options = {.has_no_tree = true};
    const struct trace_scope whole = trace_scope_whole();
    struct trace_model *model = NULL;
    struct scope_profile profile = {0};
    bool ok =
        input_traces_load(&model, paths, path_count, &input_options, err)
        && scope_profile_build(&profile, model, &whole, &profile_options, err)
        && write_report(options, model, &profile, err)
        && judge(options, model, &profile, console, has_failed, err);

    scope_profile_release(&profile);
    trace_model_close(model);
    return ok;
}

int
report_command(const struct options *options, const struct console *console)
{
    struct error err = {0};
    bool has_failed = false;
    char *newest = NULL;
    bool ok;

    if (!check_conditions(options, &err)) {
        console_error(console, "%s", err.message);
        return STATUS_USAGE;
    }
    if (options->input_count > 0) {
        ok = report(options, options->inputs, options->input_count, console,
                    &has_failed, &err);
    } else {
        newest = recordings_newest(&err);
        ok = newest != NULL
             && report(options, &newest, 1, console, &has_failed, &err);
    }
    if (!ok) {
        console_error(console, "%s", err.message);
    }
    free(newest);
    return ok && !has_failed ? 0 : STATUS_FAILED;
}
