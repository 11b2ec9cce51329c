// SPDX-License-Identifier: Apache-2.0
#include "tui/timeline_compare.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "model/trace_model.h"
#include "tui/compare.h"
#include "tui/compare_table.h"
#include "tui/timeline.h"
#include "tui/timeline_area.h"
#include "tui/timeline_marks.h"
#include "tui/viewer.h"

/* Says so and leaves no tracks when there are none. */
static bool
take_area(struct timeline *timeline, const struct view_area *area,
          const char *name, struct compare_side *side, struct error *err)
{
    int64_t start_ns = timeline_area_start(area);
    int64_t end_ns = timeline_area_end(area);

    (void)snprintf(side->name, sizeof side->name, "%s", name);
    side->start_ns = start_ns < 0 ? 0 : (uint64_t)start_ns;
    side->end_ns = end_ns < 0 ? 0 : (uint64_t)end_ns;
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
    viewer_say(timeline->viewer,
               "mark an area with m a, then choose another one (v) and compare "
               "it: C; or mark that with m b");
    return true;
}
