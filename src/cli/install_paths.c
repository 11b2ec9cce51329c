// SPDX-License-Identifier: Apache-2.0
/* Each layout is a pattern for glob(3), relative to the binary's folder. */
#include "cli/install_paths.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/input_file.h"
#include "cli/folders.h"

static const char own_layout[] = "../lib/viztracer/python";
static const char *const pip_layouts[] = {
    "../..", /* the binary inside the package */
    "../lib/python3*/site-packages",
    "../local/lib/python3*/dist-packages",
    "../lib/python3*/dist-packages",
    "..",
};
static const char marker[] = "viztracer/bootstrap/sitecustomize.py";
static const char packaged_binary[] = "viztracer/_bin/viztracer";

static bool
has_file(const char *folder, const char *name)
{
    struct stat status;
    char *path = folders_join(folder, name);
    bool is_there =
        path != NULL && stat(path, &status) == 0 && S_ISREG(status.st_mode);

    free(path);
    return is_there;
}

static bool
have_equal_bytes(const struct input_file *one, const struct input_file *two)
{
    char of_one[16384];
    char of_two[sizeof of_one];

    if (one->size != two->size) {
        return false;
    }
    for (uint64_t offset = 0; offset < one->size; offset += sizeof of_one) {
        size_t size = one->size - offset < sizeof of_one
                          ? (size_t)(one->size - offset)
                          : sizeof of_one;

        if (!input_file_read(one, offset, of_one, size, NULL)
            || !input_file_read(two, offset, of_two, size, NULL)
            || memcmp(of_one, of_two, size) != 0) {
            return false;
        }
    }
    return true;
}

/* Whether the package in folder was installed together with binary. */
static bool
is_our_package(const char *folder, const char *binary)
{
    struct input_file ours = INPUT_FILE_NONE;
    struct input_file theirs = INPUT_FILE_NONE;
    char *path = folders_join(folder, packaged_binary);
    bool is_equal = path != NULL && input_file_open(&ours, binary, NULL)
                    && input_file_open(&theirs, path, NULL)
                    && have_equal_bytes(&ours, &theirs);

    input_file_close(&theirs);
    input_file_close(&ours);
    free(path);
    return is_equal;
}

/* "folder/layout" with only layout being a pattern; NULL without memory. */
static char *
make_pattern(const char *folder, const char *layout)
{
    struct buffer pattern = {0};

    for (; *folder != '\0'; folder++) {
        if (strchr("*?[\\", *folder) != NULL) {
            buffer_append_char(&pattern, '\\');
        }
        buffer_append_char(&pattern, *folder);
    }
    buffer_append_format(&pattern, "/%s", layout);
    if (!buffer_is_ok(&pattern)) {
        buffer_release(&pattern);
    }
    return buffer_take(&pattern);
}

/* The first folder matching folder/layout that holds our package, resolved;
 * NULL when there is none. *has_other says that another build's was met. */
static char *
find_package(const char *folder, const char *layout, const char *binary,
             bool *has_other)
{
    char *pattern = make_pattern(folder, layout);
    char *found = NULL;
    glob_t matches;

    if (pattern == NULL || glob(pattern, 0, NULL, &matches) != 0) {
        free(pattern);
        return NULL;
    }
    for (size_t i = 0; i < matches.gl_pathc && found == NULL; i++) {
        if (!has_file(matches.gl_pathv[i], marker)) {
            continue;
        }
        if (is_our_package(matches.gl_pathv[i], binary)) {
            found = realpath(matches.gl_pathv[i], NULL);
        } else {
            *has_other = true;
        }
    }
    globfree(&matches);
    free(pattern);
    return found;
}

static char *
find_python_folder(const char *folder, const char *binary, struct error *err)
{
    bool has_other = false;
    char *own = folders_join(folder, own_layout);
    char *found = NULL;

    if (own != NULL && has_file(own, marker)) {
        found = realpath(own, NULL);
    }
    free(own);
    for (size_t i = 0; i < sizeof pip_layouts / sizeof *pip_layouts; i++) {
        if (found == NULL) {
            found = find_package(folder, pip_layouts[i], binary, &has_other);
        }
    }
    if (found == NULL) {
        (void)error_set(
            err, ERROR_SYSTEM,
            has_other ? "the viztracer package near %s is of another build; "
                        "install viztracer again"
                      : "the viztracer package that belongs to %s is missing; "
                        "install viztracer again",
            binary);
    }
    return found;
}

bool
install_paths_find(struct install_paths *paths, struct error *err)
{
    char binary[PATH_MAX];
    char folder[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", binary, sizeof binary - 1);

    *paths = (struct install_paths){0};
    if (size < 0) {
        return error_set_system(err, errno, "cannot read /proc/self/exe");
    }
    binary[size] = '\0';
    memcpy(folder, binary, (size_t)size + 1);
    *strrchr(folder, '/') = '\0';
    paths->python_folder = find_python_folder(folder, binary, err);
    if (paths->python_folder == NULL) {
        return false;
    }
    paths->bootstrap_folder =
        folders_join(paths->python_folder, "viztracer/bootstrap");
    if (paths->bootstrap_folder == NULL) {
        return error_set_no_memory(err);
    }
    return true;
}

void
install_paths_release(struct install_paths *paths)
{
    free(paths->python_folder);
    free(paths->bootstrap_folder);
    *paths = (struct install_paths){0};
}
