// SPDX-License-Identifier: Apache-2.0
/* cli/report_command.h - where the time of a recording went, as text. */
#ifndef CLI_REPORT_COMMAND_H
#define CLI_REPORT_COMMAND_H

struct console;
struct options;

/* Returns the exit status: 1 when a condition of --fail_if holds, too. */
int report_command(const struct options *options,
                   const struct console *console);

#endif
