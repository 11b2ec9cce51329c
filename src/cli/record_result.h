// SPDX-License-Identifier: Apache-2.0
/* cli/record_result.h - what becomes of a recording when the program ended. */
#ifndef CLI_RECORD_RESULT_H
#define CLI_RECORD_RESULT_H

#include <stdbool.h>

#include "export/output_format.h"

struct child_process;
struct console;
struct options;
struct recording;

struct record_result {
    const struct options *options;
    const char *output;          /* what to write; NULL = nothing */
    struct output_format format; /* of the output */
    bool is_output_asked_for;    /* by an option: that there is nothing to write
                               * is a failure then */
    const struct recording *recording;
    const struct console *console;
    /* Filled in by record_result_make: */
    bool is_there;           /* something was recorded */
    bool is_recording_spare; /* it went whole into outputs */
};

/*
 * Note in the recording how the program ended, write the outputs, and say what
 * there is now. False when an output could not be written; the recording is
 * then kept and its path said.
 */
bool record_result_make(struct record_result *result,
                        const struct child_process *child);

/* Remove a recording that is spare. */
void record_result_finish(const struct record_result *result);

#endif
