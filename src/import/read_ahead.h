// SPDX-License-Identifier: Apache-2.0
/*
 * import/read_ahead.h - the bytes of a source, read and inflated by a thread
 * of its own while those before them are looked at.
 *
 * What is read ahead is bounded: pieces of fixed size take turns. The first
 * piece is read by the caller, and so are all of a small file, or when no
 * thread can be had.
 */
#ifndef IMPORT_READ_AHEAD_H
#define IMPORT_READ_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_source;
struct error;
struct read_ahead;

enum { READ_AHEAD_PIECE_SIZE = 256 * 1024 };

/* The source stays the caller's, who leaves it alone until read_ahead_stop. */
bool read_ahead_open(struct read_ahead **out, struct byte_source *source,
                     struct error *err);

/* The next bytes, lent until the next call; *size is 0 only at the end. False
 * when the source cannot be read. */
bool read_ahead_next(struct read_ahead *ahead, const char **data, size_t *size,
                     struct error *err);

/* How far in the source's file the bytes go that were lent last. */
uint64_t read_ahead_position(const struct read_ahead *ahead);

/* Read no more: nothing more is lent. */
void read_ahead_stop(struct read_ahead *ahead);

/* NULL is allowed. */
void read_ahead_close(struct read_ahead *ahead);

#endif
