// SPDX-License-Identifier: Apache-2.0
/* cli/trace_output.h - write recordings to a file, by the file's suffix. */
#ifndef CLI_TRACE_OUTPUT_H
#define CLI_TRACE_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/progress.h"
#include "export/output_format.h"

struct console;
struct error;
struct input_list;
struct progress_bar;
struct trace_model;

/* The format of an output: by the name of the format, or when that is NULL by
 * the output's. *err lists what is known. */
bool trace_output_find_format(struct output_format *format, const char *path,
                              const char *name, struct error *err);

/* Whether the output may hold less than the recording, which is then still
 * worth something beside it. */
bool trace_output_is_partial(const struct output_format *format);

/* Where to write when nobody says so: $VIZTRACER_OUTPUT_FILE, else an HTML
 * report in the working directory, or JSON when each process has an output;
 * NULL when this build has no HTML. */
const char *trace_output_default(bool is_of_each_process);

struct trace_output {
    const char *path;
    struct output_format format;
    char *const *inputs; /* files and directories */
    size_t input_count;
    bool has_source;               /* the text of source files */
    const struct input_list *list; /* that the inputs are from; NULL = none */
    bool aligns_inputs;
    const char *align_marker; /* see align_marker.h; NULL = the start */
    uint32_t only_pid;        /* not of .vzt: its processes; 0 = all */
    bool opens_flame_graph;   /* a page does */
};

/*
 * Write recordings to a file: a trace packs them, any other format exports
 * them.
 * Notes about the recordings go to the console. The output appears only when
 * it is whole. Stops when a signal asks us to end, see progress_bar.h.
 */
bool trace_output_write(const struct trace_output *output,
                        struct progress_bar *bar, const struct console *console,
                        struct error *err);

/* The same for recordings that are open as a model already. Prints nothing, and
 * may be called from any thread. */
bool trace_output_write_model(const struct trace_output *output,
                              const struct trace_model *model,
                              struct progress progress, struct error *err);

/* Say that it was written, and how large it is. */
void trace_output_say(const struct trace_output *output,
                      const struct console *console);

#endif
