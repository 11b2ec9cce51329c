// SPDX-License-Identifier: Apache-2.0
#include "tui/call_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/call_family.h"
#include "model/scope_profile.h"
#include "model/slice_args.h"
#include "tui/function_facts.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/time_text.h"
#include "tui/viewer.h"

enum {
    MARK_CELLS = 2,
    RANK_CELLS = 7,
    TIME_CELLS = 9,
    START_CELLS = 14,
    THREAD_CELLS = 16,
    CALLER_CELLS = 26,
    ARGS_CELLS_MIN = 10,
};

void
call_list_release(struct call_list *list)
{
    span_scratch_free(list->scratch);
    free(list->items);
    buffer_release(&list->args);
    buffer_release(&list->texts);
    *list = (struct call_list){0};
}

static bool
read_call(struct call_list *list, struct viewer *viewer, size_t index,
          struct listed_call *call, struct error *err)
{
    const struct slice *callers;
    size_t count;

    *call = (struct listed_call){0};
    if (!function_facts_slice(viewer->function_facts, index, &call->slice, err)
        || !call_callers(viewer->model, &call->slice, list->scratch, &callers,
                         &count, err)) {
        return false;
    }
    if (count > 0) {
        call->has_caller = true;
        call->caller = callers[count - 1].function;
    }
    if (!slice_args(viewer->model, &call->slice, list->scratch, &list->args,
                    err)) {
        return false;
    }
    call->args = list->texts.size;
    buffer_append(&list->texts, list->args.data, list->args.size);
    buffer_append_char(&list->texts, '\0');
    return buffer_is_ok(&list->texts) || error_set_no_memory(err);
}

/* Read count calls from first on, unless that was done before. */
static bool
load(struct call_list *list, struct viewer *viewer, size_t first, size_t count,
     struct error *err)
{
    unsigned number = function_facts_number(viewer->function_facts);

    if (list->facts_number == number && list->first == first
        && list->count == count) {
        return true;
    }
    list->count = 0;
    buffer_clear(&list->texts);
    if ((list->scratch == NULL && !span_scratch_new(&list->scratch, err))
        || !array_reserve((void **)&list->items, &list->capacity, count,
                          sizeof *list->items, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_call(list, viewer, first + i, &list->items[i], err)) {
            return false;
        }
    }
    list->count = count;
    list->first = first;
    list->facts_number = number;
    return true;
}

/* What all rows are drawn with. */
struct drawing {
    struct viewer *viewer;
    struct screen *screen;
    const struct call_list_place *place;
};

/* Text in the cells from x on, at the right end of them when it is a number.
 * Returns the column behind; what has no room is left out. */
static unsigned
put(const struct drawing *drawing, unsigned x, int y, unsigned cells,
    bool is_number, const char *text, enum theme_part part)
{
    unsigned width = label_width(text);
    unsigned blank = is_number && width < cells ? cells - width : 0;

    if (x + cells <= drawing->place->width) {
        (void)screen_text(drawing->screen, (int)(drawing->place->x + x + blank),
                          y, cells - blank, text, strlen(text),
                          theme_style(&drawing->viewer->theme, part));
    }
    return x + cells + 1;
}

static void
draw_title(const struct drawing *drawing)
{
    int y = drawing->place->y;
    unsigned x = MARK_CELLS;

    x = put(drawing, x, y, RANK_CELLS, true, "SLOWEST",
            drawing->place->has_focus ? PART_TAB : PART_TITLE);
    x = put(drawing, x, y, TIME_CELLS, true, "DURATION", PART_RULER);
    x = put(drawing, x, y, START_CELLS, true, "START", PART_RULER);
    x = put(drawing, x, y, THREAD_CELLS, false, "THREAD", PART_RULER);
    x = put(drawing, x, y, CALLER_CELLS, false, "CALLER", PART_RULER);
    (void)put(drawing, x, y, ARGS_CELLS_MIN, false, "ARGUMENTS", PART_RULER);
}

static const char *
caller_name(const struct drawing *drawing, const struct listed_call *call,
            char text[LABEL_SIZE])
{
    return call->has_caller ? label_fit(
               text, &drawing->viewer->theme,
               scope_profile_function(drawing->viewer->model, call->caller),
               CALLER_CELLS)
                            : "";
}

static void
draw_call(const struct drawing *drawing, const struct listed_call *call,
          const char *args, size_t rank, int y)
{
    const struct theme *theme = &drawing->viewer->theme;
    const struct slice *slice = &call->slice;
    const struct model_track *track =
        trace_model_track(drawing->viewer->model, slice->track);
    char number[TEXT_NUMBER_SIZE];
    char time[TIME_TEXT_SIZE];
    char text[LABEL_SIZE];
    unsigned x = MARK_CELLS;

    x = put(drawing, x, y, RANK_CELLS, true,
            text_grouped(number, sizeof number, rank), PART_FAINT);
    x = put(drawing, x, y, TIME_CELLS, true,
            text_duration(number, sizeof number,
                          slice->end_ns - slice->start_ns, theme->is_ascii),
            PART_TEXT);
    x = put(drawing, x, y, START_CELLS, true,
            time_text_listed(time, (int64_t)slice->start_ns, theme->is_ascii),
            PART_TEXT);
    x = put(drawing, x, y, THREAD_CELLS, false,
            label_cut_middle(text, theme, track->name, THREAD_CELLS),
            PART_FAINT);
    x = put(drawing, x, y, CALLER_CELLS, false,
            caller_name(drawing, call, text), PART_TEXT);
    if (x + ARGS_CELLS_MIN <= drawing->place->width) {
        unsigned cells = drawing->place->width - x;

        (void)put(drawing, x, y, cells, false,
                  label_cut(text, theme, args, cells), PART_FAINT);
    }
}

static void
mark_row(const struct drawing *drawing, int y)
{
    const struct theme *theme = &drawing->viewer->theme;
    struct screen_style style = theme_style(theme, PART_TAB);
    int x = (int)drawing->place->x;

    screen_put(drawing->screen, x, y, theme_glyph(theme, GLYPH_RIGHT), style);
    screen_restyle(drawing->screen, x, y, drawing->place->width, style);
}

static void
explain(const struct drawing *drawing, enum fact_state state)
{
    struct viewer *viewer = drawing->viewer;
    const struct call_list_place *place = drawing->place;
    const char *words = state == FACT_AWAITED ? "looking for the slowest calls"
                        : state == FACT_FAILED
                            ? function_facts_failure(viewer->function_facts)
                            : "stopped; Enter goes on";

    viewer->shows_progress |= state == FACT_AWAITED;
    if (place->height > 1 && place->width > MARK_CELLS) {
        (void)screen_text(drawing->screen, (int)place->x + MARK_CELLS,
                          place->y + 1, place->width - MARK_CELLS, words,
                          strlen(words),
                          theme_style(&viewer->theme, PART_FAINT));
    }
}

bool
call_list_draw(struct call_list *list, struct viewer *viewer,
               const struct call_list_place *place, struct screen *screen,
               struct error *err)
{
    const struct drawing drawing = {viewer, screen, place};
    enum fact_state state;
    const struct call_rank *calls =
        function_facts_calls(viewer->function_facts, &state);
    size_t count = place->height - 1;

    draw_title(&drawing);
    if (calls == NULL) {
        explain(&drawing, state);
        return true;
    }
    if (place->top + count > calls->call_count) {
        count = calls->call_count - place->top;
    }
    if (!load(list, viewer, place->top, count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int y = place->y + 1 + (int)i;

        draw_call(&drawing, &list->items[i],
                  list->texts.data + list->items[i].args, place->top + i + 1,
                  y);
        if (place->has_focus && place->top + i == place->chosen) {
            mark_row(&drawing, y);
        }
    }
    return true;
}

size_t
call_list_top(size_t top, size_t chosen, size_t count, size_t rows)
{
    if (rows == 0 || count <= rows) {
        return 0;
    }
    if (top + rows > count) {
        top = count - rows;
    }
    return chosen < top           ? chosen
           : chosen >= top + rows ? chosen - rows + 1
                                  : top;
}
