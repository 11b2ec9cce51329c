// SPDX-License-Identifier: Apache-2.0
/*
 * model/time_axis.h - one axis for all processes. Private to src/model.
 *
 * Sections of one boot and one kind of clock share one clock map, made from
 * every pair their headers hold. CLOCK_MONOTONIC is the same for all sections
 * of a boot; boots are laid side by side by the wall clock of their anchors.
 * Time 0 is the first event of all, or of each path when they are aligned.
 */
#ifndef MODEL_TIME_AXIS_H
#define MODEL_TIME_AXIS_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct trace_model;

/* 2001-01-01: what is before it is no wall clock. */
#define WALL_CLOCK_MIN_NS (UINT64_C(978307200) * 1000000000)

/* Give every section its clock and offset, and the summary its start. With
 * delays_ns, one for each path, aligned paths begin then instead of at 0. */
bool time_axis_build(struct trace_model *model, bool aligns_inputs,
                     const uint64_t *delays_ns, struct error *err);

#endif
