// SPDX-License-Identifier: Apache-2.0
#include "tui/notes.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "format/sanitise.h"
#include "model/recording_facts.h"
#include "model/trace_model.h"
#include "tui/box.h"
#include "tui/chrome.h"
#include "tui/key.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/screen.h"
#include "tui/scroll.h"
#include "tui/text_wrap.h"
#include "tui/viewer.h"

enum {
    WIDTH = 72,
    WIDE_WIDTH = 110,
    INDENT = 2,
    TITLE_SIZE = 64,
};

/* A note in one line of text, or a part of it. */
struct notes {
    struct viewer *viewer;
    struct scroll scroll;
    struct box box; /* of the last frame */
};

/* Where lines go: they are counted first, then drawn. */
struct notes_sink {
    const struct notes *notes;
    struct screen *screen; /* NULL = only count */
    size_t count;
};

static void
put_line(struct notes_sink *sink, const char *text, size_t size, bool is_first)
{
    const struct notes *notes = sink->notes;
    const struct scroll *scroll = &notes->scroll;
    size_t line = sink->count++;
    int y;

    if (sink->screen == NULL || line < scroll->top
        || line >= scroll->top + scroll->rows) {
        return;
    }
    y = notes->box.inner_y + (int)(line - scroll->top);
    if (is_first) {
        screen_put(sink->screen, notes->box.inner_x, y, '-',
                   SCREEN_STYLE_DEFAULT);
    }
    (void)screen_text(sink->screen, notes->box.inner_x + INDENT, y,
                      notes->box.inner_width - INDENT, text, size,
                      SCREEN_STYLE_DEFAULT);
}

static void
put_note(struct notes_sink *sink, const char *note)
{
    unsigned cells = sink->notes->box.inner_width - INDENT;
    bool is_first = true;
    size_t skip;
    size_t size;

    while ((size = text_wrap(note, cells, &skip)) > 0) {
        put_line(sink, note, size, is_first);
        is_first = false;
        note += skip;
    }
}

/* What recording took; there is nothing in it to be sanitised. */
static bool
put_facts(struct notes_sink *sink, struct error *err)
{
    const struct viewer *viewer = sink->notes->viewer;
    struct buffer facts = {0};
    bool is_ok;

    recording_facts_append(&facts, viewer->model, viewer->theme.is_ascii);
    is_ok = buffer_is_ok(&facts);
    for (char *line = facts.data; is_ok && line < facts.data + facts.size;) {
        char *end = strchr(line, '\n');

        *end = '\0';
        put_note(sink, line);
        line = end + 1;
    }
    buffer_release(&facts);
    return is_ok || error_set_no_memory(err);
}

static size_t
count_notes(const struct viewer *viewer)
{
    return trace_model_note_count(viewer->model) + viewer->note_count;
}

/* Of the trace, then of the viewer. */
static const char *
note_at(const struct viewer *viewer, size_t index)
{
    size_t count = trace_model_note_count(viewer->model);

    return index < count ? trace_model_note(viewer->model, index)
                         : viewer->notes[index - count];
}

static bool
put_notes(struct notes_sink *sink, struct error *err)
{
    const struct viewer *viewer = sink->notes->viewer;
    struct buffer clean = {0};
    bool is_ok = true;

    if (trace_model_note_count(viewer->model) == 0) {
        put_note(sink, "there is nothing to say: the trace is whole");
    }
    for (size_t i = 0; i < count_notes(viewer) && is_ok; i++) {
        const char *note = note_at(viewer, i);

        buffer_clear(&clean);
        sanitise_append(&clean, note, strlen(note));
        is_ok = buffer_is_ok(&clean);
        if (is_ok && clean.size > 0) {
            put_note(sink, clean.data);
        }
    }
    buffer_release(&clean);
    return is_ok ? put_facts(sink, err) : error_set_no_memory(err);
}

static bool
notes_draw(void *overlay, struct screen *screen, struct error *err)
{
    struct notes *notes = overlay;
    const struct theme *theme = &notes->viewer->theme;
    size_t count = count_notes(notes->viewer);
    struct notes_sink lines = {.notes = notes};
    struct notes_sink sink = {.notes = notes, .screen = screen};
    char title[TITLE_SIZE];
    char position[TITLE_SIZE];

    notes->box = box_place(
        screen, screen_width(screen) >= WIDE_SCREEN ? WIDE_WIDTH : WIDTH,
        screen_height(screen));
    if (notes->box.inner_width <= INDENT || notes->box.inner_height == 0) {
        return true;
    }
    if (!put_notes(&lines, err)) {
        return false;
    }
    notes->box = box_place(
        screen, screen_width(screen) >= WIDE_SCREEN ? WIDE_WIDTH : WIDTH,
        (unsigned)lines.count + 2);
    scroll_fit(&notes->scroll, lines.count, notes->box.inner_height);
    (void)snprintf(title, sizeof title, "%zu note%s on this trace   (q close)",
                   count, count == 1 ? "" : "s");
    box_draw(&notes->box, theme, screen, title,
             scroll_text(&notes->scroll, theme, position, sizeof position));
    return put_notes(&sink, err);
}

static bool
notes_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    struct notes *notes = overlay;

    (void)err;
    *is_done = key == 'q' || key == KEY_ESCAPE || key == KEY_ENTER
               || key == (KEY_CONTROL | 'c');
    if (!*is_done) {
        (void)scroll_key(&notes->scroll, key);
    }
    return true;
}

static bool
notes_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
            struct error *err)
{
    struct notes *notes = overlay;

    (void)err;
    *is_done = box_is_left(&notes->box, event);
    scroll_mouse(&notes->scroll, event);
    return true;
}

static const struct overlay_class notes_class = {
    .key = notes_key,
    .mouse = notes_mouse,
    .draw = notes_draw,
    .close = free,
};

bool
notes_open(struct viewer *viewer, struct error *err)
{
    struct notes *notes = array_new(1, sizeof *notes, err);

    if (notes == NULL) {
        return false;
    }
    notes->viewer = viewer;
    viewer_open_overlay(viewer, &notes_class, notes);
    return true;
}
