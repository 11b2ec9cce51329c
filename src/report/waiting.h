// SPDX-License-Identifier: Apache-2.0
/* report/waiting.h - functions that do nothing but wait. */
#ifndef REPORT_WAITING_H
#define REPORT_WAITING_H

#include <stdbool.h>

struct model_function;

/*
 * Whether a function of C waits for others: for a lock, a time, input, or the
 * end of a process. Those of the standard library that a program waits in are
 * known by their names; one that may as well work is none of them, such as
 * reading a file.
 */
bool waiting_is(const struct model_function *function);

#endif
