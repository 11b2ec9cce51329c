// SPDX-License-Identifier: Apache-2.0
#include "cli/input_list.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "cli/folders.h"
#include "cli/input_spool.h"
#include "cli/options.h"
#include "import/chrome_json.h"

enum { MOMENT_MS = 100 };

static const char standard_input[] = "standard input";

/* Takes both texts, also on failure; NULL is no memory. */
static bool
add(struct input_list *list, char *path, char *name, bool is_found,
    struct error *err)
{
    size_t count = list->count + 1;

    if (path == NULL || name == NULL
        || !array_reserve((void **)&list->paths, &list->path_capacity, count,
                          sizeof(char *), err)
        || !array_reserve((void **)&list->names, &list->name_capacity, count,
                          sizeof(char *), err)
        || !array_reserve((void **)&list->are_found, &list->found_capacity,
                          count, sizeof(bool), err)) {
        free(path);
        free(name);
        return error_set_no_memory(err);
    }
    list->paths[list->count] = path;
    list->names[list->count] = name;
    list->are_found[list->count] = is_found;
    list->count = count;
    return true;
}

static bool
refuse_again(const char *name, const char *before, struct error *err)
{
    bool is_same = strcmp(name, before) == 0;

    return error_set(err, ERROR_USAGE, "%s is named twice%s%s: name it once",
                     name, is_same ? "" : ", also as ", is_same ? "" : before);
}

/* Note that the input to come is that file; false when one before it is. */
static bool
see(struct input_list *list, const char *path, const struct stat *status,
    struct error *err)
{
    for (size_t i = 0; i < list->seen_count; i++) {
        const struct input_identity *seen = &list->seen[i];

        if (seen->device == status->st_dev && seen->inode == status->st_ino) {
            return refuse_again(
                path,
                seen->input < list->count ? list->names[seen->input] : path,
                err);
        }
    }
    if (!array_reserve((void **)&list->seen, &list->seen_capacity,
                       list->seen_count + 1, sizeof *list->seen, err)) {
        return false;
    }
    list->seen[list->seen_count++] = (struct input_identity){
        .device = status->st_dev,
        .inode = status->st_ino,
        .input = list->count,
    };
    return true;
}

/* Takes fd. */
static bool
add_pipe(struct input_list *list, int fd, const char *word, bool needs_writer,
         struct error *err)
{
    char *name = strdup(word);
    struct input_spool *spool = NULL;

    if (name == NULL
        || !array_reserve((void **)&list->spools, &list->spool_capacity,
                          list->spool_count + 1, sizeof(struct input_spool *),
                          err)) {
        (void)close(fd);
        free(name);
        return error_set_no_memory(err);
    }
    if (!input_spool_open(&spool, fd, name, needs_writer, err)) {
        free(name);
        return false;
    }
    list->spools[list->spool_count++] = spool;
    return add(list, strdup(input_spool_path(spool)), name, false, err);
}

/* A descriptor of our own for standard input, which is nothing from then on, so
 * that the pipe ends when we end it. */
static int
take_standard_input(struct error *err)
{
    int fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    int nothing;

    if (fd < 0) {
        (void)error_set_system(err, errno, "cannot read standard input");
        return -1;
    }
    nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing >= 0) {
        (void)dup2(nothing, STDIN_FILENO);
        (void)close(nothing);
    }
    return fd;
}

static bool
add_standard_input(struct input_list *list, struct error *err)
{
    struct stat status;
    int fd;

    if (list->has_standard_input) {
        return refuse_again(standard_input, standard_input, err);
    }
    if (isatty(STDIN_FILENO)) {
        return error_set(err, ERROR_USAGE,
                         "- is standard input, and that is a terminal: send a "
                         "trace there, as in zcat trace.gz | viztracer view -");
    }
    if (fstat(STDIN_FILENO, &status) != 0) {
        return error_set_system(err, errno, "cannot read standard input");
    }
    if (S_ISDIR(status.st_mode)) {
        return error_set_system(err, EISDIR, "cannot read standard input");
    }
    list->has_standard_input = true;
    if (!see(list, standard_input, &status, err)) {
        return false;
    }
    if (S_ISREG(status.st_mode) && lseek(STDIN_FILENO, 0, SEEK_CUR) == 0) {
        return add(list, strdup("/proc/self/fd/0"), strdup(standard_input),
                   false, err);
    }
    fd = take_standard_input(err);
    return fd >= 0 && add_pipe(list, fd, standard_input, false, err);
}

static int
is_trace_name(const struct dirent *entry)
{
    const char *name = entry->d_name;

    return folders_has_suffix(name, ".vzt") || folders_has_suffix(name, ".json")
           || folders_has_suffix(name, ".json.gz")
           || folders_has_suffix(name, ".vzt.gz");
}

/* A .vzt file is opened with its folder. */
static bool
add_entry(struct input_list *list, char *path, size_t *trace_count,
          struct error *err)
{
    struct stat status;

    if (path == NULL) {
        return error_set_no_memory(err);
    }
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode)) {
        free(path);
        return true;
    }
    if (folders_has_suffix(path, ".vzt")) {
        bool is_new = see(list, path, &status, err);

        ++*trace_count;
        free(path);
        return is_new;
    }
    if (!chrome_json_has_magic(path)) {
        free(path);
        return true;
    }
    if (!see(list, path, &status, err)) {
        free(path);
        return false;
    }
    return add(list, path, strdup(path), true, err);
}

/* The .vzt files of a folder are one input, as those of a recording are; each
 * JSON file is one of its own. */
static bool
add_folder(struct input_list *list, const char *folder, struct error *err)
{
    struct dirent **entries = NULL;
    size_t before = list->count;
    size_t trace_count = 0;
    int count = scandir(folder, &entries, is_trace_name, alphasort);
    bool is_ok = true;

    if (count < 0) {
        return error_set_system(err, errno, "cannot read %s", folder);
    }
    for (int i = 0; i < count; i++) {
        is_ok = is_ok
                && add_entry(list, folders_join(folder, entries[i]->d_name),
                             &trace_count, err);
        free(entries[i]);
    }
    free(entries);
    if (!is_ok) {
        return false;
    }
    if (trace_count > 0) {
        return add(list, strdup(folder), strdup(folder), false, err);
    }
    return list->count > before
           || error_set(err, ERROR_BAD_INPUT,
                        "%s: holds no trace: there is no .vzt or .json file in "
                        "this folder, nor one with .gz behind that",
                        folder);
}

static bool
add_special(struct input_list *list, const char *path, mode_t mode,
            struct error *err)
{
    int fd;

    if (!S_ISFIFO(mode)) {
        return error_set(err, ERROR_BAD_INPUT,
                         "%s: is %s, not a trace: give a file, a folder or a "
                         "pipe",
                         path, S_ISSOCK(mode) ? "a socket" : "a device");
    }
    /* Without O_NONBLOCK this would wait for a writer. */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return error_set_system(err, errno, "cannot open %s", path);
    }
    return add_pipe(list, fd, path, true, err);
}

static bool
add_path(struct input_list *list, const char *path, const struct stat *status,
         struct error *err)
{
    if (!see(list, path, status, err)) {
        return false;
    }
    if (S_ISDIR(status->st_mode)) {
        return add_folder(list, path, err);
    }
    if (S_ISREG(status->st_mode)) {
        return add(list, strdup(path), strdup(path), false, err);
    }
    return add_special(list, path, status->st_mode, err);
}

static bool
add_matches(struct input_list *list, const glob_t *matches, struct error *err)
{
    for (size_t i = 0; i < matches->gl_pathc; i++) {
        const char *path = matches->gl_pathv[i];
        struct stat status;

        if (stat(path, &status) != 0) {
            return error_set_system(err, errno, "cannot open %s", path);
        }
        if (!add_path(list, path, &status, err)) {
            return false;
        }
    }
    return true;
}

static bool
add_pattern(struct input_list *list, const char *pattern, struct error *err)
{
    glob_t matches = {0};
    int result = glob(pattern, 0, NULL, &matches);
    bool is_ok;

    if (result == GLOB_NOMATCH) {
        is_ok = error_set(err, ERROR_BAD_INPUT,
                          "%s: there is no such file, and none that matches "
                          "this pattern",
                          pattern);
    } else {
        is_ok = result == 0 ? add_matches(list, &matches, err)
                            : error_set_no_memory(err);
    }
    globfree(&matches);
    return is_ok;
}

static bool
add_word(struct input_list *list, const char *word, struct error *err)
{
    struct stat status;

    if (strcmp(word, "-") == 0) {
        return add_standard_input(list, err);
    }
    if (stat(word, &status) == 0) {
        return add_path(list, word, &status, err);
    }
    return errno == ENOENT && strpbrk(word, "*?[") != NULL
               ? add_pattern(list, word, err)
               : error_set_system(err, errno, "cannot open %s", word);
}

bool
input_list_open(struct input_list *list, char *const *words, size_t count,
                struct error *err)
{
    *list = (struct input_list){0};
    for (size_t i = 0; i < count; i++) {
        if (!add_word(list, words[i], err)) {
            return false;
        }
    }
    return true;
}

bool
input_list_replace(struct input_list *list, struct options *options,
                   struct error *err)
{
    if (!input_list_open(list, options->inputs, options->input_count, err)) {
        return false;
    }
    if (list->count > 0) {
        options->inputs = list->paths;
        options->input_count = list->count;
        options->list = list;
    }
    return true;
}

void
input_list_release(struct input_list *list)
{
    for (size_t i = 0; i < list->spool_count; i++) {
        input_spool_close(list->spools[i]);
    }
    for (size_t i = 0; i < list->count; i++) {
        free(list->paths[i]);
        free(list->names[i]);
    }
    free(list->paths);
    free(list->names);
    free(list->are_found);
    free(list->spools);
    free(list->seen);
    *list = (struct input_list){0};
}

uint64_t
input_list_size(const struct input_list *list)
{
    uint64_t size = 0;

    for (size_t i = 0; i < list->spool_count; i++) {
        size += input_spool_size(list->spools[i]);
    }
    return size;
}

bool
input_list_is_open(const struct input_list *list)
{
    for (size_t i = 0; i < list->spool_count; i++) {
        if (!input_spool_has_ended(list->spools[i])) {
            return true;
        }
    }
    return false;
}

bool
input_list_check(const struct input_list *list, struct error *err)
{
    for (size_t i = 0; i < list->spool_count; i++) {
        if (!input_spool_check(list->spools[i], err)) {
            return false;
        }
    }
    return true;
}

void
input_list_wait_a_moment(const struct input_list *list)
{
    for (size_t i = 0; i < list->spool_count; i++) {
        if (!input_spool_has_ended(list->spools[i])) {
            input_spool_wait(list->spools[i], input_spool_size(list->spools[i]),
                             MOMENT_MS);
            return;
        }
    }
}

bool
input_list_wait(const struct input_list *list, const struct progress *progress,
                struct error *err)
{
    while (input_list_is_open(list)) {
        if (!progress_report(progress, 0, 0)) {
            return error_set(err, ERROR_CANCELLED, "cancelled");
        }
        input_list_wait_a_moment(list);
    }
    return input_list_check(list, err);
}

void
input_list_stop(const struct input_list *list)
{
    for (size_t i = 0; i < list->spool_count; i++) {
        input_spool_stop(list->spools[i]);
    }
}
