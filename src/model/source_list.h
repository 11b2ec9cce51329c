// SPDX-License-Identifier: Apache-2.0
/* model/source_list.h - the source files kept in a trace, each path once.
 * Private to src/model. */
#ifndef MODEL_SOURCE_LIST_H
#define MODEL_SOURCE_LIST_H

#include <stdbool.h>

struct error;
struct trace_model;

/* Fill in model->sources. Of several copies of a path, the first that is whole
 * counts. */
bool source_list_build(struct trace_model *model, struct error *err);

#endif
