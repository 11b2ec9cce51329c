// SPDX-License-Identifier: Apache-2.0
#include "tui/live_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/app.h"
#include "tui/key.h"
#include "tui/screen.h"

enum {
    LOADING_MS = 100, /* between two looks at how far it is */
    SETTLE_MS = 10,   /* for results that are about to come */
    HANG_UP_MS = 100,
    ANSWER_MS = 100, /* that a terminal has for its answers */
    READ_SIZE = 4096,
    READS_MAX = 16, /* before a frame is due, however much there is */
    POLL_COUNT = 4,
};

/* A key. When it opens a field, its repeats that wait are not for that: a key
 * that was held must not write into a search. */
static bool
key_to_app(struct live *live, unsigned key, bool *has_quit, struct error *err)
{
    bool had_overlay = app_has_overlay(live->app);

    if (key == live->dropped_key) {
        return true;
    }
    live->dropped_key = KEY_NONE;
    if (!app_key(live->app, key, has_quit, err)) {
        return false;
    }
    if (!had_overlay && app_has_overlay(live->app)) {
        live->dropped_key = key;
    }
    return true;
}

static bool
event_to_app(struct live *live, const struct tty_event *event,
             struct error *err)
{
    bool has_quit = false;
    bool is_ok = true;

    app_set_time(live->app, live_now_ns(live));
    switch (event->kind) {
    case TTY_EVENT_KEY:
        is_ok = key_to_app(live, event->key, &has_quit, err);
        break;
    case TTY_EVENT_MOUSE:
        is_ok = app_mouse(live->app, &event->mouse, &has_quit, err);
        break;
    case TTY_EVENT_PASTE:
        is_ok = app_paste(live->app, event->text, event->size, err);
        break;
    case TTY_EVENT_FOCUS_IN:
    case TTY_EVENT_FOCUS_OUT:
        break;
    case TTY_EVENT_BACKGROUND:
    case TTY_EVENT_ATTRIBUTES:
        break; /* answers are the terminal's, not the user's */
    }
    if (has_quit) {
        live_end_as(live, LIVE_QUIT);
    }
    return is_ok && (has_quit || live_serve(live, err));
}

/* What the terminal says when it is asked. True when it is such an event. */
static bool
take_answer(struct live *live, const struct tty_event *event)
{
    if (event->kind == TTY_EVENT_ATTRIBUTES) {
        live->is_asking = false;
    } else if (event->kind == TTY_EVENT_BACKGROUND) {
        live->is_light = event->is_light;
        if (live->app != NULL) {
            app_set_background(live->app, event->is_light);
        }
        live_touch(live);
    } else {
        return false;
    }
    return true;
}

static bool
take_events(struct live *live, struct error *err)
{
    struct tty_event event;

    while (!live->has_ended && tty_input_take(&live->input, &event)) {
        if (take_answer(live, &event)) {
            continue;
        }
        if (!live_shows_picture(live)) {
            if (!event_to_app(live, &event, err)) {
                return false;
            }
        } else if (event.kind == TTY_EVENT_KEY) {
            if (event.key == (KEY_CONTROL | 'z')) {
                if (!live_suspend(live, true, err)) {
                    return false;
                }
            } else {
                live_key_while_loading(live, event.key);
            }
        }
    }
    return true;
}

static bool
take_bytes(struct live *live, const char *bytes, size_t size, struct error *err)
{
    while (size > 0 && !live->has_ended) {
        size_t taken = tty_input_feed(&live->input, bytes, size);

        if (!take_events(live, err)) {
            return false;
        }
        bytes += taken;
        size -= taken;
    }
    return true;
}

/* Everything that was typed, before anything is painted. */
static bool
read_input(struct live *live, struct error *err)
{
    char bytes[READ_SIZE];
    size_t size;

    for (unsigned i = 0; i < READS_MAX && !live->has_ended; i++) {
        size = tty_read(&live->screen.tty, bytes, sizeof bytes);
        if (size == 0) {
            live->dropped_key = KEY_NONE;
            return true;
        }
        live->byte_ns = clock_monotonic_ns();
        live_touch(live);
        if (!take_bytes(live, bytes, size, err)) {
            return false;
        }
    }
    return true;
}

static bool
read_signals(struct live *live, struct error *err)
{
    int number;

    while (!live->has_ended
           && (number = tty_signals_read(&live->screen.signals)) != 0) {
        bool is_ok = true;

        if (tty_signals_is_ending(number)) {
            live_end_by_signal(live, number);
        } else if (number == SIGTSTP) {
            is_ok = live_suspend(live, false, err);
        } else if (number == SIGWINCH) {
            is_ok = live_resize(live, err);
        } else if (number == SIGCONT) {
            is_ok = live_go_on(live, err);
        }
        if (!is_ok) {
            return false;
        }
    }
    return true;
}

/* Where marks are asked for, frames follow keys and jobs alone. */
static bool
shows_progress(const struct live *live)
{
    return live->loader != NULL
           || (!live->options->has_marks && live->app != NULL
               && app_shows_progress(live->app));
}

/* How long until something is due that no descriptor tells; -1 = for ever. */
static int
timeout_ms(const struct live *live)
{
    uint64_t now_ns = clock_monotonic_ns();
    int timeout = tty_input_timeout_ms(&live->input);
    int other = -1;

    if (timeout >= 0) {
        uint64_t passed_ms = (now_ns - live->byte_ns) / LIVE_NS_PER_MS;

        timeout = passed_ms >= (uint64_t)timeout ? 0 : timeout - (int)passed_ms;
    }
    if (live->app != NULL) {
        other = app_timeout_ms(live->app, live_now_ns(live));
        if (live->options->has_marks && other > 0) {
            other = 0;
        }
    }
    if (shows_progress(live) && (other < 0 || other > LOADING_MS)) {
        other = LOADING_MS;
    }
    return timeout < 0 ? other : other < 0 || timeout < other ? timeout : other;
}

/* What is due when nothing came. */
static bool
pass_time(struct live *live, struct error *err)
{
    int timeout = tty_input_timeout_ms(&live->input);
    uint64_t now_ns = clock_monotonic_ns();

    if (timeout >= 0
        && now_ns - live->byte_ns >= (uint64_t)timeout * LIVE_NS_PER_MS) {
        tty_input_expire(&live->input);
        live_touch(live);
        if (!take_events(live, err)) {
            return false;
        }
    }
    if (live->app != NULL) {
        timeout = app_timeout_ms(live->app, live_now_ns(live));
        if (timeout >= 0 && live->options->has_marks) {
            live->clock_ns += (uint64_t)timeout * LIVE_NS_PER_MS;
            timeout = 0;
        }
        if (timeout == 0) {
            app_tick(live->app, live_now_ns(live));
            live_touch(live);
        }
    }
    if (shows_progress(live)) {
        live->needs_frame = true;
    }
    return true;
}

/* What was loaded, and the keys that waited for it. */
static bool
take_loaded(struct live *live, struct error *err)
{
    bool has_quit = false;

    if (!live_end_loading(live, err)
        || (live->app != NULL && !live_take_ahead(live, &has_quit, err))) {
        return false;
    }
    if (has_quit) {
        live_end_as(live, LIVE_QUIT);
    }
    return has_quit || live_serve(live, err);
}

static bool
wait_and_take(struct live *live, struct error *err)
{
    struct tty *tty = &live->screen.tty;
    struct pollfd polls[POLL_COUNT] = {
        {.fd = tty->fd, .events = POLLIN},
        {.fd = live->screen.signals.fd, .events = POLLIN},
        {.fd = live->loader != NULL ? loader_fd(live->loader) : -1,
         .events = POLLIN},
        {.fd = live->app != NULL ? app_wake_fd(live->app) : -1,
         .events = POLLIN},
    };
    int count;

    if (tty_is_pending(tty)) {
        polls[0].events |= POLLOUT;
    }
    count = poll(polls, POLL_COUNT, timeout_ms(live));
    if (count < 0) {
        return errno == EINTR
               || error_set_system(err, errno, "cannot wait for keys");
    }
    if (polls[1].revents != 0 && !read_signals(live, err)) {
        return false;
    }
    if ((polls[0].revents & POLLOUT) != 0) {
        tty_flush(tty);
    }
    if (polls[0].revents != 0 && !read_input(live, err)) {
        return false;
    }
    if (polls[3].revents != 0 && !live->has_ended) {
        live_touch(live);
        if (!app_wake(live->app, err)) {
            return false;
        }
    }
    if (polls[2].revents != 0 && !live->has_ended && !take_loaded(live, err)) {
        return false;
    }
    return live->has_ended || pass_time(live, err);
}

/* Draw the app, with what is found out within a moment: better than two
 * frames. */
static bool
draw_app(struct live *live, struct error *err)
{
    const uint64_t end_ns =
        clock_monotonic_ns() + (uint64_t)SETTLE_MS * LIVE_NS_PER_MS;
    uint64_t now_ns = 0;

    stderr_hold_look(&live->screen.hold);
    if (!app_keep_stderr(live->app, live->screen.hold.text,
                         live->screen.hold.size, err)
        || !app_draw(live->app, err)) {
        return false;
    }
    while (!app_is_settled(live->app)
           && (now_ns = clock_monotonic_ns()) < end_ns) {
        struct pollfd waits[] = {
            {.fd = app_wake_fd(live->app), .events = POLLIN},
            {.fd = live->screen.tty.fd, .events = POLLIN},
        };

        if (poll(waits, 2, (int)((end_ns - now_ns) / LIVE_NS_PER_MS) + 1) <= 0
            || waits[1].revents != 0) {
            break;
        }
        if (!app_wake(live->app, err) || !app_draw(live->app, err)) {
            return false;
        }
    }
    return true;
}

/* What keys asked for that had waited for a job: it has ended since. */
static bool
serve_late_keys(struct live *live, struct error *err)
{
    if (live->has_ended || live->app == NULL) {
        return true;
    }
    if (app_has_quit(live->app)) {
        live_end_as(live, LIVE_QUIT);
        return true;
    }
    return live_serve(live, err);
}

/* A frame, unless the terminal has not taken the one before: then a later one
 * shows all at once. */
static bool
paint(struct live *live, struct error *err)
{
    if (!live->needs_frame || tty_is_pending(&live->screen.tty)) {
        return true;
    }
    live->needs_frame = false;
    if (live_shows_picture(live)) {
        return live_paint_loading(live, err);
    }
    live_show_work(live);
    return draw_app(live, err)
           && live_screen_draw(&live->screen, app_screen(live->app), err);
}

/* Tell whoever drives us that nothing more will change by itself. */
static void
mark(struct live *live)
{
    char text[sizeof "\x1b]777;idle;\a" + 20];
    int size;

    if (!live->options->has_marks || !live->needs_mark || live->needs_frame
        || live->loader != NULL || live->grown != NULL
        || tty_is_pending(&live->screen.tty)
        || tty_input_timeout_ms(&live->input) >= 0
        || !app_is_settled(live->app)) {
        return;
    }
    live->needs_mark = false;
    live->mark_count++;
    size = snprintf(text, sizeof text, "\x1b]777;idle;%lu\a", live->mark_count);
    tty_write(&live->screen.tty, text, (size_t)size);
}

/* The terminal is gone. The kernel says so by SIGHUP, too, a moment later. */
static bool
end_as_lost(struct live *live, struct error *err)
{
    struct pollfd wait = {.fd = live->screen.signals.fd, .events = POLLIN};

    if (!live->has_ended && poll(&wait, 1, HANG_UP_MS) > 0
        && !read_signals(live, err)) {
        return false;
    }
    live_end_as(live, LIVE_LOST);
    return true;
}

/* Ask which background there is, and then what the terminal is: whoever does
 * not know the first answers the second. */
static void
ask_background(struct live *live)
{
    static const char questions[] = "\x1b]11;?\x1b\\\x1b[c";

    if (!live->options->has_marks
        && live_screen_knows_questions(&live->screen)) {
        live->is_asking = true;
        tty_write(&live->screen.tty, questions, sizeof questions - 1);
    }
}

/* An answer that comes later would be typed into the shell. */
static void
wait_for_answer(struct live *live)
{
    const uint64_t end_ns =
        clock_monotonic_ns() + (uint64_t)ANSWER_MS * LIVE_NS_PER_MS;
    uint64_t now_ns;

    while (live->is_asking && !live->screen.tty.is_lost
           && (now_ns = clock_monotonic_ns()) < end_ns) {
        struct pollfd wait = {.fd = live->screen.tty.fd, .events = POLLIN};
        char bytes[READ_SIZE];
        struct tty_event event;
        size_t size;

        if (poll(&wait, 1, (int)((end_ns - now_ns) / LIVE_NS_PER_MS) + 1)
            <= 0) {
            return;
        }
        size = tty_read(&live->screen.tty, bytes, sizeof bytes);
        for (size_t taken = 0; taken < size;) {
            taken += tty_input_feed(&live->input, bytes + taken, size - taken);
            while (tty_input_take(&live->input, &event)) {
                (void)take_answer(live, &event);
            }
        }
        if (size == 0) {
            return;
        }
    }
}

static bool
run(struct live *live, struct error *err)
{
    ask_background(live);
    if (!live_start_loading(live, err)) {
        return false;
    }
    while (!live->has_ended) {
        if (!wait_and_take(live, err)
            || (!live->has_ended && !live_take_grown(live, err))) {
            return false;
        }
        if (live->screen.tty.is_lost && !end_as_lost(live, err)) {
            return false;
        }
        if (!live->has_ended
            && (!paint(live, err) || !serve_late_keys(live, err))) {
            return false;
        }
        if (!live->has_ended) {
            mark(live);
        }
    }
    return true;
}

/* The screen first: the rest may take a moment. *unkept is why what is shown
 * could not be kept for the next visit, if so. */
static void
release(struct live *live, struct error *unkept)
{
    struct trace_model *model = NULL;
    struct error unused;

    wait_for_answer(live);
    live_screen_leave(&live->screen);
    if (live->loader != NULL) {
        live_stop_loader(live, true);
        if (loader_finish(live->loader, &model, &unused)) {
            trace_model_close(model);
        }
    }
    if (live->app != NULL) {
        (void)app_store_view(live->app, unkept);
    }
    app_free(live->app);
    filter_host_release(&live->filters);
    trace_model_close(live->model);
    trace_model_close(live->grown);
    free(live->write_path);
    job_scope_release(&live->write_scope);
    free(live->filter);
    screen_free(live->loading);
    live_screen_close(&live->screen);
}

bool
live_is_possible(struct error *err)
{
    return live_screen_check(err);
}

bool
live_run(const struct live_options *options, enum live_end *end, int *signal,
         struct error *err)
{
    struct live *live = calloc(1, sizeof *live);
    struct error failure = {0};
    struct error unkept = {0};
    bool is_ok;

    if (live == NULL) {
        return error_set_no_memory(err);
    }
    live->options = options;
    live->is_light = options->is_light;
    live->clock_ns = LIVE_NS_PER_MS;
    tty_input_init(&live->input, getenv("SSH_TTY") != NULL ? TTY_ESCAPE_SLOW_MS
                                                           : TTY_ESCAPE_MS);
    is_ok = live_screen_open(&live->screen, &failure);
    if (is_ok) {
        live->colour_count =
            options->has_colour ? live_screen_colour_count(&live->screen) : 0;
        is_ok = run(live, &failure);
    } else if (failure.code == ERROR_UNSUPPORTED) {
        live->end = LIVE_NO_TERMINAL;
        is_ok = true;
    }
    release(live, &unkept);
    *end = live->end;
    *signal = live->signal;
    if (!is_ok || live->end == LIVE_NO_TERMINAL) {
        *err = failure;
    } else if (unkept.code != ERROR_NONE) {
        *err = unkept;
    }
    free(live);
    return is_ok;
}
