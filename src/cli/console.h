// SPDX-License-Identifier: Apache-2.0
/*
 * cli/console.h - what the command says, on stderr, and prints, on stdout.
 *
 * Standard output is the program's. Text is sanitised before it reaches a
 * terminal; colour is used on a terminal only, and not with $NO_COLOR.
 */
#ifndef CLI_CONSOLE_H
#define CLI_CONSOLE_H

#include <stdbool.h>
#include <stdio.h>

struct buffer;
struct error;

struct console {
    FILE *stream;  /* stderr, except in tests */
    bool is_quiet; /* only errors are said */
    bool has_colour;
};

/* Whether output to stream should be coloured. */
bool console_allows_colour(FILE *stream);

/* One line: "viztracer: error: ...". */
void console_error(const struct console *console, const char *format, ...)
    __attribute__((format(__printf__, 2, 3)));

/* One line: "viztracer: ...", silenced by --quiet. */
void console_note(const struct console *console, const char *format, ...)
    __attribute__((format(__printf__, 2, 3)));

/* Write what was asked for to standard output, and see that it is written. */
bool console_print(const struct buffer *text, struct error *err);

#endif
