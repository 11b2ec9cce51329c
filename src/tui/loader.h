// SPDX-License-Identifier: Apache-2.0
/*
 * tui/loader.h - opening a trace, or writing it, on a thread of its own.
 */
#ifndef TUI_LOADER_H
#define TUI_LOADER_H

#include <stdbool.h>

struct error;
struct loader;
struct progress;
struct trace_model;

/* Opens the trace; the caller closes *out, which may stay NULL when something
 * else is done. Runs on the loader's thread. */
typedef bool loader_function(void *context, struct trace_model **out,
                             struct progress progress, struct error *err);

/* With a patience of more than 0 ms it is told to stop after that time: what is
 * there then is better than nothing, for a first look. That time begins anew
 * when it reports a total of 0: it waits itself. */
bool loader_start(struct loader **out, loader_function *function, void *context,
                  unsigned patience_ms, struct error *err);

/* Readable when it is done. */
int loader_fd(const struct loader *loader);

/* How far it is, from 0 to 1; less than 0 as long as nothing is known. */
double loader_fraction(const struct loader *loader);

/* It is to stop soon: what is there is kept where the format allows that. */
void loader_cancel(struct loader *loader);
bool loader_is_cancelled(const struct loader *loader);

/* Its patience came to an end before the work did: what it gives is a part. */
bool loader_is_cut(const struct loader *loader);

/* Wait for its end and release it. True and *out, or what went wrong. */
bool loader_finish(struct loader *loader, struct trace_model **out,
                   struct error *err);

#endif
