// SPDX-License-Identifier: Apache-2.0
/*
 * A terminal may send any bytes, at any size. 0xFF stands for the time after
 * which half a sequence is given up, 0xFE and two bytes for another size;
 * neither is in UTF-8.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"
#include "tui/app.h"
#include "tui/screen.h"
#include "tui/tty_input.h"

enum { EXPIRE = 0xFF, RESIZE = 0xFE, BYTES_MAX = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool is_right, const char *what)
{
    if (!is_right) {
        (void)fprintf(stderr, "%s\n", what);
        abort();
    }
}

/* One small trace for all inputs. */
static struct trace_model *
open_model(void)
{
    struct trace_random_options options = {
        .process_count = 2,
        .thread_count = 2,
        .calls_per_thread = 60,
        .depth_max = 6,
        .instant_permille = 50,
        .object_permille = 30,
        .counter_permille = 50,
        .gap_permille = 5,
        .has_unfinished = true,
    };
    struct trace_model_options model_options = {.thread_count = 1};
    char *folder = temporary_folder_make();
    struct trace_oracle *oracle = trace_random(folder, &options);
    const char *path = oracle->path;
    struct trace_model *model = NULL;
    struct error err = {0};

    check(trace_model_open(&model, &path, 1, &model_options, &err),
          err.message);
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
    return model;
}

/* Each row covers exactly the width, with characters that may be shown. */
static void
check_screen(const struct screen *screen)
{
    for (unsigned y = 0; y < screen_height(screen); y++) {
        unsigned used = 0;

        for (unsigned x = 0; x < screen_width(screen); x++) {
            const struct screen_cell *cell = screen_at(screen, x, y);

            check(cell->width <= 2, "a cell is wider than two columns");
            check(cell->width > 0 || (x > 0 && used == x + 1),
                  "half a character");
            check(cell->width == 0
                      || (cell->character[0] >= 0x20
                          && (cell->character[0] < 0x7F
                              || cell->character[0] >= 0xA0)),
                  "a control on the screen");
            used += cell->width;
        }
        check(used == screen_width(screen), "a row is not as wide as it is");
    }
}

static bool
act(struct app *app, const struct tty_event *event, bool *has_quit,
    struct error *err)
{
    struct app_request request;
    bool is_ok = true;

    switch (event->kind) {
    case TTY_EVENT_KEY:
        is_ok = app_key(app, event->key, has_quit, err);
        break;
    case TTY_EVENT_MOUSE:
        is_ok = app_mouse(app, &event->mouse, has_quit, err);
        break;
    case TTY_EVENT_PASTE:
        is_ok = app_paste(app, event->text, event->size, err);
        break;
    case TTY_EVENT_FOCUS_IN:
    case TTY_EVENT_FOCUS_OUT:
    case TTY_EVENT_BACKGROUND:
    case TTY_EVENT_ATTRIBUTES:
        break;
    }
    while (app_take_request(app, &request)) {
        app_request_release(&request);
    }
    return is_ok && app_draw(app, err);
}

/* Bytes up to the next special one; returns how many were used. */
static size_t
feed(struct tty_input *input, const uint8_t *data, size_t size)
{
    size_t count = 0;
    size_t taken;

    while (count < size && data[count] != EXPIRE && data[count] != RESIZE) {
        count++;
    }
    taken = tty_input_feed(input, (const char *)data, count);
    check(taken <= count && (taken > 0 || count == 0), "no byte was taken");
    return taken;
}

static void
run(struct app *app, const uint8_t *data, size_t size)
{
    struct tty_input input;
    struct tty_event event;
    struct error err = {0};
    bool has_quit = false;

    tty_input_init(&input, TTY_ESCAPE_MS);
    while (size > 0) {
        size_t used = 1;

        if (*data == EXPIRE) {
            tty_input_expire(&input);
            check(tty_input_timeout_ms(&input) < 0, "half a sequence is left");
        } else if (*data == RESIZE && size > 2) {
            check(app_resize(app, 1 + data[1] % 200u, 1 + data[2] % 60u, &err)
                      && app_draw(app, &err),
                  err.message);
            used = 3;
        } else if (*data != RESIZE) {
            used = feed(&input, data, size);
        }
        while (tty_input_take(&input, &event)) {
            /* After a quit key whatever comes must do no harm either. */
            check(act(app, &event, &has_quit, &err), err.message);
            check_screen(app_screen(app));
        }
        data += used;
        size -= used;
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct trace_model *model = NULL;
    struct app_options options = {
        .colour_count = 256,
        .is_ascii = size % 2 == 1,
        .title = "fuzz.vzt",
    };
    struct buffer out = {0};
    struct app *app = NULL;
    struct error err = {0};

    if (model == NULL) {
        model = open_model();
    }
    check(app_new(&app, model, &options, 80, 24, &err) && app_draw(app, &err),
          err.message);
    run(app, data, size > BYTES_MAX ? BYTES_MAX : size);
    check(app_dump(app, DUMP_JSON, &out, &err), err.message);
    buffer_release(&out);
    app_free(app);
    return 0;
}
