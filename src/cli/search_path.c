// SPDX-License-Identifier: Apache-2.0
#include "cli/search_path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

/* What execvp searches when there is no $PATH. */
static const char default_path[] = "/bin:/usr/bin";

bool
search_path_is_executable(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISREG(status.st_mode)
           && access(path, X_OK) == 0;
}

static char *
find_in(const char *folder, size_t folder_size, const char *name)
{
    struct buffer path = {0};

    /* An empty folder in $PATH is the current one. */
    buffer_append(&path, folder_size == 0 ? "." : folder,
                  folder_size == 0 ? 1 : folder_size);
    buffer_append_char(&path, '/');
    buffer_append_text(&path, name);
    if (!buffer_is_ok(&path) || !search_path_is_executable(path.data)) {
        buffer_release(&path);
    }
    return buffer_take(&path);
}

char *
search_path_in_folder(const char *folder, const char *name)
{
    return find_in(folder, strlen(folder), name);
}

char *
search_path_find(const char *name)
{
    const char *folder = getenv("PATH");
    char *found = NULL;

    if (folder == NULL) {
        folder = default_path;
    }
    for (;;) {
        size_t size = strcspn(folder, ":");

        found = find_in(folder, size, name);
        if (found != NULL || folder[size] == '\0') {
            return found;
        }
        folder += size + 1;
    }
}
