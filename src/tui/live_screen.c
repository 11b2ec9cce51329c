// SPDX-License-Identifier: Apache-2.0
#include "tui/live_screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "tui/screen.h"
#include "tui/terminal.h"
#include "tui/tty_modes.h"
#include "tui/tty_restore.h"

enum {
    DRAIN_MS = 1000, /* for the last bytes, then the terminal is given up */
};

static bool
open_terminal(struct live_screen *live, struct error *err)
{
    const char *type = getenv("TERM");

    if (type == NULL || *type == '\0' || strcmp(type, "dumb") == 0) {
        return error_set(err, ERROR_UNSUPPORTED,
                         "TERM does not say what terminal this is");
    }
    tty_size(&live->tty, &live->width, &live->height);
    return terminal_new(&live->terminal, type, live->width, live->height, err);
}

static const struct live_screen nothing = {
    .tty = {.fd = -1},
    .signals = {.fd = -1},
    .hold = {-1, -1},
};

bool
live_screen_check(struct error *err)
{
    struct live_screen live = nothing;
    bool is_ok = tty_open(&live.tty, err) && open_terminal(&live, err);

    terminal_free(live.terminal);
    tty_close(&live.tty);
    return is_ok;
}

bool
live_screen_open(struct live_screen *live, struct error *err)
{
    *live = nothing;
    if (!tty_open(&live->tty, err) || !open_terminal(live, err)) {
        return false;
    }
    tty_wait_for_turn(&live->tty);
    return tty_signals_begin(&live->signals, err)
           && tty_make_raw(&live->tty, err);
}

void
live_screen_close(struct live_screen *live)
{
    live_screen_leave(live);
    terminal_free(live->terminal);
    live->terminal = NULL;
    tty_close(&live->tty);
    buffer_release(&live->bytes);
    tty_signals_end(&live->signals);
}

unsigned
live_screen_colour_count(const struct live_screen *live)
{
    static const unsigned counts[] = {256, 16, 8};
    unsigned count = terminal_colour_count(live->terminal);

    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (count >= counts[i]) {
            return counts[i];
        }
    }
    return 0;
}

bool
live_screen_knows_questions(const struct live_screen *live)
{
    static const char *const silent[] = {"linux", "vt", "cons", "sun", "ansi"};
    const char *type = getenv("TERM");

    for (size_t i = 0; i < sizeof silent / sizeof silent[0]; i++) {
        if (type == NULL || strncmp(type, silent[i], strlen(silent[i])) == 0) {
            return false;
        }
    }
    return live_screen_colour_count(live) > 0;
}

static bool
send(struct live_screen *live, struct error *err)
{
    if (!buffer_is_ok(&live->bytes)) {
        return error_set_no_memory(err);
    }
    tty_write(&live->tty, live->bytes.data, live->bytes.size);
    return true;
}

/* What gives the terminal back as it was. */
static void
make_leave_bytes(struct live_screen *live)
{
    buffer_clear(&live->bytes);
    buffer_append_text(&live->bytes, TTY_MODES_OFF);
    terminal_append_leave(live->terminal, &live->bytes);
}

/* Before the first byte of a picture. */
static bool
show(struct live_screen *live, struct error *err)
{
    if (!stderr_hold_begin(&live->hold, err)) {
        return false;
    }
    make_leave_bytes(live);
    if (!buffer_is_ok(&live->bytes)) {
        return error_set_no_memory(err);
    }
    tty_restore_arm(&live->tty, live->bytes.data, live->bytes.size,
                    &live->hold);
    live->is_shown = true;
    buffer_clear(&live->bytes);
    buffer_append_text(&live->bytes, TTY_MODES_STRAY TTY_MODES_ON);
    if (!live->is_mouse_off) {
        buffer_append_text(&live->bytes, TTY_MODES_MOUSE_ON);
    }
    terminal_append_enter(live->terminal, &live->bytes);
    return send(live, err);
}

bool
live_screen_draw(struct live_screen *live, const struct screen *screen,
                 struct error *err)
{
    if (!live->is_shown && !show(live, err)) {
        return false;
    }
    buffer_clear(&live->bytes);
    return terminal_draw(live->terminal, screen, &live->bytes, err)
           && send(live, err);
}

bool
live_screen_measure(struct live_screen *live, bool *has_changed,
                    struct error *err)
{
    unsigned width;
    unsigned height;

    tty_size(&live->tty, &width, &height);
    *has_changed = width != live->width || height != live->height;
    if (!*has_changed) {
        return true;
    }
    if (!terminal_resize(live->terminal, width, height, err)) {
        return false;
    }
    live->width = width;
    live->height = height;
    return true;
}

void
live_screen_forget(struct live_screen *live)
{
    terminal_forget(live->terminal);
}

void
live_screen_set_mouse(struct live_screen *live, bool is_off)
{
    static const char on[] = TTY_MODES_MOUSE_ON;
    static const char off[] = TTY_MODES_MOUSE_OFF;

    live->is_mouse_off = is_off;
    if (live->is_shown) {
        tty_write(&live->tty, is_off ? off : on,
                  is_off ? sizeof off - 1 : sizeof on - 1);
    }
}

void
live_screen_leave(struct live_screen *live)
{
    if (live->is_shown) {
        live->is_shown = false;
        make_leave_bytes(live);
        if (tty_is_ours(&live->tty)) {
            (void)send(live, NULL);
            tty_drain(&live->tty, DRAIN_MS);
        }
    }
    tty_restore(&live->tty);
    tty_restore_disarm();
    stderr_hold_end(&live->hold);
}

bool
live_screen_take(struct live_screen *live, struct error *err)
{
    bool has_changed;

    return tty_make_raw(&live->tty, err)
           && live_screen_measure(live, &has_changed, err);
}

/* A signal that is there and asks us to end; 0 = none. */
static int
find_ending_signal(const struct live_screen *live)
{
    int number;

    while ((number = tty_signals_read(&live->signals)) != 0) {
        if (tty_signals_is_ending(number)) {
            return number;
        }
    }
    return 0;
}

bool
live_screen_suspend(struct live_screen *live, bool is_whole_group, int *signal,
                    struct error *err)
{
    bool can_stop = true;

    live_screen_leave(live);
    do {
        /* Continued in the background we stop again. */
        can_stop = tty_signals_stop(&live->signals, is_whole_group);
        *signal = find_ending_signal(live);
        is_whole_group = false;
    } while (*signal == 0 && can_stop && !tty_is_ours(&live->tty));
    if (*signal != 0) {
        return true;
    }
    if (!tty_is_ours(&live->tty)) {
        live->tty.is_lost = true;
        return true;
    }
    return live_screen_take(live, err);
}
