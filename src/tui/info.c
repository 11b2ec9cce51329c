// SPDX-License-Identifier: Apache-2.0
#include "tui/info.h"

#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/chrome.h"
#include "tui/label.h"
#include "tui/mouse.h"
#include "tui/pieces.h"
#include "tui/screen.h"
#include "tui/viewer.h"

enum {
    WHEEL_LINES = 3,
    SIDE_STEP = 8, /* columns */
};

/* The rows of titles are the page's, too. */
static unsigned
page_height(const struct info *info)
{
    return info->layout.track_height + 1;
}

void
info_forget(struct info *info)
{
    info_lines_release(&info->lines);
    info->has_lines = false;
}

bool
info_prepare(struct info *info, struct error *err)
{
    const struct viewer *viewer = info->viewer;
    size_t height = page_height(info);

    if (info->layout.is_too_small) {
        return true;
    }
    if (!info->has_lines || info->width != info->layout.width
        || info->note_count != viewer->note_count
        || info->library_size != viewer->library_text.size
        || info->is_ascii != viewer->theme.is_ascii) {
        info->width = info->layout.width;
        info->note_count = viewer->note_count;
        info->library_size = viewer->library_text.size;
        info->is_ascii = viewer->theme.is_ascii;
        if (!info_lines_build(&info->lines, viewer, info->width, err)) {
            return false;
        }
        info->has_lines = true;
    }
    if (info->state.line >= info->lines.count) {
        info->state.line = info->lines.count - 1;
    }
    if (info->state.top + height > info->lines.count) {
        info->state.top =
            info->lines.count > height ? info->lines.count - height : 0;
    }
    if (info->state.line < info->state.top) {
        info->state.top = info->state.line;
    } else if (info->state.line >= info->state.top + height) {
        info->state.top = info->state.line - height + 1;
    }
    return true;
}

static void
move(struct info *info, ptrdiff_t lines)
{
    size_t last = info->lines.count - 1;
    size_t line = info->state.line;

    if (lines < 0) {
        line = line < (size_t)-lines ? 0 : line - (size_t)-lines;
    } else {
        line = last - line < (size_t)lines ? last : line + (size_t)lines;
    }
    if (line == info->state.line) {
        viewer_say(info->viewer, lines < 0 ? "this is the first line"
                                           : "this is the last line");
    }
    info->state.line = line;
}

static void
scroll_sideways(struct info *info, int direction)
{
    unsigned *left = &info->state.left;
    unsigned width = info->layout.width;

    if (direction < 0 && *left == 0) {
        viewer_say(info->viewer, "these are the first columns");
    } else if (direction > 0 && *left + width >= info->lines.width) {
        viewer_say(info->viewer, "there is no more to the right");
    } else {
        *left = direction > 0       ? *left + SIDE_STEP
                : *left < SIDE_STEP ? 0
                                    : *left - SIDE_STEP;
    }
}

/* The title of the next part of the page, or the one before. */
static void
go_to_part(struct info *info, int direction)
{
    size_t found = SIZE_MAX;
    size_t at = 0;

    while ((at = info_lines_find(&info->lines, INFO_TITLE, at)) != SIZE_MAX) {
        if (direction > 0 && at > info->state.line) {
            found = at;
            break;
        }
        if (direction < 0 && at < info->state.line) {
            found = at;
        }
        at++;
    }
    if (found == SIZE_MAX) {
        viewer_say(info->viewer, direction > 0 ? "this is the last part"
                                               : "this is the first part");
        return;
    }
    info->state.line = found;
    info->state.top = found;
}

bool
info_command(struct info *info, enum action_id action, bool *is_done,
             struct error *err)
{
    ptrdiff_t page = (ptrdiff_t)page_height(info);

    if (!info_prepare(info, err)) {
        return false;
    }
    *is_done = !info->layout.is_too_small;
    if (!*is_done) {
        return true;
    }
    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        move(info, action == ACTION_UP ? -1 : 1);
        break;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        move(info, action == ACTION_PAGE_UP ? -page : page);
        break;
    case ACTION_HALF_UP:
    case ACTION_HALF_DOWN:
        page = page / 2 + 1;
        move(info, action == ACTION_HALF_UP ? -page : page);
        break;
    case ACTION_FIRST:
    case ACTION_LAST:
        move(info, action == ACTION_FIRST ? -PTRDIFF_MAX : PTRDIFF_MAX);
        break;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        scroll_sideways(info, action == ACTION_LEFT ? -1 : 1);
        break;
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        go_to_part(info, action == ACTION_NEXT_PANE ? 1 : -1);
        break;
    default: /* the others are the viewer's, or not of this view */
        *is_done = false;
        return true;
    }
    return info_prepare(info, err);
}

bool
info_mouse(struct info *info, const struct mouse_event *event,
           struct error *err)
{
    const struct layout *layout = &info->layout;

    if (!info_prepare(info, err)) {
        return false;
    }
    if (layout->is_too_small) {
        return true;
    }
    switch (event->kind) {
    case MOUSE_WHEEL_UP:
    case MOUSE_WHEEL_DOWN:
        move(info, event->kind == MOUSE_WHEEL_UP ? -WHEEL_LINES : WHEEL_LINES);
        break;
    case MOUSE_WHEEL_LEFT:
    case MOUSE_WHEEL_RIGHT:
        scroll_sideways(info, event->kind == MOUSE_WHEEL_LEFT ? -1 : 1);
        break;
    case MOUSE_PRESS:
        if ((int)event->y >= layout->ruler_row
            && (int)event->y < layout->status_row
            && info->state.top + event->y - (unsigned)layout->ruler_row
                   < info->lines.count) {
            info->state.line =
                info->state.top + event->y - (unsigned)layout->ruler_row;
        }
        break;
    case MOUSE_RELEASE:
    case MOUSE_DRAG:
        break;
    }
    return info_prepare(info, err);
}

static enum theme_part
part_of(enum info_line_kind kind)
{
    switch (kind) {
    case INFO_TITLE:
        return PART_TITLE;
    case INFO_WARNING:
        return PART_WARNING;
    case INFO_TEXT:
        break;
    }
    return PART_TEXT;
}

/* The part of a line that is not scrolled away, and signs that there is
 * more. */
static void
draw_line(const struct info *info, size_t index, struct screen *screen, int y)
{
    const struct theme *theme = &info->viewer->theme;
    const char *text = info_lines_text(&info->lines, index);
    unsigned left = info->state.left;
    unsigned width = info->layout.width;
    unsigned all = label_width(text);

    (void)screen_text(
        screen, -(int)left, y, width + left, text, strlen(text),
        theme_style(theme, part_of(info->lines.lines[index].kind)));
    if (all > left + width) {
        screen_put(screen, (int)width - 1, y, theme_glyph(theme, GLYPH_RIGHT),
                   theme_style(theme, PART_FAINT));
    }
    if (index == info->state.line) {
        screen_put(screen, 0, y, theme_glyph(theme, GLYPH_RIGHT),
                   theme_style(theme, PART_TAB));
        screen_restyle(screen, 0, y, width, theme_style(theme, PART_TAB));
    }
}

static void
draw_scope(const struct info *info, struct screen *screen)
{
    const struct viewer *viewer = info->viewer;
    struct pieces pieces = {0};

    pieces_add(&pieces, 1, false, PART_TEXT, "the whole recording%s",
               viewer->filter[0] != '\0' ? ", whatever the filter hides"
               : viewer->scope.is_set    ? ", whatever the scope is"
                                         : "");
    pieces_draw(&pieces, &viewer->theme, screen, 0, info->layout.overview_row,
                info->layout.width);
}

static void
draw_status(const struct info *info, struct screen *screen)
{
    struct pieces pieces = {0};

    pieces_add(&pieces, 1, false, PART_STATUS, "line %zu of %zu",
               info->state.line + 1, info->lines.count);
    pieces_add(&pieces, 2, true, PART_STATUS, "Tab next part");
    if (info->lines.width > info->layout.width) {
        pieces_add(&pieces, 3, true, PART_STATUS, "h l sideways");
    }
    chrome_draw_status(info->viewer, &pieces, screen, info->layout.status_row);
}

bool
info_draw(struct info *info, struct screen *screen, struct error *err)
{
    const struct layout *layout = &info->layout;

    if (!info_prepare(info, err)) {
        return false;
    }
    if (layout->is_too_small) {
        chrome_draw_too_small(info->viewer, screen);
        return true;
    }
    for (unsigned i = 0;
         i < page_height(info) && info->state.top + i < info->lines.count;
         i++) {
        draw_line(info, info->state.top + i, screen,
                  layout->ruler_row + (int)i);
    }
    if (layout->tabs_row != LAYOUT_NONE) {
        chrome_draw_tabs(info->viewer, screen, layout->tabs_row);
    }
    if (layout->overview_row != LAYOUT_NONE) {
        draw_scope(info, screen);
    }
    draw_status(info, screen);
    if (layout->bar_row != LAYOUT_NONE) {
        chrome_draw_bar(info->viewer, screen, layout->bar_row);
    }
    return true;
}
