// SPDX-License-Identifier: Apache-2.0
/* tui/app_start.h - where a viewer begins, as its caller says. */
#ifndef TUI_APP_START_H
#define TUI_APP_START_H

#include <stdbool.h>

#include "model/trace_query.h"
#include "tui/view.h"

struct app;
struct error;

/* {0} = at the beginning of everything. */
struct app_start {
    enum view_id view;
    bool has_range; /* all views cover it, and the timeline shows it */
    struct query_range range;
    bool has_time; /* of the cursor */
    struct query_time time;
    const char *track; /* a pattern for the name; NULL = the first one */
};

/* A view by its name, the beginning of that, or its digit. ERROR_USAGE says
 * which there are. */
bool app_start_set_view(struct app_start *start, const char *name,
                        struct error *err);

/* Go there. ERROR_USAGE when there is no such track. */
bool app_begin(struct app *app, const struct app_start *start,
               struct error *err);

#endif
