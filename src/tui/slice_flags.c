// SPDX-License-Identifier: Apache-2.0
#include "tui/slice_flags.h"

#include <stddef.h>

#include "model/span_query.h"

static const struct {
    uint32_t flag;
    const char *text;
} words[] = {
    {SLICE_UNFINISHED, "unfinished"}, {SLICE_START_UNKNOWN, "began earlier"},
    {SLICE_TRUNCATED, "cut short"},   {SLICE_RAISED, "raised"},
    {SLICE_YIELDED, "yielded"},       {SLICE_RESUMED, "resumed"},
};

const char *
slice_flags_take(uint32_t *flags)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((*flags & words[i].flag) != 0) {
            *flags &= ~words[i].flag;
            return words[i].text;
        }
    }
    return NULL;
}
