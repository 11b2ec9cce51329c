// SPDX-License-Identifier: Apache-2.0
#include "cli/input_traces.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "cli/console.h"
#include "cli/folders.h"
#include "cli/input_list.h"
#include "format/reader.h"
#include "import/chrome_json.h"
#include "import/packed_trace.h"
#include "model/align_marker.h"

enum {
    /* Of the whole work, a byte of JSON that is imported against a byte of any
     * file that is opened. */
    IMPORT_SHARE = 8,
};

/* Of the year 2001: no other clock has come so far. */
#define OLDEST_WALL_CLOCK_NS (UINT64_C(978307200) * 1000000000)

/* A part of the work on the scale of all of it. */
struct stage {
    const struct progress *progress;
    uint64_t base; /* done before it */
    uint64_t span; /* its share */
    uint64_t total;
    bool keeps;    /* what was read when it is told to stop */
    bool was_told; /* to stop */
    bool goes_on;  /* it is not to be stopped any more */
};

static bool
report_stage(void *context, uint64_t done, uint64_t total)
{
    struct stage *stage = context;
    double share = total == 0 ? 1 : (double)done / (double)total;
    uint64_t part = (uint64_t)(share * (double)stage->span);

    if (!progress_report(stage->progress, stage->base + part, stage->total)) {
        stage->was_told = true;
    }
    return !stage->was_told || stage->goes_on;
}

enum input_kind {
    INPUT_TRACE,  /* or a folder */
    INPUT_PACKED, /* a trace, compressed */
    INPUT_JSON,
    INPUT_UNKNOWN, /* perhaps a damaged trace: the reader searches it */
};

/* The inputs, and what is said of them. */
struct inputs {
    char *const *paths;
    size_t count;
    const struct input_traces_options *options;
};

static const char *
name_of(const struct inputs *inputs, size_t i)
{
    const struct input_list *list = inputs->options->list;

    return list == NULL ? inputs->paths[i] : list->names[i];
}

static bool
find_kind(const struct inputs *inputs, size_t i, enum input_kind *kind,
          uint64_t *size, struct error *err)
{
    const char *path = inputs->paths[i];
    struct stat status;

    if (stat(path, &status) != 0) {
        return error_set_system(err, errno, "cannot open %s",
                                name_of(inputs, i));
    }
    *size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
    if (S_ISREG(status.st_mode) && status.st_size == 0) {
        return error_set(err, ERROR_BAD_INPUT,
                         "%s: is empty: there is no trace in it",
                         name_of(inputs, i));
    }
    *kind = !S_ISREG(status.st_mode) || trace_file_has_magic(path) ? INPUT_TRACE
            : packed_trace_has_magic(path) ? INPUT_PACKED
            : chrome_json_has_magic(path)  ? INPUT_JSON
                                           : INPUT_UNKNOWN;
    return true;
}

static bool
add_note(struct input_traces *traces, const char *text, struct error *err)
{
    char *note = strdup(text);

    if (note == NULL
        || !array_reserve((void **)&traces->notes, &traces->note_capacity,
                          traces->note_count + 1, sizeof *traces->notes, err)) {
        free(note);
        return error_set_no_memory(err);
    }
    traces->notes[traces->note_count++] = note;
    return true;
}

static bool
add_notes(struct input_traces *traces, const struct imported_trace *import,
          struct error *err)
{
    for (size_t i = 0; i < import->note_count; i++) {
        if (!add_note(traces, import->notes[i], err)) {
            return false;
        }
    }
    return true;
}

static void
add_path(struct input_traces *traces, const char *path, const char *name)
{
    traces->names[traces->path_count] = name;
    traces->paths[traces->path_count++] = path;
}

/* What was only found in a folder may be no trace: that is a note. */
static bool
leave_out(struct input_traces *traces, const struct inputs *inputs, size_t i,
          const struct error *reason, struct error *err)
{
    char text[ERROR_MESSAGE_SIZE + 16];

    if (inputs->options->list == NULL || !inputs->options->list->are_found[i]
        || reason->code != ERROR_BAD_INPUT) {
        if (err != NULL) {
            *err = *reason;
        }
        return false;
    }
    if (traces->first_failure.code == ERROR_NONE) {
        traces->first_failure = *reason;
    }
    (void)snprintf(text, sizeof text, "not shown: %s", reason->message);
    return add_note(traces, text, err);
}

static bool
import_input(struct input_traces *traces, const struct inputs *inputs, size_t i,
             enum input_kind kind, struct stage *stage, struct error *err)
{
    const struct chrome_json_options options = {
        .name = name_of(inputs, i),
        .progress = {.report = report_stage, .context = stage},
        .keeps_when_stopped = stage->keeps,
        .number = i,
        .keeping = inputs->options->keeping,
        .is_growing = inputs->options->is_growing,
    };
    struct imported_trace *import = &traces->imports[traces->import_count];
    struct error reason = {0};

    if (!(kind == INPUT_PACKED
              ? packed_trace_open(import, inputs->paths[i], &options, &reason)
              : chrome_json_import(import, inputs->paths[i], &options,
                                   &reason))) {
        return leave_out(traces, inputs, i, &reason, err);
    }
    traces->import_count++;
    add_path(traces, import->path, options.name);
    return add_notes(traces, import, err);
}

/* Whether it becomes a temporary file first. */
static bool
is_imported(enum input_kind kind)
{
    return kind == INPUT_JSON || kind == INPUT_PACKED;
}

/* The share of the imports in the whole work, and all of it. */
static bool
plan(const struct inputs *inputs, struct stage *stage, struct error *err)
{
    enum input_kind kind;
    uint64_t size;

    stage->total = 1;
    for (size_t i = 0; i < inputs->count; i++) {
        if (!find_kind(inputs, i, &kind, &size, err)) {
            return false;
        }
        stage->total += is_imported(kind) ? size * (IMPORT_SHARE + 1) : size;
    }
    return true;
}

static bool
import_all(struct input_traces *traces, const struct inputs *inputs,
           struct stage *stage, struct error *err)
{
    for (size_t i = 0; i < inputs->count; i++) {
        enum input_kind kind;
        uint64_t size;

        if (!find_kind(inputs, i, &kind, &size, err)) {
            return false;
        }
        if (kind == INPUT_UNKNOWN && traces->unknown == NULL) {
            traces->unknown = name_of(inputs, i);
        }
        if (!is_imported(kind)) {
            add_path(traces, inputs->paths[i], name_of(inputs, i));
            continue;
        }
        stage->span = size * IMPORT_SHARE;
        if (!import_input(traces, inputs, i, kind, stage, err)) {
            return false;
        }
        stage->base += stage->span;
    }
    if (traces->path_count == 0 && err != NULL) {
        *err = traces->first_failure;
    }
    return traces->path_count > 0;
}

/* The header that a file begins with, or one of the files of a folder. */
static bool
find_header(const char *path, struct vzt_section_header *header)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    bool is_found = false;

    if (folder == NULL) {
        return trace_file_first_header(path, header);
    }
    while (!is_found && (entry = readdir(folder)) != NULL) {
        char *file = folders_join(path, entry->d_name);

        is_found = file != NULL && trace_file_first_header(file, header);
        free(file);
    }
    (void)closedir(folder);
    return is_found;
}

/* Imported JSON that does not say when it was recorded has the same time on
 * both clocks; so has what is recorded by the wall clock. */
static bool
has_wall_clock(const char *path)
{
    struct vzt_section_header header;

    return !find_header(path, &header)
           || header.anchor_realtime_ns != header.anchor_monotonic_ns
           || header.anchor_realtime_ns > OLDEST_WALL_CLOCK_NS;
}

/* Times can be put on one axis when all of them are of the wall clock. Where
 * none is they may be of one clock all the same, as those of one boot are. */
static bool
check_clocks(struct input_traces *traces, struct error *err)
{
    size_t with = SIZE_MAX;
    size_t without = SIZE_MAX;

    for (size_t i = traces->path_count; i-- > 0;) {
        *(has_wall_clock(traces->paths[i]) ? &with : &without) = i;
    }
    if (without == SIZE_MAX || traces->path_count < 2) {
        return true;
    }
    if (with != SIZE_MAX) {
        return error_set(err, ERROR_USAGE,
                         "%s does not say when it was recorded, %s does: "
                         "--align start (or --align_combine) lets them begin "
                         "at one time, --align NAME puts an instant or a "
                         "function of that name at one time",
                         traces->names[without], traces->names[with]);
    }
    return add_note(traces,
                    "the inputs do not say when they were recorded: their "
                    "times are shown as if of one clock; --align start lets "
                    "them begin at one time",
                    err);
}

static bool
import_inputs(struct input_traces *traces, char *const *paths,
              size_t path_count, const struct input_traces_options *options,
              struct stage *stage, struct error *err)
{
    const struct inputs inputs = {paths, path_count, options};

    *traces = (struct input_traces){0};
    if (options->list != NULL && !options->is_growing
        && !input_list_wait(options->list, &options->progress, err)) {
        return false;
    }
    *stage = (struct stage){.progress = &options->progress,
                            .keeps = options->keeps_when_stopped};
    traces->names = array_new(path_count, sizeof *traces->names, err);
    traces->paths = array_new(path_count, sizeof *traces->paths, err);
    traces->imports = array_new(path_count, sizeof *traces->imports, err);
    if (traces->paths == NULL || traces->names == NULL
        || traces->imports == NULL || !plan(&inputs, stage, err)
        || !import_all(traces, &inputs, stage, err)
        || (!options->aligns_inputs && !check_clocks(traces, err))) {
        input_traces_release(traces);
        return false;
    }
    stage->span = stage->total - stage->base;
    stage->goes_on = stage->keeps && stage->was_told; /* was heard already */
    return true;
}

bool
input_traces_import(struct input_traces *traces, char *const *paths,
                    size_t path_count,
                    const struct input_traces_options *options,
                    struct error *err)
{
    struct stage stage;

    return import_inputs(traces, paths, path_count, options, &stage, err);
}

void
input_traces_release(struct input_traces *traces)
{
    for (size_t i = 0; i < traces->import_count; i++) {
        imported_trace_release(&traces->imports[i]);
    }
    free(traces->imports);
    for (size_t i = 0; i < traces->note_count; i++) {
        free(traces->notes[i]);
    }
    free(traces->paths);
    free(traces->names);
    free(traces->notes);
    *traces = (struct input_traces){0};
}

/* Nothing could be opened; false. */
static bool
refuse_unknown(const struct input_traces *traces, struct error *err)
{
    if (traces->unknown == NULL || err->code != ERROR_BAD_TRACE) {
        return false;
    }
    return error_set(err, ERROR_BAD_INPUT,
                     "%s: is no trace: it begins neither like a .vzt file nor "
                     "like Chrome trace JSON, plain or gzip",
                     traces->unknown);
}

bool
input_traces_find_delays(const struct input_traces *traces, const char *marker,
                         uint64_t **delays_ns, struct error *err)
{
    const struct trace_model_options options = {
        .aligns_inputs = true,
        .names = traces->names,
    };
    struct trace_model *model = NULL;
    bool ok = trace_model_open(&model, traces->paths, traces->path_count,
                               &options, err)
              && align_marker_find(model, marker, delays_ns, err);

    trace_model_close(model);
    return ok || error_add_context(err, "--align");
}

/* Open the traces again with what the marker says about them. */
static bool
align_to_marker(struct trace_model **model, const struct input_traces *traces,
                struct trace_model_options *options, const char *marker,
                struct error *err)
{
    uint64_t *delays_ns = NULL;
    bool ok = align_marker_find(*model, marker, &delays_ns, err);

    trace_model_close(*model);
    *model = NULL;
    options->delays_ns = delays_ns;
    ok = ok
         && trace_model_open(model, traces->paths, traces->path_count, options,
                             err);
    free(delays_ns);
    return ok || error_add_context(err, "--align");
}

bool
input_traces_load(struct trace_model **out, char *const *paths,
                  size_t path_count, const struct input_traces_options *options,
                  struct error *err)
{
    struct input_traces traces;
    struct stage stage;
    struct trace_model_options model_options;
    struct trace_model *model = NULL;
    bool ok;

    if (!import_inputs(&traces, paths, path_count, options, &stage, err)) {
        return false;
    }
    model_options = (struct trace_model_options){
        .progress = {.report = report_stage, .context = &stage},
        .keeps_when_stopped = options->keeps_when_stopped,
        .aligns_inputs = options->aligns_inputs,
        .names = traces.names,
        .only_pid = options->only_pid,
        .notes = (const char *const *)traces.notes,
        .note_count = traces.note_count,
    };
    ok = trace_model_open(&model, traces.paths, traces.path_count,
                          &model_options, err)
         || refuse_unknown(&traces, err);
    if (ok && options->align_marker != NULL) {
        ok = align_to_marker(&model, &traces, &model_options,
                             options->align_marker, err);
    }
    if (ok) {
        *out = model;
    }
    input_traces_release(&traces);
    return ok;
}

void
input_traces_say_notes(const struct trace_model *model,
                       const struct console *console)
{
    for (size_t i = 0; i < trace_model_note_count(model); i++) {
        console_note(console, "%s", trace_model_note(model, i));
    }
}

bool
input_traces_open(struct trace_model **out, char *const *paths,
                  size_t path_count, const struct input_traces_options *options,
                  const struct console *console, struct error *err)
{
    if (!input_traces_load(out, paths, path_count, options, err)) {
        return false;
    }
    input_traces_say_notes(*out, console);
    return true;
}
