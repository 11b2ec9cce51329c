// SPDX-License-Identifier: Apache-2.0
#include "tui/events_pane.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "format/sanitise.h"
#include "model/trace_model.h"
#include "tui/args_lines.h"
#include "tui/box.h"
#include "tui/events.h"
#include "tui/events_text.h"
#include "tui/key.h"
#include "tui/place_text.h"
#include "tui/screen.h"
#include "tui/text_wrap.h"
#include "tui/timeline_points.h"
#include "tui/viewer.h"

enum { INDENT = 1, FACT_SIZE = 512 };

/* One printable line after the other, wrapped to the pane. */
static void
put_line(struct events_pane *pane, const char *text)
{
    size_t skip;
    size_t size;

    while ((size = text_wrap(text, pane->width, &skip)) > 0) {
        buffer_append(&pane->text, text, size);
        buffer_append_char(&pane->text, '\0');
        pane->line_count++;
        text += skip;
    }
}

/* Any text of the trace, a line for each of its own. */
static void
put_text(struct events_pane *pane, const char *text, size_t size)
{
    struct buffer clean = {0};

    while (size > 0) {
        const char *end = memchr(text, '\n', size);
        size_t length = end == NULL ? size : (size_t)(end - text);

        buffer_clear(&clean);
        sanitise_append(&clean, text, length);
        if (length > 0) {
            put_line(pane, buffer_is_ok(&clean) ? clean.data : "");
        }
        length += end != NULL;
        text += length;
        size -= length;
    }
    pane->text.has_failed |= clean.has_failed;
    buffer_release(&clean);
}

static bool
put_args(struct events_pane *pane, const char *json, size_t size,
         struct error *err)
{
    struct buffer lines = {0};
    const char *line;
    size_t count;

    if (size == 0) {
        return true;
    }
    if (!args_lines(&lines, &count, json, size, err)) {
        buffer_release(&lines);
        return false;
    }
    line = lines.data;
    for (size_t i = 0; i < count; i++) {
        put_text(pane, line, strlen(line));
        line += strlen(line) + 1;
    }
    buffer_release(&lines);
    return true;
}

static void put_format(struct events_pane *pane, const char *format, ...)
    __attribute__((format(__printf__, 2, 3)));

static void
put_format(struct events_pane *pane, const char *format, ...)
{
    char text[FACT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put_text(pane, text, strlen(text));
}

static void
put_place(struct events *events, const struct moment *moment)
{
    const struct viewer *viewer = events->viewer;
    uint32_t track = events_track(events, moment);
    const struct model_process *process =
        trace_model_process(viewer->model, events_process(events, moment));
    char time[TIME_TEXT_SIZE];
    char pid[PLACE_TEXT_SIZE];

    put_format(&events->pane, "%s at %s, %s %s", events_kind_name(moment->kind),
               viewer_time_text(viewer, time, moment->time_ns),
               place_pid(process, pid), process->name);
    if (track != UINT32_MAX) {
        const struct model_track *of = trace_model_track(viewer->model, track);

        put_format(&events->pane, "thread %s, tid %" PRIu64, of->name,
                   of->thread_id);
    }
}

static bool
put_instant(struct events *events, const struct moment *moment,
            struct error *err)
{
    struct model_instant instant =
        trace_model_instant(events->viewer->model, moment->index);

    put_text(&events->pane, instant.name, instant.name_size);
    put_place(events, moment);
    if (instant.phase != 0) {
        put_format(&events->pane, "object %s, %s", instant.id,
                   timeline_phase_name(instant.phase));
    } else {
        put_format(&events->pane, "%s", timeline_scope_name(instant.scope));
    }
    return put_args(&events->pane, instant.args, instant.args_size, err);
}

static void
put_point(struct events *events, const struct moment *moment)
{
    const struct model_counter *counter =
        trace_model_counter(events->viewer->model, moment->owner);
    char value[FACT_SIZE];
    char index[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE];

    put_format(&events->pane, "%s: %s", counter->name, counter->key);
    put_place(events, moment);
    put_format(&events->pane, "value %s",
               events_point_text(events, moment, value, sizeof value));
    put_format(&events->pane, "point %s of %s, from %.15g to %.15g",
               text_grouped(index, sizeof index, moment->index + 1),
               text_grouped(count, sizeof count, counter->point_count),
               counter->min, counter->max);
}

static void
put_call(struct events *events, const struct moment *moment)
{
    char text[EVENTS_TEXT_SIZE];

    put_format(&events->pane, "%s",
               events_cell(events, moment, EVENTS_NAME, text));
    put_place(events, moment);
    put_format(&events->pane, "%s",
               events_cell(events, moment, EVENTS_VALUE, text));
    if (moment->source == MOMENT_OF_GAP) {
        put_format(&events->pane, "the recording gave them up, or could not "
                                  "keep them; nothing is known of them");
    }
}

static bool
put_all(struct events *events, const struct moment *moment, struct error *err)
{
    switch (moment->source) {
    case MOMENT_OF_INSTANT:
        return put_instant(events, moment, err);
    case MOMENT_OF_POINT:
        put_point(events, moment);
        return true;
    case MOMENT_OF_GAP:
    case MOMENT_OF_END:
    case MOMENT_OF_UNFINISHED:
    case MOMENT_OF_CALL:
        break;
    }
    put_call(events, moment);
    return true;
}

/* The lines of the row that the cursor is on, unless they are there. */
static bool
write_lines(struct events *events, struct error *err)
{
    struct events_pane *pane = &events->pane;
    struct moment moment;
    size_t taken;

    if (!moment_list_rows(events->list, events->row, 1, &moment, &taken, err)) {
        return false;
    }
    buffer_clear(&pane->text);
    pane->line_count = 0;
    if (taken == 0) {
        return true;
    }
    if (pane->moment.index != moment.index
        || pane->moment.source != moment.source
        || pane->moment.owner != moment.owner) {
        pane->scroll.top = 0;
    }
    pane->moment = moment;
    return put_all(events, &moment, err)
           && (buffer_is_ok(&pane->text) || error_set_no_memory(err));
}

/* A line above it says where in it one is. */
static void
draw_border(const struct events *events, struct screen *screen, int y)
{
    const struct theme *theme = &events->viewer->theme;
    const struct events_pane *pane = &events->pane;
    struct screen_style style =
        theme_style(theme, pane->has_focus ? PART_TITLE : PART_FAINT);
    char position[FACT_SIZE];
    unsigned width = events->layout.width;
    const char *keys = pane->has_focus ? " j k scroll, Tab back, i close "
                                       : " Tab scroll, i close ";
    const char *where =
        scroll_text(&pane->scroll, theme, position, sizeof position);

    for (unsigned x = 0; x < width; x++) {
        screen_put(screen, (int)x, y, theme->is_ascii ? '-' : 0x2500, style);
    }
    (void)screen_text(screen, 1, y, width, keys, strlen(keys), style);
    if (where[0] != '\0' && strlen(where) + strlen(keys) + 4 < width) {
        (void)screen_text(screen, (int)(width - strlen(where) - 2), y, width,
                          where, strlen(where), style);
    }
}

bool
events_pane_draw(struct events *events, struct screen *screen,
                 struct error *err)
{
    const struct layout *layout = &events->layout;
    struct events_pane *pane = &events->pane;
    unsigned rows = layout->details_height;
    const char *line;

    if (layout->details_row == LAYOUT_NONE || events->list == NULL) {
        return true;
    }
    pane->width = layout->width - 2 * INDENT;
    if (!write_lines(events, err)) {
        return false;
    }
    scroll_fit(&pane->scroll, pane->line_count, rows - 1);
    draw_border(events, screen, layout->details_row);
    line = pane->text.data;
    for (size_t i = 0; i < pane->line_count; i++) {
        if (i >= pane->scroll.top && i < pane->scroll.top + rows - 1) {
            (void)screen_text(screen, INDENT,
                              layout->details_row + 1
                                  + (int)(i - pane->scroll.top),
                              pane->width, line, strlen(line),
                              theme_style(&events->viewer->theme,
                                          i == 0 ? PART_TITLE : PART_TEXT));
        }
        line += strlen(line) + 1;
    }
    return true;
}

void
events_pane_release(struct events *events)
{
    buffer_release(&events->pane.text);
}

/* The key that scrolls as an action does. */
static unsigned
scroll_key_of(enum action_id action)
{
    switch (action) {
    case ACTION_UP:
        return KEY_UP;
    case ACTION_DOWN:
        return KEY_DOWN;
    case ACTION_PAGE_UP:
    case ACTION_HALF_UP:
        return KEY_PAGE_UP;
    case ACTION_PAGE_DOWN:
    case ACTION_HALF_DOWN:
        return KEY_PAGE_DOWN;
    case ACTION_FIRST:
        return KEY_HOME;
    case ACTION_LAST:
        return KEY_END;
    default: /* the others are the list's */
        return KEY_NONE;
    }
}

static void
toggle(struct events *events)
{
    bool *is_closed = &events->state.is_pane_closed;

    *is_closed = !*is_closed;
    events->pane.has_focus = false;
    events_resize(events, events->layout.width, events->layout.height);
    if (!*is_closed && events->layout.details_row == LAYOUT_NONE) {
        viewer_say(events->viewer, "there is no room for details");
    }
}

static void
change_focus(struct events *events)
{
    if (events->layout.details_row == LAYOUT_NONE) {
        viewer_say(events->viewer, events->state.is_pane_closed
                                       ? "the details are closed: i opens them"
                                       : "there is no room for details");
        return;
    }
    events->pane.has_focus = !events->pane.has_focus;
}

bool
events_pane_command(struct events *events, enum action_id action)
{
    struct events_pane *pane = &events->pane;
    unsigned key = scroll_key_of(action);

    switch (action) {
    case ACTION_DETAILS:
        toggle(events);
        return true;
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        change_focus(events);
        return true;
    case ACTION_CANCEL:
    case ACTION_CLOSE:
        if (pane->has_focus) {
            pane->has_focus = false;
            return true;
        }
        return false;
    default: /* scrolling, or the list's */
        return pane->has_focus && key != KEY_NONE
               && scroll_key(&pane->scroll, key);
    }
}
