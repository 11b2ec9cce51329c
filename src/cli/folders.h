// SPDX-License-Identifier: Apache-2.0
/* cli/folders.h - folders of the user's, by the XDG rules, and making them. */
#ifndef CLI_FOLDERS_H
#define CLI_FOLDERS_H

#include <stdbool.h>
#include <sys/types.h>

struct error;

/* "folder/name" in memory that the caller frees; NULL when there is none. */
char *folders_join(const char *folder, const char *name);

/* Whether a path ends in the suffix, with something in front of that. */
bool folders_has_suffix(const char *path, const char *suffix);

/* Where recordings are kept; NULL and *err when there is no home. The caller
 * frees. */
char *folders_state(struct error *err);

/* Where the user's keys and colours are, and what may be lost. As above. */
char *folders_config(struct error *err);
char *folders_cache(struct error *err);

/* Where they go when that cannot be written. The caller frees. */
char *folders_temporary(struct error *err);

/* Make a folder and those above it, like mkdir -p. */
bool folders_make(const char *path, mode_t mode, struct error *err);

/* Make the folder that is to hold path. */
bool folders_make_parent(const char *path, struct error *err);

/* Make a folder in a place where everybody may write: it must be nobody
 * else's. */
bool folders_make_private(const char *path, struct error *err);
bool folders_are_private(const char *path);

#endif
