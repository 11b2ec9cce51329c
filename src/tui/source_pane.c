// SPDX-License-Identifier: Apache-2.0
/* The pane at the right: what the cursor's line calls, the call that the moment
 * is of, who called it, and where steps lead. */
#include "tui/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "tui/call_facts.h"
#include "tui/chrome.h"
#include "tui/key_label.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/slice_flags.h"
#include "tui/time_grid.h"
#include "tui/time_text.h"
#include "tui/timeline_view.h"
#include "tui/viewer.h"

enum {
    TEXT_SIZE = 256,
    SITES_LISTED = 20,
    PANE_MARGIN = 3, /* the bar and a blank on either side */
};

static bool
is_ascii(const struct source *source)
{
    return source->viewer->theme.is_ascii;
}

static bool
add(struct source *source, const char *left, const char *right,
    const struct details_target *target, struct error *err)
{
    return details_add(&source->pane, 0, left, right, target, err);
}

static bool
add_header(struct source *source, const char *left, const char *right,
           struct error *err)
{
    return (source->pane.columns[0].count == 0
            || add(source, "", "", NULL, err))
           && details_add_header(&source->pane, 0, left, right, err);
}

/* "report.py:88"; "" when there is no file. */
static const char *
write_place(const struct source *source, uint32_t function,
            char text[TEXT_SIZE])
{
    const struct model_function *known = source_function(source, function);

    text[0] = '\0';
    if (known != NULL && known->file[0] != '\0') {
        (void)snprintf(text, TEXT_SIZE, "%.200s:%" PRIu32,
                       label_base_name(known->file), known->line);
    }
    return text;
}

/* "x412 0.681 s" over the scope. */
static const char *
write_sums(const struct source *source, uint32_t function, char text[TEXT_SIZE])
{
    char count[TEXT_NUMBER_SIZE];
    char total[TEXT_NUMBER_SIZE];

    text[0] = '\0';
    if (source->has_sums && source_function(source, function) != NULL) {
        const struct profile_function *sums = &source->sums.functions[function];

        (void)snprintf(text, TEXT_SIZE, "%s%s  %s",
                       is_ascii(source) ? "x" : "×",
                       text_count(count, sizeof count, sums->call_count),
                       text_duration(total, sizeof total, sums->total_ns,
                                     is_ascii(source)));
    }
    return text;
}

static bool
add_function(struct source *source, uint32_t function, const char *right,
             struct error *err)
{
    const struct details_target target = {
        .kind = TARGET_FUNCTION,
        .slice = {.function = function},
    };

    return add(source, source_name(source, function), right, &target, err);
}

static bool
add_definitions(struct source *source,
                const struct page_definition *definitions, size_t count,
                struct error *err)
{
    char text[TEXT_SIZE];

    if (count == 0) {
        return true;
    }
    (void)snprintf(text, sizeof text, "line %" PRIu32 " defines",
                   definitions->line);
    if (!add_header(source, text,
                    source->viewer->scope.is_set ? "calls  total in scope"
                                                 : "calls  total",
                    err)) {
        return false;
    }
    for (size_t i = 0; i < count && i < SITES_LISTED; i++) {
        if (!add_function(source, definitions[i].function,
                          write_sums(source, definitions[i].function, text),
                          err)) {
            return false;
        }
    }
    return true;
}

static bool
is_listed(const struct page_site *sites, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (sites[i].callee == sites[index].callee) {
            return true;
        }
    }
    return false;
}

static bool
add_sites(struct source *source, const struct page_site *sites, size_t count,
          struct error *err)
{
    char text[TEXT_SIZE];

    if (count == 0) {
        return true;
    }
    (void)snprintf(text, sizeof text, "line %" PRIu32 " may call", sites->line);
    if (!add_header(source, text, "~ by its name", err)) {
        return false;
    }
    for (size_t i = 0; i < count && i < SITES_LISTED; i++) {
        if (!is_listed(sites, i)
            && !add_function(source, sites[i].callee,
                             write_place(source, sites[i].callee, text), err)) {
            return false;
        }
    }
    return true;
}

static bool
add_line(struct source *source, struct error *err)
{
    uint32_t line = source->state.line;
    const struct page_definition *definitions;
    const struct page_site *sites;
    size_t definition_count;
    size_t site_count;

    if (!source->has_page || line == 0) {
        return true;
    }
    definitions =
        source_page_definitions(&source->page, line, &definition_count);
    sites = source_page_sites(&source->page, line, &site_count);
    return add_definitions(source, definitions, definition_count, err)
           && add_sites(source, sites, site_count, err);
}

static const char *
write_rank(const struct call_facts *facts, char text[TEXT_SIZE])
{
    enum fact_state state;
    uint64_t rank;
    const struct call_rank *all = call_facts_rank(facts, &rank, &state);
    char count[TEXT_NUMBER_SIZE];
    char place[TEXT_NUMBER_SIZE];

    text[0] = '\0';
    if (all != NULL && rank > 0) {
        (void)snprintf(text, TEXT_SIZE, "#%s slowest of %s",
                       text_grouped(place, sizeof place, rank),
                       text_grouped(count, sizeof count, all->count));
    }
    return text;
}

static bool
add_times(struct source *source, const struct slice *call, struct error *err)
{
    const struct trace_model *model = source->viewer->model;
    uint64_t duration_ns = call->end_ns - call->start_ns;
    uint32_t flags = call->flags;
    const char *words;
    char text[TEXT_SIZE];
    char start[TIME_TEXT_SIZE];
    char duration[TEXT_NUMBER_SIZE];
    char self[TEXT_NUMBER_SIZE];

    (void)snprintf(
        text, sizeof text, "at %s",
        time_text_offset(start, time_limit(call->start_ns), is_ascii(source)));
    if (!add(source, text, trace_model_track(model, call->track)->name, NULL,
             err)) {
        return false;
    }
    (void)snprintf(
        text, sizeof text, "took %s, self %s",
        text_duration(duration, sizeof duration, duration_ns, is_ascii(source)),
        text_duration(self, sizeof self, call->self_ns, is_ascii(source)));
    if (!add(source, text, "", NULL, err)) {
        return false;
    }
    while ((words = slice_flags_take(&flags)) != NULL) {
        if (!add(source, words, "", NULL, err)) {
            return false;
        }
    }
    return true;
}

static bool
add_callee(struct source *source, const struct callee *callee,
           const struct page_definition *caller, struct error *err)
{
    const struct details_target target = {
        .kind = TARGET_SLICE,
        .slice = callee->longest,
    };
    const struct page_site *site =
        caller == NULL ? NULL
                       : source_page_find_site(&source->page, caller,
                                               callee->longest.function);
    char count[TEXT_NUMBER_SIZE];
    char total[TEXT_NUMBER_SIZE];
    char line[TEXT_NUMBER_SIZE] = "";
    char text[TEXT_SIZE];

    if (site != NULL) {
        (void)snprintf(line, sizeof line, "~%" PRIu32 "  ", site->line);
    }
    (void)snprintf(
        text, sizeof text, "%s%s%s  %s", line, is_ascii(source) ? "x" : "×",
        text_count(count, sizeof count, callee->call_count),
        text_duration(total, sizeof total, callee->total_ns, is_ascii(source)));
    return add(source, source_name(source, callee->longest.function), text,
               &target, err);
}

static bool
add_callees(struct source *source, const struct source_moment *now,
            const struct call_facts *facts, struct error *err)
{
    enum fact_state state;
    const struct callees *callees = call_facts_callees(facts, &state);
    const struct page_definition *caller =
        now->function == now->at.call.slice.function && source->has_page
            ? source_page_find(&source->page, now->function)
            : NULL;

    if (callees == NULL) {
        source->viewer->shows_progress |= state == FACT_AWAITED;
        return add_header(source,
                          state == FACT_STOPPED  ? "it made calls: stopped"
                          : state == FACT_FAILED ? "its calls cannot be found"
                                                 : "it made calls ...",
                          "", err);
    }
    if (callees->count == 0) {
        return add_header(source, "it made no recorded calls", "", err);
    }
    if (!add_header(source, "it made calls", "~line  calls  total", err)) {
        return false;
    }
    for (size_t i = 0; i < callees->count && i < SITES_LISTED; i++) {
        if (!add_callee(source, &callees->items[i], caller, err)) {
            return false;
        }
    }
    return true;
}

static bool
add_stack(struct source *source, const struct source_moment *now,
          const struct call_facts *facts, struct error *err)
{
    size_t count;
    const struct slice *callers = call_facts_callers(facts, &count);
    char place[TEXT_SIZE];
    char name[TEXT_SIZE];

    if (!add_header(source, "call stack", "", err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct details_target target = {
            .kind = TARGET_SLICE,
            .slice = callers[i],
        };

        if (!add(source, source_name(source, callers[i].function),
                 write_place(source, callers[i].function, place), &target,
                 err)) {
            return false;
        }
    }
    (void)snprintf(name, sizeof name, "%s%.200s", is_ascii(source) ? ">" : "▶",
                   source_name(source, now->at.call.slice.function));
    return add(source, name,
               write_place(source, now->at.call.slice.function, place), NULL,
               err);
}

static bool
add_step(struct source *source, enum action_id action, const char *words,
         const char *name, struct error *err)
{
    char key[KEY_LABEL_SIZE];
    char text[TEXT_SIZE];

    (void)snprintf(text, sizeof text, "%-3s %s%.150s",
                   key_label_first(key, &source->viewer->keymap, action,
                                   ACTION_IN_S, is_ascii(source)),
                   words, name);
    return add(source, text, "", NULL, err);
}

/* Of a step: where it leads when that is known, and what it is otherwise. */
static bool
add_target(struct source *source, enum action_id action,
           const struct source_target *target, const char *const words[3],
           struct error *err)
{
    if (!source->ahead.is_known) {
        return add_step(source, action, words[0], "", err);
    }
    return target->is_there
               ? add_step(source, action, words[1],
                          source_name(source, target->function), err)
               : add_step(source, action, words[2], "", err);
}

static bool
add_ahead(struct source *source, bool has_inner, struct error *err)
{
    const char *const into[3] = {
        has_inner ? "into the next call it makes"
                  : "into the first call it makes",
        "into ",
        "it makes no further call",
    };
    static const char *const over[3] = {
        "the next call of this depth",
        "on to ",
        "this is the last call of this depth",
    };

    return add_target(source, ACTION_STEP_INTO, &source->ahead.into, into, err)
           && add_target(source, ACTION_STEP_OVER, &source->ahead.over, over,
                         err);
}

static bool
add_steps(struct source *source, const struct source_moment *now,
          const struct call_facts *facts, struct error *err)
{
    size_t count;
    const struct slice *callers = call_facts_callers(facts, &count);
    bool has_before = now->before != SOURCE_NO_MOMENT;

    return source_look_ahead(source, err)
           && add_header(source, "steps along the trace", "", err)
           && add_ahead(source, now->at.has_inner, err)
           && add_step(source, ACTION_STEP_OUT,
                       count > 0 ? "out to " : "nothing recorded called it",
                       count > 0
                           ? source_name(source, callers[count - 1].function)
                           : "",
                       err)
           && add_step(
               source, ACTION_STEP_BACK,
               has_before ? "back to " : "back: this is the first",
               has_before ? source_name(
                   source, source->moments[now->before].at.call.slice.function)
                          : "",
               err);
}

static bool
add_moment(struct source *source, struct error *err)
{
    const struct source_moment *now = source_now(source);
    struct call_facts *facts = timeline_view_facts(source->viewer->timeline);
    const struct buffer *args;
    char text[TEXT_SIZE];
    char rank[TEXT_SIZE];

    if (now == NULL) {
        return add_header(source, "no call is chosen", "", err)
               && add(source, "s . S go from the longest one on", "", NULL,
                      err);
    }
    if (!call_facts_show(facts, &now->at.call.slice, err)) {
        return false;
    }
    args = call_facts_args(facts);
    (void)snprintf(text, sizeof text, "this call of %.200s",
                   source_name(source, now->at.call.slice.function));
    return add_header(source, text, write_rank(facts, rank), err)
           && add_times(source, &now->at.call.slice, err)
           && (args->size == 0
               || details_add_json(&source->pane, 0, args->data, args->size,
                                   source_pane_width(source) - PANE_MARGIN,
                                   err))
           && add_callees(source, now, facts, err)
           && add_stack(source, now, facts, err)
           && add_steps(source, now, facts, err);
}

bool
source_pane_make(struct source *source, struct error *err)
{
    details_lines_clear(&source->pane);
    if (!source->state.has_function) {
        return true;
    }
    return add_line(source, err) && add_moment(source, err);
}

void
source_pane_draw(const struct source *source, struct screen *screen)
{
    const struct theme *theme = &source->viewer->theme;
    const struct details_column *column = &source->pane.columns[0];
    const struct source_state *state = &source->state;
    unsigned height = source_height(source);
    unsigned width = source_pane_width(source) - PANE_MARGIN;
    int x = (int)source_text_width(source);
    size_t chosen = state->chosen < column->count ? state->chosen : 0;
    size_t top = state->has_focus && chosen >= height ? chosen - height + 1 : 0;

    for (unsigned i = 0; i <= height; i++) {
        screen_put(screen, x, source->layout.ruler_row + (int)i,
                   is_ascii(source) ? '|' : 0x2502,
                   theme_style(theme, PART_FAINT));
    }
    for (size_t i = top; i < column->count && i - top < height; i++) {
        details_line_draw(&source->pane, &column->lines[i],
                          state->has_focus && i == chosen, width, theme, screen,
                          x + 2, source->layout.tracks_row + (int)(i - top));
    }
}
