// SPDX-License-Identifier: Apache-2.0
#include "tui/app_start.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "model/name_pattern.h"
#include "model/trace_model.h"
#include "tui/app_parts.h"
#include "tui/timeline_view.h"

enum { NAMES_SIZE = 256 };

/* "timeline, flame, functions" */
static const char *
list_views(char names[NAMES_SIZE])
{
    size_t used = 0;

    for (int id = 0; id < VIEW_COUNT; id++) {
        used += (size_t)snprintf(names + used, NAMES_SIZE - used, "%s%s",
                                 used == 0 ? "" : ", ",
                                 view_name((enum view_id)id));
    }
    for (char *c = names; *c != '\0'; c++) {
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c);
    }
    return names;
}

static bool
is_called(enum view_id id, const char *name)
{
    size_t size = strlen(name);

    return size > 0
           && (strncasecmp(view_name(id), name, size) == 0
               || (size == 1 && name[0] == '1' + (int)id));
}

bool
app_start_set_view(struct app_start *start, const char *name, struct error *err)
{
    char names[NAMES_SIZE];
    int count = 0;

    for (int id = 0; id < VIEW_COUNT; id++) {
        if (is_called((enum view_id)id, name)) {
            start->view = (enum view_id)id;
            count++;
        }
    }
    return count == 1
           || error_set(
               err, ERROR_USAGE, "there is %s view \"%s\"; there are %s",
               count == 0 ? "no" : "more than one", name, list_views(names));
}

static bool
find_track(const struct trace_model *model, const char *text, uint32_t *index,
           struct error *err)
{
    struct name_pattern *pattern = NULL;
    size_t count = trace_model_track_count(model);
    size_t found = 0;

    if (!name_pattern_compile(&pattern, text, NAME_PATTERN_REGEX, err)) {
        err->code = ERROR_USAGE;
        return error_add_context(err, "--track");
    }
    for (; found < count; found++) {
        const char *name = trace_model_track(model, found)->name;

        if (name_pattern_matches(pattern, name, strlen(name))) {
            break;
        }
    }
    name_pattern_free(pattern);
    *index = (uint32_t)found;
    return found < count
           || error_set(err, ERROR_USAGE,
                        "--track: no track has a name that matches \"%s\"",
                        text);
}

static bool
show_range(struct app *app, const struct query_range *range, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    uint64_t duration_ns = trace_model_summary(viewer->model).duration_ns;
    uint64_t start_ns;
    uint64_t end_ns;

    query_range_ns(range, duration_ns, &start_ns, &end_ns);
    if (start_ns >= duration_ns) {
        return error_set(err, ERROR_USAGE,
                         "--range begins behind the end of the trace");
    }
    end_ns = end_ns < duration_ns ? end_ns : duration_ns;
    return viewer_set_scope(viewer, start_ns, end_ns, NULL, err)
           && timeline_view_show_range(viewer->timeline, start_ns, end_ns, err);
}

bool
app_begin(struct app *app, const struct app_start *start, struct error *err)
{
    struct viewer *viewer = &app->viewer;
    struct viewer_goal goal = {
        .kind = GOAL_TIME,
        .has_time = start->has_time,
        .time_ns = query_time_ns(
            &start->time, trace_model_summary(viewer->model).duration_ns),
    };
    bool has_quit = false;

    if (start->has_range && !show_range(app, &start->range, err)) {
        return false;
    }
    if (start->track != NULL) {
        goal.kind = GOAL_TRACK;
        if (!find_track(viewer->model, start->track, &goal.index, err)) {
            return false;
        }
    }
    if ((start->has_time || start->track != NULL)
        && !timeline_view_go(viewer->timeline, &goal, err)) {
        return false;
    }
    return start->view == VIEW_TIMELINE
           || app_act(app, (enum action_id)(ACTION_VIEW_1 + start->view),
                      &has_quit, err);
}
