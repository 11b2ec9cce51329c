// SPDX-License-Identifier: Apache-2.0
#include "tui/profile_text.h"

#include <stdio.h>

#include "base/text.h"
#include "model/scope_profile.h"
#include "tui/chrome.h"
#include "tui/colour_mode.h"
#include "tui/label.h"
#include "tui/layout.h"
#include "tui/pieces.h"
#include "tui/viewer.h"

enum { SCOPE_TEXT_SIZE = 128 };

static bool
is_inside(const struct viewer *viewer, size_t track)
{
    const uint8_t *tracks = viewer->scope.tracks;

    return !viewer->scope.is_set || tracks == NULL || tracks[track] != 0;
}

/* Calls known to be missing in the scope, and stretches of which that is not
 * known; how much of the time of all threads these take. */
struct losses {
    uint64_t calls;
    size_t gaps;
    uint64_t gap_ns;
    uint64_t thread_ns;
};

/* How much of a stretch lies in the scope. */
static uint64_t
time_inside(const struct viewer_scope *scope, uint64_t start_ns,
            uint64_t end_ns)
{
    if (scope->is_set) {
        start_ns = start_ns > scope->start_ns ? start_ns : scope->start_ns;
        end_ns = end_ns < scope->end_ns ? end_ns : scope->end_ns;
    }
    return start_ns < end_ns ? end_ns - start_ns : 0;
}

static void
add_losses(struct losses *losses, const struct viewer *viewer, size_t track)
{
    const struct viewer_scope *scope = &viewer->scope;
    const struct model_gap *gaps = trace_model_gaps(viewer->model, track);
    const struct model_track *all = trace_model_track(viewer->model, track);
    size_t count = all->gap_count;

    losses->thread_ns += time_inside(scope, all->start_ns, all->end_ns);

    for (size_t i = 0; i < count; i++) {
        if (!scope->is_set
            || (gaps[i].start_ns < scope->end_ns
                && gaps[i].end_ns > scope->start_ns)) {
            losses->calls += gaps[i].lost_calls;
            losses->gaps++;
            losses->gap_ns +=
                time_inside(scope, gaps[i].start_ns, gaps[i].end_ns);
        }
    }
}

static void
add_lost(struct pieces *pieces, const struct viewer *viewer,
         const struct losses *losses)
{
    char count[TEXT_NUMBER_SIZE];

    if (losses->calls > 0) {
        pieces_add(pieces, 2, false, PART_WARNING, "%s calls %s",
                   text_grouped(count, sizeof count, losses->calls),
                   viewer_lost_word(viewer));
    } else if (losses->gaps > 0) {
        pieces_add(pieces, 2, false, PART_WARNING, "calls %s in %zu place%s",
                   viewer_lost_word(viewer), losses->gaps,
                   losses->gaps == 1 ? "" : "s");
    }
    if (losses->gap_ns > 0 && losses->gap_ns <= losses->thread_ns) {
        pieces_add(pieces, 3, false, PART_WARNING, "covers %s of the run",
                   text_percent(count, sizeof count,
                                losses->thread_ns - losses->gap_ns,
                                losses->thread_ns));
    }
}

void
profile_text_add_scope(struct pieces *pieces, const struct viewer *viewer)
{
    size_t count = trace_model_track_count(viewer->model);
    struct losses losses = {0};
    char text[SCOPE_TEXT_SIZE];

    for (size_t i = 0; i < count; i++) {
        if (is_inside(viewer, i)) {
            add_losses(&losses, viewer, i);
        }
    }
    pieces_add(pieces, 1, false, PART_TEXT, "scope: %s",
               viewer_scope_text(viewer, text, sizeof text));
    if (!viewer->scope.is_set) {
        pieces_add(pieces, 4, false, PART_TEXT, "%zu thread%s", count,
                   count == 1 ? "" : "s");
    }
    add_lost(pieces, viewer, &losses);
}

void
profile_text_words(const struct viewer *viewer, const char *words,
                   struct screen *screen, const struct layout *layout)
{
    char text[LABEL_SIZE];

    chrome_draw_centred(screen,
                        layout->tracks_row + (int)layout->track_height / 2,
                        label_cut(text, &viewer->theme, words, layout->width),
                        PART_TEXT, viewer);
}

void
profile_text_explain(struct viewer *viewer, enum job_kind kind,
                     const char *failure, struct screen *screen,
                     const struct layout *layout)
{
    int percent = jobs_percent(viewer->jobs, kind);
    char words[LABEL_SIZE];

    viewer->shows_progress = jobs_is_busy(viewer->jobs, kind);
    if (failure[0] != '\0') {
        (void)snprintf(words, sizeof words, "%s; Enter tries again", failure);
    } else if (!jobs_is_busy(viewer->jobs, kind)) {
        (void)snprintf(words, sizeof words, "stopped; Enter goes on");
    } else if (percent < 0) {
        (void)snprintf(words, sizeof words, "summing up");
    } else {
        (void)snprintf(words, sizeof words, "summing up: %d%%", percent);
    }
    profile_text_words(viewer, words, screen, layout);
}

void
profile_text_no_calls(const struct viewer *viewer, struct screen *screen,
                      const struct layout *layout)
{
    profile_text_words(
        viewer,
        viewer->scope.is_set        ? "no calls in the scope; Esc shows all"
        : viewer->filter[0] != '\0' ? "the filter leaves no calls; & changes it"
                                    : "no calls in this trace",
        screen, layout);
}

const char *
profile_text_whole(const struct viewer *viewer)
{
    return viewer->scope.is_set ? "of scope" : "of trace";
}

struct theme
profile_theme(const struct viewer *viewer)
{
    struct theme theme = viewer->theme;

    if (viewer->look.colour_mode == COLOUR_BY_NOTHING) {
        theme.colour_count = 0;
    }
    return theme;
}

unsigned
profile_slot(const struct viewer *viewer, const struct model_function *function,
             uint64_t duration_ns)
{
    enum colour_mode mode = viewer->look.colour_mode;
    const struct colour_subject subject = {.function = function,
                                           .duration_ns = duration_ns};

    if (function != NULL
        && tags_has(&viewer->look.tags,
                    trace_model_function_index(viewer->model, function))) {
        return THEME_TAG_SLOT;
    }
    return colour_mode_slot(mode == COLOUR_BY_THREAD ? COLOUR_BY_NAME : mode,
                            &subject);
}

struct screen_style
profile_name_style(const struct viewer *viewer, uint32_t function,
                   uint64_t duration_ns)
{
    struct theme theme = profile_theme(viewer);
    struct screen_style style = theme_slice_style(
        &theme,
        profile_slot(viewer, scope_profile_function(viewer->model, function),
                     duration_ns),
        LOOK_SINGLE);

    return search_is_hit(&viewer->search, function)
               ? theme_hit_style(&theme, style)
               : style;
}
