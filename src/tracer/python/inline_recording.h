// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/inline_recording.h - a recording that the program itself
 * starts, stops and saves.
 *
 * It stands in a folder of its own in $TMPDIR, which goes when the process
 * ends or when something new is recorded. In a process that the command records
 * there is nothing to start or stop: what lies between a start and a stop is
 * remembered, and is what is saved. Functions that return false have set a
 * Python exception.
 */
#ifndef TRACER_PYTHON_INLINE_RECORDING_H
#define TRACER_PYTHON_INLINE_RECORDING_H

#include "tracer/python/python_compat.h"

#include <stdbool.h>

struct recording_options;

/* Whether calls are being recorded. */
bool inline_recording_is_running(void);

/* Record from now on. After a save a new recording begins, else what was
 * recorded before goes on, with these options. No effect while it is running.
 * The options are moved in, whatever happens. */
bool inline_recording_start(struct recording_options *options);

bool inline_recording_stop(void);

/* Forget what was recorded. While it is running a new recording begins with
 * these options, which are moved in, whatever happens. */
bool inline_recording_clear(struct recording_options *options);

/* What a report is to be like. */
enum inline_save_flag {
    INLINE_SAVE_FILE_INFO = 1u << 0,   /* has the sources of its functions */
    INLINE_SAVE_FLAME_GRAPH = 1u << 1, /* a page that shows that first */
    /* Open calls are as if they ended now: not in a page. */
    INLINE_SAVE_ENDS_OPEN_CALLS = 1u << 2,
};

/*
 * Write what was recorded to output_path, whose suffix says how; a .vzt of the
 * command's recording has all of this process so far. What is
 * recorded then goes on to be recorded. *event_count gets the number of events.
 */
bool inline_recording_save(const char *output_path, unsigned flags,
                           unsigned long long *event_count);

#endif
