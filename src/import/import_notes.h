// SPDX-License-Identifier: Apache-2.0
/* import/import_notes.h - lines of text about what cannot be shown. */
#ifndef IMPORT_IMPORT_NOTES_H
#define IMPORT_IMPORT_NOTES_H

#include <stdbool.h>
#include <stddef.h>

struct error;
struct import_losses;

/* {0} is empty. */
struct import_notes {
    char **lines; /* owned, each of them, too */
    size_t count;
    size_t capacity;
};

bool import_notes_add(struct import_notes *notes, struct error *err,
                      const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

/* A line for each reason that occurred; path begins each. */
bool import_notes_add_losses(struct import_notes *notes, const char *path,
                             const struct import_losses *losses,
                             struct error *err);

void import_notes_release(struct import_notes *notes);

#endif
