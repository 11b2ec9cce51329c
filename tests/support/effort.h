// SPDX-License-Identifier: Apache-2.0
/*
 * support/effort.h - how much a random test or a sweep does: enough to see what
 * breaks in the usual run, all of it where $VIZTRACER_TEST_LONG is set, as
 * `make test-long` does.
 */
#ifndef SUPPORT_EFFORT_H
#define SUPPORT_EFFORT_H

#include <stdlib.h>

static inline unsigned
effort(unsigned usual, unsigned in_a_long_run)
{
    return getenv("VIZTRACER_TEST_LONG") != NULL ? in_a_long_run : usual;
}

#endif
