// SPDX-License-Identifier: Apache-2.0
/* base/progress.h - how long work says how far it is, and is told to stop. */
#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Told about long work; return false to cancel it. May be called from any
 * thread, one at a time. A NULL function is never called. */
struct progress {
    bool (*report)(void *context, uint64_t done, uint64_t total);
    void *context;
};

/* False when the work is to stop. */
static inline bool
progress_report(const struct progress *progress, uint64_t done, uint64_t total)
{
    return progress->report == NULL
           || progress->report(progress->context, done, total);
}

#endif
