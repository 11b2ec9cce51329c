// SPDX-License-Identifier: Apache-2.0
#include "tui/flame_when.h"

#include <string.h>

#include "tui/flame.h"
#include "tui/flame_place.h"
#include "tui/profile_job.h"
#include "tui/screen.h"
#include "tui/viewer.h"

void
flame_when_release(struct flame_when *when)
{
    call_times_release(&when->times);
    *when = (struct flame_when){0};
}

static bool
take_times(void *context, struct call_times *times, const struct error *failure,
           struct error *err)
{
    struct flame_when *when = &((struct flame *)context)->when;

    (void)err;
    if (failure == NULL) {
        call_times_release(&when->times);
        when->times = *times;
        when->has_times = true;
        *times = (struct call_times){0};
    }
    return true;
}

/* The range of the scope in so many columns. */
static struct call_times
columns_of(const struct viewer *viewer, unsigned width)
{
    uint64_t end_ns = trace_model_summary(viewer->model).duration_ns + 1;
    uint64_t start_ns = 0;

    if (viewer->scope.is_set) {
        start_ns = viewer->scope.start_ns;
        end_ns = viewer->scope.end_ns < end_ns ? viewer->scope.end_ns : end_ns;
    }
    return (struct call_times){
        .start_ns = start_ns,
        .column_ns =
            end_ns > start_ns ? (end_ns - start_ns - 1) / width + 1 : 1,
        .count = width,
    };
}

bool
flame_when_is_path(const struct flame *flame)
{
    return flame->transforms.count == 0 && !flame->has_tracks;
}

static bool
ask(struct flame *flame, struct error *err)
{
    struct call_target target = {
        .is_path = flame_when_is_path(flame),
    };
    struct flame_place *place = flame_place_take(flame, err);
    struct call_times times = columns_of(flame->viewer, flame->when.width);
    bool is_ok;

    if (place == NULL) {
        return false;
    }
    target.functions = place->functions;
    target.count = place->length;
    is_ok = call_times_job_start(flame->viewer, JOB_WHEN, &target, &times,
                                 take_times, flame, err);
    flame_place_free(place);
    return is_ok;
}

bool
flame_when_prepare(struct flame *flame, struct error *err)
{
    struct flame_when *when = &flame->when;
    unsigned width = flame_when_width(flame);
    /* The same node may be in a box of several when another root is shown. */
    bool is_wanted = width > 0 && flame_function(flame, flame->node) != NULL
                     && flame_selected_box(flame)->rest_count == 0;

    if (is_wanted && when->is_asked
        && when->profile_number == flame->profile_number
        && when->node == flame->node && when->width == width) {
        return true;
    }
    if (when->is_asked) {
        (void)jobs_cancel(flame->viewer->jobs, JOB_WHEN);
    }
    flame_when_release(when);
    if (!is_wanted) {
        return true;
    }
    when->is_asked = true;
    when->profile_number = flame->profile_number;
    when->node = flame->node;
    when->width = width;
    return ask(flame, err);
}

void
flame_when_draw(const struct flame *flame, struct screen *screen, int x, int y)
{
    const struct flame_when *when = &flame->when;
    const struct theme *theme = &flame->viewer->theme;
    uint64_t most_ns = 0;

    if (!when->has_times) {
        const char *words = when->is_asked ? "summing up" : "";

        (void)screen_text(screen, x, y, flame->layout.width - (unsigned)x,
                          words, strlen(words), theme_style(theme, PART_FAINT));
        return;
    }
    for (size_t i = 0; i < when->times.count; i++) {
        most_ns =
            when->times.busy_ns[i] > most_ns ? when->times.busy_ns[i] : most_ns;
    }
    for (size_t i = 0; i < when->times.count; i++) {
        uint64_t busy_ns = when->times.busy_ns[i];
        unsigned level = busy_ns == 0 ? 0 : theme_level_of(busy_ns, most_ns);

        if (busy_ns > 0) {
            screen_put(screen, x + (int)i, y,
                       theme_level(theme, level == 0 ? 1 : level),
                       theme_style(theme, PART_OVERVIEW));
        }
    }
}
