// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_output.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/console.h"
#include "cli/input_traces.h"
#include "cli/launcher_signals.h"
#include "cli/output_names.h"
#include "export/exporter.h"
#include "export/trace_pack.h"

static bool
has_suffix(const char *path, const char *suffix)
{
    size_t size = strlen(path);
    size_t suffix_size = strlen(suffix);

    return size > suffix_size && strcmp(path + size - suffix_size, suffix) == 0;
}

bool
trace_output_is_trace(const char *path)
{
    return has_suffix(path, ".vzt");
}

/* NULL when the output is a trace, or there is no such format. */
static const struct exporter *
exporter_of(const char *path)
{
    struct error unused;
    bool is_gzip;

    return trace_output_is_trace(path)
               ? NULL
               : exporter_for_path(path, &is_gzip, &unused);
}

bool
trace_output_is_partial(const char *path)
{
    const struct exporter *exporter = exporter_of(path);

    return exporter != NULL && !exporter->is_whole;
}

const char *
trace_output_default(bool is_of_each_process)
{
    static const char report[] = "result.html";
    const char *chosen = getenv("VIZTRACER_OUTPUT_FILE");
    bool is_gzip;

    if (chosen != NULL && chosen[0] != '\0') {
        return chosen;
    }
    if (is_of_each_process) {
        return "result.json";
    }
    return exporter_for_path(report, &is_gzip, NULL) != NULL ? report : NULL;
}

bool
trace_output_check(const char *path, struct error *err)
{
    struct buffer known = {0};
    struct error reason = {0};
    bool is_gzip;

    if (trace_output_is_trace(path)
        || exporter_for_path(path, &is_gzip, &reason) != NULL) {
        return true;
    }
    if (reason.code == ERROR_UNSUPPORTED) {
        return error_set(err, reason.code, "%s", reason.message);
    }
    buffer_append_text(&known, ".vzt, ");
    exporter_list_suffixes(&known);
    (void)error_set(err, ERROR_USAGE,
                    "the name of an output says its format: %s is none of %s",
                    path, buffer_is_ok(&known) ? known.data : ".vzt");
    buffer_release(&known);
    return false;
}

static bool
go_on_unless_signalled(void *context, uint64_t done, uint64_t total)
{
    (void)context;
    (void)done;
    (void)total;
    return !launcher_signals_want_end();
}

static bool
export_inputs(const struct trace_output *output, const struct console *console,
              struct error *err)
{
    const struct input_traces_options input_options = {
        .progress = {.report = go_on_unless_signalled},
        .aligns_inputs = output->aligns_inputs,
        .only_pid = output->only_pid,
    };
    const struct export_options options = {
        .has_file_info = output->has_source,
        .opens_flame_graph = output->opens_flame_graph,
        .progress = input_options.progress,
    };
    struct trace_model *model = NULL;
    bool ok = input_traces_open(&model, output->inputs, output->input_count,
                                &input_options, console, err)
              && export_trace(model, output->path, &options, err);

    trace_model_close(model);
    return ok;
}

/* JSON is imported first. Without a console nothing is printed. */
static bool
pack_inputs(const struct trace_output *output, struct progress progress,
            const struct console *console, struct error *err)
{
    const struct input_traces_options options = {.progress = progress};
    struct input_traces traces;
    bool ok;

    if (!input_traces_import(&traces, output->inputs, output->input_count,
                             &options, err)) {
        return false;
    }
    ok = output->aligns_inputs
             ? trace_pack_aligned(traces.paths, traces.path_count, output->path,
                                  err)
             : trace_pack(traces.paths, traces.path_count, output->path, err);
    for (size_t i = 0; ok && console != NULL && i < traces.note_count; i++) {
        console_note(console, "%s", traces.notes[i]);
    }
    if (ok && console != NULL && traces.unknown != NULL) {
        console_note(console,
                     "%s does not look like a trace; its bytes were copied as "
                     "they are",
                     traces.unknown);
    }
    input_traces_release(&traces);
    return ok;
}

bool
trace_output_write(const struct trace_output *output,
                   const struct console *console, struct error *err)
{
    const struct progress progress = {.report = go_on_unless_signalled};

    return trace_output_is_trace(output->path)
               ? pack_inputs(output, progress, console, err)
               : export_inputs(output, console, err);
}

bool
trace_output_write_model(const struct trace_output *output,
                         const struct trace_model *model,
                         struct progress progress, struct error *err)
{
    const struct export_options options = {
        .has_file_info = output->has_source,
        .progress = progress,
    };

    return trace_output_is_trace(output->path)
               ? pack_inputs(output, progress, NULL, err)
               : export_trace(model, output->path, &options, err);
}

/* What may be done with the output: "; see it with: ...". */
static void
append_hint(struct buffer *text, const char *output)
{
    const struct exporter *exporter = exporter_of(output);
    char *word = output_name_quoted(output);

    if (exporter != NULL && exporter->hint != NULL) {
        buffer_append_format(text, "; %s", exporter->hint);
    } else if (trace_output_is_trace(output)) {
        buffer_append_format(text, "; see it with: viztracer view %s",
                             word != NULL ? word : output);
    }
    free(word);
}

void
trace_output_say(const char *output, const struct console *console)
{
    struct buffer hint = {0};
    char size[TEXT_NUMBER_SIZE];
    struct stat status;

    if (stat(output, &status) == 0 && S_ISREG(status.st_mode)) {
        (void)text_size(size, sizeof size, (uint64_t)status.st_size);
        append_hint(&hint, output);
        console_note(console, "wrote %s (%s)%s", output, size,
                     hint.size > 0 ? hint.data : "");
        buffer_release(&hint);
    }
}
