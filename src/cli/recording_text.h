// SPDX-License-Identifier: Apache-2.0
/*
 * cli/recording_text.h - the options as the recorder is told them, see
 * tracer/record/recording_options.h.
 */
#ifndef CLI_RECORDING_TEXT_H
#define CLI_RECORDING_TEXT_H

#include <stdbool.h>

struct buffer;
struct error;
struct options;

/*
 * Append "key=value key=value"; what is as it is by default is left out. Files
 * become absolute paths without symbolic links; where a file does not exist,
 * the part of its path that does is resolved.
 */
bool recording_text_append(struct buffer *text, const struct options *options,
                           struct error *err);

/* The real path of what may not exist. NULL and *err on failure; the caller
 * frees. */
char *recording_text_real_path(const char *path, struct error *err);

#endif
