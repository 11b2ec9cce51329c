// SPDX-License-Identifier: Apache-2.0
/*
 * model/profile_diff.h - what changed from one profile to another, function by
 * function.
 *
 * The profiles, A and B, may be of two parts of one trace or of two traces.
 * A function of A is the function of B that has the same name, file and kind.
 * Where several have, those with the same line belong together, and then the
 * others in the order of their lines: so a function that has moved within its
 * file is still itself. All numbers are those of the profiles, and the own
 * times of all rows add up to those of the profiles.
 */
#ifndef MODEL_PROFILE_DIFF_H
#define MODEL_PROFILE_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/scope_profile.h"

struct error;

/* One side. What it points to outlives the diff. */
struct profile_side {
    const struct trace_model *model;
    const struct scope_profile *profile;
};

enum profile_change {
    PROFILE_SAME,   /* less than a twentieth of its total time more or less */
    PROFILE_SLOWER, /* B has more total time */
    PROFILE_FASTER,
    PROFILE_NEW,  /* it was not called in A */
    PROFILE_GONE, /* it is not called in B */
};

/* "slower", ... */
const char *profile_change_name(enum profile_change change);

/* [0] is A, [1] is B. */
struct profile_diff_row {
    /* Indices in profile->functions; UINT32_MAX = it has no calls there. */
    uint32_t functions[2];
    struct profile_function sums[2];       /* 0 where it has no calls */
    const struct model_function *function; /* as in B, otherwise as in A */
    enum profile_change change;
};

struct profile_diff {
    struct profile_side sides[2];
    struct profile_diff_row *rows; /* owned; functions with calls in A or B */
    size_t count;
};

/* The rows by the change of their own time, the greatest, up or down, first.
 * On success the caller releases *diff; on failure it is {0}. */
bool profile_diff_build(struct profile_diff *diff, const struct profile_side *a,
                        const struct profile_side *b, struct error *err);

/* {0} is an empty diff. */
void profile_diff_release(struct profile_diff *diff);

enum profile_diff_key {
    PROFILE_DIFF_SELF, /* by how much it changed, up or down */
    PROFILE_DIFF_TOTAL,
    PROFILE_DIFF_CALLS,
    PROFILE_DIFF_NAME,
    PROFILE_DIFF_KEY_COUNT,
};

/* What a row is sorted by, of one side. Not for PROFILE_DIFF_NAME. */
uint64_t profile_diff_value(const struct profile_diff_row *row,
                            enum profile_diff_key key, unsigned side);

/* B less A. Values beyond the range of the type are cut off. */
int64_t profile_diff_delta(const struct profile_diff_row *row,
                           enum profile_diff_key key);

/* Numbers: the greatest change first, names: from A to Z; inverted: the other
 * way round. Rows that are equal are by own time, then by name, file, line. */
void profile_diff_sort(struct profile_diff *diff, enum profile_diff_key key,
                       bool is_inverted);

#endif
