// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/recording.c - the recording of this process.
 */
#include "tracer/python/python_compat.h"

#include "tracer/python/recording.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/os.h"
#include "tracer/python/hooks.h"

enum {
    COMMAND_LINE_SIZE_MAX = 65536,
    FUNCTIONS_USUAL = 1000, /* in a program */
    SOURCES_USUAL = 100,
};

struct recording recording;

/* What is kept of a thread beside its log. Only slow paths look at it, so it
 * stays out of the small room for initial-exec variables. */
struct thread_state {
    unsigned mute_count;
    struct thread_log *muted_log;    /* its log while it is muted */
    uint32_t muted_generation;       /* a child does not get its parent's log */
    const struct recorder *recorder; /* that has its events so far */
    uint32_t epoch;                  /* ... and when the last of them came */
};

static _Thread_local __attribute__((
    tls_model("global-dynamic"))) struct thread_state thread_state;

/* The command line as the kernel has it: texts that end in NUL. Cut at
 * COMMAND_LINE_SIZE_MAX. Returns its size. */
static size_t
read_command_line(char *text, size_t capacity, uint32_t *argument_count)
{
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? 0 : os_read_at(fd, text, capacity, 0);

    if (fd >= 0) {
        close(fd);
    }
    *argument_count = 0;
    if (size <= 0) {
        return 0;
    }
    text[size - 1] = '\0'; /* as it is, unless it was cut */
    for (ssize_t i = 0; i < size; i++) {
        *argument_count += text[i] == '\0';
    }
    return (size_t)size;
}

static struct text_span
span_of(const char *text)
{
    return (struct text_span){text, strlen(text)};
}

static bool
open_recorder(struct recorder **out, const char *directory,
              const struct recording_options *wanted, char *command_line,
              struct error *err)
{
    char executable[PATH_MAX] = "";
    char folder[PATH_MAX] = "";
    char version[64] = "CPython ";
    size_t prefix = strlen(version);
    const char *full = Py_GetVersion(); /* "3.12.1 (main, ..." */
    struct recorder_options options = {
        .directory = directory,
        .limit_bytes = wanted->limit_bytes,
        .call_limit = wanted->entry_limit,
        .min_duration_ns = wanted->min_duration_ns,
        .has_one_process = wanted->has_one_process,
    };

    if (readlink("/proc/self/exe", executable, sizeof executable - 1) < 0) {
        executable[0] = '\0';
    }
    if (getcwd(folder, sizeof folder) == NULL) {
        folder[0] = '\0';
    }
    for (size_t i = 0; full[i] > ' ' && prefix + i < sizeof version - 1; i++) {
        version[prefix + i] = full[i];
    }
    if (wanted->has_args) {
        options.process.arguments.data = command_line;
        options.process.arguments.size =
            read_command_line(command_line, COMMAND_LINE_SIZE_MAX,
                              &options.process.argument_count);
    }
    options.process.executable = span_of(executable);
    options.process.directory = span_of(folder);
    options.process.version = span_of(version);
    return recorder_new(out, &options, err);
}

static void
finish_at_exit(void)
{
    hooks_note_end();
    recording_close();
}

static void
finish_before_end(PyObject *capsule)
{
    (void)capsule;
    finish_at_exit();
}

static bool
prepare_once(struct error *err)
{
    if (recording.functions != NULL) {
        return true;
    }
    if ((recording.sources == NULL
         && !function_table_new(&recording.sources, SOURCES_USUAL))
        || !function_table_new(&recording.functions, FUNCTIONS_USUAL)) {
        return error_set_no_memory(err);
    }
    /* Called when the interpreter is gone: all that it did is recorded. */
    if (Py_AtExit(finish_at_exit) != 0) {
        return error_set(err, ERROR_SYSTEM,
                         "the interpreter has no room for an exit function");
    }
    if (!python_call_before_end(finish_before_end)) {
        PyErr_Clear();
        return error_set_no_memory(err);
    }
    return true;
}

bool
recording_open(const char *directory, struct recording_options *options,
               struct error *err)
{
    char *command_line = malloc(COMMAND_LINE_SIZE_MAX);
    struct recorder *recorder = NULL;
    bool ok = false;

    if (command_line == NULL) {
        recording_options_release(options);
        return error_set_no_memory(err);
    }
    recording_close();
    if (prepare_once(err) && file_filter_set(&recording.files, options, err)
        && open_recorder(&recorder, directory, options, command_line, err)) {
        function_table_clear(recording.functions);
        function_table_clear(recording.sources);
        recording_options_release(&recording.options);
        recording.options = *options;
        *options = recording_options_default();
        recording.generation = recorder_generation(recorder);
        recording.epoch++;
        recording.pause_tick = 0;
        recording.is_named = false;
        recording.recorder = recorder;
        ok = true;
    }
    recording_options_release(options);
    free(command_line);
    return ok;
}

/* Whether both have the same paths, for the same purpose. */
static bool
filter_files_alike(const struct recording_options *a,
                   const struct recording_options *b)
{
    if (a->path_count != b->path_count || a->is_include != b->is_include
        || a->keeps_descendants != b->keeps_descendants) {
        return false;
    }
    for (size_t i = 0; i < a->path_count; i++) {
        if (a->paths[i].size != b->paths[i].size
            || memcmp(a->paths[i].data, b->paths[i].data, a->paths[i].size)
                   != 0) {
            return false;
        }
    }
    return true;
}

/* Each function is judged anew, and what is recorded is defined again. */
static bool
change_files(const struct recording_options *options, struct error *err)
{
    if (filter_files_alike(&recording.options, options)) {
        return true;
    }
    function_table_clear(recording.functions);
    return file_filter_set(&recording.files, options, err);
}

bool
recording_change_options(struct recording_options *options, struct error *err)
{
    bool ok = change_files(options, err);

    options->limit_bytes = recording.options.limit_bytes;
    options->entry_limit = recording.options.entry_limit;
    options->min_duration_ns = recording.options.min_duration_ns;
    recording_options_release(&recording.options);
    recording.options = *options;
    *options = recording_options_default();
    return ok;
}

void
recording_close(void)
{
    if (recording.recorder != NULL) {
        recorder_finish(recording.recorder);
        recording.recorder = NULL;
    }
}

static void
follow_fork(struct recorder *recorder)
{
    uint32_t generation = recorder_generation(recorder);

    if (generation != recording.generation) {
        function_table_clear(recording.functions);
        function_table_clear(recording.sources);
        recording.generation = generation;
        recording.is_named = false;
    }
}

/* What a thread that was recorded before missed: all since the pause began, or,
 * when it had no event between pauses, since its last event. */
static void
record_pause(struct recorder *recorder, const struct thread_log *log)
{
    if (thread_state.recorder == recorder && recording.pause_tick != 0) {
        recorder_gap(recorder, VZT_GAP_PAUSED,
                     thread_state.epoch + 1 == recording.epoch
                         ? recording.pause_tick
                         : log->last_tick);
    }
    thread_state.recorder = recorder;
    thread_state.epoch = recording.epoch;
}

/* Nothing will ever be recorded here: hear of nothing more. */
static void
stop_hearing(void)
{
    PyObject *type = NULL;
    PyObject *value = NULL;
    PyObject *traceback = NULL;
    struct hooks *hooks = NULL;

    PyErr_Fetch(&type, &value, &traceback);
    hooks = hooks_of_interpreter();
    if (hooks != NULL) {
        (void)hooks_stop(hooks);
    }
    PyErr_Restore(type, value, traceback);
}

struct thread_log *
recording_thread(void)
{
    struct recorder *recorder = recording.recorder;
    struct thread_log *log;

    if (recorder == NULL || thread_state.mute_count > 0) {
        return NULL;
    }
    follow_fork(recorder);
    if (recording_owns(thread_log_current)) {
        return thread_log_current;
    }
    log = recorder_thread(recorder, (struct text_span){0});
    if (log == NULL && recording.options.has_one_process
        && !recorder_is_recording(recorder)) {
        stop_hearing();
    }
    if (log != NULL) {
        log->epoch = recording.epoch;
        if (thread_state.recorder != recorder
            || thread_state.epoch != recording.epoch) {
            log->depth = 0;
            log->hidden_count = 0;
            record_pause(recorder, log);
        }
    }
    return log;
}

void
recording_resume(uint64_t pause_tick)
{
    recording.pause_tick = pause_tick;
    recording.epoch++;
    if (thread_log_current != NULL) {
        (void)recording_thread(); /* its gap ends now */
    }
}

void
recording_define(const void *key, const void *check, uint32_t flags,
                 const struct function_definition *definition)
{
    struct recorder *recorder = recording.recorder;
    uint32_t id = 0;

    if (recorder != NULL) {
        id = recorder_function(recorder, definition);
    }
    if (id != 0) {
        (void)function_table_set(recording.functions, key,
                                 function_facts(id, flags, check));
        recorder_note_tables(recorder,
                             function_table_memory(recording.functions)
                                 + function_table_memory(recording.sources));
    }
}

void
recording_hide(const void *key, const void *check, uint32_t flags)
{
    (void)function_table_set(recording.functions, key,
                             function_facts(0, flags, check));
}

bool
recording_ignore(const void *code)
{
    uint64_t facts = 0;

    if (recording.ignored == NULL
        && !function_table_new(&recording.ignored, 0)) {
        return false;
    }
    if (recording.functions != NULL) {
        facts = function_table_look(recording.functions, code);
    }
    /* It keeps its id: one of its calls may be open. */
    return (facts == 0
            || function_table_set(recording.functions, code,
                                  facts | FUNCTION_HIDES))
           && function_table_set(recording.ignored, code, 1);
}

void
recording_forget(const void *key)
{
    if (key == NULL) {
        return;
    }
    if (recording.functions != NULL) {
        function_table_remove(recording.functions, key);
    }
    if (recording_ignores(key)) {
        function_table_remove(recording.ignored, key);
    }
}

static uint32_t
generation_now(void)
{
    return recording.recorder != NULL ? recorder_generation(recording.recorder)
                                      : 0;
}

void
recording_mute_thread(void)
{
    if (thread_state.mute_count++ == 0) {
        thread_state.muted_log = thread_log_current;
        thread_state.muted_generation = generation_now();
        thread_log_current = NULL;
    }
}

void
recording_unmute_thread(void)
{
    if (--thread_state.mute_count == 0 && thread_log_current == NULL
        && thread_state.muted_generation == generation_now()) {
        thread_log_current = thread_state.muted_log;
    }
}

void
recording_leaving(enum vzt_stop_reason reason)
{
    if (recording.recorder != NULL) {
        recorder_leaving(recording.recorder, reason);
    }
}

void
recording_forks_to_exec(bool is_about_to)
{
    if (recording.recorder != NULL) {
        recorder_forks_to_exec(recording.recorder, is_about_to);
    }
}

void
recording_count_unfollowed(int change)
{
    if (recording.recorder != NULL && recording.is_launched
        && recording.has_begun) {
        recorder_count_unfollowed(recording.recorder, change);
    }
}

uint64_t
recording_tick(void)
{
    return recording.recorder != NULL
               ? clock_tick(recorder_clock(recording.recorder))
               : 0;
}
