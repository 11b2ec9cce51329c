// SPDX-License-Identifier: Apache-2.0
/* Callers growing up from the function and callees hanging down from it; and
 * when it was called. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/function_family.h"
#include "tui/label.h"
#include "tui/profile_text.h"
#include "tui/sandwich.h"
#include "tui/screen.h"
#include "tui/viewer.h"

/* Both charts as wide as the screen, of the trees that there are rows of. */
static bool
build_charts(struct sandwich *sandwich, struct error *err)
{
    const struct scope_profile *trees[SANDWICH_TREES] = {
        &sandwich->family->callers, &sandwich->family->callees};

    if (sandwich->charts_width == sandwich->layout.width) {
        return true;
    }
    for (int i = 0; i < SANDWICH_TREES; i++) {
        const struct flame_box root =
            flame_box_of(trees[i], trees[i]->nodes[0].first_child, false,
                         sandwich->layout.width);

        if (!flame_chart_build(&sandwich->charts[i], trees[i], &root, err)) {
            return false;
        }
    }
    sandwich->charts_width = sandwich->layout.width;
    return true;
}

static void
draw_box(const struct sandwich *sandwich, const struct scope_profile *tree,
         const struct flame_box *box, struct screen *screen, int y)
{
    const struct viewer *viewer = sandwich->viewer;
    struct theme theme = profile_theme(viewer);
    uint32_t index = tree->nodes[box->node].function;
    bool is_function = index != PROFILE_OTHER;
    const struct model_function *function =
        is_function ? scope_profile_function(viewer->model, index) : NULL;
    unsigned slot = profile_slot(viewer, function, box->total_ns);
    bool is_hit = is_function && search_is_hit(&viewer->search, index);
    struct model_function bare =
        is_function ? *function
                    : (struct model_function){.name = "(deeper calls)"};
    char text[LABEL_SIZE];

    bare.file = "";
    for (unsigned i = 0; i < box->width; i++) {
        struct screen_style style =
            theme_slice_style(&theme, slot, i == 0 ? LOOK_EDGE : LOOK_BODY);

        screen_put(screen, (int)(box->x + i), y,
                   theme_glyph(&theme, i == 0 ? GLYPH_EDGE : GLYPH_BODY),
                   is_hit ? theme_hit_style(&theme, style) : style);
    }
    if (box->width > 1) {
        struct screen_style style = theme_slice_style(&theme, slot, LOOK_LABEL);

        (void)label_fit(text, &theme, &bare, box->width - 1);
        (void)screen_text(screen, (int)box->x + 1, y, box->width - 1, text,
                          strlen(text),
                          is_hit ? theme_hit_style(&theme, style) : style);
    }
}

/* Calls that are too short for a box each. */
static void
draw_rest(const struct sandwich *sandwich, const struct flame_box *box,
          struct screen *screen, int y)
{
    struct theme theme = profile_theme(sandwich->viewer);
    uint64_t all_ns = sandwich->family->callees.nodes[0].total_ns;
    unsigned level = theme_level_of(
        box->total_ns, all_ns / sandwich->layout.width * box->width);

    for (unsigned i = 0; i < box->width; i++) {
        screen_put(screen, (int)(box->x + i), y,
                   theme_level(&theme, level == 0 ? 1 : level),
                   theme_slice_style(&theme, 0, LOOK_MERGED));
    }
}

static void
draw_chart(const struct sandwich *sandwich, enum sandwich_pane pane,
           struct screen *screen)
{
    const struct flame_chart *chart = &sandwich->charts[pane];
    const struct scope_profile *tree = pane == SANDWICH_CALLERS
                                           ? &sandwich->family->callers
                                           : &sandwich->family->callees;

    for (unsigned row = 1;
         row <= sandwich->places.chart_rows && row < chart->row_count; row++) {
        int y = pane == SANDWICH_CALLERS
                    ? sandwich->places.focal_row - (int)row
                    : sandwich->places.histogram_row + (int)row;
        size_t count;
        const struct flame_box *boxes = flame_chart_row(chart, row, &count);

        for (size_t i = 0; i < count; i++) {
            if (boxes[i].rest_count > 0) {
                draw_rest(sandwich, &boxes[i], screen, y);
            } else {
                draw_box(sandwich, tree, &boxes[i], screen, y);
            }
        }
    }
}

/* The longest call of those parts of the time that a column stands for. */
static uint64_t
longest_in(const struct function_family *family, unsigned column,
           unsigned width)
{
    unsigned first = column * FAMILY_TIMES / width;
    unsigned end = (column + 1) * FAMILY_TIMES / width;
    uint64_t longest_ns = family->longest_ns[first];

    for (unsigned i = first + 1; i < end; i++) {
        if (family->longest_ns[i] > longest_ns) {
            longest_ns = family->longest_ns[i];
        }
    }
    return longest_ns;
}

/* One bar, from the lowest row up. */
static void
draw_bar(const struct sandwich *sandwich, unsigned column, uint64_t part_ns,
         uint64_t most_ns, struct screen *screen)
{
    const struct theme *theme = &sandwich->viewer->theme;
    unsigned rows = sandwich->places.times_height - 1;
    int y = sandwich->places.times_row + (int)rows;
    double share = most_ns == 0 ? 0 : (double)part_ns / (double)most_ns;
    unsigned height = (unsigned)(share * rows * THEME_LEVELS + 0.5);

    height = part_ns > 0 && height == 0 ? 1 : height;
    for (; height > 0; y--) {
        unsigned level = height < THEME_LEVELS ? height : THEME_LEVELS;

        screen_put(screen, (int)column, y, theme_level(theme, level),
                   theme_style(theme, PART_COUNTER));
        height -= level;
    }
}

static void
draw_times(const struct sandwich *sandwich, struct screen *screen)
{
    const struct function_family *family = sandwich->family;
    const struct theme *theme = &sandwich->viewer->theme;
    unsigned width = sandwich->layout.width;
    uint64_t most_ns = 0;
    char number[TEXT_NUMBER_SIZE];
    char text[TEXT_NUMBER_SIZE + 64];

    for (unsigned i = 0; i < FAMILY_TIMES; i++) {
        most_ns =
            family->longest_ns[i] > most_ns ? family->longest_ns[i] : most_ns;
    }
    (void)snprintf(
        text, sizeof text,
        "when it was called: the longest call of each column, up to %s",
        text_duration(number, sizeof number, most_ns, theme->is_ascii));
    (void)screen_text(screen, 2, sandwich->places.times_row, width - 2, text,
                      strlen(text), theme_style(theme, PART_TITLE));
    for (unsigned column = 0; column < width; column++) {
        draw_bar(sandwich, column, longest_in(family, column, width), most_ns,
                 screen);
    }
}

bool
sandwich_draw_charts(struct sandwich *sandwich, struct screen *screen,
                     struct error *err)
{
    if (!build_charts(sandwich, err)) {
        return false;
    }
    draw_chart(sandwich, SANDWICH_CALLERS, screen);
    draw_chart(sandwich, SANDWICH_CALLEES, screen);
    draw_times(sandwich, screen);
    return true;
}
