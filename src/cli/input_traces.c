// SPDX-License-Identifier: Apache-2.0
#include "cli/input_traces.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "cli/console.h"

static bool
has_suffix(const char *path, const char *suffix)
{
    size_t path_size = strlen(path);
    size_t size = strlen(suffix);

    return path_size > size && strcmp(path + path_size - size, suffix) == 0;
}

static bool
check_path(const char *path, struct error *err)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return error_set_system(err, errno, "cannot open %s", path);
    }
    if (S_ISREG(status.st_mode)
        && (has_suffix(path, ".json") || has_suffix(path, ".gz"))) {
        return error_set(err, ERROR_UNSUPPORTED,
                         "%s: this version does not open JSON; it opens .vzt "
                         "files and recording folders",
                         path);
    }
    return true;
}

bool
input_traces_open(struct trace_model **out, char *const *paths,
                  size_t path_count, struct progress progress,
                  const struct console *console, struct error *err)
{
    const struct trace_model_options options = {.progress = progress};

    for (size_t i = 0; i < path_count; i++) {
        if (!check_path(paths[i], err)) {
            return false;
        }
    }
    if (!trace_model_open(out, (const char *const *)paths, path_count, &options,
                          err)) {
        return false;
    }
    for (size_t i = 0; i < trace_model_note_count(*out); i++) {
        console_note(console, "%s", trace_model_note(*out, i));
    }
    return true;
}
