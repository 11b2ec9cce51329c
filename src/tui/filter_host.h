// SPDX-License-Identifier: Apache-2.0
/*
 * tui/filter_host.h - what sets an app's filters: it holds what the filter
 * leaves of a trace, which whoever has the app makes (a cut, see
 * export/trace_cut.h).
 */
#ifndef TUI_FILTER_HOST_H
#define TUI_FILTER_HOST_H

#include <stdbool.h>

#include "base/progress.h"

struct app;
struct error;
struct trace_model;

/* Make what a filter, which is not empty, leaves of a trace; times and tracks
 * are those of the whole. The caller closes *out. Runs on any thread. */
typedef bool filter_function(void *context, const struct trace_model *whole,
                             const char *filter, struct trace_model **out,
                             struct progress progress, struct error *err);

struct filter_host {
    filter_function *filter;
    void *context;
    const struct trace_model *whole; /* the caller's */
    struct trace_model *left;        /* NULL = no filter is set; owned */
};

/* Make what a filter leaves and show it, while the caller waits. What went
 * wrong is said on the screen; false only when the app is out of order. */
bool filter_host_serve(struct filter_host *host, struct app *app,
                       const char *filter, struct error *err);

/* Show what was made: left is the host's from here on. NULL = the filter is
 * "". */
bool filter_host_show(struct filter_host *host, struct app *app,
                      struct trace_model *left, const char *filter,
                      struct error *err);

/* Another trace; the app shows it already. */
void filter_host_reset(struct filter_host *host,
                       const struct trace_model *whole);

/* When the app is gone. */
void filter_host_release(struct filter_host *host);

#endif
