// SPDX-License-Identifier: Apache-2.0
#include "cli/option_values.h"

#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "cli/option_table.h"
#include "cli/options.h"
#include "model/trace_query.h"
#include "report/trace_report.h"
#include "tui/line_edit.h"

enum { DURATION_SIZE = 64 };

static bool
apply_limit(struct options *options, const char *value, struct error *err)
{
    if (!number_parse_size(value, &options->limit_bytes)
        || options->limit_bytes == 0) {
        return error_set(err, ERROR_USAGE,
                         "--limit needs a size such as 500M or 2G, not \"%s\"",
                         value);
    }
    return true;
}

static bool
apply_dimensions(struct options *options, const char *value, struct error *err)
{
    if (!number_parse_dimensions(value, &options->width, &options->height)) {
        return error_set(err, ERROR_USAGE,
                         "--headless needs a size such as 80x24, not \"%s\"",
                         value);
    }
    return true;
}

static bool
apply_dump(struct options *options, const char *value, struct error *err)
{
    if (strcmp(value, "text") != 0 && strcmp(value, "ansi") != 0
        && strcmp(value, "json") != 0) {
        return error_set(err, ERROR_USAGE,
                         "--dump needs text, ansi or json, not \"%s\"", value);
    }
    options->dump = value;
    return true;
}

static bool
apply_view(struct options *options, const char *value, struct error *err)
{
    return app_start_set_view(&options->start, value, err)
           || error_add_context(err, "--view");
}

/* Whether a value is a query. It can be edited in the viewer, too. */
static bool
check_query(const char *value, const char *option, struct error *err)
{
    struct trace_query *query = NULL;

    if (strlen(value) > LINE_EDIT_SIZE) {
        return error_set(err, ERROR_USAGE,
                         "%s: the query is longer than %d bytes", option,
                         LINE_EDIT_SIZE);
    }
    if (!trace_query_parse(&query, value, NAME_PATTERN_REGEX, NULL, err)) {
        err->code = err->code == ERROR_BAD_INPUT ? ERROR_USAGE : err->code;
        return error_add_context(err, option);
    }
    trace_query_free(query);
    return true;
}

static bool
apply_filter(struct options *options, const char *value, struct error *err)
{
    options->filter = value;
    return check_query(value, "--filter", err);
}

static bool
apply_scope(struct options *options, const char *value, struct error *err)
{
    options->scope = value;
    return check_query(value, "--scope", err);
}

static bool
apply_range(struct options *options, const char *value, struct error *err)
{
    size_t column = 1;

    if (!query_range_parse(&options->start.range, value, &column, err)) {
        err->code = ERROR_USAGE;
        return error_add_context(err, "--range");
    }
    options->start.has_range = true;
    options->range = value;
    return true;
}

static bool
apply_at(struct options *options, const char *value, struct error *err)
{
    size_t column = 1;

    if (!query_time_parse(&options->start.time, value, &column, err)) {
        err->code = ERROR_USAGE;
        return error_add_context(err, "--at");
    }
    options->start.has_time = true;
    return true;
}

static bool
apply_track(struct options *options, const char *value, struct error *err)
{
    (void)err;
    options->start.track = value;
    return true;
}

static bool
apply_tracer(struct options *options, const char *value, struct error *err)
{
    options->has_python_tracer = strcmp(value, "python") == 0;
    if (!options->has_python_tracer && strcmp(value, "c") != 0) {
        return error_set(err, ERROR_USAGE,
                         "--tracer needs c or python, not \"%s\"", value);
    }
    return true;
}

/* Deeper than we can count is no bound, and so is any negative number. */
static bool
apply_depth(struct options *options, const char *value, struct error *err)
{
    const char *digits = value + (value[0] == '-');
    uint64_t depth;

    if (*digits == '\0' || digits[strspn(digits, "0123456789")] != '\0') {
        return error_set(err, ERROR_USAGE,
                         "--max_stack_depth needs a whole number, not \"%s\"",
                         value);
    }
    options->has_depth_limit = digits == value
                               && number_parse_u64(value, &depth)
                               && depth < UINT32_MAX;
    options->depth_limit = options->has_depth_limit ? (uint32_t)depth : 0;
    return true;
}

/* "50", "0.3ms", "3 us". */
static bool
parse_duration(const char *value, uint64_t *duration_ns)
{
    static const char *const units[] = {"s", "ms", "us", "µs", "ns"};
    char text[DURATION_SIZE];
    size_t size = strspn(value, "0123456789.");
    const char *unit = value + size + strspn(value + size, " ");
    bool is_known = false;

    if (*unit == '\0') {
        unit = "us";
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        is_known = is_known || strcmp(unit, units[i]) == 0;
    }
    return is_known && size + strlen(unit) < sizeof text
           && snprintf(text, sizeof text, "%.*s%s", (int)size, value, unit) > 0
           && number_parse_duration(text, duration_ns);
}

static bool
apply_min_duration(struct options *options, const char *value,
                   struct error *err)
{
    if (!parse_duration(value, &options->min_duration_ns)) {
        return error_set(err, ERROR_USAGE,
                         "--min_duration needs a time such as 50us or 0.3ms "
                         "(s, ms, us or ns), not \"%s\"",
                         value);
    }
    return true;
}

static bool
apply_entries(struct options *options, const char *value, struct error *err)
{
    if (!number_parse_u64(value, &options->entry_limit)
        || options->entry_limit == 0) {
        return error_set(err, ERROR_USAGE,
                         "--tracer_entries needs a number of calls, 1 or more, "
                         "not \"%s\"",
                         value);
    }
    return true;
}

static bool
apply_output(struct options *options, const char *value, struct error *err)
{
    (void)err;
    options->output_path = value;
    return true;
}

/* That there is such a format is seen when the output is chosen. */
static bool
apply_format(struct options *options, const char *value, struct error *err)
{
    (void)err;
    options->format = value;
    return true;
}

static bool
apply_keys(struct options *options, const char *value, struct error *err)
{
    (void)err;
    options->keys = value;
    return true;
}

/* start, clock, or what happens in all of them. */
static bool
apply_align(struct options *options, const char *value, struct error *err)
{
    if (value[0] == '\0') {
        return error_set(err, ERROR_USAGE,
                         "--align needs start, clock, or the name of an "
                         "instant or function");
    }
    options->aligns_inputs = strcmp(value, "clock") != 0;
    options->align_marker =
        options->aligns_inputs && strcmp(value, "start") != 0 ? value : NULL;
    return true;
}

static bool
apply_folder(struct options *options, const char *value, struct error *err)
{
    (void)err;
    options->output_folder = value;
    return true;
}

static bool
apply_rcfile(struct options *options, const char *value, struct error *err)
{
    (void)err;
    options->rc_path = value;
    return true;
}

static bool
apply_row_limit(struct options *options, const char *value, struct error *err)
{
    uint64_t limit;

    if (!number_parse_u64(value, &limit) || limit == 0
        || limit > REPORT_LIMIT_MAX) {
        return error_set(err, ERROR_USAGE,
                         "--limit needs a number of rows from 1 to %d, not "
                         "\"%s\"",
                         REPORT_LIMIT_MAX, value);
    }
    options->row_limit = (size_t)limit;
    return true;
}

static bool
apply_sort(struct options *options, const char *value, struct error *err)
{
    options->sort = value;
    return strcmp(value, "self") == 0 || strcmp(value, "total") == 0
           || strcmp(value, "calls") == 0
           || error_set(err, ERROR_USAGE,
                        "--sort needs self, total or calls, not \"%s\"", value);
}

static bool
apply_condition(struct options *options, const char *value, struct error *err)
{
    return option_list_add(&options->conditions, (char *)value, err);
}

static const struct value_row {
    enum option_id id;
    bool (*apply)(struct options *options, const char *value,
                  struct error *err);
} value_rows[] = {
    {OPTION_OUTPUT_FILE, apply_output},
    {OPTION_FORMAT, apply_format},
    {OPTION_OUTPUT_DIR, apply_folder},
    {OPTION_RCFILE, apply_rcfile},
    {OPTION_HEADLESS, apply_dimensions},
    {OPTION_KEYS, apply_keys},
    {OPTION_ALIGN, apply_align},
    {OPTION_DUMP, apply_dump},
    {OPTION_VIEW, apply_view},
    {OPTION_FILTER, apply_filter},
    {OPTION_SCOPE, apply_scope},
    {OPTION_RANGE, apply_range},
    {OPTION_AT, apply_at},
    {OPTION_TRACK, apply_track},
    {OPTION_TRACER, apply_tracer},
    {OPTION_MAX_STACK_DEPTH, apply_depth},
    {OPTION_MIN_DURATION, apply_min_duration},
    {OPTION_TRACER_ENTRIES, apply_entries},
    {OPTION_LIMIT, apply_limit},
    {OPTION_ROW_LIMIT, apply_row_limit},
    {OPTION_SORT, apply_sort},
    {OPTION_FAIL_IF, apply_condition},
};

static const struct flag_row {
    enum option_id id;
    size_t offset; /* of a bool in struct options */
} flag_rows[] = {
    {OPTION_UNIQUE_OUTPUT_FILE, offsetof(struct options, has_unique_output)},
    {OPTION_PID_SUFFIX, offsetof(struct options, has_pid_suffix)},
    {OPTION_SAVE_FLAMEGRAPH, offsetof(struct options, saves_flame_graph)},
    {OPTION_OPEN, offsetof(struct options, opens_viewer)},
    {OPTION_FLAMEGRAPH, offsetof(struct options, opens_flame_graph)},
    {OPTION_ASCII, offsetof(struct options, is_ascii)},
    {OPTION_PRINT, offsetof(struct options, is_print)},
    {OPTION_MARKDOWN, offsetof(struct options, is_markdown)},
    {OPTION_JSON, offsetof(struct options, is_json)},
    {OPTION_CSV, offsetof(struct options, is_csv)},
    {OPTION_TUI, offsetof(struct options, has_tui)},
    {OPTION_QUIET, offsetof(struct options, is_quiet)},
    {OPTION_KEEP_DESCENDANTS, offsetof(struct options, keeps_descendants)},
    {OPTION_IGNORE_C_FUNCTION, offsetof(struct options, ignores_c_functions)},
    {OPTION_IGNORE_MULTIPROCESS,
     offsetof(struct options, ignores_multiprocess)},
    {OPTION_INCLUDE_STARTUP, offsetof(struct options, includes_startup)},
    {OPTION_LOG_PRINT, offsetof(struct options, logs_print)},
    {OPTION_NO_SOURCE, offsetof(struct options, has_no_source)},
    {OPTION_NO_ARGS, offsetof(struct options, has_no_args)},
    {OPTION_COMPRESS, offsetof(struct options, compresses)},
};

static const struct question_row {
    enum option_id id;
    enum information information;
} question_rows[] = {
    {OPTION_PYTHON_PATH, INFORMATION_PYTHON_PATH},
    {OPTION_HELP, INFORMATION_HELP},
    {OPTION_VERSION, INFORMATION_VERSION},
    {OPTION_LIST_OPTIONS, INFORMATION_LIST_OPTIONS},
    {OPTION_LIST_ACTIONS, INFORMATION_LIST_ACTIONS},
};

static bool
refuse(const struct option_row *row, struct error *err)
{
    const char letter[] = {row->letter, '\0'};

    return error_set(err, ERROR_UNSUPPORTED, "%s%s is not in this version",
                     row->name == NULL ? "-" : "--",
                     row->name == NULL ? letter : row->name);
}

bool
option_apply(struct options *options, const struct option_row *row, char *value,
             struct error *err)
{
    if (row->id == OPTION_ABSENT) {
        return refuse(row, err);
    }
    for (size_t i = 0; i < sizeof value_rows / sizeof value_rows[0]; i++) {
        if (value_rows[i].id == row->id) {
            return value_rows[i].apply(options, value, err);
        }
    }
    for (size_t i = 0; i < sizeof flag_rows / sizeof flag_rows[0]; i++) {
        if (flag_rows[i].id == row->id) {
            *(bool *)((char *)options + flag_rows[i].offset) = true;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof question_rows / sizeof question_rows[0];
         i++) {
        if (question_rows[i].id == row->id) {
            options->information = question_rows[i].information;
            return true;
        }
    }
    assert(!"an option of the table that means nothing");
    return true;
}

struct option_list *
option_list_of(struct options *options, const struct option_row *row)
{
    return row->id == OPTION_INCLUDE_FILES   ? &options->include_files
           : row->id == OPTION_EXCLUDE_FILES ? &options->exclude_files
                                             : &options->combined;
}

bool
option_list_add(struct option_list *list, char *word, struct error *err)
{
    size_t capacity = list->count; /* grows by each word: there are few */

    if (!array_reserve((void **)&list->items, &capacity, list->count + 1,
                       sizeof *list->items, err)) {
        return false;
    }
    list->items[list->count++] = word;
    return true;
}
