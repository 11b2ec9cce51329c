// SPDX-License-Identifier: Apache-2.0
/*
 * model/instant_lane.h - the instants of a process by what they are: marks,
 * what happened to objects, and text that was written.
 */
#ifndef MODEL_INSTANT_LANE_H
#define MODEL_INSTANT_LANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct error;
struct model_instant;
struct trace_model;

enum instant_lane {
    LANE_MARKS,
    LANE_OBJECTS,
    LANE_LOG, /* what print() and logging wrote, variables that hold text */
    LANE_COUNT,
};

/* Look at the texts of an instant; model_instant.lane remembers it. */
enum instant_lane instant_lane_of(const struct model_instant *instant);

/* The text of {"value": "text"}, as it stands in the arguments; false when that
 * is not all there is. */
bool instant_lane_value(const struct model_instant *instant, const char **text,
                        size_t *size);

/* Instants by time, as indices of the model's. */
struct instant_list {
    const struct trace_model *model;
    const uint32_t *items;
    size_t count;
};

struct instant_list instant_lane_list(const struct trace_model *model,
                                      size_t process, enum instant_lane lane);

/* How many of a list are before a time. */
size_t instant_list_before(const struct instant_list *list, uint64_t time_ns);

/* How many of a list have a lower index of the model. */
size_t instant_list_place(const struct instant_list *list, size_t index);

/* Make the lists of a model whose instants are in order. */
bool instant_lane_build(struct trace_model *model, struct error *err);

#endif
