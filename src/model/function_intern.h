// SPDX-License-Identifier: Apache-2.0
/*
 * model/function_intern.h - functions of all sections become one list: one per
 * (name, file, line, kind). Private to src/model.
 */
#ifndef MODEL_FUNCTION_INTERN_H
#define MODEL_FUNCTION_INTERN_H

#include <stdbool.h>

struct error;
struct function_sums;
struct trace_model;

/* Fill in model->functions and every section's map of ids. */
bool function_intern_build(struct trace_model *model, struct error *err);

/* Give the functions their sums. */
void function_intern_finish(struct trace_model *model,
                            const struct function_sums *sums);

#endif
