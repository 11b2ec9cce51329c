// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/unfollowed.c - tell whether a program that is started is a
 * Python that nobody will record.
 */
#include "tracer/python/unfollowed.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "tracer/python/code_names.h"
#include "tracer/python/own_code.h"

/* Append a str or bytes as the system gets it, and a NUL. False for others. */
static bool
append_word(struct buffer *out, PyObject *word)
{
    if (word != NULL && PyUnicode_Check(word)) {
        append_text(out, word);
    } else if (word != NULL && PyBytes_Check(word)) {
        buffer_append(out, PyBytes_AsString(word), (size_t)PyBytes_Size(word));
    } else {
        return false;
    }
    buffer_append(out, "", 1);
    return buffer_is_ok(out);
}

static Py_ssize_t
list_size(PyObject *list)
{
    if (list != NULL && PyList_Check(list)) {
        return PyList_Size(list);
    }
    return list != NULL && PyTuple_Check(list) ? PyTuple_Size(list) : 0;
}

/* Borrowed. */
static PyObject *
list_item(PyObject *list, Py_ssize_t i)
{
    return PyList_Check(list) ? PyList_GetItem(list, i)
                              : PyTuple_GetItem(list, i);
}

/* ---- the program ---- */

/* "python", "python3", "python3.13t" */
static bool
is_python_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;

    return strncmp(name, "python", 6) == 0
           && name[6 + strspn(name + 6, "0123456789.dmtu")] == '\0';
}

static bool
is_python(const char *path)
{
    char real[PATH_MAX];

    return is_python_name(path)
           || (strchr(path, '/') != NULL && realpath(path, real) != NULL
               && is_python_name(real));
}

/* Whether the one that can be run is a Python. A name that is searched for by
 * whoever starts it is all that there is of it here. */
static bool
starts_python(PyObject *program)
{
    struct buffer path = {0};
    Py_ssize_t count = list_size(program);
    bool is_found = false;

    if (append_word(&path, program)) {
        is_found = is_python(path.data);
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        buffer_clear(&path);
        if (append_word(&path, list_item(program, i))
            && access(path.data, X_OK) == 0) {
            is_found = is_python(path.data);
            break;
        }
    }
    buffer_release(&path);
    return is_found;
}

/* ---- its options ---- */

enum option_verdict {
    OPTION_HARMLESS,
    OPTION_TAKES_NEXT,
    OPTION_HIDES,
    NO_MORE
};

static enum option_verdict
judge_option(const char *option)
{
    if (option[0] != '-' || option[1] == '\0') {
        return NO_MORE; /* the script, or standard input */
    }
    if (option[1] == '-') {
        return strcmp(option, "--check-hash-based-pycs") == 0
                   ? OPTION_TAKES_NEXT
                   : OPTION_HARMLESS;
    }
    for (const char *letter = option + 1; *letter != '\0'; letter++) {
        if (strchr("IES", *letter) != NULL) {
            return OPTION_HIDES;
        }
        if (strchr("cm", *letter) != NULL) {
            return NO_MORE;
        }
        if (strchr("WX", *letter) != NULL) {
            return letter[1] == '\0' ? OPTION_TAKES_NEXT : OPTION_HARMLESS;
        }
    }
    return OPTION_HARMLESS;
}

static bool
has_hiding_option(PyObject *arguments)
{
    struct buffer word = {0};
    enum option_verdict verdict = OPTION_HARMLESS;
    Py_ssize_t count = list_size(arguments);

    for (Py_ssize_t i = 1; i < count; i++) {
        if (verdict == OPTION_TAKES_NEXT) {
            verdict = OPTION_HARMLESS;
            continue;
        }
        buffer_clear(&word);
        if (!append_word(&word, list_item(arguments, i))) {
            break;
        }
        verdict = judge_option(word.data);
        if (verdict == OPTION_HIDES || verdict == NO_MORE) {
            break;
        }
    }
    buffer_release(&word);
    return verdict == OPTION_HIDES;
}

/* ---- its environment ---- */

static bool
copy_own(struct buffer *value, const char *name)
{
    const char *own = getenv(name);

    if (own == NULL) {
        return false;
    }
    buffer_append(value, own, strlen(own) + 1);
    return buffer_is_ok(value);
}

/* {b"NAME": b"value"}, or the same with str. */
static bool
copy_from_dict(struct buffer *value, PyObject *dict, const char *name)
{
    PyObject *key = NULL;
    PyObject *item = NULL;
    Py_ssize_t position = 0;

    while (PyDict_Next(dict, &position, &key, &item)) { /* borrowed */
        buffer_clear(value);
        if (append_word(value, key) && strcmp(value->data, name) == 0) {
            buffer_clear(value);
            return append_word(value, item);
        }
    }
    return false;
}

/* [b"NAME=value", ...] */
static bool
copy_from_list(struct buffer *value, PyObject *list, const char *name)
{
    Py_ssize_t count = list_size(list);
    size_t size = strlen(name);

    for (Py_ssize_t i = 0; i < count; i++) {
        buffer_clear(value);
        if (append_word(value, list_item(list, i))
            && strncmp(value->data, name, size) == 0
            && value->data[size] == '=') {
            memmove(value->data, value->data + size + 1,
                    value->size - size - 1);
            return true;
        }
    }
    return false;
}

/* The value ends in NUL. False when there is none. */
static bool
copy_value(struct buffer *value, PyObject *environment, const char *name)
{
    if (environment == NULL || environment == Py_None) {
        return copy_own(value, name);
    }
    return PyDict_Check(environment) ? copy_from_dict(value, environment, name)
                                     : copy_from_list(value, environment, name);
}

static bool
is_readable(PyObject *environment)
{
    return environment == NULL || environment == Py_None
           || PyDict_Check(environment) || PyList_Check(environment)
           || PyTuple_Check(environment);
}

/* Whether a PYTHONPATH has the folder of the bootstrap. */
static bool
has_bootstrap(const char *path)
{
    char folder[PATH_MAX + sizeof "/bootstrap"];
    int size =
        snprintf(folder, sizeof folder, "%s/bootstrap", own_code_folder());

    for (;;) {
        size_t length = strcspn(path, ":");

        if (length == (size_t)size && memcmp(path, folder, length) == 0) {
            return true;
        }
        if (path[length] == '\0') {
            return false;
        }
        path += length + 1;
    }
}

static bool
has_hiding_environment(PyObject *environment)
{
    struct buffer value = {0};
    bool is_followed = true;

    if (is_readable(environment)) {
        is_followed = copy_value(&value, environment, "VIZTRACER_RECORD_DIR")
                      && value.data[0] != '\0';
        buffer_clear(&value);
        is_followed = is_followed
                      && copy_value(&value, environment, "PYTHONPATH")
                      && has_bootstrap(value.data);
    }
    buffer_release(&value);
    return !is_followed;
}

bool
unfollowed_program(PyObject *program, PyObject *arguments,
                   PyObject *environment)
{
    bool is_unfollowed = starts_python(program)
                         && (has_hiding_option(arguments)
                             || has_hiding_environment(environment));

    PyErr_Clear();
    return is_unfollowed;
}
