// SPDX-License-Identifier: Apache-2.0
#include "cli/report_output.h"

#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "cli/console.h"
#include "cli/live_view.h"
#include "cli/options.h"
#include "report/condition.h"
#include "report/report_document.h"
#include "report/report_format.h"

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

struct trace_report_options
report_output_options(const struct options *options)
{
    return (struct trace_report_options){
        .limit = options->row_limit == 0 ? REPORT_LIMIT : options->row_limit,
        .sort = find_sort(options),
        /* what programs read does not depend on the locale */
        .is_ascii = !options->is_json && live_view_needs_ascii(options),
    };
}

bool
report_output_check(const struct options *options, struct error *err)
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

bool
report_output_print(const struct options *options,
                    const struct report_document *document, struct error *err)
{
    struct buffer text = {0};
    bool ok = report_format(&text, document, find_format(options),
                            live_view_needs_ascii(options), err)
              && console_print(&text, err);

    buffer_release(&text);
    return ok;
}

bool
report_output_judge(const struct options *options,
                    bool (*holds)(const void *context,
                                  const struct condition *condition,
                                  struct buffer *words, bool *is_about_any),
                    const void *context, const struct console *console,
                    bool *has_failed, struct error *err)
{
    for (size_t i = 0; i < options->conditions.count; i++) {
        struct condition *condition = NULL;
        struct buffer words = {0};
        bool is_about_any = false;

        if (!condition_parse(&condition, options->conditions.items[i], err)) {
            return false;
        }
        if (holds(context, condition, &words, &is_about_any)) {
            console_error(console, "--fail_if %s",
                          buffer_is_ok(&words) ? words.data
                                               : options->conditions.items[i]);
            *has_failed = true;
        }
        if (!is_about_any) {
            console_note(console,
                         "--fail_if %s: there is no function of such a name",
                         options->conditions.items[i]);
        }
        buffer_release(&words);
        condition_free(condition);
    }
    return true;
}
