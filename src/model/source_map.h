// SPDX-License-Identifier: Apache-2.0
/*
 * model/source_map.h - the source of a function: the text of its file, and
 * which other functions are defined there.
 *
 * The text comes from the trace. When it is not there, it comes from the disk,
 * and what is known of the file then says how far it can be trusted. A path of
 * a trace is somebody else's word: nothing is opened but a regular file (so no
 * device and no pipe), and no more than SOURCE_SIZE_MAX is read. Symbolic links
 * are followed, since packages and environments are often made of them; what
 * they lead to is only shown to whoever asked for it.
 */
#ifndef MODEL_SOURCE_MAP_H
#define MODEL_SOURCE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"

struct error;
struct trace_model;

enum { SOURCE_SIZE_MAX = 16 << 20, SOURCE_REASON_SIZE = 512 };

enum source_origin {
    SOURCE_NOWHERE,        /* reason says why */
    SOURCE_IN_TRACE,       /* as it was when it ran */
    SOURCE_IN_TRACE_PART,  /* likewise, but the trace has only the beginning */
    SOURCE_ON_DISK,        /* size and hash are those of the recording */
    SOURCE_ON_DISK_UNSURE, /* may have changed: nothing was recorded of it */
    SOURCE_ON_DISK_NEWER,  /* changed since recording began, says its date */
};

struct source_file {
    enum source_origin origin;
    struct buffer text; /* UTF-8 where it could be decoded; unsanitised */
    char reason[SOURCE_REASON_SIZE];
};

/* Find the text of a path as a function has it. That there is none is no
 * failure. On success the caller releases *file; on failure it is {0}. */
bool source_file_find(struct source_file *file, const struct trace_model *model,
                      const char *path, struct error *err);

/* The same, but only what is in the trace: no file is opened. */
bool source_file_find_in_trace(struct source_file *file,
                               const struct trace_model *model,
                               const char *path, struct error *err);

/* {0} has no text. */
void source_file_release(struct source_file *file);

/* The functions of a file, by line. */
struct source_functions {
    uint32_t *items; /* indices in the model; owned */
    size_t count;
};

bool source_functions_find(struct source_functions *functions,
                           const struct trace_model *model, const char *path,
                           struct error *err);

void source_functions_release(struct source_functions *functions);

#endif
