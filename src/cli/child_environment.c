// SPDX-License-Identifier: Apache-2.0
#include "cli/child_environment.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "cli/options.h"
#include "cli/recording_text.h"

enum { ADDED_VARIABLE_COUNT = 3 };

struct environment {
    char **entries;
    size_t count;
    bool has_failed; /* no memory */
};

/* The value when entry is "name=value", else NULL. */
static const char *
value_if(const char *entry, const char *name)
{
    size_t size = strlen(name);

    return strncmp(entry, name, size) == 0 && entry[size] == '='
               ? entry + size + 1
               : NULL;
}

static const char *
find_value(char *const *from, const char *name)
{
    for (; *from != NULL; from++) {
        const char *value = value_if(*from, name);

        if (value != NULL) {
            return value;
        }
    }
    return NULL;
}

/* Set a variable where it stands already, else at the end. */
static void
set(struct environment *environment, const char *name, const char *value)
{
    struct buffer entry = {0};
    size_t i = 0;

    buffer_append_format(&entry, "%s=%s", name, value);
    if (!buffer_is_ok(&entry)) {
        environment->has_failed = true;
        buffer_release(&entry);
        return;
    }
    while (i < environment->count
           && value_if(environment->entries[i], name) == NULL) {
        i++;
    }
    if (i == environment->count) {
        environment->count++;
    }
    free(environment->entries[i]);
    environment->entries[i] = buffer_take(&entry);
}

/*
 * "python -m viztracer" chose the interpreter by two variables. They are for
 * this run, not for a viztracer that the program starts.
 */
static bool
is_ours_alone(const char *entry, bool has_interpreter_options)
{
    return value_if(entry, "VIZTRACER_PYTHON_OPTIONS") != NULL
           || (has_interpreter_options
               && value_if(entry, "VIZTRACER_PYTHON") != NULL);
}

static bool
copy_all(struct environment *environment, char *const *from, struct error *err)
{
    bool has_options = find_value(from, "VIZTRACER_PYTHON_OPTIONS") != NULL;
    size_t count = 0;

    while (from[count] != NULL) {
        count++;
    }
    environment->entries = array_new(count + ADDED_VARIABLE_COUNT + 1,
                                     sizeof *environment->entries, err);
    if (environment->entries == NULL) {
        return false;
    }
    memset(environment->entries, 0,
           (count + ADDED_VARIABLE_COUNT + 1) * sizeof *environment->entries);
    for (size_t i = 0; i < count; i++) {
        char *copy;

        if (is_ours_alone(from[i], has_options)) {
            continue;
        }
        copy = strdup(from[i]);
        if (copy == NULL) {
            return error_set_no_memory(err);
        }
        environment->entries[environment->count++] = copy;
    }
    return true;
}

/* Below another viztracer, which may be another installation of it: its
 * bootstrap would record as well, so what it put in front goes. */
static const char *
skip_bootstrap(const char *path, const char *folder)
{
    static const char end[] = "/viztracer/bootstrap";
    size_t end_size = sizeof end - 1;
    size_t size = strcspn(path, ":");

    if ((size == strlen(folder) && memcmp(path, folder, size) == 0)
        || (size >= end_size
            && memcmp(path + size - end_size, end, end_size) == 0)) {
        return path + size + (path[size] == ':');
    }
    return path;
}

/* An empty entry of PYTHONPATH is the current folder: none may be added. */
static void
set_python_path(struct environment *environment, const char *old,
                const char *folder)
{
    struct buffer path = {0};

    buffer_append_text(&path, folder);
    if (old != NULL && *old != '\0') {
        buffer_append_format(&path, ":%s", old);
    }
    if (buffer_is_ok(&path)) {
        set(environment, "PYTHONPATH", path.data);
    } else {
        environment->has_failed = true;
    }
    buffer_release(&path);
}

static bool
set_options(struct environment *environment, const struct options *options,
            struct error *err)
{
    struct buffer text = {0};
    bool ok = recording_text_append(&text, options, err);

    if (ok) {
        set(environment, "VIZTRACER_RECORD_OPTIONS", text.data);
    }
    buffer_release(&text);
    return ok;
}

bool
child_environment_make(char ***out, char *const *from,
                       const char *bootstrap_folder, const char *directory,
                       const struct options *options, struct error *err)
{
    struct environment environment = {0};
    const char *old_path = find_value(from, "PYTHONPATH");

    if (!copy_all(&environment, from, err)) {
        child_environment_free(environment.entries);
        return false;
    }
    if (old_path != NULL && find_value(from, "VIZTRACER_RECORD_DIR") != NULL) {
        old_path = skip_bootstrap(old_path, bootstrap_folder);
    }
    set_python_path(&environment, old_path, bootstrap_folder);
    set(&environment, "VIZTRACER_RECORD_DIR", directory);
    if (!set_options(&environment, options, err)) {
        child_environment_free(environment.entries);
        return false;
    }
    if (environment.has_failed) {
        child_environment_free(environment.entries);
        return error_set_no_memory(err);
    }
    *out = environment.entries;
    return true;
}

void
child_environment_free(char **environment)
{
    for (char **entry = environment; entry != NULL && *entry != NULL; entry++) {
        free(*entry);
    }
    free(environment);
}
