// SPDX-License-Identifier: Apache-2.0
/* support/temporary_folder.h - a folder of a test's own, gone at its end. */
#ifndef SUPPORT_TEMPORARY_FOLDER_H
#define SUPPORT_TEMPORARY_FOLDER_H

/* Make a folder below $TMPDIR. The caller gives the path back to _remove. */
char *temporary_folder_make(void);

/* "folder/name", in memory that the caller frees. */
char *temporary_folder_file(const char *folder, const char *name);

/* Delete the folder with all in it, and free its path. */
void temporary_folder_remove(char *folder);

#endif
