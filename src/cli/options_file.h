// SPDX-License-Identifier: Apache-2.0
/*
 * cli/options_file.h - options in a file.
 *
 *     [default]
 *     # the names of options, without their dashes
 *     output_file = trace.json
 *     ignore_c_function = true
 *     exclude_files = tests
 *         vendor
 *
 * Options of other sections are somebody else's. A flag is true, yes, on or 1,
 * or false, no, off or 0; a list is words with blanks between. A line that
 * begins with blanks goes on with the value above it, one that begins with # or
 * ; is a comment. All else is refused with the name of the file and the line.
 */
#ifndef CLI_OPTIONS_FILE_H
#define CLI_OPTIONS_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/option_conflicts.h"

struct error;
struct options;

/*
 * Read the file that the options name, else .viztracerrc when the working
 * directory has one. Options that were given, or that one of those excludes,
 * stay as they are.
 */
bool options_file_apply(struct options *options, option_set given,
                        struct error *err);

/* The same from a text of size bytes and a NUL, which is changed and must
 * outlive the options; name is that of the file. */
bool options_file_parse(struct options *options, char *text, size_t size,
                        const char *name, option_set given, struct error *err);

#endif
