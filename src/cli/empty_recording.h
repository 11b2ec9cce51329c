// SPDX-License-Identifier: Apache-2.0
/*
 * cli/empty_recording.h - say what to do when filters left no calls.
 */
#ifndef CLI_EMPTY_RECORDING_H
#define CLI_EMPTY_RECORDING_H

struct console;
struct options;

/*
 * Where options leave out calls and the recording in this directory has none,
 * say so, and which options to widen. A file that cannot be read is no empty
 * one: whoever opens it says what is wrong. Without such options no file is
 * looked at.
 */
void empty_recording_explain(const struct options *options,
                             const char *directory,
                             const struct console *console);

#endif
