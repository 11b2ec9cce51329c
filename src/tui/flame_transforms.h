// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame_transforms.h - what the user did to the calls of a flame graph, one
 * step after the other.
 *
 * What is about functions is done before the graph is turned upside down, so
 * that it means the same in both; what is about a path of the turned graph is
 * done after that.
 */
#ifndef TUI_FLAME_TRANSFORMS_H
#define TUI_FLAME_TRANSFORMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/profile_transform.h"

struct error;
struct trace_model;

enum { FLAME_STEPS_MAX = 32 };

/* {0} is an empty list. */
struct flame_transforms {
    struct profile_transform steps[FLAME_STEPS_MAX]; /* paths are owned */
    size_t count;
};

/* On failure the copy is empty. */
bool flame_transforms_copy(struct flame_transforms *copy,
                           const struct flame_transforms *from,
                           struct error *err);
void flame_transforms_release(struct flame_transforms *transforms);

bool flame_transforms_are_same(const struct flame_transforms *a,
                               const struct flame_transforms *b);

/* Add a copy of a step where it belongs. The list is not full. */
bool flame_transforms_add(struct flame_transforms *transforms,
                          const struct profile_transform *step,
                          struct error *err);

/* Forget all steps from that one on. */
void flame_transforms_cut(struct flame_transforms *transforms, size_t count);

/* Take one step back, and those behind it that are about paths: without it
 * these lead elsewhere. */
void flame_transforms_remove(struct flame_transforms *transforms, size_t index);

/* The first step of a kind; count = there is none. */
size_t flame_transforms_find(const struct flame_transforms *transforms,
                             enum profile_transform_kind kind);

/* Give the steps the functions of another model; steps that are about what it
 * does not have go. */
void flame_transforms_translate(struct flame_transforms *transforms,
                                const struct trace_model *from,
                                const struct trace_model *to);

/* The same for one function of a node; false = it is not there. */
bool flame_function_translate(uint32_t *function,
                              const struct trace_model *from,
                              const struct trace_model *to);

#endif
