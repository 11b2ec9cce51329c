// SPDX-License-Identifier: Apache-2.0
#include "tracer/record/file_filter.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hash.h"
#include "tracer/record/recording_options.h"

enum {
    VERDICT_IS_KNOWN = 1,
    VERDICT_ACCEPTS = 2,
    VERDICT_BITS = VERDICT_IS_KNOWN | VERDICT_ACCEPTS,
};

void
file_filter_release(struct file_filter *filter)
{
    for (size_t i = 0; i < filter->path_count; i++) {
        free(filter->paths[i]);
    }
    free(filter->paths);
    *filter = (struct file_filter){0};
}

/* Remove "." and ".." and doubled slashes from an absolute path, by its text
 * alone, and the slash at its end; "/" becomes "". */
static void
normalise(char *path)
{
    char *out = path;
    const char *in = path;

    while (*in != '\0') {
        size_t size = 0;

        in += strspn(in, "/");
        size = strcspn(in, "/");
        if (size == 2 && memcmp(in, "..", 2) == 0) {
            while (out > path && *--out != '/') {
            }
        } else if (size > 0 && !(size == 1 && *in == '.')) {
            *out++ = '/';
            memmove(out, in, size);
            out += size;
        }
        in += size;
    }
    *out = '\0';
}

/* The absolute form of a path that need not exist. */
static bool
make_absolute(char path[PATH_MAX], const char *text)
{
    size_t size = 0;

    if (text[0] != '/') {
        if (getcwd(path, PATH_MAX - 1) == NULL) {
            return false;
        }
        size = strlen(path);
        path[size++] = '/';
    }
    if (size + strlen(text) >= PATH_MAX) {
        return false;
    }
    memcpy(path + size, text, strlen(text) + 1);
    return true;
}

/* The real path of one that the user gave: owned by the caller. A path that
 * does not exist yet, or that is too long to, is compared as it is. */
static char *
real_path(struct text_span given)
{
    char path[PATH_MAX];
    char *text = strndup(given.data, given.size);
    char *real = NULL;

    if (text == NULL) {
        return NULL;
    }
    real = realpath(text, NULL);
    if (real == NULL && make_absolute(path, text)) {
        real = strdup(path);
    } else if (real == NULL) {
        return text;
    }
    free(text);
    if (real != NULL) {
        normalise(real);
    }
    return real;
}

bool
file_filter_set(struct file_filter *filter,
                const struct recording_options *options, struct error *err)
{
    file_filter_release(filter);
    if (options->path_count == 0) {
        return true;
    }
    filter->is_include = options->is_include;
    filter->paths = calloc(options->path_count, sizeof *filter->paths);
    while (filter->paths != NULL && filter->path_count < options->path_count) {
        char *path = real_path(options->paths[filter->path_count]);

        if (path == NULL) {
            break;
        }
        filter->paths[filter->path_count++] = path;
    }
    if (filter->path_count < options->path_count) {
        file_filter_release(filter);
        return error_set_no_memory(err);
    }
    return true;
}

static bool
matches(const struct file_filter *filter, struct text_span file)
{
    char name[PATH_MAX];
    char real[PATH_MAX];

    if (file.size == 0 || file.size >= sizeof name
        || (file.data[0] == '<' && file.data[file.size - 1] == '>')) {
        return false;
    }
    memcpy(name, file.data, file.size);
    name[file.size] = '\0';
    if (realpath(name, real) == NULL) {
        return false;
    }
    for (size_t i = 0; i < filter->path_count; i++) {
        size_t size = strlen(filter->paths[i]);

        if (strncmp(real, filter->paths[i], size) == 0
            && (real[size] == '/' || real[size] == '\0')) {
            return true;
        }
    }
    return false;
}

bool
file_filter_accepts(struct file_filter *filter, struct text_span file)
{
    uint64_t hash = 0;
    uint64_t *verdict = NULL;
    uint64_t known = 0;

    if (filter->path_count == 0) {
        return true;
    }
    hash = hash_bytes(file.data, file.size);
    verdict = &filter->verdicts[hash % FILE_FILTER_MEMORY];
    hash &= ~(uint64_t)VERDICT_BITS;
    known = __atomic_load_n(verdict, __ATOMIC_RELAXED);
    if ((known & ~(uint64_t)VERDICT_ACCEPTS) != (hash | VERDICT_IS_KNOWN)) {
        bool is_accepted = matches(filter, file) == filter->is_include;

        known = hash | VERDICT_IS_KNOWN | (is_accepted ? VERDICT_ACCEPTS : 0);
        __atomic_store_n(verdict, known, __ATOMIC_RELAXED);
    }
    return (known & VERDICT_ACCEPTS) != 0;
}
