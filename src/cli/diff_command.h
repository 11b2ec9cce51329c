// SPDX-License-Identifier: Apache-2.0
/* cli/diff_command.h - what changed from one recording to another, as text. */
#ifndef CLI_DIFF_COMMAND_H
#define CLI_DIFF_COMMAND_H

struct console;
struct options;

/* Returns the exit status: 1 when a condition of --fail_if holds, too. */
int diff_command(const struct options *options, const struct console *console);

#endif
