// SPDX-License-Identifier: Apache-2.0
#include "tui/live_parts.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "tui/app.h"
#include "tui/clipboard.h"
#include "tui/editor.h"
#include "tui/key.h"
#include "tui/live_screen.h"
#include "tui/loading_screen.h"
#include "tui/screen.h"
#include "tui/tty_input.h"

enum {
    LOADING_MS = 100, /* until the progress is shown, and between two looks */
    QUIT_AGAIN_MS = 1000, /* between two interrupts that quit */
    SETTLE_MS = 10,       /* for results that are about to come */
    HANG_UP_MS = 100,
    READ_SIZE = 4096,
    TITLE_SIZE = 512,
    READS_MAX = 16, /* before a frame is due, however much there is */
    POLL_COUNT = 3,
    NS_PER_MS = 1000000,
};

static void
end_as(struct live *live, enum live_end end)
{
    if (!live->has_ended) {
        live->has_ended = true;
        live->end = end;
    }
}

static void
end_by_signal(struct live *live, int number)
{
    if (!live->has_ended) {
        live->signal = number;
        end_as(live, LIVE_SIGNALLED);
    }
}

static uint64_t
app_now_ns(const struct live *live)
{
    return live->options->has_marks ? live->clock_ns : clock_monotonic_ns();
}

/* Esc and ^C stop, q and a second ^C quit. */
static void
key_while_loading(struct live *live, unsigned key)
{
    uint64_t now_ns = clock_monotonic_ns();

    if (key == 'q' || key == 'Q'
        || (key == (KEY_CONTROL | 'c') && live->interrupt_ns != 0
            && now_ns - live->interrupt_ns
                   <= (uint64_t)QUIT_AGAIN_MS * NS_PER_MS)) {
        end_as(live, LIVE_QUIT);
    }
    if (key == (KEY_CONTROL | 'c')) {
        live->interrupt_ns = now_ns;
    }
    if (live->has_ended || key == KEY_ESCAPE || key == (KEY_CONTROL | 'c')) {
        loader_cancel(live->loader);
        live->needs_frame = true;
    }
}

static bool
resize(struct live *live, struct error *err)
{
    bool has_changed;

    if (!live_screen_measure(&live->screen, &has_changed, err)) {
        return false;
    }
    live_touch(live);
    return live->app == NULL
           || app_resize(live->app, live->screen.width, live->screen.height,
                         err);
}

static bool
suspend(struct live *live, bool is_whole_group, struct error *err)
{
    int number;

    if (!live_screen_suspend(&live->screen, is_whole_group, &number, err)) {
        return false;
    }
    if (number != 0) {
        end_by_signal(live, number);
        return true;
    }
    return resize(live, err);
}

/* Somebody else stopped us, and let us go on, maybe in the background. */
static bool
go_on(struct live *live, struct error *err)
{
    if (!tty_is_ours(&live->screen.tty)) {
        return suspend(live, false, err);
    }
    live_screen_leave(&live->screen);
    return live_screen_take(&live->screen, err) && resize(live, err);
}

static bool
edit(struct live *live, const struct app_request *request, struct error *err)
{
    struct error failure = {0};
    int number = 0;
    bool is_ok;

    live_screen_leave(&live->screen);
    is_ok = editor_run(request->text, request->line, &live->screen.tty, -1,
                       &live->screen.signals, &number, &failure);
    if (number != 0) {
        end_by_signal(live, number);
        return true;
    }
    if (!live_screen_take(&live->screen, err) || !resize(live, err)) {
        return false;
    }
    if (!is_ok) {
        app_say(live->app, failure.message);
    }
    return true;
}

/* To the clipboard of the terminal, and to a file, since many terminals do
 * not let programs near theirs. */
static void
copy(struct live *live, const char *text)
{
    struct buffer clean = {0};
    struct buffer sequence = {0};
    struct error failure = {0};
    bool is_sent;

    clipboard_append_clean(&clean, text, strlen(text));
    is_sent = buffer_is_ok(&clean)
              && clipboard_append_sequence(&sequence, clean.data, clean.size);
    if (is_sent && buffer_is_ok(&sequence)) {
        tty_write(&live->screen.tty, sequence.data, sequence.size);
    }
    if (!buffer_is_ok(&clean) || !buffer_is_ok(&sequence)) {
        app_say(live->app, "out of memory");
    } else if (!live->options->keep_copy(live->options->context, clean.data,
                                         clean.size, &failure)) {
        app_say(live->app, failure.message);
    } else if (!is_sent) {
        app_say(live->app, "too long for the clipboard, but in the file");
    }
    buffer_release(&clean);
    buffer_release(&sequence);
}

static bool
serve(struct live *live, const struct app_request *request, struct error *err)
{
    switch (request->kind) {
    case APP_REQUEST_NONE:
        return true;
    case APP_REQUEST_SUSPEND:
        return suspend(live, true, err);
    case APP_REQUEST_REDRAW:
        live_screen_forget(&live->screen);
        return true;
    case APP_REQUEST_EDIT:
        return edit(live, request, err);
    case APP_REQUEST_RELOAD:
        return live->loader != NULL || live_start_loading(live, err);
    case APP_REQUEST_FILTER:
        return live->loader != NULL
               || live_start_filtering(live, request->text, err);
    case APP_REQUEST_COPY:
        copy(live, request->text);
        return true;
    case APP_REQUEST_MOUSE_ON:
    case APP_REQUEST_MOUSE_OFF:
        live_screen_set_mouse(&live->screen,
                              request->kind == APP_REQUEST_MOUSE_OFF);
        return true;
    }
    return true;
}

/* What the app asks for, if anything. */
static bool
serve_app(struct live *live, struct error *err)
{
    struct app_request request;
    bool is_ok;

    if (live->app == NULL || !app_take_request(live->app, &request)) {
        return true;
    }
    is_ok = serve(live, &request, err);
    free(request.text);
    return is_ok;
}

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

    app_set_time(live->app, app_now_ns(live));
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
    }
    if (has_quit) {
        end_as(live, LIVE_QUIT);
    }
    return is_ok && (has_quit || serve_app(live, err));
}

static bool
take_events(struct live *live, struct error *err)
{
    struct tty_event event;

    while (!live->has_ended && tty_input_take(&live->input, &event)) {
        if (live->loader == NULL) {
            if (!event_to_app(live, &event, err)) {
                return false;
            }
        } else if (event.kind == TTY_EVENT_KEY) {
            if (event.key == (KEY_CONTROL | 'z')) {
                if (!suspend(live, true, err)) {
                    return false;
                }
            } else {
                key_while_loading(live, event.key);
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
            end_by_signal(live, number);
        } else if (number == SIGTSTP) {
            is_ok = suspend(live, false, err);
        } else if (number == SIGWINCH) {
            is_ok = resize(live, err);
        } else if (number == SIGCONT) {
            is_ok = go_on(live, err);
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
    return !live->options->has_marks && app_shows_progress(live->app);
}

/* How long until something is due that no descriptor tells; -1 = for ever. */
static int
timeout_ms(const struct live *live)
{
    uint64_t now_ns = clock_monotonic_ns();
    int timeout = tty_input_timeout_ms(&live->input);
    int other = -1;

    if (timeout >= 0) {
        uint64_t passed_ms = (now_ns - live->byte_ns) / NS_PER_MS;

        timeout = passed_ms >= (uint64_t)timeout ? 0 : timeout - (int)passed_ms;
    }
    if (live->loader != NULL) {
        other = LOADING_MS;
    } else if (live->app != NULL) {
        other = app_timeout_ms(live->app, app_now_ns(live));
        if (live->options->has_marks && other > 0) {
            other = 0;
        }
        if (shows_progress(live) && (other < 0 || other > LOADING_MS)) {
            other = LOADING_MS;
        }
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
        && now_ns - live->byte_ns >= (uint64_t)timeout * NS_PER_MS) {
        tty_input_expire(&live->input);
        live_touch(live);
        if (!take_events(live, err)) {
            return false;
        }
    }
    if (live->loader != NULL) {
        live->needs_frame = true;
    } else if (live->app != NULL) {
        timeout = app_timeout_ms(live->app, app_now_ns(live));
        if (timeout >= 0 && live->options->has_marks) {
            live->clock_ns += (uint64_t)timeout * NS_PER_MS;
            timeout = 0;
        }
        if (timeout == 0) {
            app_tick(live->app, app_now_ns(live));
            live_touch(live);
        }
        if (shows_progress(live)) {
            live->needs_frame = true;
        }
    }
    return true;
}

static bool
wait_and_take(struct live *live, struct error *err)
{
    struct tty *tty = &live->screen.tty;
    struct pollfd polls[POLL_COUNT] = {
        {.fd = tty->fd, .events = POLLIN},
        {.fd = live->screen.signals.fd, .events = POLLIN},
        {.fd = live->loader != NULL ? loader_fd(live->loader)
                                    : app_wake_fd(live->app),
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
    if (polls[2].revents != 0 && !live->has_ended) {
        live_touch(live);
        if (live->loader != NULL
                ? !live_end_loading(live, err) || !serve_app(live, err)
                : !app_wake(live->app, err)) {
            return false;
        }
    }
    return live->has_ended || pass_time(live, err);
}

static bool
paint_loading(struct live *live, struct error *err)
{
    char title[TITLE_SIZE];

    if (clock_monotonic_ns() - live->loading_ns
        < (uint64_t)LOADING_MS * NS_PER_MS) {
        return true;
    }
    if (live->loading == NULL
            ? !screen_new(&live->loading, live->screen.width,
                          live->screen.height, err)
            : !screen_resize(live->loading, live->screen.width,
                             live->screen.height, err)) {
        return false;
    }
    (void)snprintf(title, sizeof title, "%s%s%s", live->options->title,
                   live->filter == NULL ? "" : ", only ",
                   live->filter == NULL ? "" : live->filter);
    screen_set_ascii(live->loading, live->options->is_ascii);
    loading_screen_draw(live->loading, title, loader_fraction(live->loader),
                        loader_is_cancelled(live->loader),
                        live->options->is_ascii);
    return live_screen_draw(&live->screen, live->loading, err);
}

/* Draw the app, with what is found out within a moment: better than two
 * frames. */
static bool
draw_app(struct live *live, struct error *err)
{
    const uint64_t end_ns =
        clock_monotonic_ns() + (uint64_t)SETTLE_MS * NS_PER_MS;
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

        if (poll(waits, 2, (int)((end_ns - now_ns) / NS_PER_MS) + 1) <= 0
            || waits[1].revents != 0) {
            break;
        }
        if (!app_wake(live->app, err) || !app_draw(live->app, err)) {
            return false;
        }
    }
    return true;
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
    if (live->loader != NULL) {
        return paint_loading(live, err);
    }
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
        || live->loader != NULL || tty_is_pending(&live->screen.tty)
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
    end_as(live, LIVE_LOST);
    return true;
}

static bool
run(struct live *live, struct error *err)
{
    if (!live_start_loading(live, err)) {
        return false;
    }
    while (!live->has_ended) {
        if (!wait_and_take(live, err)) {
            return false;
        }
        if (live->screen.tty.is_lost && !end_as_lost(live, err)) {
            return false;
        }
        if (!live->has_ended) {
            if (!paint(live, err)) {
                return false;
            }
            mark(live);
        }
    }
    return true;
}

/* The screen first: the rest may take a moment. */
static void
release(struct live *live)
{
    struct trace_model *model = NULL;
    struct error unused;

    live_screen_leave(&live->screen);
    if (live->loader != NULL) {
        loader_cancel(live->loader);
        if (loader_finish(live->loader, &model, &unused)) {
            trace_model_close(model);
        }
    }
    free(live->filter);
    app_free(live->app);
    filter_host_release(&live->filters);
    trace_model_close(live->model);
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
    bool is_ok;

    if (live == NULL) {
        return error_set_no_memory(err);
    }
    live->options = options;
    live->clock_ns = NS_PER_MS;
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
    release(live);
    *end = live->end;
    *signal = live->signal;
    if (!is_ok || live->end == LIVE_NO_TERMINAL) {
        *err = failure;
    }
    free(live);
    return is_ok;
}
