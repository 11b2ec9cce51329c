// SPDX-License-Identifier: Apache-2.0
#include "tui/flame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "tui/chrome.h"
#include "tui/profile_job.h"
#include "tui/viewer.h"

enum {
    DETAIL_HEIGHT = 3,
    HEIGHT_WITH_DETAILS = 12, /* rows for the chart and the details */
    HEIGHT_WITH_LIST = 34,    /* and the list */
};

unsigned
flame_detail_height(const struct flame *flame)
{
    return flame->layout.track_height >= HEIGHT_WITH_DETAILS ? DETAIL_HEIGHT
                                                             : 0;
}

unsigned
flame_list_height(const struct flame *flame)
{
    const struct layout *layout = &flame->layout;

    return layout->width >= WIDE_SCREEN
                   && layout->track_height >= HEIGHT_WITH_LIST
               ? layout->track_height / 2 - DETAIL_HEIGHT
               : 0;
}

unsigned
flame_height(const struct flame *flame)
{
    return flame->layout.track_height - flame_detail_height(flame)
           - flame_list_height(flame);
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

const struct model_function *
flame_function(const struct flame *flame, uint32_t node)
{
    uint32_t function = flame->profile.nodes[node].function;

    return function == PROFILE_ROOT || function == PROFILE_OTHER
               ? NULL
               : scope_profile_function(flame->model, function);
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
    return true;
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

static void
write_path(const struct flame *flame, struct flame_place *place)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint32_t node = flame->node;

    for (size_t i = place->length; i-- > 0; node = nodes[node].parent) {
        place->functions[i] = nodes[node].function;
    }
}

static struct flame_place *
new_place(size_t length, struct error *err)
{
    struct flame_place *place =
        malloc(sizeof *place + length * sizeof place->functions[0]);

    if (place == NULL) {
        (void)error_set_no_memory(err);
        return NULL;
    }
    *place = (struct flame_place){.length = length};
    return place;
}

static struct flame_place *
copy_place(const struct flame_place *from, struct error *err)
{
    struct flame_place *place = new_place(from->length, err);

    if (place != NULL) {
        place->is_rest_root = from->is_rest_root;
        place->root_function = from->root_function;
        place->root_length = from->root_length;
        place->top = from->top;
        memcpy(place->functions, from->functions,
               from->length * sizeof from->functions[0]);
    }
    return place;
}

struct flame_place *
flame_place_take(const struct flame *flame, struct error *err)
{
    struct flame_place *place;

    if (!flame->has_profile) {
        return flame->place != NULL ? copy_place(flame->place, err)
                                    : new_place(0, err);
    }
    place = new_place(flame->profile.nodes[flame->node].level, err);
    if (place != NULL) {
        place->is_rest_root = flame->is_rest_root;
        place->root_function = flame->profile.nodes[flame->root].function;
        place->root_length = flame->profile.nodes[flame->root].level;
        place->top = flame->top;
        write_path(flame, place);
    }
    return place;
}

bool
flame_place_is_shown(const struct flame *flame, const struct flame_place *place)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint32_t node = flame->node;

    if (!flame->has_profile) {
        return true; /* nothing is shown that could be another place */
    }
    if (place->length != nodes[node].level
        || place->root_length != nodes[flame->root].level
        || place->root_function != nodes[flame->root].function
        || place->is_rest_root != flame->is_rest_root) {
        return false;
    }
    for (size_t i = place->length; i-- > 0; node = nodes[node].parent) {
        if (place->functions[i] != nodes[node].function) {
            return false;
        }
    }
    return true;
}

void
flame_place_translate(const struct flame *flame, struct flame_place *place)
{
    const struct trace_model *model = flame->viewer->model;
    size_t i = 0;

    for (; i < place->length; i++) {
        uint32_t function = place->functions[i];

        if (function < PROFILE_ROOT
            && !trace_model_find_function(
                model, trace_model_function(flame->model, function),
                &place->functions[i])) {
            break;
        }
    }
    place->length = i;
    if (place->is_rest_root || place->root_length > i) {
        place->is_rest_root = false;
        place->root_length = place->root_length > i ? 0 : place->root_length;
    }
    if (place->root_length > 0) {
        place->root_function = place->functions[place->root_length - 1];
    }
}

/* The child for a function; 0 = there is none. */
static uint32_t
find_child(const struct scope_profile *profile, uint32_t node,
           uint32_t function)
{
    const struct profile_node *parent = &profile->nodes[node];

    for (uint32_t i = 0; i < parent->child_count; i++) {
        if (profile->nodes[parent->first_child + i].function == function) {
            return parent->first_child + i;
        }
    }
    return 0;
}

static void
go_to(struct flame *flame, const struct flame_place *place)
{
    uint32_t node = 0;

    flame->root = 0;
    flame->is_rest_root = false;
    flame->top = place->top;
    for (size_t i = 0; i < place->length; i++) {
        uint32_t child = find_child(&flame->profile, node, place->functions[i]);

        if (child == 0) {
            break;
        }
        if (i + 1 == place->root_length) {
            uint32_t root =
                find_child(&flame->profile, node, place->root_function);

            flame->root = root == 0 ? child : root;
            flame->is_rest_root = place->is_rest_root && root != 0;
        }
        node = child;
    }
    flame->node = node;
}

/* How many functions lead to what is shown: with a remainder at the top that
 * is the caller of its nodes. */
static size_t
base_length(const struct flame_place *place)
{
    return place->root_length - place->is_rest_root;
}

/* Whether the tree has what is shown there. */
static bool
is_in_tree(const struct flame *flame, const struct flame_place *place)
{
    return base_length(place) >= flame->below_length
           && (flame->below_length == 0
               || memcmp(place->functions, flame->below,
                         flame->below_length * sizeof *flame->below)
                      == 0);
}

void
flame_drop_profile(struct flame *flame)
{
    scope_profile_release(&flame->profile);
    flame->has_profile = false;
    flame->has_chart = false;
    flame->is_asked = false;
    flame->failure[0] = '\0';
}

void
flame_place_restore(struct flame *flame, const struct flame_place *place)
{
    struct error err = {0};

    free(flame->place);
    flame->place = NULL;
    if (flame->has_profile && flame->scope_number == flame->viewer->scope_number
        && is_in_tree(flame, place)) {
        go_to(flame, place);
        return;
    }
    flame_drop_profile(flame);
    flame->place = copy_place(place, &err);
    if (flame->place == NULL) {
        viewer_say(flame->viewer, "%s: the place is lost", err.message);
    }
}

static bool
profile_is_cut(const struct flame *flame)
{
    return flame->profile.level_max != UINT32_MAX;
}

/* What the job has made. */
static bool
take_profile(void *context, struct scope_profile *profile,
             const struct error *failure, struct error *err)
{
    struct flame *flame = context;

    (void)err;
    if (failure != NULL) {
        (void)snprintf(flame->failure, sizeof flame->failure, "%s",
                       failure->message);
        return true;
    }
    scope_profile_release(&flame->profile);
    flame->profile = *profile;
    *profile = (struct scope_profile){0};
    flame->model = flame->viewer->model;
    flame->has_profile = true;
    flame->is_cut |= profile_is_cut(flame);
    flame->has_chart = false;
    flame->matched_number = 0; /* no search has this */
    flame->root = 0;
    flame->node = 0;
    flame->is_rest_root = false;
    flame->top = 0;
    if (flame->place != NULL) {
        go_to(flame, flame->place);
        free(flame->place);
        flame->place = NULL;
    }
    return true;
}

/* Forget the profile, keep the place. */
static bool
forget(struct flame *flame, struct error *err)
{
    struct flame_place *place = flame_place_take(flame, err);

    if (place == NULL) {
        return false;
    }
    free(flame->place);
    flame->place = place;
    flame_drop_profile(flame);
    return true;
}

/* Ask for the tree of the scope; where that does not fit, for the part of it
 * that is to be shown. */
static bool
ask(struct flame *flame, struct error *err)
{
    size_t length =
        flame->is_cut && flame->place != NULL ? base_length(flame->place) : 0;
    struct profile_request request = {
        .has_tree = true,
        .node_max = flame->node_max,
        .path_length = length,
    };
    uint32_t *below = array_new(length, sizeof *below, err);

    if (below == NULL) {
        return false;
    }
    if (length > 0) {
        memcpy(below, flame->place->functions, length * sizeof *below);
    }
    free(flame->below);
    flame->below = below;
    flame->below_length = length;
    request.path = below;
    flame->is_asked = true;
    flame->scope_number = flame->viewer->scope_number;
    return profile_job_start(flame->viewer, JOB_FLAME, &request, take_profile,
                             flame, err);
}

/* Whether calls below a node are cut off. */
static bool
has_cut_below(const struct flame *flame, uint32_t node)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint32_t first = node;
    uint32_t end = node + 1;

    /* The nodes of each level below are next to each other. */
    while (first < end) {
        if (nodes[first].function == PROFILE_OTHER) {
            return true;
        }
        end = nodes[end - 1].first_child + nodes[end - 1].child_count;
        first = nodes[first].first_child;
    }
    return false;
}

/* Whether another part of the tree is needed: one further up, or one that is
 * told apart further down. */
static bool
needs_other_tree(const struct flame *flame)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint32_t base =
        flame->is_rest_root ? nodes[flame->root].parent : flame->root;

    return nodes[base].level < flame->below_length
           || (profile_is_cut(flame) && nodes[base].level > flame->below_length
               && has_cut_below(flame, base));
}

bool
flame_prepare(struct flame *flame, struct error *err)
{
    bool is_other_scope = flame->scope_number != flame->viewer->scope_number;

    if (flame->is_asked
        && (is_other_scope
            || (flame->has_profile && needs_other_tree(flame)))) {
        flame->is_cut = flame->is_cut && !is_other_scope;
        if (!forget(flame, err)) {
            return false;
        }
    }
    if (!flame->is_asked) {
        return ask(flame, err);
    }
    return !flame->has_profile || flame->layout.is_too_small
           || (update_match(flame, err) && update_chart(flame, err));
}
