// SPDX-License-Identifier: Apache-2.0
/*
 * cli/output_names.h - what outputs are called.
 *
 * Names are new memory that the caller frees, or NULL when there is none. The
 * extension of a name is the suffix that says its format; of any other name it
 * is what follows the last dot of its last part, with ".gz" what follows the
 * last but one.
 */
#ifndef CLI_OUTPUT_NAMES_H
#define CLI_OUTPUT_NAMES_H

#include <time.h>

struct options;
struct output_format;

/* "result" -> "result.json.gz". */
char *output_name_of_format(const char *stem,
                            const struct output_format *format);

/* "app_20261122_181503_4711": for a program, at a time, of our pid. */
char *output_name_unique(const struct options *options, const struct tm *time,
                         int pid);

/* The name as one word of a shell: quoted when it has to be. */
char *output_name_quoted(const char *name);

/* folder/name, unless the name begins at the root or folder is NULL. */
char *output_name_in(const char *folder, const char *name);

/* "result.json" -> "result_4711.json". */
char *output_name_of_process(const char *name, unsigned pid);

/* "result.json" -> "result_flamegraph.html". */
char *output_name_flame_graph(const char *name);

#endif
