// SPDX-License-Identifier: Apache-2.0
/* Places of a flame graph, as paths of functions. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "tui/flame.h"
#include "tui/flame_place.h"
#include "tui/flame_profile.h"
#include "tui/label.h"
#include "tui/viewer.h"

static void
write_path(const struct flame *flame, struct flame_place *place)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint32_t node = flame->node;

    for (size_t i = place->length; i-- > 0; node = nodes[node].parent) {
        place->functions[i] = nodes[node].function;
    }
}

/* With the transforms of the graph. */
static struct flame_place *
new_place(const struct flame *flame, size_t length, struct error *err)
{
    struct flame_place *place =
        malloc(sizeof *place + length * sizeof place->functions[0]);

    if (place == NULL) {
        (void)error_set_no_memory(err);
        return NULL;
    }
    *place = (struct flame_place){
        .length = length,
        .has_tracks = flame->has_tracks,
        .is_in_list = flame->is_in_list,
        .list_function = flame->list_function,
    };
    if (!flame_transforms_copy(&place->transforms, &flame->transforms, err)) {
        free(place);
        return NULL;
    }
    return place;
}

void
flame_place_free(struct flame_place *place)
{
    if (place != NULL) {
        flame_transforms_release(&place->transforms);
        free(place);
    }
}

/* A place on the way to which the graph is, as the graph now is. */
static struct flame_place *
copy_target(const struct flame *flame, const struct flame_place *from,
            struct error *err)
{
    struct flame_place *place = new_place(flame, from->length, err);

    if (place != NULL) {
        place->is_rest_root = from->is_rest_root;
        place->is_loose = from->is_loose;
        place->root_function = from->root_function;
        place->root_length = from->root_length;
        place->top = from->top;
        place->list_top = from->list_top;
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
        return flame->place != NULL ? copy_target(flame, flame->place, err)
                                    : new_place(flame, 0, err);
    }
    place = new_place(flame, flame->profile.nodes[flame->node].level, err);
    if (place != NULL) {
        place->is_rest_root = flame->is_rest_root;
        place->root_function = flame->profile.nodes[flame->root].function;
        place->root_length = flame->profile.nodes[flame->root].level;
        place->top = flame->top;
        place->list_top = flame->list_top;
        write_path(flame, place);
    }
    return place;
}

bool
flame_place_is_shown(const struct flame *flame, const struct flame_place *place)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint32_t node = flame->node;

    if (place->has_tracks != flame->has_tracks
        || place->is_in_list != flame->is_in_list
        || (place->is_in_list && place->list_function != flame->list_function)
        || !flame_transforms_are_same(&place->transforms, &flame->transforms)) {
        return false;
    }
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

    if (flame->model == NULL) {
        return; /* of no graph yet, so there is nothing to translate */
    }
    flame_transforms_translate(&place->transforms, flame->model, model);
    place->is_in_list =
        place->is_in_list
        && flame_function_translate(&place->list_function, flame->model, model);
    while (i < place->length
           && flame_function_translate(&place->functions[i], flame->model,
                                       model)) {
        i++;
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

/* Whether a node's function is that one, or the module that has it. */
static bool
stands_for(const struct flame *flame, uint32_t node, uint32_t function)
{
    uint32_t seen = flame->profile.nodes[node].function;
    char module[LABEL_SIZE];
    char other[LABEL_SIZE];

    if (!profile_is_module(seen) || !profile_is_function(function)) {
        return seen == function;
    }
    (void)profile_module_name(
        scope_profile_function(flame->model, seen - PROFILE_MODULE), module,
        sizeof module);
    (void)profile_module_name(scope_profile_function(flame->model, function),
                              other, sizeof other);
    return strcmp(module, other) == 0;
}

/* The child that stands for a function; 0 = there is none. */
static uint32_t
find_near(const struct flame *flame, uint32_t node, uint32_t function)
{
    const struct profile_node *parent = &flame->profile.nodes[node];

    for (uint32_t i = 0; i < parent->child_count; i++) {
        if (stands_for(flame, parent->first_child + i, function)) {
            return parent->first_child + i;
        }
    }
    return 0;
}

/* Follow a path that transforms changed: what is not there any more is left
 * out. Where that ends at another function, go to the first that is meant. */
static void
go_near(struct flame *flame, const struct flame_place *place)
{
    const struct scope_profile *profile = &flame->profile;
    uint32_t wanted =
        place->length > 0 ? place->functions[place->length - 1] : PROFILE_ROOT;
    uint32_t node = 0;

    for (size_t i = 0; i < place->length; i++) {
        uint32_t child = find_near(flame, node, place->functions[i]);

        node = child != 0 ? child : node;
        if (child != 0 && i + 1 == place->root_length
            && profile->nodes[node].level == place->root_length) {
            flame->root = node;
        }
    }
    if (!stands_for(flame, node, wanted)) {
        uint32_t i = 1;

        while (i < profile->node_count && !stands_for(flame, i, wanted)) {
            i++;
        }
        if (i < profile->node_count) {
            flame->root = 0;
            node = i;
        }
    }
    flame->node = node;
}

static void
go_exactly(struct flame *flame, const struct flame_place *place)
{
    uint32_t node = 0;

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

void
flame_place_go(struct flame *flame, const struct flame_place *place)
{
    flame->root = 0;
    flame->is_rest_root = false;
    flame->top = place->top;
    flame->list_top = place->list_top;
    if (place->is_loose) {
        go_near(flame, place);
    } else {
        go_exactly(flame, place);
    }
}

size_t
flame_place_base(const struct flame_place *place)
{
    return place->root_length - place->is_rest_root;
}

/* Whether the tree that is there has what is shown at a place, which is of the
 * same transforms. */
static bool
is_in_tree(const struct flame *flame, const struct flame_place *place)
{
    return flame_place_base(place) >= flame->below_length
           && (flame->below_length == 0
               || memcmp(place->functions, flame->below,
                         flame->below_length * sizeof *flame->below)
                      == 0);
}

void
flame_place_restore(struct flame *flame, const struct flame_place *place)
{
    bool is_same =
        place->has_tracks == flame->has_tracks
        && flame_transforms_are_same(&place->transforms, &flame->transforms);
    bool is_base_kept = flame->scope_number == flame->viewer->scope_number
                        && place->has_tracks == flame->has_tracks
                        && flame->below_length == 0;
    struct flame_transforms transforms;
    struct error err = {0};

    flame_place_free(flame->place);
    flame->place = NULL;
    flame->is_in_list = place->is_in_list;
    flame->list_function = place->list_function;
    if (flame->has_profile && is_same
        && flame->scope_number == flame->viewer->scope_number
        && is_in_tree(flame, place)) {
        flame_place_go(flame, place);
        return;
    }
    if (!flame_transforms_copy(&transforms, &place->transforms, &err)) {
        viewer_say(flame->viewer, "%s: the place is lost", err.message);
        return;
    }
    flame_transforms_release(&flame->transforms);
    flame->transforms = transforms;
    flame->has_tracks = place->has_tracks;
    if (is_base_kept) {
        flame_drop_shown(flame);
    } else {
        flame_drop_profile(flame);
    }
    flame->place = copy_target(flame, place, &err);
    if (flame->place == NULL) {
        viewer_say(flame->viewer, "%s: the place is lost", err.message);
    }
}
