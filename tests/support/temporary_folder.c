// SPDX-License-Identifier: Apache-2.0
#include "support/temporary_folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

char *
temporary_folder_make(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = temporary_folder_file(parent == NULL ? "/tmp" : parent,
                                       "viztracer-test-XXXXXX");

    if (mkdtemp(path) == NULL) {
        perror(path);
        abort();
    }
    return path;
}

char *
temporary_folder_file(const char *folder, const char *name)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder, name) < 0) {
        abort();
    }
    return path;
}

static int
remove_entry(const char *path, const struct stat *status, int type,
             struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void
temporary_folder_remove(char *folder)
{
    (void)nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(folder);
}
