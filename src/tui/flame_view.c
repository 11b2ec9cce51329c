// SPDX-License-Identifier: Apache-2.0
#include "tui/flame_view.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/array.h"
#include "base/buffer.h"
#include "format/sanitise.h"
#include "tui/flame.h"
#include "tui/flame_list_pane.h"
#include "tui/flame_place.h"
#include "tui/flame_profile.h"
#include "tui/label.h"
#include "tui/viewer.h"
#include "tui/yank.h"

static bool
flame_open(void **out, struct viewer *viewer, struct error *err)
{
    struct flame *flame = array_new(1, sizeof *flame, err);

    if (flame == NULL) {
        return false;
    }
    flame->viewer = viewer;
    flame->at_once_max = FLAME_AT_ONCE_MAX;
    *out = flame;
    return true;
}

static void
flame_close(void *view)
{
    struct flame *flame = view;

    flame_drop_profile(flame);
    flame_transforms_release(&flame->transforms);
    (void)jobs_cancel(flame->viewer->jobs, JOB_WHEN);
    flame_when_release(&flame->when);
    flame_chart_release(&flame->chart);
    flame_list_release(&flame->list);
    free(flame->below);
    flame_place_free(flame->place);
    free(flame);
}

static bool
resize(void *view, unsigned width, unsigned height, struct error *err)
{
    struct flame *flame = view;

    (void)err;
    flame->layout = layout_of(width, height);
    flame->has_chart = false;
    return true;
}

VIEW_FORWARDS(flame)

static void *
take(const void *view, struct error *err)
{
    return flame_place_take(view, err);
}

static bool
is_shown(const void *view, const void *copy)
{
    return flame_place_is_shown(view, copy);
}

static void
drop(void *copy)
{
    flame_place_free(copy);
}

static void
restore(void *view, const void *copy)
{
    flame_place_restore(view, copy);
}

static bool
carry(void *view, void *const *copies, size_t count,
      const struct trace_model *from, struct error *err)
{
    (void)from;
    (void)err;
    for (size_t i = 0; i < count; i++) {
        flame_place_translate(view, copies[i]);
    }
    return true;
}

static bool
reload(void *view, struct error *err)
{
    struct flame *flame = view;
    struct flame_place *place = flame_place_take(flame, err);

    if (place == NULL) {
        return false;
    }
    flame_place_translate(flame, place);
    flame_transforms_release(&flame->transforms);
    if (!flame_transforms_copy(&flame->transforms, &place->transforms, err)) {
        flame_place_free(place);
        return false;
    }
    flame->is_in_list = place->is_in_list;
    flame->list_function = place->list_function;
    flame_drop_profile(flame);
    flame->model = flame->viewer->model;
    flame->is_cut = false;
    flame_place_free(flame->place);
    flame->place = place;
    return true;
}

static bool
add_number(struct cJSON *object, const char *name, double value)
{
    return cJSON_AddNumberToObject(object, name, value) != NULL;
}

static bool
add_node(struct cJSON *object, const struct flame *flame,
         const struct flame_box *box)
{
    const struct profile_node *node = &flame->profile.nodes[box->node];
    char text[LABEL_SIZE];

    (void)flame_box_name(flame, box, LABEL_SIZE, text);
    return cJSON_AddStringToObject(object, "name", text) != NULL
           && add_number(object, "total_ns", (double)box->total_ns)
           && add_number(object, "self_ns", (double)node->self_ns)
           && add_number(object, "calls", (double)node->call_count)
           && add_number(object, "merged", box->rest_count)
           && add_number(object, "level", node->level);
}

/* Where the selection is, in the chart or in the list in its place. */
static bool
add_cursor(struct cJSON *object, const struct flame *flame,
           const struct flame_box *box)
{
    struct cJSON *cursor = cJSON_AddObjectToObject(object, "cursor");
    size_t row = flame_row_of(flame, flame->node) - flame->top;
    bool is_in_list = flame_hides_chart(flame);
    double y = is_in_list
                   ? flame_list_first(flame)
                         + (double)(flame_list_cursor(flame) - flame->list_top)
                   : flame_first_row(flame) + (double)row;

    return cursor != NULL && add_number(cursor, "x", is_in_list ? 0 : box->x)
           && add_number(cursor, "y", y);
}

/* "cursor" {"x", "y"}, "view" {"root", "selected"}; null without a chart. */
static bool
json(const void *view, struct cJSON *object)
{
    const struct flame *flame = view;
    struct cJSON *place;
    struct cJSON *root;
    struct cJSON *selected;

    if (!flame->has_chart) {
        return cJSON_AddNullToObject(object, "cursor") != NULL
               && cJSON_AddNullToObject(object, "view") != NULL;
    }
    place = cJSON_AddObjectToObject(object, "view");
    root = cJSON_AddObjectToObject(place, "root");
    selected = cJSON_AddObjectToObject(place, "selected");
    return root != NULL && selected != NULL
           && cJSON_AddBoolToObject(place, "is_in_list", flame->is_in_list)
                  != NULL
           && add_number(place, "steps", (double)flame->transforms.count)
           && add_node(root, flame, &flame->chart.boxes[0])
           && add_node(selected, flame, flame_selected_box(flame))
           && add_cursor(object, flame, flame_selected_box(flame));
}

static void
subject_of(const void *view, struct viewer_subject *subject)
{
    const struct flame *flame = view;

    uint32_t function = flame->has_profile ? flame_chosen(flame) : PROFILE_ROOT;

    if (profile_is_function(function)) {
        subject->has_function = true;
        subject->function = function;
    }
}

/* The path of functions down to the box, or the last of them. */
static bool
copy(const void *view, bool is_all, struct buffer *out, struct error *err)
{
    const struct flame *flame = view;
    struct flame_place *place;

    if (!flame->has_profile) {
        return true;
    }
    place = flame_place_take(flame, err);
    if (place == NULL) {
        return false;
    }
    for (size_t i = is_all || place->length == 0 ? 0 : place->length - 1;
         i < place->length; i++) {
        yank_append_function(out, flame->viewer, place->functions[i]);
        buffer_append_char(out, '\n');
    }
    free(place);
    return true;
}

const struct view_class flame_view = {
    .open = flame_open,
    .close = flame_close,
    .resize = resize,
    .command = command,
    .mouse = mouse,
    .draw = draw,
    .take = take,
    .is_shown = is_shown,
    .restore = restore,
    .drop = drop,
    .carry = carry,
    .reload = reload,
    .json = json,
    .subject = subject_of,
    .copy = copy,
};
