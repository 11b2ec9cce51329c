// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_compare.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "model/trace_model.h"
#include "tui/compare.h"
#include "tui/compare_table.h"
#include "tui/label.h"
#include "tui/timeline.h"
#include "tui/timeline_area.h"
#include "tui/timeline_marks.h"
#include "tui/viewer.h"

static uint64_t
from_zero(int64_t time_ns)
{
    return time_ns < 0 ? 0 : (uint64_t)time_ns;
}

/* Says so and leaves no tracks when there are none. */
static bool
take_area(struct timeline *timeline, const struct view_area *area,
          const char *name, struct compare_side *side, struct error *err)
{
    (void)snprintf(side->name, sizeof side->name, "%s", name);
    side->start_ns = from_zero(timeline_area_start(area));
    side->end_ns = from_zero(timeline_area_end(area));
    side->tracks = array_new(trace_model_track_count(timeline->model),
                             sizeof *side->tracks, err);
    if (side->tracks == NULL) {
        return false;
    }
    if (timeline_area_tracks(timeline, area, side->tracks) == 0) {
        viewer_say(timeline->viewer, "%s holds no thread to compare", name);
        compare_side_release(side);
    }
    return true;
}

static bool
start(struct timeline *timeline, struct compare_side sides[2],
      struct error *err)
{
    if (sides[0].tracks == NULL || sides[1].tracks == NULL) {
        compare_side_release(&sides[0]);
        compare_side_release(&sides[1]);
        return true; /* it was said why */
    }
    return compare_start(timeline->viewer, sides, err)
           && compare_table_open(timeline->viewer, err);
}

static bool
compare_areas(struct timeline *timeline, const struct view_area *a,
              const struct view_area *b, const char *b_name, struct error *err)
{
    struct compare_side sides[2] = {{.name = ""}, {.name = ""}};

    if (!take_area(timeline, a, "mark a", &sides[0], err)
        || !take_area(timeline, b, b_name, &sides[1], err)) {
        compare_side_release(&sides[0]);
        compare_side_release(&sides[1]);
        return false;
    }
    return start(timeline, sides, err);
}

/* All that a recording has in the time that is chosen. */
static bool
take_file(const struct timeline *timeline, size_t input,
          struct compare_side *side, struct error *err)
{
    const struct trace_model *model = timeline->model;
    const struct viewer_scope *scope = &timeline->viewer->scope;
    const struct view_area *area = &timeline->state.area;
    size_t count = trace_model_track_count(model);

    (void)snprintf(side->name, sizeof side->name, "%s",
                   label_base_name(trace_model_input_name(model, input)));
    side->end_ns = UINT64_MAX;
    if (area->is_set) {
        side->start_ns = from_zero(timeline_area_start(area));
        side->end_ns = from_zero(timeline_area_end(area));
    } else if (scope->is_set) {
        side->start_ns = scope->start_ns;
        side->end_ns = scope->end_ns;
    }
    side->tracks = array_new(count, sizeof *side->tracks, err);
    for (size_t i = 0; i < count && side->tracks != NULL; i++) {
        size_t process = trace_model_track(model, i)->process;

        side->tracks[i] = trace_model_process(model, process)->input == input
                          && (!scope->is_set || scope->tracks == NULL
                              || scope->tracks[i] != 0);
    }
    return side->tracks != NULL;
}

/* The first file with the one that the cursor is in, or with the next one. */
static bool
compare_files(struct timeline *timeline, struct error *err)
{
    const struct track_list *list = &timeline->list;
    struct compare_side sides[2] = {{.name = ""}, {.name = ""}};
    uint32_t first = list->items[0].input;
    uint32_t other = list->items[timeline->state.item].input;

    for (size_t i = 0; i < list->count && other == first; i++) {
        other = list->items[i].input;
    }
    if (!take_file(timeline, first, &sides[0], err)
        || !take_file(timeline, other, &sides[1], err)) {
        compare_side_release(&sides[0]);
        compare_side_release(&sides[1]);
        return false;
    }
    return start(timeline, sides, err);
}

bool
timeline_compare(struct timeline *timeline, struct error *err)
{
    const struct view_area *here = &timeline->state.area;
    struct view_area a;
    struct view_area b;
    bool has_a = timeline_mark_area(timeline, 'a', &a);

    if (has_a && here->is_set && !timeline_area_is_same(&a, here)) {
        return compare_areas(timeline, &a, here, "this area", err);
    }
    if (has_a && timeline_mark_area(timeline, 'b', &b)) {
        return compare_areas(timeline, &a, &b, "mark b", err);
    }
    if (timeline->list.has_files) {
        return compare_files(timeline, err);
    }
    viewer_say(timeline->viewer,
               "choose an area (v) and mark it (m a), then choose another one: "
               "C compares");
    return true;
}
