// SPDX-License-Identifier: Apache-2.0
/* cli/search_path.h - find a command as a shell does. */
#ifndef CLI_SEARCH_PATH_H
#define CLI_SEARCH_PATH_H

#include <stdbool.h>

/* Whether path is a regular file that we may execute. */
bool search_path_is_executable(const char *path);

/* folder/name when it is executable, else NULL; the caller frees. */
char *search_path_in_folder(const char *folder, const char *name);

/* The first executable of this name in the folders of $PATH, else NULL; the
 * caller frees. The name has no slash. */
char *search_path_find(const char *name);

#endif
