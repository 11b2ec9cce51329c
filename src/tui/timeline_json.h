// SPDX-License-Identifier: Apache-2.0
/*
 * tui/timeline_json.h - the view state of the timeline for programs.
 */
#ifndef TUI_TIMELINE_JSON_H
#define TUI_TIMELINE_JSON_H

#include <stdbool.h>

struct cJSON;
struct timeline;

/*
 * Add "cursor" {"x", "y"} (null when it is off screen) and "view" {"start_ns",
 * "end_ns", "column_ns", "time_ns", "row", "depth", "track", "slice"} to an
 * object. "slice" is null or {"name", "file", "line",
 * "start_ns", "end_ns", "depth"}. False when there is no memory.
 */
bool timeline_json(const struct timeline *timeline, struct cJSON *object);

#endif
