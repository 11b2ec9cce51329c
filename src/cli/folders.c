// SPDX-License-Identifier: Apache-2.0
#include "cli/folders.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"

static const char *
value_of(const char *variable)
{
    const char *value = getenv(variable);

    return value == NULL || *value == '\0' ? NULL : value;
}

static char *
take_path(struct buffer *path, struct error *err)
{
    if (!buffer_is_ok(path)) {
        buffer_release(path);
        (void)error_set_no_memory(err);
    }
    return buffer_take(path);
}

char *
folders_join(const char *folder, const char *name)
{
    struct buffer path = {0};

    buffer_append_format(&path, "%s/%s", folder, name);
    if (!buffer_is_ok(&path)) {
        buffer_release(&path);
    }
    return buffer_take(&path);
}

bool
folders_has_suffix(const char *path, const char *suffix)
{
    size_t path_size = strlen(path);
    size_t size = strlen(suffix);

    return path_size > size && strcmp(path + path_size - size, suffix) == 0;
}

/* Where a user's files of a kind are: in the folder that a variable names, else
 * in one below the home folder. */
static char *
folder_of_user(const char *variable, const char *below_home, struct error *err)
{
    struct buffer path = {0};
    const char *folder = value_of(variable);
    const struct passwd *user;

    if (folder != NULL && *folder == '/') {
        buffer_append_format(&path, "%s/viztracer", folder);
        return take_path(&path, err);
    }
    folder = value_of("HOME");
    if (folder == NULL) {
        user = getpwuid(getuid());
        folder = user == NULL ? NULL : user->pw_dir;
    }
    if (folder == NULL) {
        (void)error_set(err, ERROR_SYSTEM, "there is no home folder ($HOME)");
        return NULL;
    }
    buffer_append_format(&path, "%s/%s/viztracer", folder, below_home);
    return take_path(&path, err);
}

char *
folders_state(struct error *err)
{
    struct buffer path = {0};
    const char *folder = value_of("VIZTRACER_DIR");

    if (folder != NULL) {
        buffer_append_text(&path, folder);
        return take_path(&path, err);
    }
    return folder_of_user("XDG_STATE_HOME", ".local/state", err);
}

char *
folders_config(struct error *err)
{
    return folder_of_user("XDG_CONFIG_HOME", ".config", err);
}

char *
folders_cache(struct error *err)
{
    return folder_of_user("XDG_CACHE_HOME", ".cache", err);
}

char *
folders_temporary(struct error *err)
{
    struct buffer path = {0};
    const char *folder = value_of("TMPDIR");

    buffer_append_format(&path, "%s/viztracer-%lu",
                         folder == NULL ? "/tmp" : folder,
                         (unsigned long)getuid());
    return take_path(&path, err);
}

/* Make one folder; one that is there is fine. */
static bool
make_one(const char *path, mode_t mode, struct error *err)
{
    struct stat status;

    if (mkdir(path, mode) == 0) {
        return true;
    }
    if (errno == EEXIST || errno == EISDIR) {
        if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
            return true;
        }
        return error_set(err, ERROR_SYSTEM, "%s is not a folder", path);
    }
    return error_set_system(err, errno, "cannot make %s", path);
}

bool
folders_make(const char *path, mode_t mode, struct error *err)
{
    struct stat status;
    char *copy;
    bool ok = true;

    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        return true;
    }
    copy = strdup(path);
    if (copy == NULL) {
        return error_set_no_memory(err);
    }
    for (char *slash = strchr(copy + 1, '/'); ok && slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        ok = stat(copy, &status) == 0 || make_one(copy, mode, err);
        *slash = '/';
    }
    ok = ok && make_one(copy, mode, err);
    free(copy);
    return ok;
}

bool
folders_make_parent(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *folder;
    bool ok;

    if (slash == NULL || slash == path) {
        return true;
    }
    folder = strndup(path, (size_t)(slash - path));
    if (folder == NULL) {
        return error_set_no_memory(err);
    }
    ok = folders_make(folder, 0777, err);
    free(folder);
    return ok;
}

bool
folders_are_private(const char *path)
{
    struct stat status;

    return lstat(path, &status) == 0 && S_ISDIR(status.st_mode)
           && status.st_uid == getuid() && (status.st_mode & 022) == 0;
}

bool
folders_make_private(const char *path, struct error *err)
{
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        return error_set_system(err, errno, "cannot make %s", path);
    }
    if (!folders_are_private(path)) {
        return error_set(err, ERROR_SYSTEM,
                         "%s is somebody else's, or others may write to it",
                         path);
    }
    return true;
}
