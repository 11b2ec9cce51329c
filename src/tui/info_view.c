// SPDX-License-Identifier: Apache-2.0
#include "tui/info_view.h"

#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "tui/info.h"
#include "tui/viewer.h"

static bool
info_open(void **out, struct viewer *viewer, struct error *err)
{
    struct info *info = array_new(1, sizeof *info, err);

    if (info == NULL) {
        return false;
    }
    info->viewer = viewer;
    *out = info;
    return true;
}

static void
info_close(void *view)
{
    info_forget(view);
    free(view);
}

static bool
resize(void *view, unsigned width, unsigned height, struct error *err)
{
    struct info *info = view;

    (void)err;
    info->layout = layout_of(width, height);
    return true;
}

VIEW_FORWARDS(info)

static void *
take(const void *view, struct error *err)
{
    const struct info *info = view;

    return view_copy_state(&info->state, sizeof info->state, err);
}

static bool
is_shown(const void *view, const void *copy)
{
    const struct info *info = view;
    const struct info_state *state = copy;

    return info->state.line == state->line && info->state.left == state->left;
}

static void
restore(void *view, const void *copy)
{
    struct info *info = view;

    info->state = *(const struct info_state *)copy;
}

static bool
reload(void *view, struct error *err)
{
    (void)err;
    info_forget(view);
    return true;
}

/* "cursor" {"x", "y"}, "view" {"lines", "line", "left", "text"}. */
static bool
json(const void *view, struct cJSON *object)
{
    const struct info *info = view;
    struct cJSON *cursor = cJSON_AddObjectToObject(object, "cursor");
    struct cJSON *place = cJSON_AddObjectToObject(object, "view");

    return cursor != NULL && place != NULL
           && cJSON_AddNumberToObject(cursor, "x", 0) != NULL
           && cJSON_AddNumberToObject(
                  cursor, "y",
                  info->layout.ruler_row
                      + (double)(info->state.line - info->state.top))
                  != NULL
           && cJSON_AddNumberToObject(place, "lines", (double)info->lines.count)
                  != NULL
           && cJSON_AddNumberToObject(place, "line", (double)info->state.line)
                  != NULL
           && cJSON_AddNumberToObject(place, "left", info->state.left) != NULL
           && (info->lines.count == 0
               || cJSON_AddStringToObject(
                      place, "text",
                      info_lines_text(&info->lines, info->state.line))
                      != NULL);
}

const struct view_class info_view = {
    .open = info_open,
    .close = info_close,
    .resize = resize,
    .command = command,
    .mouse = mouse,
    .draw = draw,
    .take = take,
    .is_shown = is_shown,
    .restore = restore,
    .drop = free,
    .reload = reload,
    .json = json,
};
