// SPDX-License-Identifier: Apache-2.0
/* What is done to the calls of a flame graph by keys. */
#include "base/error.h"
#include "tui/flame.h"
#include "tui/flame_place.h"
#include "tui/flame_profile.h"
#include "tui/viewer.h"

/* The step that an action adds; PROFILE_TRANSFORM_COUNT = none. */
static enum profile_transform_kind
kind_of(enum action_id action)
{
    switch (action) {
    case ACTION_FOCUS_FUNCTION:
        return PROFILE_FOCUS_FUNCTION;
    case ACTION_FOCUS_SUBTREE:
        return PROFILE_FOCUS_SUBTREE;
    case ACTION_MERGE_FUNCTION:
        return PROFILE_MERGE_FUNCTION;
    case ACTION_MERGE_NODE:
        return PROFILE_MERGE_NODE;
    case ACTION_DROP_FUNCTION:
        return PROFILE_DROP_FUNCTION;
    case ACTION_COLLAPSE_FUNCTION:
        return PROFILE_COLLAPSE_FUNCTION;
    case ACTION_COLLAPSE_MODULE:
        return PROFILE_COLLAPSE_MODULE;
    default: /* the others are no steps */
        return PROFILE_TRANSFORM_COUNT;
    }
}

static bool
has_room(const struct flame *flame)
{
    if (flame->transforms.count == FLAME_STEPS_MAX) {
        viewer_say(flame->viewer, "%d steps are the most; u takes one back",
                   FLAME_STEPS_MAX);
        return false;
    }
    return true;
}

static bool
add_step(struct flame *flame, const struct profile_transform *step,
         struct error *err)
{
    struct flame_transforms wanted;
    bool is_ok;

    if (!has_room(flame)) {
        return true;
    }
    if (!flame_transforms_copy(&wanted, &flame->transforms, err)) {
        return false;
    }
    is_ok = flame_transforms_add(&wanted, step, err)
            && flame_transform_anew(flame, &wanted, err);
    flame_transforms_release(&wanted);
    return is_ok;
}

/* Whether there is a step for what is selected; if not it says why. */
static bool
can_step(const struct flame *flame, enum profile_transform_kind kind)
{
    uint32_t function = flame_chosen(flame);

    if (function == PROFILE_ROOT) {
        viewer_say(flame->viewer, "this is not one function");
        return false;
    }
    if (kind == PROFILE_COLLAPSE_MODULE && !profile_is_module(function)
        && (!profile_is_function(function) || function == UINT32_MAX)) {
        viewer_say(flame->viewer, "this is in no module");
        return false;
    }
    if (profile_transform_takes_path(kind) && flame->is_in_list) {
        viewer_say(flame->viewer, "that is for a box; Tab goes to the graph");
        return false;
    }
    return true;
}

/* Do something to what is selected. */
static bool
step_selected(struct flame *flame, enum profile_transform_kind kind,
              struct error *err)
{
    struct profile_transform step = {.kind = kind};
    struct flame_place *place;
    bool is_ok;

    if (!can_step(flame, kind)) {
        return true;
    }
    place = flame_place_take(flame, err);
    if (place == NULL) {
        return false;
    }
    if (profile_transform_takes_path(kind)) {
        step.path = place->functions;
        step.path_length = place->length;
    } else {
        step.function = flame_chosen(flame);
    }
    is_ok = add_step(flame, &step, err);
    flame_place_free(place);
    return is_ok;
}

/* Begin with a step that is about everything, or take it back. */
static bool
toggle(struct flame *flame, const struct profile_transform *step,
       struct error *err)
{
    size_t index = flame_transforms_find(&flame->transforms, step->kind);
    struct flame_transforms wanted;
    bool is_ok;

    if (index == flame->transforms.count) {
        return add_step(flame, step, err);
    }
    if (!flame_transforms_copy(&wanted, &flame->transforms, err)) {
        return false;
    }
    flame_transforms_remove(&wanted, index);
    is_ok = flame_transform_anew(flame, &wanted, err);
    flame_transforms_release(&wanted);
    return is_ok;
}

bool
flame_keep_steps(struct flame *flame, size_t count, struct error *err)
{
    struct flame_transforms wanted;
    bool is_ok;

    if (!flame_transforms_copy(&wanted, &flame->transforms, err)) {
        return false;
    }
    flame_transforms_cut(&wanted, count);
    is_ok = flame_transform_anew(flame, &wanted, err);
    flame_transforms_release(&wanted);
    return is_ok;
}

bool
flame_step_command(struct flame *flame, enum action_id action, bool *is_known,
                   struct error *err)
{
    static const struct profile_transform turn = {.kind = PROFILE_INVERT};
    static const struct profile_transform join = {
        .kind = PROFILE_COLLAPSE_RECURSION,
        .function = PROFILE_EVERY,
    };
    enum profile_transform_kind kind = kind_of(action);

    *is_known = true;
    if (kind != PROFILE_TRANSFORM_COUNT) {
        return step_selected(flame, kind, err);
    }
    switch (action) {
    case ACTION_BOTTOM_UP:
        return toggle(flame, &turn, err);
    case ACTION_COLLAPSE_RECURSION:
        return toggle(flame, &join, err);
    case ACTION_THREADS:
        return flame_toggle_tracks(flame, err);
    default: /* the others are not of this file */
        *is_known = false;
        return true;
    }
}
