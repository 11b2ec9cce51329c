// SPDX-License-Identifier: Apache-2.0
/*
 * model/process_state.h - what a section's header and status say about its
 * process: its name, and how it ended. Private to src/model.
 */
#ifndef MODEL_PROCESS_STATE_H
#define MODEL_PROCESS_STATE_H

#include <stdbool.h>

struct arena;
struct error;
struct model_process;
struct trace_section;

/* Fill in who the process is and how it ended. Texts are put into arena. */
bool process_state_describe(struct model_process *process,
                            const struct trace_section *section,
                            struct arena *arena, struct error *err);

#endif
