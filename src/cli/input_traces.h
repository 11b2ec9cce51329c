// SPDX-License-Identifier: Apache-2.0
/* cli/input_traces.h - open what the command line names as one trace. */
#ifndef CLI_INPUT_TRACES_H
#define CLI_INPUT_TRACES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/trace_model.h"

struct console;
struct error;

/*
 * Open files and recording directories as one model, and say on the console
 * what of them could not be read. Foreign formats, which this version does not
 * open, are refused by their name. The caller closes *out.
 */
bool input_traces_open(struct trace_model **out, char *const *paths,
                       size_t path_count, struct progress progress,
                       const struct console *console, struct error *err);

#endif
