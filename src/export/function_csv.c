// SPDX-License-Identifier: Apache-2.0
#include "export/function_csv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/csv.h"
#include "export/profile_export.h"
#include "format/sanitise.h"

struct csv_row {
    const struct profile_function *sums;
    const struct model_function *function;
};

/* The most self time first; rows are otherwise in the order of the model. */
static int
compare_rows(const void *left, const void *right)
{
    const struct csv_row *a = left;
    const struct csv_row *b = right;

    if (a->sums->self_ns != b->sums->self_ns) {
        return a->sums->self_ns > b->sums->self_ns ? -1 : 1;
    }
    return (a->sums > b->sums) - (a->sums < b->sums);
}

static bool
append_text(struct buffer *text, struct buffer *clean, const char *value)
{
    buffer_clear(clean);
    sanitise_append(clean, value, strlen(value));
    csv_append_text(text, clean->data, clean->size);
    return buffer_is_ok(clean);
}

static const char *
kind_name(enum vzt_function_kind kind)
{
    switch (kind) {
    case VZT_FUNCTION_PYTHON:
        return "python";
    case VZT_FUNCTION_C:
        return "c";
    default:
        return "other";
    }
}

static bool
write_rows(struct text_sink *sink, const struct csv_row *rows, size_t count,
           struct error *err)
{
    struct buffer clean = {0};
    bool ok = true;

    buffer_append_text(&sink->text,
                       "name,file,line,kind,calls,total_ns,self_ns,min_ns,"
                       "max_ns,unfinished\r\n");
    for (size_t i = 0; i < count && ok; i++) {
        const struct profile_function *sums = rows[i].sums;

        sink->text.has_failed |=
            !append_text(&sink->text, &clean, rows[i].function->name);
        buffer_append_char(&sink->text, ',');
        sink->text.has_failed |=
            !append_text(&sink->text, &clean, rows[i].function->file);
        buffer_append_format(
            &sink->text,
            ",%" PRIu32 ",%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
            ",%" PRIu64 ",%" PRIu64 "\r\n",
            rows[i].function->line, kind_name(rows[i].function->kind),
            sums->call_count, sums->total_ns, sums->self_ns, sums->min_ns,
            sums->max_ns, sums->unfinished_count);
        ok = text_sink_step(sink, err);
    }
    buffer_release(&clean);
    return ok;
}

static bool
write_profile(struct profile_output *output, struct error *err)
{
    const struct scope_profile *profile = &output->profile;
    struct csv_row *rows =
        array_new(profile->function_count + (size_t)1, sizeof *rows, err);
    size_t count = 0;
    bool ok;

    if (rows == NULL) {
        return false;
    }
    for (uint32_t i = 0; i <= profile->function_count; i++) {
        if (profile_function_is_there(&profile->functions[i])) {
            rows[count++] =
                (struct csv_row){&profile->functions[i],
                                 scope_profile_function(output->model, i)};
        }
    }
    qsort(rows, count, sizeof *rows, compare_rows);
    ok = write_rows(&output->sink, rows, count, err);
    output->entry_count = count;
    free(rows);
    return ok;
}

static bool
write_csv(struct output_file *file, const struct trace_model *model,
          const struct export_options *options, struct error *err)
{
    return profile_export(file, model, options, false, write_profile, err);
}

const struct exporter csv_exporter = {
    .name = "csv",
    .suffix = ".csv",
    .summary = "a table of functions: calls, total, self, ...",
    .has_gzip = true,
    .write = write_csv,
};
