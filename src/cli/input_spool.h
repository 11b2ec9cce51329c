// SPDX-License-Identifier: Apache-2.0
/*
 * cli/input_spool.h - what comes through a pipe, put aside in a file.
 *
 * A thread reads the pipe, through a buffer of fixed size, into a file without
 * a name in $TMPDIR, else in /tmp. The file can be opened at any time and holds
 * what has come so far.
 */
#ifndef CLI_INPUT_SPOOL_H
#define CLI_INPUT_SPOOL_H

#include <stdbool.h>
#include <stdint.h>

struct error;
struct input_spool;

/*
 * Begin to read fd, which belongs to the spool from then on, also after a
 * failure. What it is called in messages, name, must stay. With needs_writer a
 * pipe that nobody writes to is an error rather than empty.
 */
bool input_spool_open(struct input_spool **out, int fd, const char *name,
                      bool needs_writer, struct error *err);

/* The path under which the file can be opened until the spool is closed. */
const char *input_spool_path(const struct input_spool *spool);

/* How much of it is in the file. */
uint64_t input_spool_size(struct input_spool *spool);

/* Whether nothing more will come. */
bool input_spool_has_ended(struct input_spool *spool);

/* Wait until it has ended or another size, for at most patience_ms. */
void input_spool_wait(struct input_spool *spool, uint64_t size,
                      unsigned patience_ms);

/* Read no more: whoever writes is told so by SIGPIPE. What came stays. */
void input_spool_stop(struct input_spool *spool);

/* False when what came could not be read, or not be put aside. */
bool input_spool_check(struct input_spool *spool, struct error *err);

/* Stops, too. NULL is allowed. */
void input_spool_close(struct input_spool *spool);

#endif
