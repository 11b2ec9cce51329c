// SPDX-License-Identifier: Apache-2.0
#include "cli/interpreter.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "cli/folders.h"
#include "cli/search_path.h"

static const char usual_name[] = "python3";

/* The Python of an environment, or NULL. */
static char *
python_of(const char *environment)
{
    char *folder = folders_join(environment, "bin");
    char *found = NULL;

    if (folder != NULL) {
        found = search_path_in_folder(folder, usual_name);
        if (found == NULL) {
            found = search_path_in_folder(folder, "python");
        }
    }
    free(folder);
    return found;
}

static bool
is_environment(const char *folder)
{
    char *venv = folders_join(folder, "pyvenv.cfg");
    char *conda = folders_join(folder, "conda-meta");
    bool is_one = (venv != NULL && access(venv, F_OK) == 0)
                  || (conda != NULL && access(conda, F_OK) == 0);

    free(venv);
    free(conda);
    return is_one;
}

/* The Python of the environment whose bin folder we were invoked in. Links of
 * the last component are not followed: ENV/bin/viztracer may be one. */
static char *
python_beside_us(void)
{
    const char *invoked = (const char *)getauxval(AT_EXECFN);
    char resolved[PATH_MAX];
    struct buffer folder = {0};
    const char *slash;
    char *found = NULL;

    slash = invoked == NULL ? NULL : strrchr(invoked, '/');
    if (slash == NULL) {
        return NULL;
    }
    buffer_append(&folder, invoked, (size_t)(slash - invoked));
    buffer_append_text(&folder, "/..");
    if (buffer_is_ok(&folder) && realpath(folder.data, resolved) != NULL
        && is_environment(resolved)) {
        found = python_of(resolved);
    }
    buffer_release(&folder);
    return found;
}

static char *
python_of_variable(const char *variable)
{
    const char *environment = getenv(variable);

    return environment == NULL || *environment == '\0' ? NULL
                                                       : python_of(environment);
}

/* Set path and name from $VIZTRACER_PYTHON. False when it names nothing. */
static bool
find_chosen(struct interpreter *interpreter, const char *chosen,
            struct error *err)
{
    if (strchr(chosen, '/') == NULL) {
        interpreter->path = search_path_find(chosen);
    } else if (search_path_is_executable(chosen)) {
        interpreter->path = strdup(chosen);
    }
    if (interpreter->path == NULL) {
        return error_set(err, ERROR_SYSTEM,
                         "VIZTRACER_PYTHON is %s, which is not a program",
                         chosen);
    }
    interpreter->name = strdup(chosen);
    return true;
}

static bool
find_path(struct interpreter *interpreter, struct error *err)
{
    const char *chosen = getenv("VIZTRACER_PYTHON");

    if (chosen != NULL && *chosen != '\0') {
        return find_chosen(interpreter, chosen, err);
    }
    interpreter->path = python_beside_us();
    if (interpreter->path == NULL) {
        interpreter->path = python_of_variable("VIRTUAL_ENV");
    }
    if (interpreter->path == NULL) {
        interpreter->path = python_of_variable("CONDA_PREFIX");
    }
    if (interpreter->path != NULL) {
        interpreter->name = strdup(interpreter->path);
        return true;
    }
    interpreter->path = search_path_find(usual_name);
    if (interpreter->path == NULL) {
        return error_set(err, ERROR_SYSTEM,
                         "there is no python3 on PATH; VIZTRACER_PYTHON can "
                         "name an interpreter");
    }
    interpreter->name = strdup(usual_name);
    return true;
}

/* "python -m viztracer" hands over the options that python was given, one on
 * each line. */
static bool
split_options(struct interpreter *interpreter, struct error *err)
{
    const char *text = getenv("VIZTRACER_PYTHON_OPTIONS");
    char *next;
    char *option;
    size_t count = 1;

    if (text == NULL || *text == '\0') {
        return true;
    }
    interpreter->option_text = strdup(text);
    for (const char *c = text; *c != '\0'; c++) {
        count += *c == '\n';
    }
    interpreter->options = array_new(count, sizeof *interpreter->options, err);
    if (interpreter->option_text == NULL || interpreter->options == NULL) {
        return error_set_no_memory(err);
    }
    next = interpreter->option_text;
    while ((option = strsep(&next, "\n")) != NULL) {
        if (*option != '\0') {
            interpreter->options[interpreter->option_count++] = option;
        }
    }
    return true;
}

bool
interpreter_find(struct interpreter *interpreter, struct error *err)
{
    const char *slash;

    *interpreter = (struct interpreter){0};
    if (!find_path(interpreter, err) || !split_options(interpreter, err)) {
        return false;
    }
    slash = strrchr(interpreter->path, '/');
    interpreter->folder =
        strndup(interpreter->path, (size_t)(slash - interpreter->path));
    if (interpreter->name == NULL || interpreter->folder == NULL) {
        return error_set_no_memory(err);
    }
    return true;
}

void
interpreter_release(struct interpreter *interpreter)
{
    free(interpreter->path);
    free(interpreter->name);
    free(interpreter->folder);
    free(interpreter->option_text);
    free(interpreter->options);
    *interpreter = (struct interpreter){0};
}
