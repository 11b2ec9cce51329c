// SPDX-License-Identifier: Apache-2.0
#include "cli/live_view.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/error.h"
#include "base/number_parse.h"
#include "base/output_file.h"
#include "cli/filtered_trace.h"
#include "cli/folders.h"
#include "cli/input_traces.h"
#include "cli/options.h"
#include "cli/trace_output.h"

enum {
    COPY_FOLDER_MODE = 0700,
    BLOCK_CHARACTER = 0x2588, /* "ambiguous": some locales give it 2 columns */
};

/* What the viewer's services need. */
struct paths {
    char *const *items;
    size_t count;
    bool are_aligned;
    const char *align_marker;
    const struct input_list *list;
};

const char *
live_view_title(char *title, size_t size, const char *path, size_t path_count)
{
    const char *slash = strrchr(path, '/');

    if (path_count == 1) {
        (void)snprintf(title, size, "%s",
                       slash == NULL || slash[1] == '\0' ? path : slash + 1);
    } else {
        (void)snprintf(title, size, "%zu recordings", path_count);
    }
    return title;
}

bool
live_view_allows_colour(void)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *colour = getenv("CLICOLOR");

    return (no_colour == NULL || *no_colour == '\0')
           && (colour == NULL || strcmp(colour, "0") != 0);
}

/* "15;0" or "0;default;15": the last is the background, one of 16 colours. */
bool
live_view_is_light(void)
{
    const char *colours = getenv("COLORFGBG");
    const char *last = colours == NULL ? NULL : strrchr(colours, ';');
    uint64_t background;

    return last != NULL && number_parse_u64(last + 1, &background)
           && (background == 7 || (background >= 9 && background <= 15));
}

bool
live_view_needs_ascii(const struct options *options)
{
    return options->is_ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0
           || wcwidth(BLOCK_CHARACTER) != 1;
}

static bool
load(void *context, struct trace_model **out, struct progress progress,
     struct error *err)
{
    const struct paths *paths = context;
    const struct input_traces_options options = {
        .progress = progress,
        .keeps_when_stopped = true,
        .aligns_inputs = paths->are_aligned,
        .align_marker = paths->align_marker,
        .list = paths->list,
    };

    return input_traces_load(out, paths->items, paths->count, &options, err);
}

static bool
write_trace(void *context, const struct live_written *written,
            struct progress progress, struct error *err)
{
    const struct paths *paths = context;
    const char *path = written->path;
    struct trace_output output = {
        .path = path,
        .inputs = paths->items,
        .input_count = paths->count,
        .has_source = true,
        .list = paths->list,
        .aligns_inputs = paths->are_aligned,
        .align_marker = paths->align_marker,
    };

    if (!trace_output_find_format(&output.format, path, NULL, err)) {
        return false;
    }
    if (!written->is_over && access(path, F_OK) == 0) {
        return error_set(err, ERROR_SYSTEM,
                         "%s is there already; :w! %s writes over it", path,
                         path);
    }
    return written->is_whole
               ? trace_output_write_model(&output, written->model, progress,
                                          err)
               : filtered_trace_write(&output, written->model, written->scope,
                                      progress, err);
}

/* ~/.cache/viztracer/yank; the caller frees. */
static char *
copy_path(struct error *err)
{
    char *folder = folders_cache(err);
    char *path = NULL;

    if (folder != NULL && folders_make(folder, COPY_FOLDER_MODE, err)) {
        path = folders_join(folder, "yank");
        if (path == NULL) {
            (void)error_set_no_memory(err);
        }
    }
    free(folder);
    return path;
}

static bool
keep_copy(void *context, const char *text, size_t size, struct error *err)
{
    char *path = copy_path(err);
    struct output_file *file = NULL;
    bool is_ok;

    (void)context;
    is_ok = path != NULL && output_file_create(&file, path, err)
            && output_file_make_private(file, err);
    if (is_ok) {
        (void)output_file_write(file, text, size);
        is_ok = output_file_commit_soon(file, err);
    }
    output_file_release(file);
    free(path);
    return is_ok;
}

bool
live_view_run(const struct options *options, char *const *paths,
              size_t path_count, const char *title, enum live_end *end,
              int *signal, struct error *err)
{
    const char *marks = getenv("VIZTRACER_TUI_MARK");
    struct paths context = {paths, path_count, options->aligns_inputs,
                            options->align_marker, options->list};
    struct error no_home = {0};
    char *state_folder = folders_state(&no_home); /* NULL = nothing is kept */
    char *config_folder = folders_config(&no_home);
    const struct live_options live_options = {
        .title = title,
        .state_folder = state_folder,
        .config_folder = config_folder,
        .is_ascii = live_view_needs_ascii(options),
        .has_colour = live_view_allows_colour(),
        .is_light = live_view_is_light(),
        .first_filter = options->filter,
        .start = options->start,
        .keys = options->keys,
        .load = load,
        .filter = filtered_trace_open,
        .keep_copy = keep_copy,
        .write = write_trace,
        .context = &context,
        .has_marks = marks != NULL && strcmp(marks, "1") == 0,
    };
    bool is_ok = live_run(&live_options, end, signal, err);

    free(state_folder);
    free(config_folder);
    return is_ok;
}
