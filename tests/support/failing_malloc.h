// SPDX-License-Identifier: Apache-2.0
/*
 * support/failing_malloc.h - make the n-th allocation of this thread fail.
 *
 * For sweeps: fail the 1st, 2nd, ... allocation until what is tested gets
 * through without meeting the failure. A test binary that links
 * failing_malloc.c replaces malloc, calloc and realloc for itself and for the
 * library; a sanitizer needs its own, so there the sweep has nothing to do.
 */
#ifndef SUPPORT_FAILING_MALLOC_H
#define SUPPORT_FAILING_MALLOC_H

#include <stdbool.h>

/* Let `successes` allocations through, then fail one. False when this build
 * cannot do it. */
bool failing_malloc_arm(unsigned successes);

/* Stop. True when an allocation was made to fail since it was armed. */
bool failing_malloc_disarm(void);

#endif
