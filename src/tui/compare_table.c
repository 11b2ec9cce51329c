// SPDX-License-Identifier: Apache-2.0
#include "tui/compare_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "tui/box.h"
#include "tui/compare.h"
#include "tui/key.h"
#include "tui/label.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/profile_job.h"
#include "tui/screen.h"
#include "tui/scroll.h"
#include "tui/viewer.h"

enum {
    HEAD_ROWS = 4, /* what A and B are, their sums, the titles */
    CELL_CELLS = 9,
    GAP_CELLS = 1,
    FUNCTION_CELLS_MIN = 12,
    GROUP_CELLS = 4 * (CELL_CELLS + GAP_CELLS),
    TEXT_SIZE = 512,
    CELL_SIZE = 48,
};

struct compare_table {
    struct viewer *viewer;
    struct scroll scroll;
    struct box box; /* of the last frame */
    size_t row;     /* of the cursor */
    enum profile_diff_key key;
    bool is_inverted;
};

static struct profile_diff *
diff_of(const struct compare_table *table)
{
    struct compare_result *result = table->viewer->compare->result;

    return result == NULL ? NULL : &result->diff;
}

static size_t
count_of(const struct compare_table *table)
{
    const struct profile_diff *diff = diff_of(table);

    return diff == NULL ? 0 : diff->count;
}

static const char *
key_title(enum profile_diff_key key)
{
    static const char *const titles[PROFILE_DIFF_KEY_COUNT] = {
        [PROFILE_DIFF_SELF] = "SELF",
        [PROFILE_DIFF_TOTAL] = "TOTAL",
        [PROFILE_DIFF_CALLS] = "CALLS",
        [PROFILE_DIFF_NAME] = "FUNCTION",
    };

    return titles[key];
}

static void
write_value(const struct compare_table *table, enum profile_diff_key key,
            uint64_t value, char text[CELL_SIZE])
{
    if (key == PROFILE_DIFF_CALLS) {
        (void)text_count(text, CELL_SIZE, value);
    } else {
        (void)text_duration(text, CELL_SIZE, value,
                            table->viewer->theme.is_ascii);
    }
}

static void
write_delta(const struct compare_table *table, enum profile_diff_key key,
            uint64_t a, uint64_t b, char text[CELL_SIZE])
{
    char value[CELL_SIZE];

    write_value(table, key, a > b ? a - b : b - a, value);
    (void)snprintf(text, CELL_SIZE, "%s%s",
                   b > a   ? "+"
                   : a > b ? "-"
                           : "",
                   value);
}

/* "+12.3%", or by what factor; nothing can be said of what was 0. */
static void
write_share(uint64_t a, uint64_t b, char text[CELL_SIZE])
{
    double percent = a == 0 ? 0 : ((double)b - (double)a) * 100 / (double)a;
    char times[TEXT_NUMBER_SIZE];

    if (a == b) {
        (void)snprintf(text, CELL_SIZE, "=");
    } else if (a == 0) {
        text[0] = '\0';
    } else if (percent >= 1000) {
        (void)snprintf(text, CELL_SIZE, "x%s",
                       text_count(times, sizeof times, b / a));
    } else {
        (void)snprintf(text, CELL_SIZE, "%+.1f%%", percent);
    }
}

/* A text that ends at the right edge of a cell. Returns the next column. */
static int
put_right(struct screen *screen, int x, int y, const char *text,
          struct screen_style style)
{
    unsigned width = label_width(text);
    unsigned pad = width < CELL_CELLS ? CELL_CELLS - width : 0;

    (void)screen_text(screen, x + (int)pad, y, CELL_CELLS - pad, text,
                      strlen(text), style);
    return x + CELL_CELLS + GAP_CELLS;
}

/* Which numbers are shown: what the rows are sorted by, and what else there is
 * room for. */
struct columns {
    enum profile_diff_key keys[PROFILE_DIFF_KEY_COUNT];
    unsigned count;
    bool has_sides; /* A and B, too, not only the change */
};

static struct columns
choose_columns(const struct compare_table *table)
{
    unsigned width = table->box.inner_width;
    struct columns columns = {
        .keys = {table->key == PROFILE_DIFF_NAME ? PROFILE_DIFF_SELF
                                                 : table->key},
        .count = 1,
        .has_sides = width >= GROUP_CELLS + FUNCTION_CELLS_MIN,
    };

    for (int key = 0; key < PROFILE_DIFF_NAME; key++) {
        if ((enum profile_diff_key)key != columns.keys[0]
            && width >= (columns.count + 1) * GROUP_CELLS
                            + 3 * FUNCTION_CELLS_MIN) {
            columns.keys[columns.count++] = (enum profile_diff_key)key;
        }
    }
    return columns;
}

static int
put_side(const struct compare_table *table, struct screen *screen, int x, int y,
         enum profile_diff_key key, const struct profile_diff_row *row,
         unsigned side, struct screen_style style)
{
    char text[CELL_SIZE] = "-";

    if (row->functions[side] != UINT32_MAX) {
        write_value(table, key, profile_diff_value(row, key, side), text);
    }
    return put_right(screen, x, y, text, style);
}

/* By how much a number changed, and in percent. */
static int
put_change(const struct compare_table *table, struct screen *screen, int x,
           int y, enum profile_diff_key key, const struct profile_diff_row *row,
           struct screen_style style)
{
    uint64_t a = profile_diff_value(row, key, 0);
    uint64_t b = profile_diff_value(row, key, 1);
    bool is_on_one_side =
        row->change == PROFILE_NEW || row->change == PROFILE_GONE;
    char text[CELL_SIZE];

    write_delta(table, key, a, b, text);
    x = put_right(screen, x, y, text, style);
    write_share(a, b, text);
    return put_right(screen, x, y,
                     is_on_one_side ? profile_change_name(row->change) : text,
                     style);
}

static void
draw_titles(const struct compare_table *table, struct screen *screen, int y)
{
    const struct theme *theme = &table->viewer->theme;
    struct screen_style style = theme_style(theme, PART_RULER);
    struct screen_style sorted = theme_style(theme, PART_TITLE);
    struct columns columns = choose_columns(table);
    bool is_by_name = table->key == PROFILE_DIFF_NAME;
    bool is_down = is_by_name == table->is_inverted;
    uint32_t arrow = theme_order_glyph(theme, is_down);
    int x = table->box.inner_x;

    for (unsigned i = 0; i < columns.count; i++) {
        enum profile_diff_key key = columns.keys[i];
        bool is_sorted = key == table->key;
        char text[CELL_SIZE];

        if (columns.has_sides) {
            (void)snprintf(text, sizeof text, "%s A", key_title(key));
            x = put_right(screen, x, y, text, style);
            x = put_right(screen, x, y, "B", style);
        }
        (void)snprintf(text, sizeof text, "%s%s",
                       columns.has_sides ? "B-A" : key_title(key),
                       is_sorted ? " " : "");
        x = put_right(screen, x, y, text, is_sorted ? sorted : style);
        if (is_sorted) {
            screen_put(screen, x - GAP_CELLS - 1, y, arrow, sorted);
        }
        x = put_right(screen, x, y, "%", style);
    }
    x += (int)screen_text(screen, x, y, FUNCTION_CELLS_MIN, "FUNCTION",
                          strlen("FUNCTION"), is_by_name ? sorted : style);
    if (is_by_name) {
        screen_put(screen, x, y, arrow, sorted);
    }
}

static void
draw_row(const struct compare_table *table, const struct profile_diff_row *row,
         bool is_chosen, struct screen *screen, int y)
{
    const struct theme *theme = &table->viewer->theme;
    struct screen_style chosen = theme_style(theme, PART_MENU_CHOSEN);
    struct screen_style style =
        is_chosen ? chosen : theme_style(theme, PART_TEXT);
    struct columns columns = choose_columns(table);
    int end = table->box.inner_x + (int)table->box.inner_width;
    int x = table->box.inner_x;
    char label[LABEL_SIZE];

    for (int i = x; i < end && is_chosen; i++) {
        screen_put(screen, i, y, ' ', chosen);
    }
    for (unsigned i = 0; i < columns.count; i++) {
        enum profile_diff_key key = columns.keys[i];

        for (unsigned side = 0; side < 2 && columns.has_sides; side++) {
            x = put_side(table, screen, x, y, key, row, side, style);
        }
        x = put_change(table, screen, x, y, key, row, style);
    }
    if (x < end) {
        (void)label_fit(label, theme, row->function, (unsigned)(end - x));
        (void)screen_text(
            screen, x, y, (unsigned)(end - x), label, strlen(label),
            is_chosen
                ? chosen
                : theme_slice_style(theme, compare_change_slot(row->change),
                                    LOOK_SINGLE));
    }
}

/* "A  mark a: 12.00-52.00 ms, 3 threads". */
static void
draw_side(const struct compare_table *table, unsigned side,
          struct screen *screen)
{
    const struct viewer *viewer = table->viewer;
    char text[TEXT_SIZE];
    char line[TEXT_SIZE + 4];

    (void)compare_side_text(viewer, &viewer->compare->sides[side], text,
                            sizeof text);
    (void)snprintf(line, sizeof line, " %c  %s ", "AB"[side], text);
    box_text(&table->box, &viewer->theme, screen, side, line,
             theme_style(&viewer->theme, PART_SCOPE));
}

/* What all functions together did. */
static void
draw_sums(const struct compare_table *table, struct screen *screen)
{
    const struct compare_result *result = table->viewer->compare->result;
    const struct scope_profile *a = &result->profiles[0];
    const struct scope_profile *b = &result->profiles[1];
    char calls[2][TEXT_NUMBER_SIZE];
    char times[2][TEXT_NUMBER_SIZE];
    char delta[CELL_SIZE];
    char share[CELL_SIZE];
    char text[TEXT_SIZE];
    bool is_ascii = table->viewer->theme.is_ascii;

    write_delta(table, PROFILE_DIFF_SELF, a->total_ns, b->total_ns, delta);
    write_share(a->total_ns, b->total_ns, share);
    (void)snprintf(
        text, sizeof text, "%s %s, %s  ->  %s %s, %s  (%s%s%s)",
        text_count(calls[0], sizeof calls[0], a->call_count),
        a->call_count == 1 ? "call" : "calls",
        text_duration(times[0], sizeof times[0], a->total_ns, is_ascii),
        text_count(calls[1], sizeof calls[1], b->call_count),
        b->call_count == 1 ? "call" : "calls",
        text_duration(times[1], sizeof times[1], b->total_ns, is_ascii), delta,
        share[0] == '\0' ? "" : ", ", share);
    box_text(&table->box, &table->viewer->theme, screen, 2, text,
             theme_style(&table->viewer->theme, PART_TITLE));
}

static void
explain(const struct compare_table *table, struct screen *screen)
{
    const struct viewer *viewer = table->viewer;
    const struct compare *compare = viewer->compare;
    int percent = jobs_percent(viewer->jobs, JOB_COMPARE);
    char text[TEXT_SIZE];

    if (compare->failure[0] != '\0') {
        (void)snprintf(text, sizeof text, "%s", compare->failure);
    } else if (compare->result != NULL) {
        (void)snprintf(text, sizeof text,
                       "neither A nor B has a call: choose other areas");
    } else if (!jobs_is_busy(viewer->jobs, JOB_COMPARE)) {
        (void)snprintf(text, sizeof text, "stopped; C compares again");
    } else if (percent < 0) {
        (void)snprintf(text, sizeof text, "comparing");
    } else {
        (void)snprintf(text, sizeof text, "comparing: %d%%", percent);
    }
    box_text(&table->box, &viewer->theme, screen, HEAD_ROWS, text,
             theme_style(&viewer->theme, PART_FAINT));
}

/* The cursor's row is among those that are shown. */
static void
follow_cursor(struct compare_table *table, size_t rows)
{
    struct scroll *scroll = &table->scroll;
    size_t count = count_of(table);

    table->row = table->row < count ? table->row : count == 0 ? 0 : count - 1;
    if (table->row < scroll->top) {
        scroll->top = table->row;
    } else if (rows > 0 && table->row >= scroll->top + rows) {
        scroll->top = table->row + 1 - rows;
    }
    scroll_fit(scroll, count, rows);
}

static bool
compare_draw(void *overlay, struct screen *screen, struct error *err)
{
    struct compare_table *table = overlay;
    const struct theme *theme = &table->viewer->theme;
    const struct profile_diff *diff = diff_of(table);
    char position[CELL_SIZE];
    unsigned height;

    (void)err;
    table->viewer->shows_progress = diff == NULL;
    table->box = box_place(screen, screen_width(screen), screen_height(screen));
    height = table->box.inner_height;
    if (table->box.inner_width == 0 || height <= HEAD_ROWS) {
        return true;
    }
    follow_cursor(table, height - HEAD_ROWS);
    box_draw(&table->box, theme, screen,
             "compare   (Enter longest call, < > sort, I invert, c colours, q "
             "close)",
             scroll_text(&table->scroll, theme, position, sizeof position));
    draw_side(table, 0, screen);
    draw_side(table, 1, screen);
    if (count_of(table) == 0) {
        explain(table, screen);
        return true;
    }
    draw_sums(table, screen);
    draw_titles(table, screen, table->box.inner_y + HEAD_ROWS - 1);
    for (size_t i = 0; i < height - HEAD_ROWS; i++) {
        size_t row = table->scroll.top + i;

        if (row < diff->count) {
            draw_row(table, &diff->rows[row], row == table->row, screen,
                     table->box.inner_y + HEAD_ROWS + (int)i);
        }
    }
    return true;
}

/* In another order the cursor stays on its function. */
static void
sort(struct compare_table *table)
{
    struct profile_diff *diff = diff_of(table);
    struct profile_diff_row chosen;

    if (diff == NULL || diff->count == 0) {
        return;
    }
    chosen = diff->rows[table->row];
    profile_diff_sort(diff, table->key, table->is_inverted);
    for (size_t i = 0; i < diff->count; i++) {
        if (memcmp(diff->rows[i].functions, chosen.functions,
                   sizeof chosen.functions)
            == 0) {
            table->row = i;
        }
    }
}

/* The longest call of the row's function, in B when it has one. */
static bool
show_call(struct compare_table *table, bool *is_done, struct error *err)
{
    struct viewer *viewer = table->viewer;
    const struct profile_diff *diff = diff_of(table);
    const struct compare_side *from;
    const struct profile_diff_row *row;
    struct trace_scope scope;
    uint32_t function;
    unsigned side;

    if (count_of(table) == 0) {
        return true;
    }
    row = &diff->rows[table->row];
    side = row->functions[1] != UINT32_MAX;
    from = &viewer->compare->sides[side];
    function = row->functions[side];
    if (function >= trace_model_function_count(viewer->model)) {
        function = UINT32_MAX;
    }
    scope = (struct trace_scope){
        .start_ns = from->start_ns,
        .end_ns = from->end_ns,
        .tracks = from->tracks,
    };
    *is_done = true;
    return search_set_function(&viewer->search, viewer->model, function, err)
           && longest_call_job_start_in(viewer, JOB_AREA, function, &scope,
                                        err);
}

static bool
move(struct compare_table *table, unsigned key)
{
    size_t rows = table->scroll.rows == 0 ? 1 : table->scroll.rows;
    size_t count = count_of(table);
    size_t last = count == 0 ? 0 : count - 1;
    size_t row = table->row;

    if (key == 'j' || key == KEY_DOWN) {
        row++;
    } else if (key == 'k' || key == KEY_UP) {
        row -= row > 0;
    } else if (key == 'g' || key == KEY_HOME) {
        row = 0;
    } else if (key == 'G' || key == KEY_END) {
        row = last;
    } else if (key == KEY_PAGE_DOWN || key == ' '
               || key == (KEY_CONTROL | 'f')) {
        row += rows;
    } else if (key == KEY_PAGE_UP || key == (KEY_CONTROL | 'b')) {
        row -= row < rows ? row : rows;
    } else {
        return false;
    }
    table->row = row < last ? row : last;
    return true;
}

static bool
compare_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    struct compare_table *table = overlay;
    int keys = PROFILE_DIFF_KEY_COUNT;

    *is_done = key == 'q' || key == KEY_ESCAPE || key == (KEY_CONTROL | 'c');
    if (*is_done || move(table, key)) {
        return true;
    }
    switch (key) {
    case '<':
        table->key =
            (enum profile_diff_key)(((int)table->key + keys - 1) % keys);
        sort(table);
        return true;
    case '>':
    case KEY_F1 + 5:
        table->key = (enum profile_diff_key)(((int)table->key + 1) % keys);
        sort(table);
        return true;
    case 'I':
        table->is_inverted = !table->is_inverted;
        sort(table);
        return true;
    case 'c':
        *is_done = true;
        table->viewer->wanted_action = ACTION_COLOUR;
        table->viewer->choice = COLOUR_BY_CHANGE;
        return true;
    case 'o':
    case KEY_ENTER:
        return show_call(table, is_done, err);
    default:
        return true;
    }
}

static bool
compare_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
              struct error *err)
{
    struct compare_table *table = overlay;
    int line = (int)event->y - table->box.inner_y - HEAD_ROWS;

    (void)err;
    *is_done = box_is_left(&table->box, event);
    scroll_mouse(&table->scroll, event);
    if (event->kind == MOUSE_PRESS && event->button == MOUSE_BUTTON_LEFT
        && line >= 0 && table->scroll.top + (size_t)line < count_of(table)) {
        table->row = table->scroll.top + (size_t)line;
    } else if (table->scroll.rows > 0) { /* the cursor stays in view */
        size_t last = table->scroll.top + table->scroll.rows - 1;

        table->row = table->row < table->scroll.top ? table->scroll.top
                     : table->row > last            ? last
                                                    : table->row;
    }
    return true;
}

static const struct overlay_class compare_class = {
    .key = compare_key,
    .mouse = compare_mouse,
    .draw = compare_draw,
    .close = free,
};

bool
compare_table_open(struct viewer *viewer, struct error *err)
{
    struct compare_table *table = array_new(1, sizeof *table, err);

    if (table == NULL) {
        return false;
    }
    table->viewer = viewer;
    viewer_open_overlay(viewer, &compare_class, table);
    return true;
}
