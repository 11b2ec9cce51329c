// SPDX-License-Identifier: Apache-2.0
/*
 * tui/live_parts.h - the state of the viewer in a terminal, for the files that
 * it is made of.
 */
#ifndef TUI_LIVE_PARTS_H
#define TUI_LIVE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/job_scope.h"
#include "tui/live.h"
#include "tui/live_screen.h"
#include "tui/loader.h"
#include "tui/tty_input.h"

struct app;
struct error;
struct screen;
struct trace_model;

enum { LIVE_NS_PER_MS = 1000000 };

/* What the loader is for. */
enum live_work {
    LIVE_OPENS,   /* there is nothing to be shown yet */
    LIVE_GROWS,   /* a part is shown */
    LIVE_RELOADS, /* the trace as it was is shown */
    LIVE_WRITES,
    LIVE_FILTERS, /* what a filter leaves is made */
};

enum { LIVE_AHEAD_MAX = 64 }; /* keys that are typed before there is anything */

struct live {
    const struct live_options *options;
    struct live_screen screen;
    struct tty_input input;
    struct app *app; /* NULL until the trace is open */
    struct trace_model *model;
    struct loader *loader; /* NULL = nothing is being opened or written */
    enum live_work work;   /* of the loader, or the last one */
    unsigned patience_ms;  /* of the loader; 0 = until it is all there */
    struct filter_host filters;
    char *filter;   /* that is made; owned, NULL = none */
    bool has_begun; /* the first filter and the first keys are done */
    struct trace_model *grown; /* takes the place of model; NULL = none */
    char *write_path;          /* owned */
    struct job_scope write_scope;
    struct live_written written; /* points to these */
    const char *write_limit;     /* ": only ...", what leaves things out */
    uint64_t loading_ns;         /* since when */
    unsigned ahead[LIVE_AHEAD_MAX];
    size_t ahead_count;
    uint64_t interrupt_ns;  /* of the last ^C while loading; 0 = none */
    struct screen *loading; /* the picture of it */
    unsigned colour_count;
    bool is_light;  /* the background, as far as is known */
    bool is_asking; /* the terminal has not answered yet */

    unsigned dropped_key; /* its repeats that were typed already are dropped */
    uint64_t byte_ns;     /* when the last byte came */
    uint64_t clock_ns; /* what the app is told, where nothing depends on it */
    bool needs_frame;
    bool needs_mark;
    unsigned long mark_count;

    bool has_ended;
    enum live_end end;
    int signal;
};

/* live_serve.c */

void live_end_as(struct live *live, enum live_end end);
void live_end_by_signal(struct live *live, int number);

/* Something happened: the next frame shows it. */
void live_touch(struct live *live);

/* The time that the app is told. */
uint64_t live_now_ns(const struct live *live);

/* The terminal may have another size. */
bool live_resize(struct live *live, struct error *err);

bool live_suspend(struct live *live, bool is_whole_group, struct error *err);

/* Somebody else stopped us, and let us go on, maybe in the background. */
bool live_go_on(struct live *live, struct error *err);

/* Do what the app asks for, if anything. */
bool live_serve(struct live *live, struct error *err);

/* live_load.c */

/* Open the trace, or open it again. */
bool live_start_loading(struct live *live, struct error *err);

/* Make what a filter leaves of it; "" is there at once. Says so when that
 * cannot be done now. */
bool live_start_filtering(struct live *live, const char *filter,
                          struct error *err);

/* Whether there is only a picture of the work. */
bool live_shows_picture(const struct live *live);

/* Write it to a file; says so when that cannot be done now. */
bool live_start_writing(struct live *live, const char *path, bool is_over,
                        struct error *err);

/* The loader is done: with it there is a trace, or none. */
bool live_end_loading(struct live *live, struct error *err);

/* Show the whole trace instead of the part, as soon as nothing is open. */
bool live_take_grown(struct live *live, struct error *err);

/* Let the loader, which is there, end soon. */
void live_stop_loader(struct live *live, bool is_unwanted);

/* Before there is anything else to be shown. Keys that do not stop or quit wait
 * for it: live_take_ahead presses them. */
void live_key_while_loading(struct live *live, unsigned key);
bool live_take_ahead(struct live *live, bool *has_quit, struct error *err);
bool live_paint_loading(struct live *live, struct error *err);

/* Tell the app how far the loader is. */
void live_show_work(struct live *live);

#endif
