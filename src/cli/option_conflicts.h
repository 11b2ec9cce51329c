// SPDX-License-Identifier: Apache-2.0
/* cli/option_conflicts.h - which options were given, and which of them cannot
 * stand together. */
#ifndef CLI_OPTION_CONFLICTS_H
#define CLI_OPTION_CONFLICTS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/option_table.h"

struct error;

/* Options that were given: a bit for each enum option_id. */
typedef uint64_t option_set;

static inline bool
option_set_has(option_set set, enum option_id id)
{
    return (set & UINT64_C(1) << id) != 0;
}

/* An option of the set that row excludes, or NULL. */
const struct option_row *option_conflict(option_set set,
                                         const struct option_row *row);

/* Add row to the set; refused with an option in it that excludes it. */
bool option_set_add(option_set *set, const struct option_row *row,
                    struct error *err);

#endif
