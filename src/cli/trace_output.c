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
#include "cli/output_names.h"
#include "cli/progress_bar.h"
#include "export/exporter.h"
#include "export/trace_pack.h"

bool
trace_output_find_format(struct output_format *format, const char *path,
                         const char *name, struct error *err)
{
    return name != NULL ? output_format_of_name(format, name, err)
                              || error_add_context(err, "--format")
                        : output_format_of_path(format, path, err);
}

bool
trace_output_is_partial(const struct output_format *format)
{
    return format->exporter != NULL && !format->exporter->is_whole;
}

const char *
trace_output_default(bool is_of_each_process)
{
    static const char report[] = "result.html";
    const char *chosen = getenv("VIZTRACER_OUTPUT_FILE");
    struct output_format format;

    if (chosen != NULL && chosen[0] != '\0') {
        return chosen;
    }
    if (is_of_each_process) {
        return "result.json";
    }
    return output_format_of_path(&format, report, NULL) ? report : NULL;
}

static bool
export_inputs(const struct trace_output *output, struct progress_bar *bar,
              const struct console *console, struct error *err)
{
    const struct input_traces_options input_options = {
        .progress = progress_bar_of(bar, "reading"),
        .aligns_inputs = output->aligns_inputs,
        .align_marker = output->align_marker,
        .only_pid = output->only_pid,
        .list = output->list,
    };
    struct export_options options = {
        .has_file_info = output->has_source,
        .opens_flame_graph = output->opens_flame_graph,
    };
    struct trace_model *model = NULL;
    bool ok = input_traces_load(&model, output->inputs, output->input_count,
                                &input_options, err);

    progress_bar_hide(bar);
    if (!ok) {
        return false;
    }
    input_traces_say_notes(model, console);
    options.progress = progress_bar_of(bar, "writing");
    ok = export_trace_as(model, output->path, &output->format, &options, err);
    progress_bar_hide(bar);
    trace_model_close(model);
    return ok;
}

static bool
pack_aligned(const struct trace_output *output,
             const struct input_traces *traces,
             const struct trace_pack_options *options, struct error *err)
{
    struct trace_pack_options delayed = *options;
    uint64_t *delays_ns = NULL;
    bool ok = output->align_marker == NULL
              || input_traces_find_delays(traces, output->align_marker,
                                          &delays_ns, err);

    delayed.delays_ns = delays_ns;
    ok = ok
         && trace_pack_aligned(traces->paths, traces->path_count, output->path,
                               &delayed, err);

    free(delays_ns);
    return ok;
}

/* JSON is imported first. On success the caller releases *traces, of which
 * something may be said. */
static bool
pack_inputs(const struct trace_output *output, struct progress progress,
            struct input_traces *traces, struct error *err)
{
    const struct input_traces_options options = {
        .progress = progress,
        .aligns_inputs = output->aligns_inputs,
        .list = output->list,
    };
    const struct trace_pack_options pack_options = {
        .is_gzip = output->format.is_gzip,
        .progress = progress,
    };
    bool ok;

    if (!input_traces_import(traces, output->inputs, output->input_count,
                             &options, err)) {
        return false;
    }
    ok = output->aligns_inputs
             ? pack_aligned(output, traces, &pack_options, err)
             : trace_pack(traces->paths, traces->path_count, output->path,
                          &pack_options, err);
    if (!ok) {
        input_traces_release(traces);
    }
    return ok;
}

static void
say_notes(const struct input_traces *traces, const struct console *console)
{
    for (size_t i = 0; i < traces->note_count; i++) {
        console_note(console, "%s", traces->notes[i]);
    }
    if (traces->unknown != NULL) {
        console_note(console,
                     "%s does not look like a trace; its bytes were copied as "
                     "they are",
                     traces->unknown);
    }
}

/* The same with a bar, which is gone when notes are printed. */
static bool
pack_with_bar(const struct trace_output *output, struct progress_bar *bar,
              const struct console *console, struct error *err)
{
    struct input_traces traces;
    bool ok =
        pack_inputs(output, progress_bar_of(bar, "writing"), &traces, err);

    progress_bar_hide(bar);
    if (ok) {
        say_notes(&traces, console);
        input_traces_release(&traces);
    }
    return ok;
}

bool
trace_output_write(const struct trace_output *output, struct progress_bar *bar,
                   const struct console *console, struct error *err)
{
    return output_format_is_trace(&output->format)
               ? pack_with_bar(output, bar, console, err)
               : export_inputs(output, bar, console, err);
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

    struct input_traces traces;

    if (!output_format_is_trace(&output->format)) {
        return export_trace_as(model, output->path, &output->format, &options,
                               err);
    }
    if (!pack_inputs(output, progress, &traces, err)) {
        return false;
    }
    input_traces_release(&traces);
    return true;
}

/* What may be done with the output: "; see it with: ...". */
static void
append_hint(struct buffer *text, const struct trace_output *output)
{
    const struct exporter *exporter = output->format.exporter;
    char *word = output_name_quoted(output->path);

    if (exporter == NULL) {
        buffer_append_format(text, "; see it with: viztracer view %s",
                             word != NULL ? word : output->path);
    } else if (exporter->hint != NULL) {
        buffer_append_format(text, "; %s", exporter->hint);
    }
    free(word);
}

void
trace_output_say(const struct trace_output *output,
                 const struct console *console)
{
    struct buffer hint = {0};
    char size[TEXT_NUMBER_SIZE];
    struct stat status;

    if (stat(output->path, &status) == 0 && S_ISREG(status.st_mode)) {
        (void)text_size(size, sizeof size, (uint64_t)status.st_size);
        append_hint(&hint, output);
        console_note(console, "wrote %s (%s)%s", output->path, size,
                     hint.size > 0 ? hint.data : "");
        buffer_release(&hint);
    }
}
