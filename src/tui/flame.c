// SPDX-License-Identifier: Apache-2.0
#include "tui/flame.h"
#include "tui/flame_list_pane.h"
#include "tui/flame_profile.h"

#include <stdlib.h>

#include "base/array.h"
#include "tui/viewer.h"

enum {
    DETAIL_HEIGHT = 3,
    DETAIL_HEIGHT_MORE = 5, /* with other paths, and when it ran */
    HEIGHT_WITH_MORE = 24,
    WHEN_X = 7,
    HEIGHT_WITH_CRUMBS = 8,
    HEIGHT_WITH_DETAILS = 12, /* rows for the chart and the details */
    HEIGHT_WITH_LIST = 30,    /* and the list */
    WIDTH_WITH_LIST = 60,
};

unsigned
flame_detail_height(const struct flame *flame)
{
    unsigned height = flame->layout.track_height;

    if (height >= HEIGHT_WITH_MORE) {
        return DETAIL_HEIGHT_MORE;
    }
    return height >= HEIGHT_WITH_DETAILS ? DETAIL_HEIGHT : 0;
}

unsigned
flame_when_width(const struct flame *flame)
{
    return flame_detail_height(flame) == DETAIL_HEIGHT_MORE
               ? flame->layout.width - WHEN_X - 1
               : 0;
}

/* Whether there is room for the chart and the list. */
static bool
has_both(const struct flame *flame)
{
    return flame->layout.width >= WIDTH_WITH_LIST
           && flame->layout.track_height >= HEIGHT_WITH_LIST;
}

bool
flame_hides_chart(const struct flame *flame)
{
    return flame->is_in_list && !has_both(flame);
}

unsigned
flame_list_height(const struct flame *flame)
{
    unsigned height = flame->layout.track_height;

    if (has_both(flame)) {
        return height / 2 - DETAIL_HEIGHT_MORE;
    }
    return flame->is_in_list
               ? height - flame_has_crumbs(flame) - flame_detail_height(flame)
               : 0;
}

bool
flame_has_crumbs(const struct flame *flame)
{
    return flame->layout.track_height >= HEIGHT_WITH_CRUMBS
           && (flame->transforms.count > 0
               || (flame->has_profile && flame->root != 0));
}

int
flame_first_row(const struct flame *flame)
{
    return flame->layout.tracks_row + flame_has_crumbs(flame);
}

unsigned
flame_height(const struct flame *flame)
{
    return flame->layout.track_height - flame_has_crumbs(flame)
           - flame_detail_height(flame)
           - (has_both(flame) ? flame_list_height(flame) : 0);
}

static size_t
shown_rows_from(const struct flame *flame, size_t top)
{
    size_t left = flame->chart.row_count - top;
    unsigned height = flame_height(flame);

    if (left <= height) {
        return left;
    }
    return height > 1 ? height - 1 : 1; /* one says how many are deeper */
}

size_t
flame_shown_rows(const struct flame *flame)
{
    return shown_rows_from(flame, flame->top);
}

size_t
flame_row_of(const struct flame *flame, uint32_t node)
{
    const struct profile_node *nodes = flame->profile.nodes;

    return nodes[node].level - nodes[flame->root].level + flame->is_rest_root;
}

const struct flame_box *
flame_selected_box(const struct flame *flame)
{
    return flame_chart_find(&flame->chart, flame_row_of(flame, flame->node),
                            flame->node);
}

uint32_t
flame_chosen(const struct flame *flame)
{
    const struct flame_box *box;
    uint32_t function;

    if (flame->is_in_list) {
        return flame->list_function;
    }
    box = flame->has_chart ? flame_selected_box(flame) : NULL;
    if (box == NULL || box->rest_count > 0) {
        return PROFILE_ROOT;
    }
    function = flame->profile.nodes[box->node].function;
    return function == PROFILE_OTHER ? PROFILE_ROOT : function;
}

bool
flame_has_calls(const struct flame *flame)
{
    return flame->has_profile
           && (flame->profile.node_count > 1 || flame->transforms.count > 0);
}

const struct model_function *
flame_function(const struct flame *flame, uint32_t node)
{
    uint32_t function = flame->profile.nodes[node].function;

    return profile_is_function(function)
               ? scope_profile_function(flame->model, function)
               : NULL;
}

bool
flame_is_hit(const struct flame *flame, const struct flame_box *box)
{
    const struct search *search = &flame->viewer->search;
    uint32_t end = box->node + (box->rest_count == 0 ? 1 : box->rest_count);

    for (uint32_t i = box->node; i < end && search_is_on(search); i++) {
        if (flame_function(flame, i) != NULL
            && search_is_hit(search, flame->profile.nodes[i].function)) {
            return true;
        }
    }
    return false;
}

/* Whether a node is shown somewhere below the root. */
static bool
is_below_root(const struct flame *flame, uint32_t node)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint32_t level = nodes[flame->root].level;

    while (nodes[node].level > level) {
        node = nodes[node].parent;
    }
    return node == flame->root
           || (flame->is_rest_root && nodes[node].level == level
               && node > flame->root
               && nodes[node].parent == nodes[flame->root].parent);
}

/* Select the outermost of the node's callers that shares a remainder, for what
 * is below a remainder has no box. */
static void
select_what_is_shown(struct flame *flame)
{
    const struct profile_node *nodes = flame->profile.nodes;
    size_t row;

    if (!is_below_root(flame, flame->node)) {
        flame->node = flame->root;
    }
    row = flame_row_of(flame, flame->node);
    for (uint32_t node = flame->node; row > 0; row--) {
        const struct flame_box *box =
            row < flame->chart.row_count
                ? flame_chart_find(&flame->chart, row, node)
                : NULL;

        if (box != NULL && box->rest_count > 0) {
            flame->node = box->node;
        }
        node = nodes[node].parent;
    }
}

/* Scroll so that the selection can be seen, and no further. */
static void
follow_selection(struct flame *flame)
{
    size_t row = flame_row_of(flame, flame->node);
    unsigned height = flame_height(flame);

    if (flame->chart.row_count <= height) {
        flame->top = 0;
    } else if (flame->top > flame->chart.row_count - height) {
        flame->top = flame->chart.row_count - height;
    }
    if (row < flame->top) {
        flame->top = row;
    }
    while (row >= flame->top + shown_rows_from(flame, flame->top)) {
        flame->top++;
    }
}

static bool
update_chart(struct flame *flame, struct error *err)
{
    struct flame_box root = flame_box_of(
        &flame->profile, flame->root, flame->is_rest_root, flame->layout.width);

    if (!flame->has_chart || flame->chart_root != flame->root
        || flame->is_chart_of_rest != flame->is_rest_root) {
        flame->has_chart = false;
        if (!flame_chart_build(&flame->chart, &flame->profile, &root, err)
            || !flame_list_build(&flame->list, &flame->profile, &root, err)) {
            return false;
        }
        flame->has_chart = true;
        flame->chart_root = flame->root;
        flame->is_chart_of_rest = flame->is_rest_root;
    }
    select_what_is_shown(flame);
    follow_selection(flame);
    flame_list_follow(flame);
    return true;
}

/* Which other nodes have the function of the selected one. */
static void
update_others(struct flame *flame)
{
    const struct scope_profile *profile = &flame->profile;
    struct flame_others *others = &flame->others;

    if (others->profile_number == flame->profile_number
        && others->node == flame->node) {
        return;
    }
    *others = (struct flame_others){.profile_number = flame->profile_number,
                                    .node = flame->node};
    for (uint32_t i = 1; i < profile->node_count; i++) {
        if (i == flame->node
            || profile->nodes[i].function
                   != profile->nodes[flame->node].function) {
            continue;
        }
        if (others->count == 0
            || profile->nodes[i].total_ns
                   > profile->nodes[others->largest[0]].total_ns) {
            others->largest[1] = others->largest[0];
            others->largest[0] = i;
        } else if (others->count == 1
                   || profile->nodes[i].total_ns
                          > profile->nodes[others->largest[1]].total_ns) {
            others->largest[1] = i;
        }
        others->count++;
    }
}

/* How much of the time is in calls of what is searched for. */
static bool
update_match(struct flame *flame, struct error *err)
{
    const struct search *search = &flame->viewer->search;
    const struct scope_profile *profile = &flame->profile;
    uint8_t *is_below; /* a match, or itself one */

    if (!search_is_on(search) || flame->matched_number == search->number) {
        return true;
    }
    is_below = array_new(profile->node_count, sizeof *is_below, err);
    if (is_below == NULL) {
        return false;
    }
    flame->matched_ns = 0;
    for (uint32_t i = 1; i < profile->node_count; i++) {
        const struct profile_node *node = &profile->nodes[i];

        is_below[i] = is_below[node->parent];
        if (!is_below[i] && flame_function(flame, i) != NULL
            && search_is_hit(search, node->function)) {
            is_below[i] = 1;
            flame->matched_ns += node->total_ns;
        }
    }
    free(is_below);
    flame->matched_number = search->number;
    return true;
}

void
flame_select(struct flame *flame, uint32_t node)
{
    flame->node = node;
}

void
flame_set_root(struct flame *flame, uint32_t root, bool is_rest)
{
    flame->root = root;
    flame->is_rest_root = is_rest;
    flame->top = 0;
}

static bool
update_details(struct flame *flame, struct error *err)
{
    if (flame_detail_height(flame) == DETAIL_HEIGHT_MORE) {
        update_others(flame);
    }
    return flame_when_prepare(flame, err);
}

bool
flame_prepare(struct flame *flame, struct error *err)
{
    if (!flame_prepare_profile(flame, err)) {
        return false;
    }
    return !flame->has_profile || flame->layout.is_too_small
           || (update_match(flame, err) && update_chart(flame, err)
               && update_details(flame, err) && flame_catch_up(flame, err));
}
