// SPDX-License-Identifier: Apache-2.0
/* What the viewer asks of whoever has the terminal. */
#include "tui/live_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "tui/app.h"
#include "tui/clipboard.h"
#include "tui/editor.h"
#include "tui/shell_pipe.h"

void
live_end_as(struct live *live, enum live_end end)
{
    if (!live->has_ended) {
        live->has_ended = true;
        live->end = end;
    }
}

void
live_end_by_signal(struct live *live, int number)
{
    if (!live->has_ended) {
        live->signal = number;
        live_end_as(live, LIVE_SIGNALLED);
    }
}

/* Something happened: the next frame shows it. */
void
live_touch(struct live *live)
{
    live->needs_frame = true;
    live->needs_mark = true;
}

uint64_t
live_now_ns(const struct live *live)
{
    return live->options->has_marks ? live->clock_ns : clock_monotonic_ns();
}

bool
live_resize(struct live *live, struct error *err)
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

/* Who is stopped may be ended without a word. */
static bool
keep_view(struct live *live, struct error *err)
{
    struct error failure = {0};

    return live->app == NULL || app_store_view(live->app, &failure)
           || app_note(live->app, failure.message, err);
}

bool
live_suspend(struct live *live, bool is_whole_group, struct error *err)
{
    int number;

    if (!keep_view(live, err)) {
        return false;
    }
    if (!live_screen_suspend(&live->screen, is_whole_group, &number, err)) {
        return false;
    }
    if (number != 0) {
        live_end_by_signal(live, number);
        return true;
    }
    return live_resize(live, err);
}

/* Somebody else stopped us, and let us go on, maybe in the background. */
bool
live_go_on(struct live *live, struct error *err)
{
    if (!tty_is_ours(&live->screen.tty)) {
        return live_suspend(live, false, err);
    }
    live_screen_leave(&live->screen);
    return live_screen_take(&live->screen, err) && live_resize(live, err);
}

/* Take the terminal back from a program, which has failed or not. */
static bool
come_back(struct live *live, int signal, const struct error *failure,
          struct error *err)
{
    if (signal != 0) {
        live_end_by_signal(live, signal);
        return true;
    }
    if (!live_screen_take(&live->screen, err) || !live_resize(live, err)) {
        return false;
    }
    if (failure->code != ERROR_NONE) {
        app_say(live->app, failure->message);
    }
    return true;
}

static bool
edit(struct live *live, const struct app_request *request, struct error *err)
{
    struct error failure = {0};
    int number = 0;

    live_screen_leave(&live->screen);
    (void)editor_run(request->text, request->line, &live->screen.tty, -1,
                     &live->screen.signals, &number, &failure);
    return come_back(live, number, &failure, err);
}

static bool
run_pipe(struct live *live, const struct app_request *request,
         struct error *err)
{
    struct error failure = {0};
    int number = 0;

    live_screen_leave(&live->screen);
    (void)shell_pipe_run(request->command, request->text, strlen(request->text),
                         &live->screen.tty, &live->screen.signals, &number,
                         &failure);
    return come_back(live, number, &failure, err);
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
        return live_suspend(live, true, err);
    case APP_REQUEST_REDRAW:
        live_screen_forget(&live->screen);
        return true;
    case APP_REQUEST_EDIT:
        return edit(live, request, err);
    case APP_REQUEST_RELOAD:
        if (live->loader != NULL || live->grown != NULL) {
            app_say(live->app, "something is being loaded or written already");
            return true;
        }
        return live_start_loading(live, err);
    case APP_REQUEST_FILTER:
        return live_start_filtering(live, request->text, err);
    case APP_REQUEST_PIPE:
        return run_pipe(live, request, err);
    case APP_REQUEST_WRITE:
        return live_start_writing(live, request->text, request->line == 1, err);
    case APP_REQUEST_STOP:
        if (live->loader != NULL) {
            live_stop_loader(live, false);
        }
        return true;
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
bool
live_serve(struct live *live, struct error *err)
{
    struct app_request request;
    bool is_ok;

    if (live->app == NULL || !app_take_request(live->app, &request)) {
        return true;
    }
    is_ok = serve(live, &request, err);
    app_request_release(&request);
    return is_ok;
}
