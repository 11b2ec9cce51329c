// SPDX-License-Identifier: Apache-2.0
/* cli/options_help.h - what --help and --list-options print. */
#ifndef CLI_OPTIONS_HELP_H
#define CLI_OPTIONS_HELP_H

#include "cli/option_table.h"

struct buffer;

/* Append the help of a command, at most 80 columns wide. */
void options_help(struct buffer *out, enum command command);

/*
 * Append one line for each option that is not hidden: command word (or
 * "record"), letter (or "-"), name (or "-"), value (or "-"), and "yes", or
 * "no" for an option that this version does not have; separated by blanks.
 */
void options_list(struct buffer *out);

#endif
