// SPDX-License-Identifier: Apache-2.0
/*
 * cli/unseen_processes.h - processes of a recording that have no file in it
 * yet.
 *
 * A process makes its file at its first event. One that was forked and then
 * waits, or whose interpreter has only just started, is known by its
 * environment alone. While it lives the recording's folder must stay.
 */
#ifndef CLI_UNSEEN_PROCESSES_H
#define CLI_UNSEEN_PROCESSES_H

#include <stddef.h>

struct recorded_pids;

/*
 * How many processes live that record into this directory, as it stands in
 * their environment, and are not among seen. Processes that are no Python, or
 * may not be looked at, do not count.
 */
size_t unseen_processes_count(const char *directory,
                              const struct recorded_pids *seen);

#endif
