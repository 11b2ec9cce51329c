// SPDX-License-Identifier: Apache-2.0
/*
 * tui/command_line.h - a line in which one types the name of a command; the
 * list below it shows those that match, with their keys.
 *
 *     zoom-in            any action of the view, by its name
 *     q                  quit
 *     12.5ms             go to that time (ns us ms s min h; without one, ns)
 *     set nomouse        set mouse, set ascii, set noascii
 *     notes              what is to be known about the trace
 */
#ifndef TUI_COMMAND_LINE_H
#define TUI_COMMAND_LINE_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct viewer;

bool command_line_open(struct viewer *viewer, struct error *err);

/* The same with some text in it. */
bool command_line_open_with(struct viewer *viewer, const char *text,
                            struct error *err);

/* Read "12.5ms", "3 s", "100". False when the text is no time. Times beyond
 * what fits are the greatest. */
bool command_line_parse_time(const char *text, uint64_t *time_ns);

#endif
