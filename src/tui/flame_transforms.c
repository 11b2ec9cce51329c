// SPDX-License-Identifier: Apache-2.0
#include "tui/flame_transforms.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/trace_model.h"

static void
release_step(struct profile_transform *step)
{
    free((uint32_t *)step->path);
    *step = (struct profile_transform){0};
}

static bool
copy_step(struct profile_transform *copy, const struct profile_transform *from,
          struct error *err)
{
    size_t length =
        profile_transform_takes_path(from->kind) ? from->path_length : 0;
    uint32_t *path = array_new(length, sizeof *path, err);

    if (path == NULL) {
        return false;
    }
    if (length > 0) {
        memcpy(path, from->path, length * sizeof *path);
    }
    *copy = *from;
    copy->path = path;
    copy->path_length = length;
    return true;
}

bool
flame_transforms_copy(struct flame_transforms *copy,
                      const struct flame_transforms *from, struct error *err)
{
    *copy = (struct flame_transforms){0};
    for (size_t i = 0; i < from->count; i++) {
        if (!copy_step(&copy->steps[i], &from->steps[i], err)) {
            flame_transforms_release(copy);
            return false;
        }
        copy->count++;
    }
    return true;
}

void
flame_transforms_release(struct flame_transforms *transforms)
{
    flame_transforms_cut(transforms, 0);
}

static bool
is_same_step(const struct profile_transform *a,
             const struct profile_transform *b)
{
    return a->kind == b->kind && a->function == b->function
           && a->path_length == b->path_length
           && (a->path_length == 0
               || memcmp(a->path, b->path, a->path_length * sizeof *a->path)
                      == 0);
}

bool
flame_transforms_are_same(const struct flame_transforms *a,
                          const struct flame_transforms *b)
{
    if (a->count != b->count) {
        return false;
    }
    for (size_t i = 0; i < a->count; i++) {
        if (!is_same_step(&a->steps[i], &b->steps[i])) {
            return false;
        }
    }
    return true;
}

/* Where a step goes: to the end, or before the graph is turned, unless a path
 * of the turned graph depends on what is before it. */
static size_t
place_of(const struct flame_transforms *transforms,
         const struct profile_transform *step)
{
    size_t turn = flame_transforms_find(transforms, PROFILE_INVERT);

    if (profile_transform_takes_path(step->kind)
        || turn + 1 < transforms->count) {
        return transforms->count;
    }
    return turn;
}

bool
flame_transforms_add(struct flame_transforms *transforms,
                     const struct profile_transform *step, struct error *err)
{
    size_t place = place_of(transforms, step);
    struct profile_transform copy;

    if (!copy_step(&copy, step, err)) {
        return false;
    }
    memmove(&transforms->steps[place + 1], &transforms->steps[place],
            (transforms->count - place) * sizeof copy);
    transforms->steps[place] = copy;
    transforms->count++;
    return true;
}

void
flame_transforms_cut(struct flame_transforms *transforms, size_t count)
{
    while (transforms->count > count) {
        release_step(&transforms->steps[--transforms->count]);
    }
}

void
flame_transforms_remove(struct flame_transforms *transforms, size_t index)
{
    size_t kept = index;

    for (size_t i = index; i < transforms->count; i++) {
        struct profile_transform *step = &transforms->steps[i];

        if (i == index || profile_transform_takes_path(step->kind)) {
            release_step(step);
        } else {
            transforms->steps[kept++] = *step;
        }
    }
    transforms->count = kept;
}

size_t
flame_transforms_find(const struct flame_transforms *transforms,
                      enum profile_transform_kind kind)
{
    size_t i = 0;

    while (i < transforms->count && transforms->steps[i].kind != kind) {
        i++;
    }
    return i;
}

bool
flame_function_translate(uint32_t *function, const struct trace_model *from,
                         const struct trace_model *to)
{
    uint32_t base = profile_is_module(*function) ? PROFILE_MODULE : 0;
    uint32_t index;

    if (profile_is_track(*function)) {
        return *function - PROFILE_TRACK < trace_model_track_count(to);
    }
    if (base == 0 && *function >= PROFILE_TRACK) {
        return true; /* unknown, other or everything */
    }
    if (!trace_model_find_function(
            to, trace_model_function(from, *function - base), &index)) {
        return false;
    }
    *function = base + index;
    return true;
}

static bool
translate_step(struct profile_transform *step, const struct trace_model *from,
               const struct trace_model *to)
{
    uint32_t *path = (uint32_t *)step->path;

    for (size_t i = 0; i < step->path_length; i++) {
        if (!flame_function_translate(&path[i], from, to)) {
            return false;
        }
    }
    return profile_transform_takes_path(step->kind)
           || step->kind == PROFILE_INVERT
           || flame_function_translate(&step->function, from, to);
}

void
flame_transforms_translate(struct flame_transforms *transforms,
                           const struct trace_model *from,
                           const struct trace_model *to)
{
    for (size_t i = transforms->count; i-- > 0;) {
        if (!translate_step(&transforms->steps[i], from, to)) {
            flame_transforms_remove(transforms, i);
        }
    }
}
