// SPDX-License-Identifier: Apache-2.0
/*
 * import/chrome_json.h - any Chrome trace event JSON, as VizTracer 0.3 to 1.1
 * and others write it, becomes a trace.
 *
 * The file, plain or gzip, is read once and in order, ahead of what is scanned
 * by a thread; a file that is cut or damaged gives what it has. Memory: up to
 * 140 MiB (250 where begins and ends of calls are events of their own), which
 * 3 million events take, and what grows with the number of different names,
 * threads and calls open at one time; 64 KiB for each 8 MiB of events beyond.
 * The rest lies in files without a name in $TMPDIR.
 */
#ifndef IMPORT_CHROME_JSON_H
#define IMPORT_CHROME_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/progress.h"

struct error;

struct chrome_json_options {
    /* done grows to total, which is somewhat more than the file's size, since
     * writing the trace counts, too. */
    struct progress progress;
    /* When progress says stop: keep what was read until then, with a note,
     * instead of failing with ERROR_CANCELLED. */
    bool keeps_when_stopped;
    uint64_t number; /* of files that are imported together, of this one */
    struct progress keeping; /* told meanwhile: it can stop that, too */
    const char *name; /* what the file is called in notes; NULL = its path */
    /* More is to come behind what can be read now: where it ends is not said as
     * if something were missing. */
    bool is_growing;
    size_t run_size;    /* for tests, see event_sort_new; 0 */
    bool has_no_shapes; /* for tests, see chrome_event.h */
};

/* A trace that nobody else sees. */
struct imported_trace {
    int fd;
    char path[32]; /* under which it can be opened until it is released */
    bool was_stopped;
    char **notes; /* one line each: what cannot be shown; owned */
    size_t note_count;
};

/* Whether a file is worth a try by its first bytes: JSON, or gzip. */
bool chrome_json_has_magic(const char *path);

/* Read the file at path. On success the caller releases *out; on failure it is
 * left alone. A file without one usable event fails, and *err says why. */
bool chrome_json_import(struct imported_trace *out, const char *path,
                        const struct chrome_json_options *options,
                        struct error *err);

/* Close the file; a model that was opened from it goes on. */
void imported_trace_release(struct imported_trace *trace);

#endif
