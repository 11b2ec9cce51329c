// SPDX-License-Identifier: Apache-2.0
/*
 * cli/input_traces.h - open what the command line names as one trace.
 *
 * What a file is, is seen from what is in it, not from its name: a .vzt file, a
 * recording folder, or JSON, plain or gzip. JSON is imported first.
 */
#ifndef CLI_INPUT_TRACES_H
#define CLI_INPUT_TRACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/trace_model.h"

struct console;
struct imported_trace;
struct input_list;

struct input_traces_options {
    struct progress progress; /* one scale over all of the work */
    /* When progress says stop: open what was read until then, with notes,
     * instead of failing with ERROR_CANCELLED. */
    bool keeps_when_stopped;
    /* Told while that is put together; what it gives is unwanted then. */
    struct progress keeping;
    bool aligns_inputs; /* each begins at time 0 */
    /* With it: this is at one time instead, see align_marker.h; NULL = none */
    const char *align_marker;
    uint32_t only_pid; /* of processes of this id; 0 = of all */
    /* Where the paths are from, when that is a command line; NULL = nowhere:
     * what they are called, and which may be left out. */
    const struct input_list *list;
    /* More is to come behind the end of what can be read now: that it is cut is
     * not said. */
    bool is_growing;
};

/*
 * Open files and folders as one model, whose notes say what of them could not
 * be read. Prints nothing, and may be called from any thread. The caller closes
 * *out.
 */
bool input_traces_load(struct trace_model **out, char *const *paths,
                       size_t path_count,
                       const struct input_traces_options *options,
                       struct error *err);

/* Print the notes of a model on the console. */
void input_traces_say_notes(const struct trace_model *model,
                            const struct console *console);

/* As input_traces_load, and print the notes. */
bool input_traces_open(struct trace_model **out, char *const *paths,
                       size_t path_count,
                       const struct input_traces_options *options,
                       const struct console *console, struct error *err);

/* The same files as .vzt files and folders only: JSON was imported. */
struct input_traces {
    const char **paths; /* path_count of them */
    const char **names; /* what they are called */
    size_t path_count;
    char **notes; /* of the imports; owned */
    size_t note_count;
    size_t note_capacity;
    struct imported_trace *imports;
    size_t import_count;
    const char *unknown; /* the first name that looks like nothing we know */
    struct error first_failure; /* of a file that was left out */
};

/* On success the caller releases *traces, when the paths are not needed any
 * more; what was opened by them goes on. */
bool input_traces_import(struct input_traces *traces, char *const *paths,
                         size_t path_count,
                         const struct input_traces_options *options,
                         struct error *err);

/* What is to be delayed by how much so that the marker is at one time, see
 * align_marker.h; the caller frees. */
bool input_traces_find_delays(const struct input_traces *traces,
                              const char *marker, uint64_t **delays_ns,
                              struct error *err);

void input_traces_release(struct input_traces *traces);

#endif
