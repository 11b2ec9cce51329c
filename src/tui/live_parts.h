// SPDX-License-Identifier: Apache-2.0
/*
 * tui/live_parts.h - the state of the live viewer, for the files that it is
 * made of.
 */
#ifndef TUI_LIVE_PARTS_H
#define TUI_LIVE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/live.h"
#include "tui/live_screen.h"
#include "tui/tty_input.h"

struct app;
struct screen;
struct trace_model;

struct live {
    const struct live_options *options;
    struct live_screen screen;
    struct tty_input input;
    struct app *app; /* NULL until the trace is open */
    struct trace_model *model;
    struct filter_host filters;
    struct loader *loader; /* NULL = nothing is being opened */
    char *filter;          /* that it makes; owned, NULL = it opens the trace */
    uint64_t loading_ns;   /* since when */
    uint64_t interrupt_ns; /* of the last ^C while loading; 0 = none */
    struct screen *loading; /* the picture of it */
    unsigned colour_count;

    unsigned dropped_key; /* its repeats that were typed already are dropped */
    uint64_t byte_ns;     /* when the last byte came */
    uint64_t clock_ns; /* what the app is told, where nothing depends on it */
    bool has_begun;    /* the first filter and the first keys are done */
    bool needs_frame;
    bool needs_mark;
    unsigned long mark_count;

    bool has_ended;
    enum live_end end;
    int signal;
};

/* Something happened: the next frame shows it. */
static inline void
live_touch(struct live *live)
{
    live->needs_frame = true;
    live->needs_mark = true;
}

/* live_open.c: on the loader's thread, with progress, and to be stopped. */

/* Open the trace, at first or again. */
bool live_start_loading(struct live *live, struct error *err);

/* Make what a filter leaves of it; "" is there at once. */
bool live_start_filtering(struct live *live, const char *filter,
                          struct error *err);

/* The loader is done. */
bool live_end_loading(struct live *live, struct error *err);

#endif
