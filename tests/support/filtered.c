// SPDX-License-Identifier: Apache-2.0
#include "support/filtered.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"
#include "export/trace_cut.h"
#include "model/trace_model.h"
#include "model/trace_query.h"
#include "support/temporary_folder.h"

bool
filtered_open(void *folder, const struct trace_model *whole, const char *filter,
              struct trace_model **out, struct progress progress,
              struct error *err)
{
    struct trace_cut_options options = {
        .scope = trace_scope_whole(),
        .keeps_axis = true,
        .thread_count = 1,
        .progress = progress,
    };
    const struct trace_model_options model_options = {.thread_count = 1};
    struct trace_query *query = NULL;
    char *path = temporary_folder_file(folder, "filtered.vzt");
    const char *paths[] = {path};
    bool ok;

    ok = trace_query_parse(&query, filter, NAME_PATTERN_REGEX, NULL, err);
    if (ok) {
        options.query = query;
        ok = trace_cut(whole, path, &options, NULL, err)
             && trace_model_open(out, paths, 1, &model_options, err);
    }
    (void)unlink(path);
    free(path);
    trace_query_free(query);
    return ok;
}
