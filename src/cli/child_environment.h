// SPDX-License-Identifier: Apache-2.0
/*
 * cli/child_environment.h - our environment, with what starts the recorder.
 *
 * The folder of the bootstrap comes first on PYTHONPATH;
 * VIZTRACER_RECORD_DIR and VIZTRACER_RECORD_OPTIONS tell it where and what to
 * record. Every other variable stays, in its place.
 */
#ifndef CLI_CHILD_ENVIRONMENT_H
#define CLI_CHILD_ENVIRONMENT_H

#include <stdbool.h>

struct error;
struct options;

/*
 * Make the environment from the variables in "from" (as environ). The caller
 * releases *out with child_environment_free. directory is absolute.
 */
bool child_environment_make(char ***out, char *const *from,
                            const char *bootstrap_folder, const char *directory,
                            const struct options *options, struct error *err);

void child_environment_free(char **environment);

#endif
