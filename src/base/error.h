// SPDX-License-Identifier: Apache-2.0
/*
 * base/error.h - what went wrong, said once, where the facts are.
 *
 * Whatever can fail returns bool and takes a struct error last. The error is
 * untouched on success. Leaf code fills it in; callers may add context; only
 * src/cli, the viewer's status line and the Python glue show it.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum { ERROR_MESSAGE_SIZE = 1024 };

enum error_code {
    ERROR_NONE,
    ERROR_SYSTEM,      /* the operating system refused; errno is in the text */
    ERROR_NO_MEMORY,   /* an allocation failed */
    ERROR_BAD_TRACE,   /* a trace is damaged or hostile, at this byte */
    ERROR_BAD_INPUT,   /* any other outside data is not what it should be */
    ERROR_USAGE,       /* an option or a call is wrong */
    ERROR_UNSUPPORTED, /* known, but not in this version or on this machine */
    ERROR_CANCELLED,   /* the caller asked to stop */
};

struct error {
    enum error_code code;
    char message[ERROR_MESSAGE_SIZE]; /* one line; UTF-8, raw bytes of a path */
};

/*
 * Fill in *err (which may be NULL) and return false, so that leaf code reads
 * "return error_set(err, ERROR_BAD_TRACE, ...)". Text that does not fit is
 * cut.
 */
bool error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

/* As error_set with ERROR_SYSTEM, and ": <text of errnum>" at the end. */
bool error_set_system(struct error *err, int errnum, const char *format, ...)
    __attribute__((format(__printf__, 3, 4)));

/* "out of memory", for failed allocations. Returns false. */
bool error_set_no_memory(struct error *err);

/* Put "context: " in front of the message. Returns false. */
bool error_add_context(struct error *err, const char *context);

#endif
