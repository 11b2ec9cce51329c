// SPDX-License-Identifier: Apache-2.0
/*
 * export/chrome_counters.h - the counters of a trace as "C" events.
 *
 * The model holds each series by itself; what a program logged at one time
 * under one name is one event again.
 */
#ifndef EXPORT_CHROME_COUNTERS_H
#define EXPORT_CHROME_COUNTERS_H

#include <stdbool.h>

struct chrome_sink;
struct error;

bool chrome_counters_write(struct chrome_sink *sink, struct error *err);

#endif
