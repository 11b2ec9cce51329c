// SPDX-License-Identifier: Apache-2.0
/*
 * cli/input_list.h - the files that the words of a command line stand for.
 *
 * A word is a file, a folder (the traces in it), "-" (standard input), a pipe,
 * or, when there is no file of that name, a pattern as in glob(7).
 */
#ifndef CLI_INPUT_LIST_H
#define CLI_INPUT_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/progress.h"

struct error;
struct input_spool;
struct options;

/* A file or folder that was named before. */
struct input_identity {
    dev_t device;
    ino_t inode;
    size_t input;
};

/* One input each. */
struct input_list {
    char **paths;    /* under which they are opened; each is owned */
    char **names;    /* what they are called; each is owned */
    bool *are_found; /* in a folder: one that is no trace is left out */
    size_t count;
    bool has_standard_input;
    struct input_spool **spools; /* owned; of those that are pipes, in order */
    size_t spool_count;
    struct input_identity *seen; /* owned */
    size_t seen_count;
    size_t path_capacity;
    size_t name_capacity;
    size_t found_capacity;
    size_t spool_capacity;
    size_t seen_capacity;
};

/*
 * Find them, and begin to read pipes. Fails when there is nothing that a word
 * stands for, with ERROR_USAGE when two name the same file. The caller
 * releases *list, also after a failure; what was opened then goes on.
 */
bool input_list_open(struct input_list *list, char *const *words, size_t count,
                     struct error *err);

/* Let the inputs of these options be what they stand for; {0} is none. */
bool input_list_replace(struct input_list *list, struct options *options,
                        struct error *err);

void input_list_release(struct input_list *list);

/* Wait until all pipes have ended; false when progress says stop, or one could
 * not be read. Progress is told no total. */
bool input_list_wait(const struct input_list *list,
                     const struct progress *progress, struct error *err);

/* What has come through all pipes, and whether more may come. */
uint64_t input_list_size(const struct input_list *list);
bool input_list_is_open(const struct input_list *list);

/* Wait for more from a pipe, or its end, a moment. */
void input_list_wait_a_moment(const struct input_list *list);

/* Read no more from pipes. */
void input_list_stop(const struct input_list *list);

/* False when a pipe could not be read, or not be put aside. */
bool input_list_check(const struct input_list *list, struct error *err);

#endif
