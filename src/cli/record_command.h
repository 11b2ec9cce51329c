// SPDX-License-Identifier: Apache-2.0
/* cli/record_command.h - run a program and record it. */
#ifndef CLI_RECORD_COMMAND_H
#define CLI_RECORD_COMMAND_H

struct console;
struct options;

/*
 * Run the program of the options. Returns our exit status: the program's; 1
 * when an output failed; 126 or 127 when it could not be started. A program
 * that was killed by a signal kills us by the same.
 */
int record_command(const struct options *options,
                   const struct console *console);

#endif
