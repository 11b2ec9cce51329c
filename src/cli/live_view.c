// SPDX-License-Identifier: Apache-2.0
#include "cli/live_view.h"

#include <langinfo.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "base/output_file.h"
#include "cli/console.h"
#include "cli/filtered_trace.h"
#include "cli/folders.h"
#include "cli/input_list.h"
#include "cli/input_traces.h"
#include "cli/options.h"
#include "cli/trace_output.h"

enum {
    COPY_FOLDER_MODE = 0700,
    LOAD_SHARE = 4, /* a fifth of the time goes into loading what came */
    BLOCK_CHARACTER = 0x2588, /* "ambiguous": some locales give it 2 columns */
};

/* What the viewer's services need. */
struct paths {
    char *const *items;
    size_t count;
    bool are_aligned;
    const char *align_marker;
    const struct input_list *list; /* NULL = paths of files and folders */
    bool wants_whole;              /* not what came of a pipe so far */
    atomic_bool is_stopped;
    atomic_bool is_unwanted; /* what it gives */
    /* Of the thread that loads, and of the viewer's while there is none: */
    bool is_open;         /* more may come than was loaded last */
    uint64_t tried_bytes; /* of pipes, when they were loaded last */
    uint64_t load_ns;     /* that took */
    uint64_t end_ns;      /* then that was done */
};

/* What stops loading. */
struct brake {
    struct paths *paths;
    struct progress progress;
    bool has_stopped; /* pipes were, so that loading what came is not */
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
go_on(void *context, uint64_t done, uint64_t total)
{
    struct brake *brake = context;
    bool goes_on = progress_report(&brake->progress, done, total);

    return !atomic_load(&brake->paths->is_unwanted)
           && (goes_on || brake->has_stopped);
}

/* What was read before a stop is put together. */
static bool
keep_on(void *context, uint64_t done, uint64_t total)
{
    const struct brake *brake = context;

    (void)done;
    (void)total;
    return !atomic_load(&brake->paths->is_unwanted);
}

static bool
load_files(struct paths *paths, struct brake *brake, struct trace_model **out,
           struct error *err)
{
    const struct input_traces_options options = {
        .progress = {.report = go_on, .context = brake},
        .keeps_when_stopped = true,
        .keeping = {.report = keep_on, .context = brake},
        .aligns_inputs = paths->are_aligned,
        .align_marker = paths->align_marker,
        .list = paths->list,
        .is_growing = paths->is_open,
    };

    return input_traces_load(out, paths->items, paths->count, &options, err);
}

/* Wait until it is worth loading what has come through pipes, which is done
 * over and over: for so long that most of the time goes by without. A stop ends
 * the pipes. */
static void
wait_for_more(struct paths *paths, struct brake *brake)
{
    while (input_list_is_open(paths->list)) {
        (void)progress_report(&brake->progress, 0, 0); /* it waits */
        if (!paths->wants_whole
            && input_list_size(paths->list) > paths->tried_bytes
            && clock_monotonic_ns() - paths->end_ns
                   >= LOAD_SHARE * paths->load_ns) {
            return;
        }
        input_list_wait_a_moment(paths->list);
    }
}

/* There was nothing yet that can be shown. More may come; and what is there is
 * still to be kept when the user stopped it while it was read. */
static bool
is_worth_another(const struct paths *paths, const struct brake *brake,
                 const struct error *reason)
{
    if (reason->code == ERROR_CANCELLED) {
        return atomic_load(&paths->is_stopped) && !brake->has_stopped
               && !atomic_load(&paths->is_unwanted);
    }
    return paths->is_open
           && (reason->code == ERROR_BAD_INPUT
               || reason->code == ERROR_BAD_TRACE);
}

/* What came so far: when that is nothing yet that can be shown, more. */
static bool
load_pipes(struct paths *paths, struct brake *brake, struct trace_model **out,
           struct error *err)
{
    struct error reason = {0};
    bool is_ok = false;

    do {
        uint64_t start_ns;

        wait_for_more(paths, brake);
        brake->has_stopped = atomic_load(&paths->is_stopped);
        paths->is_open = input_list_is_open(paths->list);
        paths->tried_bytes = input_list_size(paths->list);
        if (!input_list_check(paths->list, err)) {
            return false;
        }
        start_ns = clock_monotonic_ns();
        reason = (struct error){0};
        is_ok = load_files(paths, brake, out, &reason);
        paths->end_ns = clock_monotonic_ns();
        paths->load_ns = paths->end_ns - start_ns;
    } while (!is_ok && is_worth_another(paths, brake, &reason));
    if (!is_ok) {
        paths->tried_bytes = 0; /* the look was cut */
        *err = reason;
    }
    atomic_store(&paths->is_stopped, false); /* that was heard */
    return is_ok;
}

static bool
load(void *context, struct trace_model **out, struct progress progress,
     struct error *err)
{
    struct paths *paths = context;
    struct brake brake = {.paths = paths, .progress = progress};

    return paths->list != NULL && paths->list->spool_count > 0
               ? load_pipes(paths, &brake, out, err)
               : load_files(paths, &brake, out, err);
}

static bool
is_growing(void *context)
{
    const struct paths *paths = context;

    return paths->is_open;
}

static void
stop(void *context, bool is_unwanted)
{
    struct paths *paths = context;

    if (is_unwanted) {
        atomic_store(&paths->is_unwanted, true);
    }
    atomic_store(&paths->is_stopped, true);
    if (paths->list != NULL) {
        input_list_stop(paths->list);
    }
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
              size_t path_count, const char *title,
              const struct console *console, enum live_end *end, int *signal,
              struct error *err)
{
    const char *marks = getenv("VIZTRACER_TUI_MARK");
    struct paths context = {
        .items = paths,
        .count = path_count,
        .are_aligned = options->aligns_inputs,
        .align_marker = options->align_marker,
        .list = options->list,
    };
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
        .is_growing = is_growing,
        .stop = stop,
        .filter = filtered_trace_open,
        .keep_copy = keep_copy,
        .write = write_trace,
        .context = &context,
        .has_marks = marks != NULL && strcmp(marks, "1") == 0,
    };
    struct error failure = {0};
    bool is_ok;

    context.wants_whole = live_wants_whole(&live_options);
    is_ok = live_run(&live_options, end, signal, &failure);
    if (is_ok && *end != LIVE_NO_TERMINAL && failure.code != ERROR_NONE) {
        console_note(console,
                     "what was shown is not kept for the next time: %s",
                     failure.message);
    } else if (failure.code != ERROR_NONE) {
        *err = failure;
    }

    free(state_folder);
    free(config_folder);
    return is_ok;
}
