// SPDX-License-Identifier: Apache-2.0
/* support/filtered.h - what a filter leaves of a trace, for tests. */
#ifndef SUPPORT_FILTERED_H
#define SUPPORT_FILTERED_H

#include <stdbool.h>

#include "base/progress.h"

struct error;
struct trace_model;

/* A filter function of tui/filter_host.h; folder, a text, is where the cut lies
 * while it is opened. */
bool filtered_open(void *folder, const struct trace_model *whole,
                   const char *filter, struct trace_model **out,
                   struct progress progress, struct error *err);

#endif
