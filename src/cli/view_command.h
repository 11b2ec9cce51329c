// SPDX-License-Identifier: Apache-2.0
/* cli/view_command.h - show the timeline of recordings. */
#ifndef CLI_VIEW_COMMAND_H
#define CLI_VIEW_COMMAND_H

struct console;
struct options;

/*
 * Open the inputs, or the newest recording, and print the first screen on
 * stdout: as large as the terminal or as the options say, in colour on a
 * terminal. Returns our exit status: 0, 1 when the trace cannot be read, 2
 * when --keys names what is no key.
 */
int view_command(const struct options *options, const struct console *console);

#endif
