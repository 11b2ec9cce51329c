// SPDX-License-Identifier: Apache-2.0
#include "cli/recording_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/percent.h"
#include "cli/options.h"

/* Join a real folder and the rest of a path that is not there, of which "."
 * and ".." are worked out as text. */
static void
append_missing(struct buffer *path, const char *rest)
{
    while (*rest != '\0') {
        size_t size = strcspn(rest, "/");

        if (size == 2 && rest[0] == '.' && rest[1] == '.') {
            while (path->size > 0 && path->data[--path->size] != '/') {
            }
        } else if (size > 0 && !(size == 1 && rest[0] == '.')) {
            buffer_append_char(path, '/');
            buffer_append(path, rest, size);
        }
        rest += size;
        rest += strspn(rest, "/");
    }
}

/* The longest part of path that exists, resolved; *rest is what follows it.
 * NULL and errno when there is none. */
static char *
resolve_existing(const char *path, const char **rest)
{
    size_t size = strlen(path);
    char *real = realpath(path, NULL);

    while (real == NULL && (errno == ENOENT || errno == ENOTDIR) && size > 0) {
        char *part;

        while (size > 0 && path[size - 1] == '/') {
            size--;
        }
        while (size > 0 && path[size - 1] != '/') {
            size--;
        }
        part = size == 0 ? strdup(".") : strndup(path, size);
        real = part == NULL ? NULL : realpath(part, NULL);
        free(part);
    }
    *rest = path + size;
    return real;
}

char *
recording_text_real_path(const char *path, struct error *err)
{
    struct buffer joined = {0};
    const char *rest;
    char *real = resolve_existing(path, &rest);

    if (real == NULL) {
        (void)error_set_system(err, errno, "cannot resolve %s", path);
        return NULL;
    }
    buffer_append_text(&joined, strcmp(real, "/") == 0 ? "" : real);
    free(real);
    append_missing(&joined, rest);
    if (joined.size == 0) {
        buffer_append_char(&joined, '/');
    } else {
        joined.data[joined.size] = '\0';
    }
    if (!buffer_is_ok(&joined)) {
        buffer_release(&joined);
        (void)error_set_no_memory(err);
    }
    return buffer_take(&joined);
}

static bool
append_files(struct buffer *text, const char *key,
             const struct option_list *files, struct error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        char *path = recording_text_real_path(files->items[i], err);

        if (path == NULL) {
            return false;
        }
        if (i == 0) {
            buffer_append_format(text, " %s=", key);
        } else {
            buffer_append_char(text, ',');
        }
        percent_append(text, path, strlen(path));
        free(path);
    }
    return true;
}

static void
append_number(struct buffer *text, const char *key, uint64_t value)
{
    if (value != 0) {
        buffer_append_format(text, " %s=%" PRIu64, key, value);
    }
}

static void
append_if(struct buffer *text, bool is_set, const char *item)
{
    if (is_set) {
        buffer_append_format(text, " %s", item);
    }
}

bool
recording_text_append(struct buffer *text, const struct options *options,
                      struct error *err)
{
    buffer_append_format(text, "limit_bytes=%" PRIu64, options->limit_bytes);
    append_number(text, "entries", options->entry_limit);
    append_number(text, "min_duration_ns", options->min_duration_ns);
    if (options->has_depth_limit) {
        buffer_append_format(text, " max_depth=%" PRIu32, options->depth_limit);
    }
    append_if(text, options->keeps_descendants, "keep_descendants=1");
    append_if(text, options->ignores_c_functions, "c_functions=0");
    append_if(text, options->includes_startup, "include_startup=1");
    append_if(text, options->has_no_source, "source=0");
    append_if(text, options->has_no_args, "args=0");
    append_if(text, options->logs_print, "log_print=1");
    append_if(text, options->ignores_multiprocess, "processes=0");
    append_if(text, options->has_python_tracer, "tracer=python");
    if (!append_files(text, "include", &options->include_files, err)
        || !append_files(text, "exclude", &options->exclude_files, err)) {
        return false;
    }
    return buffer_is_ok(text) || error_set_no_memory(err);
}
