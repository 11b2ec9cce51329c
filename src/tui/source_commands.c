// SPDX-License-Identifier: Apache-2.0
#include "tui/source.h"

#include "base/error.h"
#include "model/trace_model.h"
#include "tui/mouse.h"
#include "tui/profile_job.h"
#include "tui/viewer.h"

#define DOUBLE_CLICK_NS UINT64_C(400000000)

enum { WHEEL_ROWS = 3, SIDEWAYS = 8 };

static uint32_t
line_count(const struct source *source)
{
    return (uint32_t)source->page.outline.line_count;
}

static bool
has_text(const struct source *source)
{
    return source->has_page && line_count(source) > 0;
}

static void
go_to_line(struct source *source, uint32_t line)
{
    source->state.line = line;
    source->guess = 0;
}

static void
move_line(struct source *source, ptrdiff_t lines)
{
    ptrdiff_t last = (ptrdiff_t)line_count(source);
    ptrdiff_t line = (ptrdiff_t)source->state.line;

    line = lines < 1 - line ? 1 : lines > last - line ? last : line + lines;
    if (line == (ptrdiff_t)source->state.line) {
        viewer_say(source->viewer, lines < 0 ? "this is the first line"
                                             : "this is the last line");
    }
    go_to_line(source, (uint32_t)line);
}

static void
move_in_pane(struct source *source, ptrdiff_t lines)
{
    const struct details_column *column = &source->pane.columns[0];
    ptrdiff_t chosen = (ptrdiff_t)source->state.chosen;
    ptrdiff_t last = (ptrdiff_t)column->count - 1;

    if (last < 0) {
        return;
    }
    chosen = chosen > last ? last : chosen;
    chosen = lines < -chosen         ? 0
             : lines > last - chosen ? last
                                     : chosen + lines;
    source->state.chosen = (size_t)chosen;
}

static void
move(struct source *source, ptrdiff_t lines)
{
    if (source->state.has_focus) {
        move_in_pane(source, lines);
    } else if (has_text(source)) {
        move_line(source, lines);
    }
}

static void
scroll(struct source *source, int direction)
{
    unsigned *left = &source->state.left;

    if (direction < 0) {
        if (*left == 0) {
            viewer_say(source->viewer, "this is where lines begin");
        }
        *left = *left < SIDEWAYS ? 0 : *left - SIDEWAYS;
    } else if (!source->has_more_right) {
        viewer_say(source->viewer, "all of these lines is shown");
    } else if (*left + SIDEWAYS > SOURCE_LEFT_MAX) {
        viewer_say(source->viewer, "the rest of this line is for an editor: e");
    } else {
        *left += SIDEWAYS;
    }
}

/* The nearest line behind (1) or before (-1) that begins a block or defines a
 * function; 0 = there is none. */
static uint32_t
find_definition(const struct source *source, int direction)
{
    const struct source_page *page = &source->page;
    uint32_t from = source->state.line;
    uint32_t nearest = 0;

    for (size_t i = 0; i < page->outline.block_count + page->definition_count;
         i++) {
        uint32_t line =
            i < page->outline.block_count
                ? page->outline.blocks[i].line
                : page->definitions[i - page->outline.block_count].line;

        if (direction > 0 ? line > from && (nearest == 0 || line < nearest)
                          : line < from && line > nearest) {
            nearest = line;
        }
    }
    return nearest;
}

static void
go_to_definition(struct source *source, int direction)
{
    uint32_t line = find_definition(source, direction);

    if (line == 0) {
        viewer_say(source->viewer, direction > 0
                                       ? "no definition follows in this file"
                                       : "no definition is before this line");
    } else {
        go_to_line(source, line);
    }
}

/* How far it is from the cursor to a line, around the file. */
static uint32_t
distance_to(const struct source *source, uint32_t line, int direction)
{
    uint32_t count = line_count(source);
    uint32_t from = source->state.line;
    uint32_t distance = direction > 0 ? (line + count - from) % count
                                      : (from + count - line) % count;

    return distance == 0 ? count : distance;
}

/* The next (1) or previous (-1) line that has a name which is searched for. */
static void
go_to_match(struct source *source, int direction)
{
    const struct source_page *page = &source->page;
    const struct search *search = &source->viewer->search;
    uint32_t nearest = 0;

    if (!search_is_on(search)) {
        viewer_say(source->viewer, "nothing is searched for; / begins");
        return;
    }
    for (size_t i = 0; i < page->definition_count + page->site_count; i++) {
        bool is_site = i >= page->definition_count;
        size_t k = i - (is_site ? page->definition_count : 0);
        uint32_t line =
            is_site ? page->sites[k].line : page->definitions[k].line;
        uint32_t function =
            is_site ? page->sites[k].callee : page->definitions[k].function;

        if (search_is_hit(search, function)
            && (nearest == 0
                || distance_to(source, line, direction)
                       < distance_to(source, nearest, direction))) {
            nearest = line;
        }
    }
    if (nearest == 0) {
        viewer_say(source->viewer, "no function on this page matches");
    } else {
        go_to_line(source, nearest);
    }
}

static bool
show_callee(struct source *source, uint32_t function)
{
    const struct model_function *known = source_function(source, function);

    if (known == NULL || known->file[0] == '\0') {
        viewer_say(source->viewer, "%.100s has no Python source",
                   source_name(source, function));
        return true;
    }
    source_show(source, function);
    source->state.has_focus = false;
    return true;
}

/* A line of the pane: a caller, or a function. */
static bool
follow_target(struct source *source, struct error *err)
{
    const struct details_column *column = &source->pane.columns[0];
    const struct details_target *target;

    if (source->state.chosen >= column->count) {
        return true;
    }
    target = &column->lines[source->state.chosen].target;
    switch (target->kind) {
    case TARGET_SLICE:
        source->state.has_focus = false;
        return source_step_to_call(source, &target->slice, false, err);
    case TARGET_FUNCTION:
        return show_callee(source, target->slice.function);
    case TARGET_NONE:
    case TARGET_CALL_AT:
    case TARGET_TIME:
        viewer_say(source->viewer, "this line leads nowhere");
        return true;
    }
    return true;
}

static bool
go(struct source *source, struct error *err)
{
    uint32_t line = source->state.line;
    size_t count;
    const struct page_definition *definitions;
    const struct page_site *sites;

    source_ask_again(source);
    if (source->state.has_focus) {
        return follow_target(source, err);
    }
    if (!has_text(source)) {
        source_forget(source); /* and ask again */
        return true;
    }
    definitions = source_page_definitions(&source->page, line, &count);
    if (count > 0) {
        return source_step_to_longest(source, definitions->function, err);
    }
    sites = source_page_sites(&source->page, line, &count);
    if (count == 0) {
        viewer_say(source->viewer,
                   "nothing that was called is named on this line");
        return true;
    }
    return show_callee(source, sites->callee);
}

static bool
edit(struct source *source, struct error *err)
{
    const struct model_function *known =
        source_function(source, source->state.function);

    if (known == NULL || known->file[0] == '\0') {
        viewer_say(source->viewer, "there is no source file of this");
        return true;
    }
    return viewer_request(source->viewer, APP_REQUEST_EDIT, known->file,
                          has_text(source) ? source->state.line : known->line,
                          err);
}

static void
change_pane(struct source *source)
{
    if (source_pane_width(source) == 0) {
        viewer_say(source->viewer, "the pane needs 120 columns");
    } else {
        source->state.has_focus = !source->state.has_focus;
    }
}

static bool
show_occurrences(struct source *source, struct error *err)
{
    uint32_t function = source_line_function(source);

    return longest_call_job_start(source->viewer, JOB_SOURCE_STEP, &function, 1,
                                  false, err);
}

static bool
carry_out(struct source *source, enum action_id action, bool *is_done,
          struct error *err)
{
    ptrdiff_t page = (ptrdiff_t)source_height(source);

    switch (action) {
    case ACTION_UP:
    case ACTION_DOWN:
        move(source, action == ACTION_UP ? -1 : 1);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_PAGE_DOWN:
        move(source, action == ACTION_PAGE_UP ? -page : page);
        return true;
    case ACTION_HALF_UP:
    case ACTION_HALF_DOWN:
        page = page / 2 + 1;
        move(source, action == ACTION_HALF_UP ? -page : page);
        return true;
    case ACTION_FIRST:
    case ACTION_LAST:
        move(source, action == ACTION_FIRST ? -PTRDIFF_MAX : PTRDIFF_MAX);
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        scroll(source, action == ACTION_LEFT ? -1 : 1);
        return true;
    case ACTION_PREVIOUS_DEFINITION:
    case ACTION_NEXT_DEFINITION:
        if (has_text(source)) {
            go_to_definition(source, action == ACTION_NEXT_DEFINITION ? 1 : -1);
        }
        return true;
    case ACTION_SEARCH_NEXT:
    case ACTION_SEARCH_PREVIOUS:
        if (has_text(source)) {
            go_to_match(source, action == ACTION_SEARCH_NEXT ? 1 : -1);
        }
        return true;
    case ACTION_STEP_INTO:
        return source_step(source, SOURCE_STEP_INTO, err);
    case ACTION_STEP_OVER:
        return source_step(source, SOURCE_STEP_OVER, err);
    case ACTION_STEP_OUT:
        return source_step(source, SOURCE_STEP_OUT, err);
    case ACTION_STEP_BACK:
        if (!source_step_back(source)) {
            viewer_say(source->viewer, "there is no step to go back");
        }
        return true;
    case ACTION_OPEN_SOURCE:
        return go(source, err);
    case ACTION_OCCURRENCES:
        return show_occurrences(source, err);
    case ACTION_EDIT:
        return edit(source, err);
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        change_pane(source);
        return true;
    case ACTION_CANCEL:
    case ACTION_CLOSE:
        *is_done = source->state.has_focus;
        source->state.has_focus = false;
        return true;
    default: /* the others are the viewer's, or not of this view */
        *is_done = false;
        return true;
    }
}

bool
source_command(struct source *source, enum action_id action, bool *is_done,
               struct error *err)
{
    *is_done = true;
    if (!source_prepare(source, err)) {
        return false;
    }
    if (!source->state.has_function || source->layout.is_too_small) {
        *is_done = false;
        return true; /* nothing can be seen, so nothing can be meant */
    }
    return carry_out(source, action, is_done, err)
           && source_prepare(source, err);
}

static bool
click(struct source *source, uint32_t line, struct error *err)
{
    uint64_t now_ns = source->viewer->now_ns;
    bool is_second = source->click_ns != 0 && source->click_line == line
                     && now_ns - source->click_ns <= DOUBLE_CLICK_NS;

    if (line > line_count(source)) {
        return true;
    }
    source->state.has_focus = false;
    go_to_line(source, line);
    source->click_line = line;
    source->click_ns = is_second ? 0 : now_ns;
    return !is_second || go(source, err);
}

static bool
click_pane(struct source *source, unsigned row, struct error *err)
{
    bool is_second = source->state.has_focus && source->state.chosen == row;

    if (row >= source->pane.columns[0].count) {
        return true;
    }
    source->state.has_focus = true;
    source->state.chosen = row;
    return !is_second || follow_target(source, err);
}

bool
source_mouse(struct source *source, const struct mouse_event *event,
             struct error *err)
{
    unsigned first = (unsigned)source->layout.tracks_row;
    bool is_press =
        event->kind == MOUSE_PRESS && event->button == MOUSE_BUTTON_LEFT;
    bool is_ok = true;

    if (!source_prepare(source, err)) {
        return false;
    }
    if (!source->state.has_function || source->layout.is_too_small) {
        return true;
    }
    if (event->kind == MOUSE_WHEEL_UP || event->kind == MOUSE_WHEEL_DOWN) {
        move(source, event->kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
    } else if (is_press && event->y >= first
               && event->y - first < source_height(source)) {
        unsigned row = event->y - first;

        if (event->x >= source_text_width(source)) {
            is_ok = click_pane(source, row, err);
        } else if (has_text(source)) {
            is_ok = click(source, source->state.top + row, err);
        }
    }
    return is_ok && source_prepare(source, err);
}
