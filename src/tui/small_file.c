// SPDX-License-Identifier: Apache-2.0
#include "tui/small_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/input_file.h"
#include "base/output_file.h"

enum { FOLDER_MODE = 0700 };

static bool
read_all(const struct input_file *file, char **text, struct error *err)
{
    size_t size = (size_t)file->size;
    char *bytes;

    if (file->size > SMALL_FILE_MAX) {
        return error_set(err, ERROR_BAD_INPUT,
                         "%s is larger than the %d bytes that are read",
                         file->path, SMALL_FILE_MAX);
    }
    bytes = array_new(size + 1, 1, err);
    if (bytes == NULL || !input_file_read(file, 0, bytes, size, err)) {
        free(bytes);
        return false;
    }
    if (memchr(bytes, '\0', size) != NULL) {
        free(bytes);
        return error_set(err, ERROR_BAD_INPUT, "%s is not a file of text",
                         file->path);
    }
    *text = bytes;
    return true;
}

bool
small_file_read(const char *path, char **text, struct error *err)
{
    struct input_file file;
    bool is_ok;

    *text = NULL;
    if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
        return true;
    }
    if (!input_file_open(&file, path, err)) {
        return false;
    }
    is_ok = read_all(&file, text, err);
    input_file_close(&file);
    return is_ok;
}

static bool
make_folders(const char *file_path, struct error *err)
{
    char *path = strdup(file_path);
    bool is_ok = path != NULL || error_set_no_memory(err);

    for (char *slash = path; is_ok;) {
        slash = strchr(slash + 1, '/');
        if (slash == NULL) {
            break;
        }
        *slash = '\0';
        if (mkdir(path, FOLDER_MODE) != 0 && errno != EEXIST && errno != EROFS
            && errno != EACCES) {
            is_ok = error_set_system(err, errno, "cannot make %s", path);
        }
        *slash = '/';
    }
    free(path);
    return is_ok;
}

bool
small_file_write(const char *path, const struct buffer *text, struct error *err)
{
    struct output_file *file;
    bool is_ok;

    if (!make_folders(path, err) || !output_file_create(&file, path, err)) {
        return false;
    }
    is_ok = output_file_make_private(file, err);
    if (is_ok) {
        (void)output_file_write(file, text->data, text->size);
        is_ok = output_file_commit_soon(file, err);
    }
    output_file_release(file);
    return is_ok;
}
