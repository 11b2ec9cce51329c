// SPDX-License-Identifier: Apache-2.0
/*
 * model/process_numbers.h - a number for each process, which is its id unless
 * another one has that. Private to src/model.
 */
#ifndef MODEL_PROCESS_NUMBERS_H
#define MODEL_PROCESS_NUMBERS_H

#include <stdbool.h>

struct error;
struct trace_model;

/*
 * Set model_process.number of all processes. The first of an id keeps it; so
 * does what that process became by exec. The others, from other machines,
 * containers or times, get numbers above those that a kernel gives.
 */
bool process_numbers_set(struct trace_model *model, struct error *err);

#endif
