// SPDX-License-Identifier: Apache-2.0
/*
 * unit/export/cut_check.h - what a cut must hold, by a look at each call of the
 * whole trace. What is not so fails the test.
 */
#ifndef UNIT_EXPORT_CUT_CHECK_H
#define UNIT_EXPORT_CUT_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/span_query.h"
#include "support/random.h"

struct error;
struct trace_model;

struct calls {
    struct slice *slices; /* by track, then start, callers first */
    size_t count;
};

/* What is asked for, in words and by itself. */
struct wish {
    char text[128];
    char digit; /* that the name ends with; 0 = any */
    bool not_digit;
    uint64_t longer_ns;
    uint64_t least_self_ns;
    uint64_t start_ns;
    uint64_t end_ns;
    uint8_t tracks[64];
    bool keeps_axis;
};

struct trace_model *cut_open_model(const char *path);
struct calls cut_all_calls(const struct trace_model *model);
struct calls cut_wished_calls(const struct wish *wish,
                              const struct trace_model *model);
void cut_expect_same_calls(const struct trace_model *old,
                           const struct calls *wished,
                           const struct trace_model *cut,
                           const struct wish *wish);
void cut_expect_same_points(const struct trace_model *old,
                            const struct trace_model *cut,
                            const struct wish *wish);
void cut_expect_same_flows(const struct trace_model *old,
                           const struct trace_model *cut,
                           const struct wish *wish);
size_t cut_points_of(const struct trace_model *model, const struct wish *wish);
void cut_expect_same_axis(const struct trace_model *old,
                          const struct trace_model *cut,
                          const struct wish *wish);
void cut_expect_same_rows(const struct trace_model *old,
                          const struct trace_model *cut);
void cut_make_wish(struct wish *wish, struct random *numbers,
                   const struct trace_model *model, size_t number);
bool cut_to(const struct trace_model *model, const struct wish *wish,
            const char *path, struct error *err);
void cut_expect_same_gaps(const struct trace_model *old,
                          const struct trace_model *cut);

#endif
