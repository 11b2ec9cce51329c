// SPDX-License-Identifier: Apache-2.0
#include "cli/input_traces.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "cli/console.h"
#include "format/reader.h"
#include "import/chrome_json.h"
#include "import/packed_trace.h"
#include "model/align_marker.h"

enum {
    /* Of the whole work, a byte of JSON that is imported against a byte of any
     * file that is opened. */
    IMPORT_SHARE = 8,
};

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

static bool
find_kind(const char *path, enum input_kind *kind, uint64_t *size,
          struct error *err)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        return error_set_system(err, errno, "cannot open %s", path);
    }
    *size = S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
    *kind = !S_ISREG(status.st_mode) || trace_file_has_magic(path) ? INPUT_TRACE
            : packed_trace_has_magic(path) ? INPUT_PACKED
            : chrome_json_has_magic(path)  ? INPUT_JSON
                                           : INPUT_UNKNOWN;
    return true;
}

static bool
add_notes(struct input_traces *traces, const struct imported_trace *import,
          struct error *err)
{
    size_t capacity = traces->note_count;

    if (!array_reserve((void **)&traces->notes, &capacity,
                       traces->note_count + import->note_count,
                       sizeof *traces->notes, err)) {
        return false;
    }
    for (size_t i = 0; i < import->note_count; i++) {
        traces->notes[traces->note_count++] = import->notes[i];
    }
    return true;
}

static bool
import_path(struct input_traces *traces, const char *path, enum input_kind kind,
            struct stage *stage, struct error *err)
{
    const struct chrome_json_options options = {
        .progress = {.report = report_stage, .context = stage},
        .keeps_when_stopped = stage->keeps,
    };
    struct imported_trace *import = &traces->imports[traces->import_count];

    if (!(kind == INPUT_PACKED
              ? packed_trace_open(import, path, options.progress, stage->keeps,
                                  err)
              : chrome_json_import(import, path, &options, err))) {
        return false;
    }
    traces->import_count++;
    traces->paths[traces->path_count++] = import->path;
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
plan(char *const *paths, size_t path_count, struct stage *stage,
     struct error *err)
{
    enum input_kind kind;
    uint64_t size;

    stage->total = 1;
    for (size_t i = 0; i < path_count; i++) {
        if (!find_kind(paths[i], &kind, &size, err)) {
            return false;
        }
        stage->total += is_imported(kind) ? size * (IMPORT_SHARE + 1) : size;
    }
    return true;
}

static bool
import_all(struct input_traces *traces, char *const *paths, size_t path_count,
           struct stage *stage, struct error *err)
{
    for (size_t i = 0; i < path_count; i++) {
        enum input_kind kind;
        uint64_t size;

        if (!find_kind(paths[i], &kind, &size, err)) {
            return false;
        }
        if (kind == INPUT_UNKNOWN && traces->unknown == NULL) {
            traces->unknown = paths[i];
        }
        if (!is_imported(kind)) {
            traces->paths[traces->path_count++] = paths[i];
            continue;
        }
        stage->span = size * IMPORT_SHARE;
        if (!import_path(traces, paths[i], kind, stage, err)) {
            return false;
        }
        stage->base += stage->span;
    }
    return true;
}

static bool
import_inputs(struct input_traces *traces, char *const *paths,
              size_t path_count, const struct input_traces_options *options,
              struct stage *stage, struct error *err)
{
    *traces = (struct input_traces){0};
    *stage = (struct stage){.progress = &options->progress,
                            .keeps = options->keeps_when_stopped};
    traces->paths = array_new(path_count, sizeof *traces->paths, err);
    traces->imports = array_new(path_count, sizeof *traces->imports, err);
    if (traces->paths == NULL || traces->imports == NULL
        || !plan(paths, path_count, stage, err)
        || !import_all(traces, paths, path_count, stage, err)) {
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
    free(traces->paths);
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
                     "%s: is no trace: neither a .vzt file, a recording folder "
                     "nor Chrome trace JSON, plain or gzip",
                     traces->unknown);
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
        .names = (const char *const *)paths,
        .only_pid = options->only_pid,
        .notes = traces.notes,
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

bool
input_traces_open(struct trace_model **out, char *const *paths,
                  size_t path_count, const struct input_traces_options *options,
                  const struct console *console, struct error *err)
{
    if (!input_traces_load(out, paths, path_count, options, err)) {
        return false;
    }
    for (size_t i = 0; i < trace_model_note_count(*out); i++) {
        console_note(console, "%s", trace_model_note(*out, i));
    }
    return true;
}
