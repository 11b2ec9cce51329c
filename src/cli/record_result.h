// SPDX-License-Identifier: Apache-2.0
/* cli/record_result.h - what becomes of a recording when the program ended. */
#ifndef CLI_RECORD_RESULT_H
#define CLI_RECORD_RESULT_H

#include <stdbool.h>

struct child_process;
struct console;
struct recording;

/*
 * Note in the recording how the program ended, and say what there is now.
 * False when that cannot be done.
 */
bool record_result(const struct recording *recording,
                   const struct child_process *child,
                   const struct console *console);

#endif
