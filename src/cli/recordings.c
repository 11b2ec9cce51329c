// SPDX-License-Identifier: Apache-2.0
/*
 * Removing is done with care, for a folder that somebody set by a variable may
 * hold anything: only directories named as ours are looked at, only .vzt files
 * in them are deleted, and rmdir(2) refuses when something is left.
 */
#include "cli/recordings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "cli/console.h"
#include "cli/folders.h"
#include "cli/recording_survey.h"
#include "tracer/record/first_process.h"

/* One kept recording. */
struct kept {
    char *path; /* owned */
    struct timespec changed;
    uint64_t size_bytes;
};

struct kept_list {
    struct kept *items;
    size_t count;
    size_t capacity;
};

static void
kept_list_release(struct kept_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].path);
    }
    free(list->items);
    *list = (struct kept_list){0};
}

/* Step back over count digits and one '-'. */
static bool
ends_in_digits(const char *name, size_t *size, size_t min, size_t max)
{
    size_t count = 0;

    while (count < *size && name[*size - 1 - count] >= '0'
           && name[*size - 1 - count] <= '9') {
        count++;
    }
    if (count < min || count > max || count >= *size
        || name[*size - 1 - count] != '-') {
        return false;
    }
    *size -= count + 1;
    return true;
}

/* Whether a name is PROGRAM-YYYYmmdd-HHMMSS-PID. */
static bool
is_recording_name(const char *name)
{
    size_t size = strlen(name);

    return ends_in_digits(name, &size, 1, 10)
           && ends_in_digits(name, &size, 6, 6)
           && ends_in_digits(name, &size, 8, 8) && size > 0;
}

static bool
add_kept(struct kept_list *list, const char *folder, const char *name,
         struct error *err)
{
    struct buffer path = {0};
    struct stat status;

    buffer_append_format(&path, "%s/%s", folder, name);
    if (!buffer_is_ok(&path)
        || !array_reserve((void **)&list->items, &list->capacity,
                          list->count + 1, sizeof *list->items, err)) {
        buffer_release(&path);
        return error_set_no_memory(err);
    }
    if (lstat(path.data, &status) != 0 || !S_ISDIR(status.st_mode)) {
        buffer_release(&path);
        return true;
    }
    list->items[list->count++] = (struct kept){
        .path = buffer_take(&path),
        .changed = status.st_mtim,
    };
    return true;
}

static int
by_time_newest_first(const void *left, const void *right)
{
    const struct timespec *one = &((const struct kept *)left)->changed;
    const struct timespec *two = &((const struct kept *)right)->changed;

    if (one->tv_sec != two->tv_sec) {
        return one->tv_sec < two->tv_sec ? 1 : -1;
    }
    return (one->tv_nsec < two->tv_nsec) - (one->tv_nsec > two->tv_nsec);
}

/* Add the recordings of a folder; one that is not there has none. */
static bool
list_folder(struct kept_list *list, const char *folder, struct error *err)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;
    bool ok = true;

    if (entries == NULL) {
        return true;
    }
    while (ok && (entry = readdir(entries)) != NULL) {
        if (is_recording_name(entry->d_name)) {
            ok = add_kept(list, folder, entry->d_name, err);
        }
    }
    (void)closedir(entries);
    if (list->count > 0) {
        qsort(list->items, list->count, sizeof *list->items,
              by_time_newest_first);
    }
    return ok;
}

/* ---- removing ---- */

static bool
is_trace_name(const char *name)
{
    size_t size = strlen(name);

    return size > 4 && strcmp(name + size - 4, ".vzt") == 0;
}

static bool
remove_directory(const char *path, struct error *err)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    if (folder == NULL) {
        return error_set_system(err, errno, "cannot remove %s", path);
    }
    while ((entry = readdir(folder)) != NULL) {
        if (is_trace_name(entry->d_name)
            || strcmp(entry->d_name, FIRST_PROCESS_NAME) == 0) {
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
        }
    }
    (void)closedir(folder);
    if (rmdir(path) != 0) {
        return error_set_system(err, errno, "cannot remove %s", path);
    }
    return true;
}

/* Lock a directory; -1 when somebody else has it. */
static int
lock_directory(const char *path, int operation)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (fd >= 0 && flock(fd, operation | LOCK_NB) != 0) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

/* Remove a recording unless it is in use. */
static void
remove_unused(const struct kept *kept, const struct console *console)
{
    struct recording_survey survey;
    struct error err = {0};
    int fd = lock_directory(kept->path, LOCK_EX);

    if (fd < 0) {
        return;
    }
    if (recording_survey_make(&survey, kept->path, &err)
        && survey.running_count == 0 && !remove_directory(kept->path, &err)) {
        console_note(console, "%s", err.message);
    }
    (void)close(fd);
}

/* Remove what is too old; the new one is there and locked. */
static void
remove_old(const char *folder, const struct console *console)
{
    struct kept_list list = {0};
    uint64_t size_bytes = 0;

    if (!list_folder(&list, folder, NULL)) {
        kept_list_release(&list);
        return;
    }
    for (size_t i = 0; i < list.count; i++) {
        struct recording_survey survey = {0};

        (void)recording_survey_make(&survey, list.items[i].path, NULL);
        size_bytes += survey.size_bytes;
        if (i >= RECORDINGS_KEPT || size_bytes > RECORDINGS_KEPT_BYTES) {
            remove_unused(&list.items[i], console);
        }
    }
    kept_list_release(&list);
}

/* ---- making ---- */

/* The directory is there: lock it and find its absolute name. */
static bool
open_recording(struct recording *recording, const char *path, struct error *err)
{
    recording->path = realpath(path, NULL);
    if (recording->path == NULL) {
        return error_set_system(err, errno, "cannot find %s", path);
    }
    recording->lock_fd = lock_directory(recording->path, LOCK_SH);
    return true;
}

static bool
make_in(struct recording *recording, const char *folder,
        const char *program_name, struct error *err)
{
    struct buffer path = {0};
    struct tm local = {0};
    time_t now = time(NULL);
    char stamp[32];
    bool ok = false;

    (void)localtime_r(&now, &local);
    (void)strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local);
    buffer_append_format(&path, "%s/%s-%s-%ld", folder, program_name, stamp,
                         (long)getpid());
    if (!buffer_is_ok(&path)) {
        (void)error_set_no_memory(err);
    } else if (mkdir(path.data, 0700) != 0) {
        (void)error_set_system(err, errno, "cannot make %s", path.data);
    } else {
        ok = open_recording(recording, path.data, err);
    }
    buffer_release(&path);
    return ok;
}

bool
recording_make(struct recording *recording, const char *program_name,
               const struct console *console, struct error *err)
{
    char *folder = folders_state(err);
    bool ok;

    *recording = RECORDING_NONE;
    if (folder != NULL && folders_make(folder, 0700, err)
        && make_in(recording, folder, program_name, err)) {
        remove_old(folder, console);
        free(folder);
        return true;
    }
    free(folder);
    folder = folders_temporary(err);
    if (folder == NULL) {
        return false;
    }
    console_note(console, "%s; recording below %s instead", err->message,
                 folder);
    ok = folders_make_private(folder, err)
         && make_in(recording, folder, program_name, err);
    if (ok) {
        remove_old(folder, console);
    }
    free(folder);
    return ok;
}

/* Rename what is at path to the first free path~N. */
static bool
move_aside(const char *path, const struct console *console, struct error *err)
{
    struct buffer name = {0};
    bool ok = false;

    for (unsigned n = 1; n < 10000; n++) {
        struct stat status;

        buffer_clear(&name);
        buffer_append_format(&name, "%s~%u", path, n);
        if (!buffer_is_ok(&name)) {
            break;
        }
        if (lstat(name.data, &status) != 0 && errno == ENOENT) {
            ok = rename(path, name.data) == 0;
            break;
        }
    }
    if (ok) {
        console_note(console, "%s of an earlier run is now %s", path,
                     name.data);
    } else {
        (void)error_set_system(err, errno, "cannot move %s aside", path);
    }
    buffer_release(&name);
    return ok;
}

bool
recording_make_beside(struct recording *recording, const char *path,
                      const struct console *console, struct error *err)
{
    struct buffer directory = {0};
    struct stat status;
    bool ok = false;

    *recording = RECORDING_NONE;
    buffer_append_format(&directory, "%s.d", path);
    if (!buffer_is_ok(&directory)) {
        (void)error_set_no_memory(err);
        goto out;
    }
    if (lstat(directory.data, &status) == 0
        && !move_aside(directory.data, console, err)) {
        goto out;
    }
    if (mkdir(directory.data, 0700) != 0) {
        (void)error_set_system(err, errno, "cannot make %s", directory.data);
        goto out;
    }
    ok = open_recording(recording, directory.data, err);

out:
    buffer_release(&directory);
    return ok;
}

bool
recording_remove(const struct recording *recording, struct error *err)
{
    return remove_directory(recording->path, err);
}

void
recording_release(struct recording *recording)
{
    free(recording->path);
    if (recording->lock_fd >= 0) {
        (void)close(recording->lock_fd);
    }
    *recording = RECORDING_NONE;
}

char *
recordings_newest(struct error *err)
{
    struct kept_list list = {0};
    char *folder = folders_state(err);
    char *temporary = folders_temporary(err);
    char *newest = NULL;

    if (folder != NULL && !list_folder(&list, folder, err)) {
        goto out;
    }
    if (temporary != NULL && folders_are_private(temporary)
        && !list_folder(&list, temporary, err)) {
        goto out;
    }
    if (list.count == 0) {
        (void)error_set(err, ERROR_SYSTEM, "there is no recording yet in %s",
                        folder == NULL ? temporary : folder);
        goto out;
    }
    newest = list.items[0].path;
    list.items[0].path = NULL;

out:
    kept_list_release(&list);
    free(folder);
    free(temporary);
    return newest;
}
