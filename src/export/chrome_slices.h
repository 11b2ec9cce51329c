// SPDX-License-Identifier: Apache-2.0
/*
 * export/chrome_slices.h - the calls of a trace as "X" and "B" events.
 *
 * Track after track, by start time, callers first. A call that is still open
 * where the trace ends is an "X" that ends with its process when the process
 * ended in good order; else, since nobody knows its end, a "B" without one.
 */
#ifndef EXPORT_CHROME_SLICES_H
#define EXPORT_CHROME_SLICES_H

#include <stdbool.h>

struct chrome_sink;
struct error;
struct progress;

/* Write all calls, behind at least one event. Cancelled by progress. */
bool chrome_slices_write(struct chrome_sink *sink,
                         const struct progress *progress, struct error *err);

#endif
