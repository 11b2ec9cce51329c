// SPDX-License-Identifier: Apache-2.0
#include "cli/program.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "cli/folders.h"
#include "cli/interpreter.h"
#include "cli/options.h"
#include "cli/search_path.h"

enum {
    STATUS_NOT_EXECUTABLE = 126,
    STATUS_NOT_FOUND = 127,
    FIRST_BYTES_SIZE = 256, /* what the kernel reads of a #! line */
};

/* What is being put together. */
struct resolve {
    struct program *program;
    const struct options *options;
    const struct interpreter *interpreter;
    const struct error *interpreter_error;
    int *status;
};

/* ---- what a file is ---- */

static bool
has_python_suffix(const char *path)
{
    return folders_has_suffix(path, ".py") || folders_has_suffix(path, ".pyc")
           || folders_has_suffix(path, ".pyw")
           || folders_has_suffix(path, ".pyz")
           || folders_has_suffix(path, ".zip");
}

static bool
has_trace_suffix(const char *path)
{
    return folders_has_suffix(path, ".vzt") || folders_has_suffix(path, ".json")
           || folders_has_suffix(path, ".gz");
}

/* The beginning of a file as a text; "" when it cannot be read. */
static void
read_first_bytes(const char *path, char first[FIRST_BYTES_SIZE])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? 0 : read(fd, first, FIRST_BYTES_SIZE - 1);

    first[size < 0 ? 0 : size] = '\0';
    if (fd >= 0) {
        (void)close(fd);
    }
}

/* Whether a #! line asks for whatever python3 there is. */
static bool
asks_for_any_python(char *first)
{
    char *next = first + 2;
    char *program;
    char *argument;

    next[strcspn(next, "\n")] = '\0';
    next += strspn(next, " \t");
    program = strsep(&next, " \t");
    if (!folders_has_suffix(program, "/env") || next == NULL) {
        return false;
    }
    argument = next + strspn(next, " \t");
    argument[strcspn(argument, "\r")] = '\0';
    return strcmp(argument, "python3") == 0 || strcmp(argument, "python") == 0;
}

/* Whether the interpreter is to run a regular file. */
static bool
is_python_file(const char *path)
{
    char first[FIRST_BYTES_SIZE];
    bool has_interpreter_line;

    if (has_python_suffix(path)) {
        return true;
    }
    read_first_bytes(path, first);
    has_interpreter_line = strncmp(first, "#!", 2) == 0;
    if (has_interpreter_line) {
        return asks_for_any_python(first);
    }
    /* A zipapp without a #!, or source that nobody made executable. */
    return strncmp(first, "PK\x03\x04", 4) == 0
           || (access(path, X_OK) != 0
               && strncmp(first,
                          "\x7f"
                          "ELF",
                          4)
                      != 0);
}

static bool
is_python_folder(const char *path)
{
    struct buffer main_file = {0};
    struct stat status;
    bool is_one;

    buffer_append_format(&main_file, "%s/__main__.py", path);
    is_one = buffer_is_ok(&main_file) && stat(main_file.data, &status) == 0;
    if (!is_one) {
        buffer_clear(&main_file);
        buffer_append_format(&main_file, "%s/__main__.pyc", path);
        is_one = buffer_is_ok(&main_file) && stat(main_file.data, &status) == 0;
    }
    buffer_release(&main_file);
    return is_one;
}

/* ---- what is executed ---- */

static size_t
count_arguments(char **arguments)
{
    size_t count = 0;

    while (arguments[count] != NULL) {
        count++;
    }
    return count;
}

static bool
use_interpreter(struct resolve *resolve, const char *flag, struct error *err)
{
    const struct interpreter *interpreter = resolve->interpreter;
    const struct options *options = resolve->options;
    size_t count = count_arguments(options->arguments);
    char **next;

    if (interpreter == NULL) {
        *resolve->status = STATUS_NOT_FOUND;
        *err = *resolve->interpreter_error;
        return false;
    }
    next = array_new(interpreter->option_count + count + 4, sizeof *next, err);
    resolve->program->path = strdup(interpreter->path);
    resolve->program->arguments = next;
    if (next == NULL || resolve->program->path == NULL) {
        return error_set_no_memory(err);
    }
    *next++ = interpreter->name;
    for (size_t i = 0; i < interpreter->option_count; i++) {
        *next++ = interpreter->options[i];
    }
    if (flag != NULL) {
        memcpy(resolve->program->flag, flag, PROGRAM_FLAG_SIZE);
        *next++ = resolve->program->flag;
    }
    *next++ = options->program;
    memcpy(next, options->arguments, (count + 1) * sizeof *next);
    return true;
}

/* Execute path itself; it moves to the program. It sees itself called name. */
static bool
use_command(struct resolve *resolve, char *path, char *name, struct error *err)
{
    size_t count = count_arguments(resolve->options->arguments);
    char **next = array_new(count + 2, sizeof *next, err);

    resolve->program->path = path;
    resolve->program->arguments = next;
    if (next == NULL || path == NULL) {
        return error_set_no_memory(err);
    }
    *next++ = name;
    memcpy(next, resolve->options->arguments, (count + 1) * sizeof *next);
    return true;
}

static bool
use_file(struct resolve *resolve, struct error *err)
{
    char *word = resolve->options->program;

    if (has_trace_suffix(word)) {
        *resolve->status = STATUS_NOT_EXECUTABLE;
        return error_set(err, ERROR_USAGE,
                         "%s is not a program; to look at a recording: "
                         "viztracer view %s",
                         word, word);
    }
    if (is_python_file(word)) {
        return use_interpreter(resolve, NULL, err);
    }
    if (!search_path_is_executable(word)) {
        *resolve->status = STATUS_NOT_EXECUTABLE;
        return error_set(err, ERROR_SYSTEM, "%s is not executable", word);
    }
    if (strchr(word, '/') == NULL) {
        struct buffer path = {0};

        buffer_append_format(&path, "./%s", word);
        return use_command(resolve, buffer_take(&path), word, err);
    }
    return use_command(resolve, strdup(word), word, err);
}

/* The name of a command: the interpreter's console scripts come first. */
static bool
use_found(struct resolve *resolve, struct error *err)
{
    char *word = resolve->options->program;
    char *on_path = search_path_find(word);
    char *path = NULL;

    if (resolve->interpreter != NULL) {
        path = search_path_in_folder(resolve->interpreter->folder, word);
    }
    if (path != NULL && (on_path == NULL || strcmp(path, on_path) != 0)) {
        /* A Python called by its bare name would look for itself on PATH. */
        free(on_path);
        return use_command(resolve, path, path, err);
    }
    free(path);
    path = on_path;
    if (path == NULL) {
        *resolve->status = STATUS_NOT_FOUND;
        return error_set(
            err, ERROR_SYSTEM,
            "%s: no such file, and no such command on PATH%s", word,
            *word == '-' ? "; options stand before -- and --run" : "");
    }
    return use_command(resolve, path, word, err);
}

static bool
resolve_word(struct resolve *resolve, struct error *err)
{
    const char *word = resolve->options->program;
    struct stat status;
    bool exists;

    if (strcmp(word, "-") == 0) {
        return use_interpreter(resolve, NULL, err);
    }
    exists = stat(word, &status) == 0;
    if (exists && S_ISDIR(status.st_mode) && is_python_folder(word)) {
        return use_interpreter(resolve, NULL, err);
    }
    if (exists && S_ISREG(status.st_mode)) {
        return use_file(resolve, err);
    }
    if (exists && !S_ISDIR(status.st_mode)) {
        return use_interpreter(resolve, NULL, err); /* a pipe: <(...) */
    }
    if (strchr(word, '/') == NULL && *word != '\0') {
        return use_found(resolve, err);
    }
    *resolve->status = exists ? STATUS_NOT_EXECUTABLE : STATUS_NOT_FOUND;
    return error_set(err, ERROR_SYSTEM,
                     exists ? "%s is a folder without __main__.py"
                            : "%s: no such file",
                     word);
}

/* ---- what it is called ---- */

/* The part of a path that names it, without what could disturb a file name. */
static void
make_name(char name[PROGRAM_NAME_SIZE], const char *word)
{
    size_t size = strlen(word);
    size_t used = 0;

    while (size > 1 && word[size - 1] == '/') {
        size--;
    }
    for (size_t i = size; i > 0; i--) {
        if (word[i - 1] == '/' && i < size) {
            word += i;
            size -= i;
            break;
        }
    }
    if (size > 3 && strncmp(word + size - 3, ".py", 3) == 0) {
        size -= 3;
    }
    for (size_t i = 0; i < size && used + 1 < PROGRAM_NAME_SIZE; i++) {
        unsigned char character = (unsigned char)word[i];
        bool is_plain = isalnum(character) || strchr("._-", character) != NULL;

        name[used++] =
            is_plain && !(i == 0 && character == '.') ? (char)character : '_';
    }
    name[used] = '\0';
}

bool
program_resolve(struct program *program, const struct options *options,
                const struct interpreter *interpreter,
                const struct error *interpreter_error, int *status,
                struct error *err)
{
    struct resolve resolve = {program, options, interpreter, interpreter_error,
                              status};

    *program = (struct program){0};
    *status = 1;
    switch (options->program_kind) {
    case PROGRAM_NONE:
        return error_set(err, ERROR_USAGE, "no program to run");
    case PROGRAM_MODULE:
        make_name(program->name, options->program);
        return use_interpreter(&resolve, "-m", err);
    case PROGRAM_CODE:
        make_name(program->name, "python");
        return use_interpreter(&resolve, "-c", err);
    case PROGRAM_COMMAND:
        make_name(program->name, strcmp(options->program, "-") == 0
                                     ? "python"
                                     : options->program);
        return resolve_word(&resolve, err);
    }
    return false;
}

void
program_release(struct program *program)
{
    free(program->path);
    free(program->arguments);
    *program = (struct program){0};
}
