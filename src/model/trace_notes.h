// SPDX-License-Identifier: Apache-2.0
/*
 * model/trace_notes.h - what a reader should know about how far a trace can be
 * trusted, in sentences. Private to src/model.
 */
#ifndef MODEL_TRACE_NOTES_H
#define MODEL_TRACE_NOTES_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct trace_model;

/* Add one line. */
bool trace_notes_add(struct trace_model *model, struct error *err,
                     const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

/* Say what the files, the processes and the index have to say. unreadable is
 * the number of blocks that could not be read. */
bool trace_notes_build(struct trace_model *model, uint64_t unreadable,
                       struct error *err);

#endif
