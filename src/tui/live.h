// SPDX-License-Identifier: Apache-2.0
/*
 * tui/live.h - the viewer in a terminal, from its start to its end.
 *
 * One thread owns the terminal and the app. It sleeps until there are keys,
 * signals or results, takes all of them, and then paints once; it does not
 * paint while the terminal has not taken the frame before.
 */
#ifndef TUI_LIVE_H
#define TUI_LIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/progress.h"
#include "tui/app_start.h"
#include "tui/filter_host.h"
#include "tui/loader.h"

struct error;
struct trace_scope;

/* What is written to a file, and to which. */
struct live_written {
    const struct trace_model *model; /* what the filter leaves of the trace */
    const struct trace_scope *scope;
    bool is_whole;    /* neither of them leaves anything out */
    const char *path; /* its name says the format */
    bool is_over;     /* it may take the place of another file */
};

/* What the viewer asks of the command: it knows no files but the trace's. */
struct live_options {
    const char *title;
    const char *state_folder;  /* where marks are kept; NULL = nowhere */
    const char *config_folder; /* of keys and colours; NULL = there is none */
    bool is_ascii;
    bool has_colour;          /* unless the terminal has none */
    bool is_light;            /* the terminal's background is */
    const char *first_filter; /* NULL = none */
    struct app_start start;
    const char *keys; /* pressed first, as in app_run_script; NULL = none */
    loader_function *load; /* opens the trace, and again to reload it */
    /* On a thread of its own; the file appears whole or not at all. */
    bool (*write)(void *context, const struct live_written *written,
                  struct progress progress, struct error *err);
    /* Keep what was copied, for terminals that have no clipboard. */
    bool (*keep_copy)(void *context, const char *text, size_t size,
                      struct error *err);
    /* Whether more is to come behind what was opened last; NULL = never. */
    bool (*is_growing)(void *context);
    /* The user stops load, which keeps what it has, unless that is unwanted
     * because the viewer ends. May be NULL. */
    void (*stop)(void *context, bool is_unwanted);
    filter_function *filter; /* what a filter leaves of the trace */
    void *context;           /* of all of these */
    /* Write ESC ] 777 ; idle ; N BEL after each frame that is final, N = 1,
     * 2, ...; then nothing depends on the clock. */
    bool has_marks;
};

enum live_end {
    LIVE_QUIT,        /* by a key */
    LIVE_SIGNALLED,   /* *signal has come; it has not taken effect yet */
    LIVE_LOST,        /* the terminal is gone */
    LIVE_NO_TERMINAL, /* none that a screen can be shown on: *err says why */
};

/* Whether nothing is to be shown before all of the trace is there. */
bool live_wants_whole(const struct live_options *options);

/* Whether there is a terminal that a screen can be shown on, or why not. */
bool live_is_possible(struct error *err);

/*
 * Show the trace until the user quits. False and *err when it cannot be opened
 * or shown; the terminal is as it was before in any case. What is shown at the
 * end, a signal's too, is kept for the next visit: when that fails *err says
 * why, and it is true all the same. Reads $TERM and $SSH_TTY.
 */
bool live_run(const struct live_options *options, enum live_end *end,
              int *signal, struct error *err);

#endif
