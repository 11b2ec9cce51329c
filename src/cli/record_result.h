// SPDX-License-Identifier: Apache-2.0
/* cli/record_result.h - what becomes of a recording when the program ended. */
#ifndef CLI_RECORD_RESULT_H
#define CLI_RECORD_RESULT_H

#include <stdbool.h>

struct child_process;
struct console;
struct options;
struct recording;

/*
 * Note in the recording how the program ended, write the output (NULL = none),
 * and say what there is now. A recording that went whole into an output is
 * removed. False when an output could not be written; the recording is then
 * kept and its path said. That nothing was recorded is a failure when the
 * options ask for an output, which is then not the default one.
 */
bool record_result(const struct options *options, const char *output,
                   const struct recording *recording,
                   const struct child_process *child,
                   const struct console *console);

#endif
