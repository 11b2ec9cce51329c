// SPDX-License-Identifier: Apache-2.0
#include "cli/filtered_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "export/trace_cut.h"
#include "import/temporary_file.h"
#include "model/trace_model.h"
#include "model/trace_query.h"

enum { PARTS = 10, CUT_PARTS = 8, PATH_SIZE = 32 };

/* Cutting, and then opening, on one scale. */
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
         const char *path, const struct progress *progress, struct error *err)
{
    struct stage stage = {progress, CUT_PARTS, PARTS - CUT_PARTS};
    struct trace_model_options options = {.progress = {report, &stage}};
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
    struct trace_query *query = NULL;
    char path[PATH_SIZE];
    bool ok;
    int fd;

    (void)context;
    if (!trace_query_parse(&query, filter, NAME_PATTERN_REGEX, NULL, err)) {
        return false;
    }
    options.query = query;
    fd = temporary_file_make(err);
    ok = fd >= 0;
    if (ok) {
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        ok = trace_cut(whole, path, &options, NULL, err)
             && open_cut(out, whole, path, &progress, err);
        (void)close(fd);
    }
    trace_query_free(query);
    return ok;
}
