// SPDX-License-Identifier: Apache-2.0
/* cli/export_command.h - write recordings in another format. */
#ifndef CLI_EXPORT_COMMAND_H
#define CLI_EXPORT_COMMAND_H

struct console;
struct options;

/* Returns our exit status: 0; 1 when an input cannot be read or the output
 * not be written; 2 when there is no such format. */
int export_command(const struct options *options,
                   const struct console *console);

#endif
