// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/record/first_process.h - let only one process of a recording record.
 *
 * The first that asks is it, and stays it through an exec. That stands in a
 * file of the recording directory: pid namespace, pid and start time.
 */
#ifndef TRACER_RECORD_FIRST_PROCESS_H
#define TRACER_RECORD_FIRST_PROCESS_H

#include <stdbool.h>

struct error;

#define FIRST_PROCESS_NAME "first-process"

/*
 * Find out whether the calling process is the one of the recording in this
 * directory. False with *err when that cannot be told.
 */
bool first_process_claim(const char *directory, bool *is_first,
                         struct error *err);

#endif
