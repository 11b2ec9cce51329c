// SPDX-License-Identifier: Apache-2.0
/* What the details say about a call. */
#include "tui/details_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "tui/call_facts.h"
#include "tui/label.h"
#include "tui/place_text.h"
#include "tui/slice_flags.h"
#include "tui/source_page.h"
#include "tui/timeline.h"
#include "tui/timeline_parts.h"
#include "tui/viewer.h"

enum {
    PLACE_SIZE = 256,
    WIDTH_FOR_PATHS = 60, /* of a list: whole paths, not only their ends */
};

static bool
is_ascii(const struct timeline *timeline)
{
    return timeline->viewer->theme.is_ascii;
}

static const char *
name_of(const struct timeline *timeline, uint32_t function)
{
    const struct model_function *known = timeline_function(timeline, function);

    return known == NULL ? "?" : known->name;
}

/* "server.py:44"; "" when there is no file. */
static const char *
write_place(const struct timeline *timeline, uint32_t function, bool is_whole,
            char text[PLACE_SIZE])
{
    const struct model_function *known = timeline_function(timeline, function);

    text[0] = '\0';
    if (known != NULL && known->file[0] != '\0') {
        (void)snprintf(text, PLACE_SIZE, "%.*s:%" PRIu32, PLACE_SIZE - 16,
                       is_whole ? known->file : label_base_name(known->file),
                       known->line);
    }
    return text;
}

static void
add_times(struct pieces *pieces, const struct timeline *timeline)
{
    const struct slice *slice = &timeline->state.slice;
    uint64_t duration_ns = slice->end_ns - slice->start_ns;
    char text[TIME_TEXT_SIZE];

    pieces_add(pieces, 2, false, PART_TEXT, "start %s",
               details_time(timeline, text, slice->start_ns));
    pieces_add(pieces, 3, false, PART_TEXT, "end %s",
               details_time(timeline, text, slice->end_ns));
    pieces_add(
        pieces, 1, false, PART_TITLE, "duration %s",
        time_text_offset(text, time_limit(duration_ns), is_ascii(timeline)));
    (void)time_text_offset(text, time_limit(slice->self_ns),
                           is_ascii(timeline));
    if (duration_ns > 0) {
        pieces_add(pieces, 2, false, PART_TEXT, "self %s (%.1f%%)", text,
                   (double)slice->self_ns / (double)duration_ns * 100);
    } else {
        pieces_add(pieces, 2, false, PART_TEXT, "self %s", text);
    }
}

static void
add_flags(struct pieces *pieces, uint32_t flags)
{
    const char *words;

    while ((words = slice_flags_take(&flags)) != NULL) {
        pieces_add(pieces, 1, false, PART_WARNING, "%s", words);
    }
}

/* "called at ~61 ~64": inferred by name, since no recorder knows lines. */
static void
add_sites(struct pieces *pieces, const struct timeline *timeline)
{
    const struct call_lines *sites = call_facts_sites(timeline->details->facts);
    char text[PLACE_SIZE] = "";

    for (size_t i = 0; i < sites->count; i++) {
        size_t size = strlen(text);

        (void)snprintf(text + size, sizeof text - size, " ~%" PRIu32,
                       sites->lines[i]);
    }
    if (sites->count > 0) {
        pieces_add(pieces, 4, false, PART_TEXT, "call site%s%s", text,
                   sites->is_more ? " ..." : "");
    }
}

static void
add_thread(struct pieces *pieces, const struct timeline *timeline)
{
    const struct slice *slice = &timeline->state.slice;
    const struct model_track *track =
        trace_model_track(timeline->model, slice->track);
    const struct model_process *process =
        trace_model_process(timeline->model, track->process);
    char place[PLACE_SIZE];

    place_add_track(pieces, 2, track);
    place_add_pid(pieces, 4, PART_TEXT, process);
    pieces_add(pieces, 6, false, PART_FAINT, "%s", process->name);
    pieces_add(pieces, 2, false, PART_TEXT, "depth %" PRIu32, slice->depth + 1);
    add_flags(pieces, slice->flags);
    pieces_add(pieces, 3, false, PART_TEXT, "%s",
               write_place(timeline, slice->function,
                           timeline->layout.width >= 2 * WIDTH_FOR_PATHS,
                           place));
    add_sites(pieces, timeline);
}

static void
add_duration(struct pieces *pieces, const struct timeline *timeline,
             unsigned rank, const char *name, uint64_t duration_ns)
{
    char text[TEXT_NUMBER_SIZE];

    pieces_add(
        pieces, rank, false, PART_TEXT, "%s %s", name,
        text_duration(text, sizeof text, duration_ns, is_ascii(timeline)));
}

/* The function's time in the whole trace, as the table of functions has it:
 * once where it called itself. */
static void
add_total(struct pieces *pieces, const struct timeline *timeline)
{
    const struct model_function *function =
        timeline_function(timeline, timeline->state.slice.function);

    if (function != NULL && !timeline->viewer->scope.is_set) {
        add_duration(pieces, timeline, 8, "total", function->total_ns);
    }
}

static void
add_sums(struct pieces *pieces, const struct timeline *timeline,
         const struct call_rank *all)
{
    char text[TEXT_NUMBER_SIZE];

    add_duration(pieces, timeline, 3, "p50", all->p50_ns);
    add_duration(pieces, timeline, 4, "p90", all->p90_ns);
    add_duration(pieces, timeline, 5, "p99", all->p99_ns);
    add_duration(pieces, timeline, 6, "mean", all->total_ns / all->count);
    if (all->count > 1) {
        add_duration(pieces, timeline, 8, is_ascii(timeline) ? "sd" : "σ",
                     (uint64_t)all->deviation_ns);
    }
    add_duration(pieces, timeline, 7, "min", all->min_ns);
    add_duration(pieces, timeline, 7, "max", all->max_ns);
    add_total(pieces, timeline);
    if (all->unfinished_count > 0) {
        pieces_add(pieces, 9, false, PART_FAINT, "%s unfinished",
                   text_count(text, sizeof text, all->unfinished_count));
    }
}

/* What is not known yet, and how far that is. */
static void
write_awaited(const struct timeline *timeline, char text[PLACE_SIZE],
              const char *what, enum fact_state state, int percent)
{
    size_t size = PLACE_SIZE;

    switch (state) {
    case FACT_STOPPED:
        (void)snprintf(text, size, "%s: stopped", what);
        return;
    case FACT_FAILED:
        (void)snprintf(text, size, "%s: cannot be found", what);
        return;
    case FACT_UNKNOWN:
    case FACT_AWAITED:
    case FACT_KNOWN:
        break;
    }
    timeline->viewer->shows_progress = true;
    if (percent < 0) {
        (void)snprintf(text, size, "%s ...", what);
    } else {
        (void)snprintf(text, size, "%s ... %d%%", what, percent);
    }
}

static void
add_rank(struct details_lines *lines, struct pieces *pieces,
         const struct timeline *timeline)
{
    const struct call_facts *facts = timeline->details->facts;
    const struct slice *slice = &timeline->state.slice;
    enum fact_state state;
    uint64_t rank;
    const struct call_rank *all = call_facts_rank(facts, &rank, &state);
    const char *scope = timeline->viewer->scope.is_set ? " in the area" : "";
    char place[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE];
    char text[PLACE_SIZE];

    if (all == NULL) {
        write_awaited(timeline, text, "comparing with all calls", state,
                      call_facts_rank_percent(facts));
        pieces_add(pieces, 1, false, PART_FAINT, "%s", text);
        return;
    }
    (void)text_grouped(count, sizeof count, all->count);
    if (rank == 1 && all->count == 1) {
        pieces_add(pieces, 1, false, PART_TITLE, "the only call of it%s",
                   scope);
        return;
    }
    if (rank == 0) {
        pieces_add(pieces, 1, false, PART_TITLE,
                   "not among the %s calls in the area", count);
    } else {
        pieces_add(pieces, 1, false, PART_TITLE, "#%s slowest of %s%s (p%.1f)",
                   text_grouped(place, sizeof place, rank), count, scope,
                   (double)(all->count - rank) * 100 / (double)all->count);
    }
    if (all->count > 0) {
        add_sums(pieces, timeline, all);
        lines->histogram = all;
        lines->here_ns = slice->end_ns - slice->start_ns;
    }
}

static bool
add_callers(struct details_lines *lines, const struct timeline *timeline,
            unsigned width, struct error *err)
{
    size_t count;
    const struct slice *callers =
        call_facts_callers(timeline->details->facts, &count);
    char place[PLACE_SIZE];

    if (count == 0) {
        return details_add_header(lines, 0, "called by nothing recorded", "",
                                  err);
    }
    (void)snprintf(place, sizeof place, "%zu %s", count,
                   count == 1 ? "level" : "levels");
    if (!details_add_header(lines, 0, "called by", place, err)) {
        return false;
    }
    for (size_t i = count; i-- > 0;) {
        struct details_target target = {
            .kind = TARGET_SLICE,
            .slice = callers[i],
            .time_ns = timeline->state.time_ns,
        };

        (void)write_place(timeline, callers[i].function,
                          width >= WIDTH_FOR_PATHS, place);
        if (!details_add(lines, 0, name_of(timeline, callers[i].function),
                         place, &target, err)) {
            return false;
        }
    }
    return true;
}

/* A text behind blanks, so that it takes columns. */
static void
append_right(struct buffer *out, const char *text, unsigned columns)
{
    for (unsigned used = label_width(text); used < columns; used++) {
        buffer_append_char(out, ' ');
    }
    buffer_append_text(out, text);
}

/* "7.600 ms  55.9%     x1" */
static bool
write_share(struct buffer *out, const struct timeline *timeline,
            uint64_t total_ns, uint64_t call_count, struct error *err)
{
    const struct slice *slice = &timeline->state.slice;
    uint64_t whole_ns = slice->end_ns - slice->start_ns;
    char text[TEXT_NUMBER_SIZE];
    char count[TEXT_NUMBER_SIZE];

    buffer_clear(out);
    append_right(
        out, text_duration(text, sizeof text, total_ns, is_ascii(timeline)), 9);
    (void)snprintf(text, sizeof text, "%.1f%%",
                   whole_ns == 0 ? 0
                                 : (double)total_ns * 100 / (double)whole_ns);
    append_right(out, text, 7);
    (void)snprintf(text, sizeof text, "%s%s", is_ascii(timeline) ? "x" : "×",
                   text_count(count, sizeof count, call_count));
    append_right(out, call_count == 0 ? "" : text, 7);
    return buffer_is_ok(out) || error_set_no_memory(err);
}

static bool
add_callee(struct details_lines *lines, const struct timeline *timeline,
           size_t column, const struct callee *callee, struct buffer *share,
           struct error *err)
{
    struct details_target target = {
        .kind = TARGET_SLICE,
        .slice = callee->longest,
        .time_ns = time_limit(callee->longest.start_ns),
    };

    return write_share(share, timeline, callee->total_ns, callee->call_count,
                       err)
           && details_add(lines, column,
                          name_of(timeline, callee->longest.function),
                          share->data, &target, err);
}

static bool
add_self(struct details_lines *lines, const struct timeline *timeline,
         size_t column, struct buffer *share, struct error *err)
{
    return write_share(share, timeline, timeline->state.slice.self_ns, 0, err)
           && details_add(lines, column, "(self)", share->data, NULL, err);
}

/* By their time, its own among them. */
static bool
add_all_callees(struct details_lines *lines, const struct timeline *timeline,
                size_t column, const struct callees *callees, struct error *err)
{
    uint64_t self_ns = timeline->state.slice.self_ns;
    struct buffer share = {0};
    bool has_self = false;
    bool is_ok = true;

    for (size_t i = 0; i < callees->count && is_ok; i++) {
        if (!has_self && callees->items[i].total_ns < self_ns) {
            has_self = true;
            is_ok = add_self(lines, timeline, column, &share, err);
        }
        is_ok = is_ok
                && add_callee(lines, timeline, column, &callees->items[i],
                              &share, err);
    }
    is_ok =
        is_ok && (has_self || add_self(lines, timeline, column, &share, err));
    buffer_release(&share);
    return is_ok;
}

static bool
add_callees(struct details_lines *lines, const struct timeline *timeline,
            size_t column, struct error *err)
{
    const struct call_facts *facts = timeline->details->facts;
    enum fact_state state;
    const struct callees *callees = call_facts_callees(facts, &state);
    char text[PLACE_SIZE];

    if (callees == NULL) {
        write_awaited(timeline, text, "calls", state,
                      call_facts_callees_percent(facts));
        return details_add_header(lines, column, text, "", err);
    }
    return details_add_header(
               lines, column,
               callees->count == 0 ? "calls nothing recorded" : "calls",
               callees->count == 0 ? "" : "total      %  calls", err)
           && add_all_callees(lines, timeline, column, callees, err);
}

static bool
add_args(struct details_lines *lines, const struct timeline *timeline,
         unsigned width, struct error *err)
{
    const struct buffer *args = call_facts_args(timeline->details->facts);

    return args->size == 0
           || (details_add_header(lines, 0, "arguments", "", err)
               && details_add_json(lines, 0, args->data, args->size, width,
                                   err));
}

bool
details_of_call(struct timeline *timeline, struct error *err)
{
    struct details *details = timeline->details;
    struct details_lines *lines = &details->lines;
    const struct slice *slice = &timeline->state.slice;
    struct details_layout layout;

    if (!call_facts_show(details->facts, slice, err)) {
        return false;
    }
    (void)snprintf(lines->title, sizeof lines->title, "%s",
                   name_of(timeline, slice->function));
    add_times(&lines->head[0], timeline);
    add_rank(lines, &lines->head[1], timeline);
    add_thread(&lines->head[2], timeline);
    lines->head_count = 3;
    lines->brief = 1;
    layout = details_layout(timeline);
    return add_callers(lines, timeline, layout.width, err)
           && details_add_flows(lines, timeline, 0, err)
           && add_callees(lines, timeline, layout.column_count - 1, err)
           && add_args(lines, timeline, layout.width, err);
}
