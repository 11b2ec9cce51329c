// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/inline_recording.c - a recording that the program itself
 * starts, stops and saves.
 */
#include "tracer/python/inline_recording.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "tracer/python/hooks.h"
#include "tracer/python/own_code.h"
#include "tracer/python/print_log.h"
#include "tracer/python/python_error.h"
#include "tracer/python/recording.h"
#include "tracer/python/thread_names.h"

enum { MESSAGE_SIZE = 1024 };

/* viztracer_save of export/save.h, which is found by name, and what it takes:
 * the recorder does not link what only a save needs. */
struct save_interval {
    uint64_t start_tick;
    uint64_t end_tick;
};

struct save_request {
    const char *recording_path;
    const char *output_path;
    bool has_file_info;
    bool opens_flame_graph;
    bool ends_open_calls;
    const struct save_interval *intervals;
    size_t interval_count;
};

typedef bool save_function(const struct save_request *request,
                           unsigned long long *event_count, char *message,
                           size_t message_size);

/* One per process, like the recording itself. */
static struct inline_state {
    char folder[PATH_MAX]; /* "" = none */
    pid_t owner;           /* only this process removes the folder */
    bool is_running;
    bool is_saved;       /* the next start begins anew */
    uint64_t pause_tick; /* of the last stop */
    /* From starts to stops in the command's recording; owned, never freed. */
    struct save_interval *intervals;
    size_t interval_count;
    size_t interval_capacity;
} state;

static bool
raise(const struct error *err)
{
    python_error_raise(err);
    return false;
}

bool
inline_recording_is_running(void)
{
    return state.is_running;
}

/* The folder holds nothing but our files: no folders. */
static void
remove_folder(void)
{
    DIR *folder = NULL;
    struct dirent *entry = NULL;

    if (state.folder[0] == '\0' || state.owner != getpid()) {
        return;
    }
    folder = opendir(state.folder);
    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder != NULL) {
        closedir(folder);
    }
    rmdir(state.folder);
    state.folder[0] = '\0';
}

static void
remove_at_exit(void)
{
    recording_close();
    remove_folder();
}

static bool
make_folder(struct error *err)
{
    const char *parent = getenv("TMPDIR");
    char path[PATH_MAX];
    int length = 0;

    if (parent == NULL || parent[0] == '\0') {
        parent = "/tmp";
    }
    length = snprintf(path, sizeof path, "%s/viztracer-XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof path) {
        return error_set(err, ERROR_USAGE, "the name in TMPDIR is too long");
    }
    if (mkdtemp(path) == NULL) {
        return error_set_system(err, errno, "cannot make a folder in %s",
                                parent);
    }
    memcpy(state.folder, path, (size_t)length + 1);
    state.owner = getpid();
    return true;
}

/* The options are moved in, whatever happens. */
static bool
open_new(struct recording_options *options)
{
    static bool removes_at_exit;
    struct error err = {0};

    recording_close();
    remove_folder();
    if (!removes_at_exit) {
        removes_at_exit = Py_AtExit(remove_at_exit) == 0;
    }
    if (!make_folder(&err)) {
        recording_options_release(options);
        return raise(&err);
    }
    if (!recording_open(state.folder, options, &err)) {
        return raise(&err);
    }
    state.is_saved = false;
    state.pause_tick = 0;
    return true;
}

/* The command records all along: remember from where on we are asked to. */
static bool
begin_interval(void)
{
    struct error err = {0};

    if (state.is_saved) {
        state.interval_count = 0;
        state.is_saved = false;
    }
    if (!array_reserve((void **)&state.intervals, &state.interval_capacity,
                       state.interval_count + 1, sizeof *state.intervals,
                       &err)) {
        return raise(&err);
    }
    state.intervals[state.interval_count++] = (struct save_interval){
        .start_tick = recording_tick(), .end_tick = UINT64_MAX};
    state.is_running = true;
    return true;
}

static void
end_interval(void)
{
    state.intervals[state.interval_count - 1].end_tick = recording_tick();
}

/* Recording begins, or goes on with other options. */
static bool
open_or_go_on(struct recording_options *options)
{
    struct error err = {0};

    if (recording.recorder == NULL || state.is_saved) {
        return open_new(options);
    }
    return recording_change_options(options, &err) || raise(&err);
}

bool
inline_recording_start(struct recording_options *options)
{
    struct hooks *hooks = hooks_of_interpreter();

    if (hooks == NULL || state.is_running || recording.is_launched) {
        recording_options_release(options);
    }
    if (hooks == NULL) {
        return false;
    }
    if (state.is_running) {
        return true;
    }
    if (recording.is_launched) {
        return begin_interval();
    }
    if (!open_or_go_on(options)) {
        return false;
    }
    if (state.pause_tick != 0) {
        recording_resume(state.pause_tick);
        state.pause_tick = 0;
    }
    state.is_running = (!recording.options.logs_print || print_log_install())
                       && hooks_start(hooks);
    return state.is_running;
}

bool
inline_recording_stop(void)
{
    struct hooks *hooks = hooks_of_interpreter();

    if (hooks == NULL) {
        return false;
    }
    if (!state.is_running) {
        return true;
    }
    state.is_running = false;
    if (recording.is_launched) {
        end_interval();
        return true;
    }
    state.pause_tick = recording_tick();
    print_log_remove();
    return hooks_stop(hooks);
}

/* What is recorded goes away; recording has stopped. */
static bool
forget_recording(void)
{
    if (!inline_recording_stop()) {
        return false;
    }
    state.is_saved = true; /* so that a start begins anew */
    recording_close();
    remove_folder();
    return true;
}

bool
inline_recording_clear(struct recording_options *options)
{
    bool was_running = state.is_running;
    bool ok = true;

    if (recording.is_launched) {
        state.interval_count = 0;
        ok = !was_running || begin_interval();
    } else if (recording.recorder != NULL) {
        ok = forget_recording();
    }
    if (ok && was_running && !recording.is_launched) {
        return inline_recording_start(options);
    }
    recording_options_release(options);
    return ok;
}

/* libviztracer.so stands two folders above the package, or in it. */
static void *
open_library(struct error *err)
{
    static const char *const places[] = {"../../libviztracer.so",
                                         "libviztracer.so"};
    char path[PATH_MAX];
    void *library = NULL;

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int length =
            snprintf(path, sizeof path, "%s/%s", own_code_folder(), places[i]);

        if (length > 0 && (size_t)length < sizeof path
            && access(path, R_OK) == 0) {
            library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
            if (library == NULL) {
                error_set(err, ERROR_UNSUPPORTED, "%s", dlerror());
            }
            return library;
        }
    }
    error_set(err, ERROR_UNSUPPORTED,
              "libviztracer.so is missing: it belongs two folders above %s",
              own_code_folder());
    return NULL;
}

static bool
save_with(void *library, const struct save_request *request,
          unsigned long long *event_count, struct error *err)
{
    char message[MESSAGE_SIZE] = "";
    save_function *save = NULL;
    bool ok = false;

    *(void **)&save = dlsym(library, "viztracer_save");
    if (save == NULL) {
        return error_set(err, ERROR_UNSUPPORTED,
                         "libviztracer.so is of another version");
    }
    Py_BEGIN_ALLOW_THREADS recorder_flush_and_hold(recording.recorder);
    ok = save(request, event_count, message, sizeof message);
    recorder_let_go(recording.recorder);
    Py_END_ALLOW_THREADS return ok
        || error_set(err, ERROR_SYSTEM, "%s", message);
}

/* Say what to save of the command's recording: this process' intervals up to
 * now, or an empty one. */
static void
request_intervals(struct save_request *request, struct save_interval *nothing)
{
    request->recording_path = recorder_path(recording.recorder);
    request->intervals = state.intervals;
    request->interval_count = state.interval_count;
    if (state.interval_count == 0) {
        request->intervals = nothing;
        request->interval_count = 1;
    } else if (state.is_running) {
        end_interval(); /* stop() sets its end again */
    }
}

bool
inline_recording_save(const char *output_path, unsigned flags,
                      unsigned long long *event_count)
{
    struct save_request request = {
        .recording_path = state.folder,
        .output_path = output_path,
        .has_file_info = (flags & INLINE_SAVE_FILE_INFO) != 0,
        .opens_flame_graph = (flags & INLINE_SAVE_FLAME_GRAPH) != 0,
        .ends_open_calls = (flags & INLINE_SAVE_ENDS_OPEN_CALLS) != 0,
    };
    struct save_interval nothing = {0};
    struct error err = {0};
    struct recording_options options = recording_options_default();
    void *library = NULL;

    if (recording.recorder == NULL && !open_new(&options)) {
        return false;
    }
    if (recorder_path(recording.recorder)[0] == '\0') {
        names_refresh(); /* nothing was called: an empty recording */
    }
    if (recording.is_launched) {
        request_intervals(&request, &nothing);
    }
    library = open_library(&err);
    if (library == NULL || !save_with(library, &request, event_count, &err)) {
        return raise(&err);
    }
    state.is_saved = true;
    return true;
}
