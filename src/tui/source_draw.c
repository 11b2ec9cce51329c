// SPDX-License-Identifier: Apache-2.0
/*
 *     CALLS    TOTAL         LINE │
 *       412  1.183 s ████ ■   88  │ def build(rows):
 *                          ~  90  │     t = Timer()
 *                          ~2 91 ▶│     groups = aggregate(rows, key(t))
 *
 * Figures, at definitions only; what the line is: a definition or inferred
 * calls, how many when there are several; its number; the moment.
 */
#include "tui/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/trace_model.h"
#include "tui/chrome.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/profile_text.h"
#include "tui/screen.h"
#include "tui/text_line.h"
#include "tui/theme.h"
#include "tui/viewer.h"

enum {
    CALLS = 7, /* columns of the figures */
    WIDE_CALLS = 10,
    TOTAL = 9,
    HEAT = 4,
    WIDE_HEAT = 8,
    MARK = 2,
    WIDTH_WITH_TOTAL = 40,
    WIDTH_WITH_CALLS = 56,
    WIDTH_WITH_HEAT = 70,
    SPANS_MAX = 128, /* of a line */
};

/* Where each column begins; a width of 0 = there is no room for it. */
struct places {
    unsigned calls;
    unsigned total_x;
    unsigned total;
    unsigned heat_x;
    unsigned heat;
    unsigned mark_x;
    unsigned line_x;
    unsigned line;
    unsigned text_x; /* behind the bar */
    unsigned text;
};

struct source_drawing {
    const struct source *source;
    const struct theme *theme;
    struct screen *screen;
    struct places places;
    uint32_t moment_line;
};

/* The marks stand in columns of their own, so their ASCII forms may be those of
 * other states elsewhere. */
static uint32_t
definition_glyph(const struct theme *theme)
{
    return theme->is_ascii ? '#' : 0x25A0;
}

static uint32_t
moment_glyph(const struct theme *theme)
{
    return theme->is_ascii ? '>' : 0x25B6;
}

static uint32_t
bar_glyph(const struct theme *theme)
{
    return theme->is_ascii ? '|' : 0x2502;
}

static unsigned
digits_of(size_t number)
{
    unsigned digits = 1;

    for (; number >= 10; number /= 10) {
        digits++;
    }
    return digits;
}

static struct places
places_of(const struct source *source)
{
    unsigned width = source_text_width(source);
    bool is_wide = source->layout.width >= WIDE_SCREEN;
    struct places places = {0};
    unsigned x = 0;

    if (width >= WIDTH_WITH_CALLS) {
        places.calls = is_wide ? WIDE_CALLS : CALLS;
        x = places.calls + 1;
    }
    if (width >= WIDTH_WITH_TOTAL) {
        places.total_x = x;
        places.total = TOTAL;
        x += TOTAL + 1;
    }
    if (width >= WIDTH_WITH_HEAT) {
        places.heat_x = x;
        places.heat = is_wide ? WIDE_HEAT : HEAT;
        x += places.heat + 1;
    }
    places.mark_x = x;
    places.line_x = x + MARK + 1;
    places.line = digits_of(source->page.outline.line_count);
    places.line = places.line < 3 ? 3 : places.line;
    places.text_x = places.line_x + places.line + 3; /* moment, bar, blank */
    places.text = width > places.text_x ? width - places.text_x : 0;
    return places;
}

static void
put_right(const struct source_drawing *drawing, unsigned x, unsigned width,
          int y, const char *text, struct screen_style style)
{
    unsigned used = label_width(text);

    x += used < width ? width - used : 0;
    (void)screen_text(drawing->screen, (int)x, y, width, text, strlen(text),
                      style);
}

static void
draw_titles(const struct source_drawing *drawing)
{
    const struct places *places = &drawing->places;
    struct screen_style style = theme_style(drawing->theme, PART_FAINT);
    int y = drawing->source->layout.ruler_row;
    char text[TEXT_NUMBER_SIZE];

    if (places->calls > 0) {
        put_right(drawing, 0, places->calls, y, "CALLS", style);
    }
    if (places->total > 0) {
        put_right(drawing, places->total_x, places->total, y, "TOTAL", style);
    }
    put_right(drawing, places->mark_x, places->line + MARK + 1, y, "LINE",
              style);
    screen_put(drawing->screen, (int)places->text_x - 2, y,
               bar_glyph(drawing->theme), style);
    if (drawing->source->state.left > 0) {
        screen_put(drawing->screen, (int)places->text_x, y,
                   theme_glyph(drawing->theme, GLYPH_LEFT), style);
        (void)snprintf(text, sizeof text, "from column %u",
                       drawing->source->state.left + 1);
        (void)screen_text(drawing->screen, (int)places->text_x + 2, y,
                          places->text < 2 ? 0 : places->text - 2, text,
                          strlen(text), style);
    }
}

/* So much of width cells as part is of whole, in eighths. */
static void
draw_heat(const struct source_drawing *drawing, uint64_t part, int y,
          struct screen_style style)
{
    unsigned width = drawing->places.heat;
    uint64_t most = drawing->source->most_ns;
    uint64_t eighths =
        most == 0
            ? 0
            : (uint64_t)((double)part / (double)most * width * THEME_LEVELS
                         + 0.5);

    eighths += eighths == 0 && part > 0;
    for (unsigned i = 0; i < width && eighths > 0; i++) {
        unsigned level =
            eighths > THEME_LEVELS ? THEME_LEVELS : (unsigned)eighths;

        screen_put(drawing->screen, (int)(drawing->places.heat_x + i), y,
                   theme_level(drawing->theme, level), style);
        eighths -= level;
    }
}

static struct screen_style
function_style(const struct source *source, uint32_t function)
{
    const struct viewer *viewer = source->viewer;
    struct theme theme = profile_theme(viewer);
    const struct model_function *known = source_function(source, function);
    uint64_t total_ns = source->has_sums && known != NULL
                            ? source->sums.functions[function].total_ns
                            : 0;
    struct screen_style style = theme_slice_style(
        &theme, profile_slot(viewer, known, total_ns), LOOK_SINGLE);

    return search_is_hit(&viewer->search, function)
               ? theme_hit_style(&theme, style)
               : style;
}

/* The hottest one of a line stands for all. */
static const struct page_definition *
hottest(const struct source *source, const struct page_definition *definitions,
        size_t count)
{
    const struct page_definition *best = definitions;

    for (size_t i = 1; source->has_sums && i < count; i++) {
        if (source->sums.functions[definitions[i].function].total_ns
            > source->sums.functions[best->function].total_ns) {
            best = &definitions[i];
        }
    }
    return best;
}

static void
draw_figures(const struct source_drawing *drawing,
             const struct page_definition *definition, int y)
{
    const struct source *source = drawing->source;
    const struct places *places = &drawing->places;
    struct screen_style style = theme_style(drawing->theme, PART_TEXT);
    const struct profile_function *sums;
    char text[TEXT_NUMBER_SIZE];

    if (!source->has_sums) {
        return;
    }
    sums = &source->sums.functions[definition->function];
    if (places->calls > 0) {
        put_right(drawing, 0, places->calls, y,
                  places->calls == WIDE_CALLS
                      ? text_grouped(text, sizeof text, sums->call_count)
                      : text_count(text, sizeof text, sums->call_count),
                  style);
    }
    if (sums->call_count == 0) {
        return;
    }
    if (places->total > 0) {
        put_right(drawing, places->total_x, places->total, y,
                  text_duration(text, sizeof text, sums->total_ns,
                                drawing->theme->is_ascii),
                  style);
    }
    draw_heat(drawing, sums->total_ns, y,
              function_style(source, definition->function));
}

static void
draw_count(const struct source_drawing *drawing, size_t count, int y,
           struct screen_style style)
{
    if (count > 1) {
        screen_put(drawing->screen, (int)drawing->places.mark_x + 1, y,
                   count > 9 ? '+' : '0' + (uint32_t)count, style);
    }
}

/* Names that are known stand out in the colours of their functions. */
static size_t
find_spans(const struct source *source, uint32_t line,
           struct text_span_style spans[SPANS_MAX])
{
    const struct source_page *page = &source->page;
    size_t start = page->outline.lines[line - 1];
    size_t found = 0;
    size_t count;
    const struct page_definition *definitions =
        source_page_definitions(page, line, &count);
    const struct page_site *sites;

    for (size_t i = 0; i < count; i++) {
        uint32_t block = definitions[i].block;

        if (block != OUTLINE_NO_BLOCK && found == 0) {
            size_t name = page->outline.blocks[block].name - start;

            spans[found++] = (struct text_span_style){
                name, name + page->outline.blocks[block].name_size,
                function_style(source, definitions[i].function)};
        }
    }
    sites = source_page_sites(page, line, &count);
    for (size_t i = 0; i < count && found < SPANS_MAX; i++) {
        size_t name = sites[i].name - start;

        if (found == 0 || spans[found - 1].end <= name) {
            spans[found++] = (struct text_span_style){
                name, name + sites[i].name_size,
                function_style(source, sites[i].callee)};
        }
    }
    return found;
}

static bool
draw_text(const struct source_drawing *drawing, uint32_t line, int y)
{
    const struct source *source = drawing->source;
    struct text_span_style spans[SPANS_MAX];
    struct text_line text = {
        .left = source->state.left,
        .spans = spans,
        .span_count = find_spans(source, line, spans),
        .style = theme_style(drawing->theme, PART_TEXT),
    };

    text.bytes = source_outline_line(
        &source->page.outline, source->page.file.text.data, line, &text.size);
    return text_line_draw(&text, drawing->screen, (int)drawing->places.text_x,
                          y, drawing->places.text);
}

static bool
draw_line(const struct source_drawing *drawing, uint32_t line, int y)
{
    const struct source *source = drawing->source;
    const struct theme *theme = drawing->theme;
    const struct places *places = &drawing->places;
    struct screen_style faint = theme_style(theme, PART_FAINT);
    char number[TEXT_NUMBER_SIZE];
    size_t count;
    const struct page_definition *definitions =
        source_page_definitions(&source->page, line, &count);
    bool has_more;

    if (count > 0) {
        draw_figures(drawing, hottest(source, definitions, count), y);
        screen_put(drawing->screen, (int)places->mark_x, y,
                   definition_glyph(theme), theme_style(theme, PART_TEXT));
        draw_count(drawing, count, y, faint);
        if (count == 1 && source_page_callee_count(&source->page, line) > 0) {
            screen_put(drawing->screen, (int)places->mark_x + 1, y, '~', faint);
        }
    } else {
        count = source_page_callee_count(&source->page, line);
        if (count > 0) {
            screen_put(drawing->screen, (int)places->mark_x, y, '~', faint);
            draw_count(drawing, count, y, faint);
        }
    }
    (void)snprintf(number, sizeof number, "%" PRIu32, line);
    put_right(drawing, places->line_x, places->line, y, number, faint);
    screen_put(drawing->screen, (int)places->text_x - 2, y, bar_glyph(theme),
               faint);
    has_more = draw_text(drawing, line, y);
    if (line == source->state.line) {
        screen_restyle(drawing->screen, 0, y, source_text_width(source),
                       theme_style(theme, source->state.has_focus
                                              ? PART_GUTTER_CURSOR
                                              : PART_TAB));
    }
    if (line == drawing->moment_line) {
        screen_put(drawing->screen, (int)places->text_x - 3, y,
                   moment_glyph(theme), theme_style(theme, PART_CURSOR));
    }
    return has_more;
}

static void
draw_page(struct source *source, struct screen *screen)
{
    struct source_drawing drawing = {
        .source = source,
        .theme = &source->viewer->theme,
        .screen = screen,
        .places = places_of(source),
        .moment_line = source_moment_line(source),
    };
    uint32_t count = (uint32_t)source->page.outline.line_count;

    source->has_more_right = false;
    draw_titles(&drawing);
    for (unsigned i = 0;
         i < source_height(source) && source->state.top + i <= count; i++) {
        source->has_more_right |= draw_line(&drawing, source->state.top + i,
                                            source->layout.tracks_row + (int)i);
    }
}

/* What is shown, and how far it can be trusted. */
static const char *
origin_words(enum source_origin origin, bool is_wide)
{
    switch (origin) {
    case SOURCE_IN_TRACE:
        return is_wide ? "source in the trace" : "in the trace";
    case SOURCE_IN_TRACE_PART:
        return "only its beginning is in the trace";
    case SOURCE_ON_DISK:
        return is_wide ? "from the disk, as it was recorded" : "as recorded";
    case SOURCE_ON_DISK_UNSURE:
        return "from the disk; may have changed since";
    case SOURCE_ON_DISK_NEWER:
        return "from the disk; changed since it was recorded";
    case SOURCE_NOWHERE:
        break;
    }
    return "";
}

static bool
is_doubtful(enum source_origin origin)
{
    return origin == SOURCE_IN_TRACE_PART || origin == SOURCE_ON_DISK_UNSURE
           || origin == SOURCE_ON_DISK_NEWER;
}

static void
add_jobs(struct pieces *pieces, const struct source *source)
{
    struct viewer *viewer = source->viewer;
    int percent = jobs_percent(viewer->jobs, JOB_SOURCE_SITES);

    if (jobs_is_busy(viewer->jobs, JOB_SOURCE_SITES)) {
        viewer->shows_progress = true;
        pieces_add(pieces, 3, false, PART_FAINT, "call sites %d%%",
                   percent < 0 ? 0 : percent);
    } else if (!source->page.has_sites) {
        pieces_add(pieces, 3, false, PART_WARNING,
                   "call sites: stopped (Enter)");
    }
    if (jobs_is_busy(viewer->jobs, JOB_SOURCE_SUMS)) {
        viewer->shows_progress = true;
        pieces_add(pieces, 3, false, PART_FAINT, "summing up");
    } else if (!source->has_sums) {
        pieces_add(pieces, 3, false, PART_WARNING, "sums: stopped (Enter)");
    }
    if (source->page.outline.is_cut) {
        pieces_add(pieces, 4, false, PART_WARNING, "not all call sites");
    }
    if (source->page.beyond_count > 0) {
        pieces_add(pieces, 2, false, PART_WARNING,
                   "%zu function%s behind its end", source->page.beyond_count,
                   source->page.beyond_count == 1 ? " is" : "s are");
    }
}

static void
draw_head(const struct source *source, struct screen *screen)
{
    const struct viewer *viewer = source->viewer;
    bool is_wide = source->layout.width >= WIDE_SCREEN;
    enum source_origin origin = source->page.file.origin;
    struct pieces pieces = {0};
    char scope[128];
    char count[TEXT_NUMBER_SIZE];

    if (!source->has_page || source->path[0] == '\0') {
        return;
    }
    pieces_add(&pieces, 1, false, PART_TITLE, "%s",
               is_wide ? source->path : label_base_name(source->path));
    pieces_add(&pieces, is_doubtful(origin) ? 1 : 4, false,
               is_doubtful(origin) ? PART_WARNING : PART_FAINT, "%s",
               origin_words(origin, is_wide));
    if (source->page.outline.line_count > 0) {
        pieces_add(
            &pieces, 6, false, PART_FAINT, "%s lines",
            text_grouped(count, sizeof count, source->page.outline.line_count));
    }
    add_jobs(&pieces, source);
    pieces_add(&pieces, 2, true, viewer->scope.is_set ? PART_SCOPE : PART_FAINT,
               "scope: %s", viewer_scope_text(viewer, scope, sizeof scope));
    pieces_add(&pieces, 5, true, PART_FAINT, "~ %s",
               is_wide ? "call site inferred by name" : "inferred");
    pieces_draw(&pieces, &viewer->theme, screen, 0, source->layout.overview_row,
                source->layout.width);
}

static void
draw_status(const struct source *source, struct screen *screen)
{
    const struct source_moment *now = source_now(source);
    struct pieces pieces = {0};
    char count[TEXT_NUMBER_SIZE];
    char total[TEXT_NUMBER_SIZE];

    if (source->state.has_function) {
        uint32_t function = source_line_function(source);

        if (source->has_page && source->state.line > 0) {
            pieces_add(&pieces, 2, false, PART_STATUS, "%" PRIu32,
                       source->state.line);
        }
        pieces_add(&pieces, 1, false, PART_STATUS, "%s",
                   source_name(source, function));
        if (source->has_sums && source_function(source, function) != NULL) {
            const struct profile_function *sums =
                &source->sums.functions[function];

            pieces_add(&pieces, 4, false, PART_STATUS, "%s%s %s",
                       source->viewer->theme.is_ascii ? "x" : "×",
                       text_count(count, sizeof count, sums->call_count),
                       text_duration(total, sizeof total, sums->total_ns,
                                     source->viewer->theme.is_ascii));
        }
        if (now != NULL && now->has_called) {
            pieces_add(&pieces, 3, false, PART_STATUS,
                       now->at.has_inner ? "back from %s" : "in %s",
                       source_name(source, now->called));
        }
        pieces_add(&pieces, 3, true, PART_STATUS,
                   "s in  . next  S out  - back");
        pieces_add(&pieces, 5, true, PART_STATUS, "Enter callee");
        pieces_add(&pieces, 6, true, PART_STATUS, "e editor");
    }
    chrome_draw_status(source->viewer, &pieces, screen,
                       source->layout.status_row);
}

/* In the middle of what is left of the pane. */
static void
draw_words(const struct source *source, struct screen *screen, int row,
           const char *words, enum theme_part part)
{
    const struct layout *layout = &source->layout;
    const struct theme *theme = &source->viewer->theme;
    unsigned width = source_text_width(source);
    int y = layout->tracks_row + (int)layout->track_height / 3 + row;
    char text[LABEL_SIZE];

    (void)label_cut(text, theme, words, width);
    if (y < layout->tracks_row + (int)layout->track_height) {
        (void)screen_text(screen, (int)(width - label_width(text)) / 2, y,
                          width, text, strlen(text), theme_style(theme, part));
    }
}

/* Why there is no text, and what to press. */
static void
explain(const struct source *source, struct screen *screen)
{
    const struct model_function *known =
        source_function(source, source->state.function);
    char words[LABEL_SIZE];

    if (!source->state.has_function) {
        draw_words(source, screen, 0, "no function is chosen", PART_TEXT);
        draw_words(source, screen, 1,
                   "go to a call on the timeline (1) or a function (3), then 5",
                   PART_FAINT);
        return;
    }
    (void)snprintf(words, sizeof words, "no source of %.200s",
                   source_name(source, source->state.function));
    draw_words(source, screen, 0, words, PART_TEXT);
    if (known == NULL) {
        draw_words(source, screen, 1, "the trace does not name this function",
                   PART_TEXT);
    } else if (known->kind == VZT_FUNCTION_C) {
        draw_words(source, screen, 1, "it is a C function", PART_TEXT);
    } else {
        draw_words(source, screen, 1, source->page.file.reason, PART_TEXT);
    }
    if (known != NULL && known->file[0] != '\0' && known->file[0] != '<') {
        draw_words(source, screen, 2,
                   "its text is not in the trace: --no_source, or it could not "
                   "be read",
                   PART_FAINT);
    }
    draw_words(source, screen, 3,
               "s . S - go from call to call all the same; 1 is the timeline",
               PART_FAINT);
}

static void
draw_waiting(struct source *source, struct screen *screen)
{
    struct viewer *viewer = source->viewer;
    char words[LABEL_SIZE];

    viewer->shows_progress |= jobs_is_busy(viewer->jobs, JOB_SOURCE_TEXT);
    if (source->page_failure[0] != '\0') {
        (void)snprintf(words, sizeof words, "%s; Enter tries again",
                       source->page_failure);
    } else {
        (void)snprintf(words, sizeof words, "%s",
                       jobs_is_busy(viewer->jobs, JOB_SOURCE_TEXT)
                           ? "reading the source"
                           : "stopped; Enter goes on");
    }
    draw_words(source, screen, 0, words, PART_TEXT);
}

static void
draw_body(struct source *source, struct screen *screen)
{
    if (source->state.has_function && !source->has_page) {
        draw_waiting(source, screen);
    } else if (!source->has_page
               || source->page.file.origin == SOURCE_NOWHERE) {
        explain(source, screen);
    } else if (source->page.outline.line_count == 0) {
        draw_words(source, screen, 0, "the file is empty", PART_TEXT);
    } else {
        draw_page(source, screen);
    }
}

bool
source_draw(struct source *source, struct screen *screen, struct error *err)
{
    struct viewer *viewer = source->viewer;
    const struct layout *layout = &source->layout;

    if (!source_prepare(source, err)) {
        return false;
    }
    if (layout->is_too_small) {
        chrome_draw_too_small(viewer, screen);
        return true;
    }
    if (layout->tabs_row != LAYOUT_NONE) {
        chrome_draw_tabs(viewer, screen, layout->tabs_row);
    }
    if (layout->overview_row != LAYOUT_NONE) {
        draw_head(source, screen);
    }
    draw_body(source, screen);
    if (source_pane_width(source) > 0) {
        if (!source_pane_make(source, err)) {
            return false;
        }
        source_pane_draw(source, screen);
    }
    draw_status(source, screen);
    if (layout->bar_row != LAYOUT_NONE) {
        chrome_draw_bar(viewer, screen, layout->bar_row);
    }
    return true;
}
