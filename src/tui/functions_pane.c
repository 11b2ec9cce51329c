// SPDX-License-Identifier: Apache-2.0
#include "tui/functions_pane.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/function_facts.h"
#include "tui/functions.h"
#include "tui/histogram.h"
#include "tui/label.h"
#include "tui/mouse.h"
#include "tui/pieces.h"
#include "tui/profile_text.h"
#include "tui/screen.h"
#include "tui/tags.h"
#include "tui/viewer.h"

enum {
    AUTO_HEIGHT = 30, /* rows for functions from which on the pane is open */
    FACT_ROWS = 4,    /* durations, outliers, callers, callees */
    TITLE_CELLS = 10, /* of a row of facts */
    WHEEL_CALLS = 3,
};

static bool
is_open(const struct functions *functions)
{
    switch (functions->state.pane) {
    case FUNCTIONS_PANE_AUTO:
        return layout_of(functions->layout.width, functions->layout.height)
                   .track_height
               >= AUTO_HEIGHT;
    case FUNCTIONS_PANE_OPEN:
        return true;
    case FUNCTIONS_PANE_CLOSED:
        break;
    }
    return false;
}

void
functions_pane_arrange(struct functions *functions)
{
    unsigned width = functions->layout.width;
    unsigned height = functions->layout.height;

    functions->layout = is_open(functions) ? layout_with_details(width, height)
                                           : layout_of(width, height);
}

static bool
is_shown(const struct functions *functions)
{
    return functions->layout.details_height > 0;
}

/* Rows of the list of calls, without its title. */
static unsigned
list_rows(const struct functions *functions)
{
    unsigned height = functions->layout.details_height;

    return height > FACT_ROWS + 2 ? height - FACT_ROWS - 2 : 0;
}

static const struct call_rank *
calls_of(const struct functions *functions)
{
    enum fact_state state;

    return function_facts_calls(functions->viewer->function_facts, &state);
}

bool
functions_pane_prepare(struct functions *functions, struct error *err)
{
    uint32_t function;
    const struct call_rank *calls;

    if (!is_shown(functions) || functions->table.count == 0) {
        return true;
    }
    function = functions_selected(functions);
    if (functions->pane_function != function) {
        functions->pane_function = function;
        functions->state.call = 0;
        functions->state.call_top = 0;
    }
    if (!function_facts_show(functions->viewer->function_facts, function,
                             err)) {
        return false;
    }
    calls = calls_of(functions);
    if (calls != NULL && functions->state.call >= calls->call_count) {
        functions->state.call = 0;
    }
    functions->state.call_top = call_list_top(
        functions->state.call_top, functions->state.call,
        calls == NULL ? 0 : calls->call_count, list_rows(functions));
    return true;
}

bool
functions_pane_takes(const struct functions *functions, enum action_id action)
{
    bool has_focus = functions->state.has_pane_focus && is_shown(functions);

    switch (action) {
    case ACTION_DETAILS:
    case ACTION_SLOWER:
    case ACTION_FASTER:
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        return true;
    case ACTION_UP:
    case ACTION_DOWN:
    case ACTION_FIRST:
    case ACTION_LAST:
    case ACTION_OPEN_SANDWICH:
    case ACTION_CANCEL:
        return has_focus;
    case ACTION_CLOSE:
        return is_shown(functions)
               && functions->state.pane == FUNCTIONS_PANE_OPEN;
    default: /* the others act on the table */
        return false;
    }
}

/* The next slower (-1) or faster (1) call. */
static void
hop(struct functions *functions, int places)
{
    const struct call_rank *calls = calls_of(functions);
    size_t call = functions->state.call;

    if (calls == NULL || calls->call_count == 0) {
        viewer_say(functions->viewer, "its calls are not known yet");
    } else if (places < 0 ? call == 0 : call + 1 >= calls->call_count) {
        viewer_say(functions->viewer, places < 0
                                          ? "this is the slowest call"
                                          : "this is the last call here");
    } else {
        functions->state.call = places < 0 ? call - 1 : call + 1;
    }
}

static void
toggle(struct functions *functions)
{
    functions->state.pane =
        is_shown(functions) ? FUNCTIONS_PANE_CLOSED : FUNCTIONS_PANE_OPEN;
    functions->state.has_pane_focus = false;
    functions_pane_arrange(functions);
}

static bool
jump(struct functions *functions, struct error *err)
{
    struct viewer *viewer = functions->viewer;
    const struct call_rank *calls = calls_of(functions);
    struct slice slice;

    if (calls == NULL) {
        function_facts_forget(viewer->function_facts); /* and ask again */
        return true;
    }
    if (functions->state.call >= calls->call_count) {
        viewer_say(viewer, "there is no call to go to");
        return true;
    }
    if (!function_facts_slice(viewer->function_facts, functions->state.call,
                              &slice, err)) {
        return false;
    }
    viewer_jump(viewer, &slice);
    return true;
}

/* Go into the pane, which is opened for that, or leave it. */
static void
change_focus(struct functions *functions)
{
    if (!is_shown(functions)) {
        toggle(functions);
    }
    functions->state.has_pane_focus = !functions->state.has_pane_focus;
}

bool
functions_pane_command(struct functions *functions, enum action_id action,
                       struct error *err)
{
    const struct call_rank *calls = calls_of(functions);

    switch (action) {
    case ACTION_DETAILS:
    case ACTION_CLOSE:
        toggle(functions);
        return true;
    case ACTION_NEXT_PANE:
    case ACTION_PREVIOUS_PANE:
        change_focus(functions);
        return true;
    case ACTION_CANCEL:
        functions->state.has_pane_focus = false;
        return true;
    case ACTION_SLOWER:
    case ACTION_FASTER:
        if (!functions->state.has_pane_focus || !is_shown(functions)) {
            functions->state.has_pane_focus = false;
            change_focus(functions);
            return true;
        }
        hop(functions, action == ACTION_SLOWER ? -1 : 1);
        return true;
    case ACTION_UP:
    case ACTION_DOWN:
        hop(functions, action == ACTION_UP ? -1 : 1);
        return true;
    case ACTION_FIRST:
        functions->state.call = 0;
        return true;
    case ACTION_LAST:
        if (calls != NULL && calls->call_count > 0) {
            functions->state.call = calls->call_count - 1;
        }
        return true;
    default: /* Enter */
        return jump(functions, err);
    }
}

bool
functions_pane_is_at(const struct functions *functions, unsigned y)
{
    const struct layout *layout = &functions->layout;

    return is_shown(functions) && (int)y >= layout->details_row
           && (int)y < layout->details_row + (int)layout->details_height;
}

bool
functions_pane_mouse(struct functions *functions,
                     const struct mouse_event *event, struct error *err)
{
    const struct call_rank *calls = calls_of(functions);
    int first = functions->layout.details_row + FACT_ROWS + 2;
    size_t call;

    if (event->kind == MOUSE_WHEEL_UP || event->kind == MOUSE_WHEEL_DOWN) {
        for (int i = 0; i < WHEEL_CALLS; i++) {
            hop(functions, event->kind == MOUSE_WHEEL_UP ? -1 : 1);
        }
        return true;
    }
    if (event->kind != MOUSE_PRESS || event->button != MOUSE_BUTTON_LEFT) {
        return true;
    }
    functions->state.has_pane_focus = true;
    call = functions->state.call_top + event->y - (size_t)first;
    if ((int)event->y < first || calls == NULL || call >= calls->call_count) {
        return true;
    }
    if (functions->state.call == call
        && functions_is_second_click(functions, call)) {
        return jump(functions, err);
    }
    functions->state.call = call;
    (void)functions_is_second_click(functions, call);
    return true;
}

/* A row that says one thing: its title and where what it says begins. */
static int
draw_fact_title(const struct functions *functions, struct screen *screen, int y,
                const char *title)
{
    (void)screen_text(screen, 1, y, TITLE_CELLS, title, strlen(title),
                      theme_style(&functions->viewer->theme, PART_FAINT));
    return 1 + TITLE_CELLS;
}

/* "name 12.1%  " from x on; false when there is no room for it. */
static bool
draw_share(const struct functions *functions, struct screen *screen, int *x,
           int y, uint32_t function, const char *words, const char *share)
{
    const struct viewer *viewer = functions->viewer;
    struct theme theme = profile_theme(viewer);
    struct screen_style style = theme_style(&theme, PART_FAINT);
    struct model_function bare = {.name = words, .file = ""};
    unsigned room = functions->layout.width - (unsigned)*x;
    char text[LABEL_SIZE];
    unsigned cells;

    if (words == NULL) {
        const struct model_function *named =
            scope_profile_function(viewer->model, function);

        bare = *named;
        if (bare.name[0] != '<') { /* as <module>, which each file has */
            bare.file = "";
        }
        style = profile_name_style(viewer, function, 0);
    }
    (void)label_fit(text, &theme, &bare, 30);
    cells = label_width(text) + 1 + label_width(share);
    if (cells > room) {
        return false;
    }
    *x += (int)screen_text(screen, *x, y, room, text, strlen(text), style) + 1;
    *x += (int)screen_text(screen, *x, y, room, share, strlen(share),
                           theme_style(&theme, PART_TEXT))
          + 2;
    return true;
}

/* The functions right below that of a tree, with their share of its time. */
static void
draw_family(const struct functions *functions, const struct scope_profile *tree,
            const char *rest, struct screen *screen, int x, int y)
{
    const struct profile_node *nodes = tree->nodes;
    const struct profile_node *node = &nodes[nodes[0].first_child];
    char share[TEXT_NUMBER_SIZE];
    bool has_room = nodes[0].child_count > 0;

    for (uint32_t i = 0; has_room && i < node->child_count; i++) {
        const struct profile_node *child = &nodes[node->first_child + i];

        (void)text_percent(share, sizeof share, child->total_ns,
                           node->total_ns);
        has_room = draw_share(
            functions, screen, &x, y, child->function,
            child->function == PROFILE_OTHER ? "(deeper calls)" : NULL, share);
    }
    if (has_room && node->self_ns > 0) {
        (void)text_percent(share, sizeof share, node->self_ns, node->total_ns);
        (void)draw_share(functions, screen, &x, y, 0, rest, share);
    }
}

static void
draw_families(const struct functions *functions, struct screen *screen, int y)
{
    struct viewer *viewer = functions->viewer;
    enum fact_state state;
    const struct function_family *family =
        function_facts_family(viewer->function_facts, &state);
    int x = draw_fact_title(functions, screen, y, "callers");

    (void)draw_fact_title(functions, screen, y + 1, "callees");
    if (family != NULL) {
        draw_family(functions, &family->callers, "(no caller)", screen, x, y);
        draw_family(functions, &family->callees, "(self)", screen, x, y + 1);
    } else {
        const char *words =
            state == FACT_AWAITED ? "looking for them" : "stopped";

        viewer->shows_progress |= state == FACT_AWAITED;
        (void)screen_text(screen, x, y, functions->layout.width - (unsigned)x,
                          words, strlen(words),
                          theme_style(&viewer->theme, PART_FAINT));
    }
}

/* All durations, with the place of the chosen call; percentiles are exact. */
static void
draw_durations(const struct functions *functions, struct screen *screen, int y)
{
    const struct call_rank *calls = calls_of(functions);
    struct histogram_place place = {.y = y,
                                    .width = functions->layout.width / 3};

    place.x = draw_fact_title(functions, screen, y, "durations");
    if (calls != NULL) {
        histogram_draw_row(calls, functions->state.has_pane_focus,
                           functions->state.call < calls->call_count
                               ? calls->calls[functions->state.call].duration_ns
                               : 0,
                           &functions->viewer->theme, screen, &place);
    }
}

static void
draw_outliers(const struct functions *functions, struct screen *screen, int y)
{
    const struct viewer *viewer = functions->viewer;
    const struct call_rank *calls = calls_of(functions);
    struct function_outliers outliers;
    int x = draw_fact_title(functions, screen, y, "outliers");
    char count[TEXT_NUMBER_SIZE];
    char share[TEXT_NUMBER_SIZE];
    char limit[TEXT_NUMBER_SIZE];
    char text[4 * TEXT_NUMBER_SIZE];

    if (!function_facts_outliers(viewer->function_facts, &outliers)) {
        return;
    }
    if (outliers.count == 0) {
        (void)snprintf(text, sizeof text,
                       "none: no call takes longer than %s, the mean and three "
                       "deviations",
                       text_duration(limit, sizeof limit, outliers.limit_ns,
                                     viewer->theme.is_ascii));
    } else {
        (void)snprintf(
            text, sizeof text,
            "%s%s call%s longer than %s (mean and three deviations): %s of its "
            "time",
            outliers.is_more ? "more than " : "",
            text_grouped(count, sizeof count, outliers.count),
            outliers.count == 1 ? "" : "s",
            text_duration(limit, sizeof limit, outliers.limit_ns,
                          viewer->theme.is_ascii),
            text_percent(share, sizeof share, outliers.total_ns,
                         calls->total_ns));
    }
    (void)screen_text(screen, x, y, functions->layout.width - (unsigned)x, text,
                      strlen(text), theme_style(&viewer->theme, PART_TEXT));
}

static void
draw_title(const struct functions *functions, struct screen *screen)
{
    const struct viewer *viewer = functions->viewer;
    bool has_focus = functions->state.has_pane_focus;
    enum theme_part part = has_focus ? PART_TAB : PART_STATUS;
    const struct model_function *function =
        scope_profile_function(viewer->model, functions_selected(functions));
    struct model_function bare = {.name = function->name, .file = ""};
    struct pieces pieces = {0};
    char name[LABEL_SIZE];
    int y = functions->layout.details_row;

    for (unsigned x = 0; x < functions->layout.width; x++) {
        screen_put(screen, (int)x, y, ' ', theme_style(&viewer->theme, part));
    }
    pieces_add(
        &pieces, 1, false, part, "%s",
        label_fit(name, &viewer->theme, &bare, functions->layout.width / 2));
    pieces_add(&pieces, 2, true, part, "%s",
               has_focus ? "Enter go there  Tab table  i close"
                         : "Tab go into it  i close");
    pieces_draw(&pieces, &viewer->theme, screen, 0, y, functions->layout.width);
}

bool
functions_pane_draw(struct functions *functions, struct screen *screen,
                    struct error *err)
{
    unsigned height = functions->layout.details_height;
    int y = functions->layout.details_row;
    const struct call_list_place place = {
        .y = y + FACT_ROWS + 1,
        .width = functions->layout.width,
        .height = list_rows(functions) + 1,
        .top = functions->state.call_top,
        .chosen = functions->state.call,
        .has_focus = functions->state.has_pane_focus,
    };

    if (!is_shown(functions) || functions->table.count == 0) {
        return true;
    }
    draw_title(functions, screen);
    if (height > 1) {
        draw_durations(functions, screen, y + 1);
    }
    if (height > 2) {
        draw_outliers(functions, screen, y + 2);
    }
    if (height > FACT_ROWS) {
        draw_families(functions, screen, y + 3);
    }
    return list_rows(functions) == 0
           || call_list_draw(&functions->calls, functions->viewer, &place,
                             screen, err);
}
