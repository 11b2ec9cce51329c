// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/file_filter.h - which source files are recorded.
 *
 * Paths compare by whole components, on real paths: without symbolic links and
 * "..". A name that is no file ("<string>", a member of a zip file) matches
 * nothing: it is left out where files are included, and kept where they are
 * excluded.
 */
#ifndef TRACER_RECORD_FILE_FILTER_H
#define TRACER_RECORD_FILE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/record_encode.h"

struct error;
struct recording_options;

enum { FILE_FILTER_MEMORY = 512 };

/* {0} accepts every file. */
struct file_filter {
    bool is_include;
    char **paths; /* path_count of them, owned: no slash at the end */
    size_t path_count;
    /* Names judged before: their hashes, with the verdict in the last bits. A
     * name is judged as it was when it was seen first, wherever the process
     * has gone since. Read and written by any thread. */
    uint64_t verdicts[FILE_FILTER_MEMORY];
};

/*
 * Take over the paths of the options; relative ones stand in the folder that
 * the process is in now. False when there is no memory: the filter then accepts
 * everything.
 */
bool file_filter_set(struct file_filter *filter,
                     const struct recording_options *options,
                     struct error *err);

/* Whether functions of this source file are to be recorded. */
bool file_filter_accepts(struct file_filter *filter, struct text_span file);

/* Free what it owns; it accepts every file again. */
void file_filter_release(struct file_filter *filter);

#endif
