// SPDX-License-Identifier: Apache-2.0
/*
 * import/json_scan.h - where the tokens of a JSON text are, and nothing of
 * what they mean.
 *
 * The text comes from a read_ahead piece by piece, or from
 * memory. A token is lent until the next call. Nesting is followed without
 * recursion. The grammar is that of RFC 8259, read generously: control
 * characters in strings and Python's NaN and Infinity are let through.
 *
 * A function that returns false has stopped: json_scan.stop says why, and
 * json_scan_offset where.
 */
#ifndef IMPORT_JSON_SCAN_H
#define IMPORT_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/progress.h"
#include "format/record_encode.h"

struct read_ahead;

enum json_stop {
    JSON_STOP_NONE,
    JSON_STOP_END,     /* the text is over */
    JSON_STOP_SYNTAX,  /* it is no JSON; see expected */
    JSON_STOP_STOPPED, /* progress said so */
    JSON_STOP_FAILED,  /* no memory, or the file cannot be read; see error */
};

struct json_copy;

struct json_scan {
    const char *begin;         /* of the window */
    const char *next;          /* the first byte not yet read */
    const char *end;           /* of what is in the window */
    char *window;              /* owned; NULL when the text is in memory */
    struct read_ahead *source; /* NULL when the text is in memory */
    struct progress progress;
    uint64_t size;         /* of the source's file, for the progress */
    uint64_t end_offset;   /* in the text, of end */
    struct buffer text;    /* owned; a token that was not whole in the window */
    struct buffer nesting; /* owned; brackets that are open, while passing */
    struct json_copy *copy; /* of what is passed; NULL = none */
    const char *expected;   /* with JSON_STOP_SYNTAX: what is not there */
    enum json_stop stop;
    struct error error;
};

/* Scan what source gives, of a file of size bytes; it stays the caller's. */
void json_scan_open(struct json_scan *scan, struct read_ahead *source,
                    uint64_t size, const struct progress *progress);

/* Scan a text in memory, which must stay. */
void json_scan_open_memory(struct json_scan *scan, struct text_span text);

void json_scan_close(struct json_scan *scan);

/* Of the next byte, in the text. */
uint64_t json_scan_offset(const struct json_scan *scan);

/* What was read since the scan was at an offset; false when not all of it is
 * still there. */
bool json_scan_passed(const struct json_scan *scan, uint64_t offset,
                      struct text_span *text);

/* The next byte that is no blank, without taking it. */
bool json_scan_peek(struct json_scan *scan, char *byte);

/* Take this byte if it comes next, after blanks; *taken says so. */
bool json_scan_take(struct json_scan *scan, char byte, bool *taken);

/* Take this byte, which must come next; expected says what it is. */
bool json_scan_need(struct json_scan *scan, char byte, const char *expected);

/*
 * A string, which must come next: what is between its quotes, escapes and all.
 * Of more than limit bytes the first ones are given and *is_cut is set.
 */
bool json_scan_string(struct json_scan *scan, size_t limit,
                      struct text_span *text, bool *is_cut);

/* A number or a literal such as true, which must come next. Of one that no
 * number needs to be as long as, nothing is given. */
bool json_scan_word(struct json_scan *scan, struct text_span *word);

/* Pass over a value of any kind. */
bool json_scan_skip(struct json_scan *scan);

/* As above, and append its bytes to out, the first limit of them. */
bool json_scan_copy(struct json_scan *scan, struct buffer *out, size_t limit,
                    bool *is_cut);

/*
 * After JSON_STOP_SYNTAX among the objects of an array: go to the "{" of what
 * looks like the begin of the next one. False when there is none.
 */
bool json_scan_resync(struct json_scan *scan);

#endif
