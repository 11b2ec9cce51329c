// SPDX-License-Identifier: Apache-2.0
#include "cli/filtered_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "cli/trace_output.h"
#include "export/trace_cut.h"
#include "import/temporary_file.h"
#include "model/trace_model.h"
#include "model/trace_query.h"

enum { PARTS = 10, CUT_PARTS = 8, WRITE_CUT_PARTS = 4, WRITE_OPEN_PARTS = 5 };

/* Cutting, opening and writing on one scale. */
struct stage {
    const struct progress *progress;
    uint64_t first; /* of PARTS */
    uint64_t count;
};

static bool
report(void *context, uint64_t done, uint64_t total)
{
    const struct stage *stage = context;
    uint64_t whole = total == 0 ? 1 : total;

    return progress_report(stage->progress,
                           stage->first * whole + stage->count * done,
                           PARTS * whole);
}

static bool
open_cut(struct trace_model **out, const struct trace_model *whole,
         const char *path, struct stage *stage, struct error *err)
{
    struct trace_model_options options = {.progress = {report, stage}};
    size_t count = trace_model_note_count(whole);
    const char **notes = array_new(count, sizeof *notes, err);
    bool ok;

    if (notes == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        notes[i] = trace_model_note(whole, i);
    }
    options.notes = notes;
    options.note_count = count;
    ok = trace_model_open(out, &path, 1, &options, err);
    free(notes);
    return ok;
}

/* A descriptor of what the options leave, in a file without a name, or -1. */
static int
cut(const struct trace_model *whole, const struct trace_cut_options *options,
    uint64_t *call_count, struct error *err)
{
    char path[FILTERED_PATH_SIZE];
    int fd = temporary_file_make(err);

    if (fd >= 0
        && !trace_cut(whole, filtered_trace_path(fd, path), options, call_count,
                      err)) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

/* The same of what a query leaves. */
static int
cut_query(const struct trace_model *whole, const char *query,
          struct trace_cut_options *options, uint64_t *call_count,
          struct error *err)
{
    struct trace_query *parsed = NULL;
    int fd;

    if (!trace_query_parse(&parsed, query, NAME_PATTERN_REGEX, NULL, err)) {
        return -1;
    }
    options->query = parsed;
    fd = cut(whole, options, call_count, err);
    trace_query_free(parsed);
    return fd;
}

const char *
filtered_trace_path(int fd, char path[FILTERED_PATH_SIZE])
{
    (void)snprintf(path, FILTERED_PATH_SIZE, "/proc/self/fd/%d", fd);
    return path;
}

int
filtered_trace_cut(const struct trace_model *whole,
                   const struct trace_part *part, struct progress progress,
                   uint64_t *call_count, struct error *err)
{
    struct trace_cut_options options = {
        .scope = trace_scope_whole(),
        .has_no_source = part->has_no_source,
        .has_no_args = part->has_no_args,
        .progress = progress,
    };

    return cut_query(whole, part->query, &options, call_count, err);
}

bool
filtered_trace_open(void *context, const struct trace_model *whole,
                    const char *filter, struct trace_model **out,
                    struct progress progress, struct error *err)
{
    struct stage stage = {&progress, 0, CUT_PARTS};
    struct trace_cut_options options = {
        .scope = trace_scope_whole(),
        .keeps_axis = true,
        .progress = {report, &stage},
    };
    char path[FILTERED_PATH_SIZE];
    int fd = cut_query(whole, filter, &options, NULL, err);
    bool ok;

    (void)context;
    if (fd < 0) {
        return false;
    }
    stage = (struct stage){&progress, CUT_PARTS, PARTS - CUT_PARTS};
    ok = open_cut(out, whole, filtered_trace_path(fd, path), &stage, err);
    (void)close(fd);
    return ok;
}

/* The cut as it is, or a model of it exported. */
static bool
write_cut(const struct trace_output *output, const struct trace_model *whole,
          char *path, const struct progress *progress, struct error *err)
{
    struct stage stage = {progress, WRITE_CUT_PARTS,
                          WRITE_OPEN_PARTS - WRITE_CUT_PARTS};
    struct stage last = {progress, WRITE_OPEN_PARTS, PARTS - WRITE_OPEN_PARTS};
    struct trace_output part = *output;
    struct trace_model *model = NULL;
    bool ok;

    part.inputs = &path;
    part.input_count = 1;
    part.aligns_inputs = false;
    part.list = NULL;
    ok = (output_format_is_trace(&part.format)
          || open_cut(&model, whole, path, &stage, err))
         && trace_output_write_model(&part, model,
                                     (struct progress){report, &last}, err);
    trace_model_close(model);
    return ok;
}

bool
filtered_trace_write(const struct trace_output *output,
                     const struct trace_model *model,
                     const struct trace_scope *scope, struct progress progress,
                     struct error *err)
{
    struct stage stage = {&progress, 0, WRITE_CUT_PARTS};
    const struct trace_cut_options options = {
        .scope = *scope,
        .progress = {report, &stage},
    };
    char path[FILTERED_PATH_SIZE];
    int fd = cut(model, &options, NULL, err);
    bool ok;

    if (fd < 0) {
        return false;
    }
    (void)filtered_trace_path(fd, path);
    ok = write_cut(output, model, path, &progress, err);
    (void)close(fd);
    return ok;
}
