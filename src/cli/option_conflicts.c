// SPDX-License-Identifier: Apache-2.0
#include "cli/option_conflicts.h"

#include <stddef.h>

#include "base/error.h"

_Static_assert(OPTION_LIST_ACTIONS < 64, "the last one has a bit, too");

static const struct {
    enum option_id one;
    enum option_id two;
} pairs[] = {
    {OPTION_INCLUDE_FILES, OPTION_EXCLUDE_FILES},
    {OPTION_OUTPUT_FILE, OPTION_UNIQUE_OUTPUT_FILE},
    {OPTION_COMBINE, OPTION_ALIGN_COMBINE},
    {OPTION_MARKDOWN, OPTION_JSON},
    {OPTION_MARKDOWN, OPTION_CSV},
    {OPTION_JSON, OPTION_CSV},
    {OPTION_COMBINE, OPTION_GENERATE_FLAMEGRAPH},
    {OPTION_ALIGN_COMBINE, OPTION_GENERATE_FLAMEGRAPH},
    {OPTION_COMPRESS_FILE, OPTION_COMBINE},
    {OPTION_COMPRESS_FILE, OPTION_ALIGN_COMBINE},
    {OPTION_COMPRESS_FILE, OPTION_GENERATE_FLAMEGRAPH},
    {OPTION_COMPRESS_FILE, OPTION_DECOMPRESS_FILE},
    {OPTION_DECOMPRESS_FILE, OPTION_COMBINE},
    {OPTION_DECOMPRESS_FILE, OPTION_ALIGN_COMBINE},
    {OPTION_DECOMPRESS_FILE, OPTION_GENERATE_FLAMEGRAPH},
};

const struct option_row *
option_conflict(option_set set, const struct option_row *row)
{
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (pairs[i].one == row->id && option_set_has(set, pairs[i].two)) {
            return option_row_of(pairs[i].two);
        }
        if (pairs[i].two == row->id && option_set_has(set, pairs[i].one)) {
            return option_row_of(pairs[i].one);
        }
    }
    return NULL;
}

bool
option_set_add(option_set *set, const struct option_row *row, struct error *err)
{
    const struct option_row *other = option_conflict(*set, row);

    if (other != NULL) {
        return error_set(err, ERROR_USAGE, "--%s and --%s exclude each other",
                         other->name, row->name);
    }
    *set |= UINT64_C(1) << row->id;
    return true;
}
