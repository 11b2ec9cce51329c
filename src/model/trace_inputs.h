// SPDX-License-Identifier: Apache-2.0
/*
 * model/trace_inputs.h - which files make up a trace. Private to src/model.
 *
 * A path is a .vzt file, or a recording directory: then every *.vzt file in
 * it, by name. A directory that is still being written is as good as any.
 */
#ifndef MODEL_TRACE_INPUTS_H
#define MODEL_TRACE_INPUTS_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct trace_model;

/*
 * Open the files and list their sections in the model. Files that cannot be
 * read become notes; fails when no section is left. What was opened is the
 * model's, also after a failure.
 */
bool trace_inputs_open(struct trace_model *model, const char *const *paths,
                       size_t path_count, struct error *err);

#endif
