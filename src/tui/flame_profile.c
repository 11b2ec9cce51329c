// SPDX-License-Identifier: Apache-2.0
/*
 * The sums behind a flame graph. A job sums up the scope; the result is the
 * base, which stays. What is shown is the base itself or what the transforms
 * make of it: small ones at once, large ones in a job of their own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "tui/flame.h"
#include "tui/flame_place.h"
#include "tui/flame_profile.h"
#include "tui/profile_job.h"
#include "tui/viewer.h"

/* Jobs read a base while the graph goes on to another one. Only the viewer's
 * thread counts. */
struct flame_base {
    unsigned holders;
    struct scope_profile profile;
};

static struct flame_base *
hold(struct flame_base *base)
{
    base->holders++;
    return base;
}

static void
let_go(struct flame_base *base)
{
    if (base != NULL && --base->holders == 0) {
        scope_profile_release(&base->profile);
        free(base);
    }
}

const struct scope_profile *
flame_base(const struct flame *flame)
{
    return flame->base == NULL ? NULL : &flame->base->profile;
}

void
flame_drop_shown(struct flame *flame)
{
    if (flame->owns_profile) {
        scope_profile_release(&flame->profile);
    }
    flame->profile = (struct scope_profile){0};
    flame->owns_profile = false;
    flame->has_profile = false;
    flame->has_chart = false;
    flame->is_transforming = false;
    flame->failure[0] = '\0';
}

void
flame_drop_profile(struct flame *flame)
{
    flame_drop_shown(flame);
    let_go(flame->base);
    flame->base = NULL;
    flame->is_asked = false;
}

static bool
profile_is_cut(const struct flame *flame)
{
    return flame->profile.level_max != UINT32_MAX;
}

/* The profile is there. */
static void
begin(struct flame *flame)
{
    flame->has_profile = true;
    flame->is_transforming = false;
    flame->has_chart = false;
    flame->profile_number++;
    flame->matched_number = 0; /* no search has this */
    flame->root = 0;
    flame->node = 0;
    flame->is_rest_root = false;
    flame->top = 0;
    if (flame->place != NULL) {
        flame_place_go(flame, flame->place);
        flame_place_free(flame->place);
        flame->place = NULL;
    }
}

static void
take_shown(struct flame *flame, struct scope_profile *made)
{
    flame->profile = *made;
    *made = (struct scope_profile){0};
    flame->owns_profile = true;
    begin(flame);
}

static void
fail(struct flame *flame, const struct error *failure)
{
    (void)snprintf(flame->failure, sizeof flame->failure, "%s",
                   failure->message);
}

struct transform_task {
    struct flame *flame;
    const struct trace_model *model;
    struct flame_base *base; /* held */
    struct flame_transforms transforms;
    struct scope_profile made;
};

static bool
run_transforms(void *argument, const struct progress *progress,
               struct error *err)
{
    struct transform_task *task = argument;
    const struct profile_transform_options options = {.progress = *progress};

    return profile_transform_apply(&task->made, &task->base->profile,
                                   task->model, task->transforms.steps,
                                   task->transforms.count, &options, err);
}

static bool
finish_transforms(void *argument, const struct error *failure,
                  struct error *err)
{
    struct transform_task *task = argument;

    (void)err;
    if (failure != NULL) {
        fail(task->flame, failure);
    } else {
        take_shown(task->flame, &task->made);
    }
    return true;
}

static void
free_transforms(void *argument)
{
    struct transform_task *task = argument;

    scope_profile_release(&task->made);
    flame_transforms_release(&task->transforms);
    let_go(task->base);
    free(task);
}

static bool
start_transforms(struct flame *flame, struct error *err)
{
    static const struct job_class class = {
        .run = run_transforms,
        .done = finish_transforms,
        .free = free_transforms,
    };
    struct transform_task *task = array_new(1, sizeof *task, err);

    if (task == NULL) {
        return false;
    }
    task->flame = flame;
    task->model = flame->model;
    task->base = hold(flame->base);
    if (!flame_transforms_copy(&task->transforms, &flame->transforms, err)) {
        free_transforms(task);
        return false;
    }
    flame->is_transforming = true;
    return jobs_start(flame->viewer->jobs, JOB_FLAME, &class, task, err);
}

static bool
transform_at_once(struct flame *flame, struct error *err)
{
    const struct profile_transform_options options = {0};
    struct scope_profile made;

    if (!profile_transform_apply(&made, &flame->base->profile, flame->model,
                                 flame->transforms.steps,
                                 flame->transforms.count, &options, err)) {
        return false;
    }
    take_shown(flame, &made);
    return true;
}

/* Show what the transforms make of the base. */
static bool
show_base(struct flame *flame, struct error *err)
{
    if (flame->transforms.count == 0) {
        flame->profile = flame->base->profile;
        flame->owns_profile = false;
        begin(flame);
        return true;
    }
    return flame->base->profile.node_count <= flame->at_once_max
               ? transform_at_once(flame, err)
               : start_transforms(flame, err);
}

/* What the job has made. */
static bool
take_profile(void *context, struct scope_profile *profile,
             const struct error *failure, struct error *err)
{
    struct flame *flame = context;
    struct flame_base *base;

    if (failure != NULL) {
        fail(flame, failure);
        return true;
    }
    base = array_new(1, sizeof *base, err);
    if (base == NULL) {
        return false;
    }
    base->profile = *profile;
    *profile = (struct scope_profile){0};
    let_go(flame->base);
    flame->base = hold(base);
    flame->model = flame->viewer->model;
    flame->is_cut |= base->profile.level_max != UINT32_MAX;
    return show_base(flame, err);
}

/* Forget the profile, keep the place. */
static bool
forget(struct flame *flame, struct error *err)
{
    struct flame_place *place = flame_place_take(flame, err);

    if (place == NULL) {
        return false;
    }
    flame_place_free(flame->place);
    flame->place = place;
    flame_drop_profile(flame);
    return true;
}

bool
flame_transform_anew(struct flame *flame, const struct flame_transforms *wanted,
                     struct error *err)
{
    struct flame_transforms transforms;
    struct flame_place *place;

    if (!flame_transforms_copy(&transforms, wanted, err)) {
        return false;
    }
    place = flame_place_take(flame, err);
    if (place == NULL) {
        flame_transforms_release(&transforms);
        return false;
    }
    place->is_loose = true;
    flame_place_free(flame->place);
    flame->place = place;
    flame_transforms_release(&flame->transforms);
    flame->transforms = transforms;
    if (flame->below_length > 0) {
        flame_drop_profile(flame); /* transforms are of everything */
    } else {
        flame_drop_shown(flame);
    }
    return true;
}

bool
flame_toggle_tracks(struct flame *flame, struct error *err)
{
    if (!forget(flame, err)) {
        return false;
    }
    flame->place->is_loose = true;
    flame->has_tracks = !flame->has_tracks;
    return true;
}

/* Ask for the tree of the scope; where that does not fit, for the part of it
 * that is to be shown. */
static bool
ask(struct flame *flame, struct error *err)
{
    bool is_part = flame->is_cut && flame->place != NULL
                   && !flame->place->is_loose && flame->transforms.count == 0;
    size_t length = is_part ? flame_place_base(flame->place) : 0;
    struct profile_request request = {
        .has_tree = true,
        .has_tracks = flame->has_tracks,
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

    return flame->transforms.count == 0
           && (nodes[base].level < flame->below_length
               || (profile_is_cut(flame)
                   && nodes[base].level > flame->below_length
                   && has_cut_below(flame, base)));
}

bool
flame_prepare_profile(struct flame *flame, struct error *err)
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
    return flame->has_profile || flame->base == NULL || flame->is_transforming
           || show_base(flame, err);
}
