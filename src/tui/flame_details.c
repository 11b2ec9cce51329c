// SPDX-License-Identifier: Apache-2.0
/* What the selected box is, in words and numbers. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "tui/chrome.h"
#include "tui/flame.h"
#include "tui/flame_profile.h"
#include "tui/label.h"
#include "tui/pieces.h"
#include "tui/profile_text.h"
#include "tui/screen.h"
#include "tui/viewer.h"

enum { PATH_PARTS_MAX = 64, PATH_X = 7 };

/* The name with its place, as much as fits. */
static void
write_title(const struct flame *flame, const struct flame_box *box,
            unsigned cells, char text[LABEL_SIZE])
{
    const struct model_function *function = flame_function(flame, box->node);

    if (box->rest_count > 0) {
        (void)snprintf(text, LABEL_SIZE, "%" PRIu32 " more, each too narrow",
                       box->rest_count);
    } else if (function != NULL) {
        (void)label_fit(text, &flame->viewer->theme, function, cells);
    } else if (flame->profile.nodes[box->node].function == PROFILE_OTHER
               && flame->profile.level_max != UINT32_MAX) {
        (void)snprintf(text, LABEL_SIZE, "%s below level %" PRIu32,
                       flame->profile.is_inverted ? "callers" : "calls",
                       flame->profile.level_max);
    } else {
        (void)flame_box_name(flame, box, cells, text);
    }
}

/* "12.1% of trace", "34.8% of parent". */
static void
add_shares(struct pieces *pieces, const struct flame *flame,
           const struct flame_box *box, enum theme_part part)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint32_t parent = nodes[box->node].parent;
    char text[TEXT_NUMBER_SIZE];

    pieces_add(
        pieces, 3, false, part, "%s %s",
        text_percent(text, sizeof text, box->total_ns, flame->profile.total_ns),
        profile_text_whole(flame->viewer));
    if (box->node != 0 && parent != 0) {
        pieces_add(pieces, 5, false, part, "%s of parent",
                   text_percent(text, sizeof text, box->total_ns,
                                nodes[parent].total_ns));
    }
}

static uint64_t
call_count(const struct flame *flame, const struct flame_box *box)
{
    const struct profile_node *nodes = flame->profile.nodes;
    uint64_t count = nodes[box->node].call_count;

    if (box->node == 0) {
        return flame->profile.call_count;
    }
    for (uint32_t i = 1; i < box->rest_count; i++) {
        count += nodes[box->node + i].call_count;
    }
    return count;
}

/* Whether nodes have calls whose time is not theirs: a mean would be of two
 * different things. */
static bool
counts_inner_calls(const struct flame *flame)
{
    return flame_transforms_find(&flame->transforms, PROFILE_COLLAPSE_RECURSION)
           < flame->transforms.count;
}

/* How long single calls took: on this path, or, when that is not one of the
 * trace, all calls of the function. */
static void
add_durations(struct pieces *pieces, const struct flame *flame,
              enum theme_part part)
{
    const struct duration_facts *facts = &flame->when.times.durations;
    bool is_ascii = flame->viewer->theme.is_ascii;
    char p99[TEXT_NUMBER_SIZE];
    char max[TEXT_NUMBER_SIZE];

    if (flame->when.has_times && facts->call_count > 1) {
        pieces_add(pieces, 8, false, part, "%sp99 ~%s  max %s",
                   flame_when_is_path(flame) ? "" : "any call: ",
                   text_duration(p99, sizeof p99, facts->p99_ns, is_ascii),
                   text_duration(max, sizeof max, facts->max_ns, is_ascii));
    }
}

static void
add_numbers(struct pieces *pieces, const struct flame *flame,
            const struct flame_box *box, enum theme_part part)
{
    const struct profile_node *node = &flame->profile.nodes[box->node];
    bool is_ascii = flame->viewer->theme.is_ascii;
    uint64_t count = call_count(flame, box);
    char text[TEXT_NUMBER_SIZE];

    pieces_add(pieces, 2, false, part, "%s",
               text_duration(text, sizeof text, box->total_ns, is_ascii));
    add_shares(pieces, flame, box, part);
    if (box->rest_count == 0 && node->function != PROFILE_OTHER
        && box->node != 0 && !flame->profile.is_inverted) {
        pieces_add(pieces, 4, false, part, "self %s",
                   text_duration(text, sizeof text, node->self_ns, is_ascii));
    }
    if (profile_is_track(node->function)) {
        return;
    }
    pieces_add(pieces, 6, false, part, "%s call%s",
               text_grouped(text, sizeof text, count), count == 1 ? "" : "s");
    if (box->node != 0 && count > 1 && box->rest_count == 0
        && node->function != PROFILE_OTHER && !flame->profile.is_inverted
        && !counts_inner_calls(flame)) {
        pieces_add(
            pieces, 7, false, part, "mean %s",
            text_duration(text, sizeof text, box->total_ns / count, is_ascii));
    }
}

/* The last functions of the path that fit, from the one that is selected up;
 * how many; *width is what they need. */
static size_t
choose_parts(const struct flame *flame, uint32_t *parts, unsigned cells,
             unsigned *width)
{
    const struct profile_node *nodes = flame->profile.nodes;
    size_t count = 0;

    *width = 0;
    for (uint32_t node = flame->node; node != 0 && count < PATH_PARTS_MAX;
         node = nodes[node].parent) {
        struct flame_box box = {.node = node};
        char text[LABEL_SIZE];
        unsigned part =
            label_width(flame_box_name(flame, &box, LABEL_SIZE, text))
            + (count == 0 ? 0 : 3);

        if (count > 0 && *width + part + 2 > cells) {
            break; /* two cells say that there are more */
        }
        *width += part;
        parts[count++] = node;
    }
    return count;
}

static void
draw_path(const struct flame *flame, struct screen *screen, int y)
{
    const struct theme *theme = &flame->viewer->theme;
    struct screen_style faint = theme_style(theme, PART_FAINT);
    unsigned cells = flame->layout.width - PATH_X - 1;
    uint32_t parts[PATH_PARTS_MAX];
    unsigned width;
    size_t count = choose_parts(flame, parts, cells, &width);
    int x = PATH_X;

    if (count == 0) {
        return; /* everything */
    }
    (void)screen_text(screen, 1, y, PATH_X, "path", 4, faint);
    if (flame->profile.nodes[parts[count - 1]].parent != 0) {
        screen_put(screen, x, y, theme_glyph(theme, GLYPH_ELLIPSIS), faint);
        x += 2;
    }
    while (count-- > 0) {
        struct flame_box box = {.node = parts[count]};
        char text[LABEL_SIZE];
        unsigned left = cells + PATH_X - (unsigned)x;

        (void)flame_box_name(flame, &box, left, text);
        x += (int)screen_text(screen, x, y, left, text, strlen(text),
                              theme_style(theme, PART_TEXT));
        if (count > 0) {
            screen_put(screen, x + 1, y, theme_glyph(theme, GLYPH_RIGHT),
                       faint);
            x += 3;
        }
    }
}

static void
put_word(const struct flame *flame, struct screen *screen, int y,
         const char *word)
{
    (void)screen_text(screen, 1, y, PATH_X, word, strlen(word),
                      theme_style(&flame->viewer->theme, PART_FAINT));
}

/* "2 other paths: render 20.1 ms, flush 3.00 ms": by the callers there. */
static void
draw_others(const struct flame *flame, struct screen *screen, int y)
{
    const struct flame_others *others = &flame->others;
    const struct profile_node *nodes = flame->profile.nodes;
    unsigned cells = flame->layout.width - PATH_X - 1;
    struct pieces pieces = {0};
    char name[LABEL_SIZE];
    char time[TEXT_NUMBER_SIZE];

    put_word(flame, screen, y, "also");
    pieces_add(&pieces, 1, false, PART_TEXT,
               others->count == 0 ? "on no other path" : "on %s other path%s",
               text_grouped(time, sizeof time, others->count),
               others->count == 1 ? "" : "s");
    for (uint32_t i = 0; i < 2 && i < others->count; i++) {
        const struct profile_node *other = &nodes[others->largest[i]];

        (void)flame_function_name(flame, nodes[other->parent].function,
                                  cells / 3, name);
        pieces_add(&pieces, 2 + i, false, PART_TEXT, "%s %s %s",
                   flame->profile.is_inverted ? "calling" : "from", name,
                   text_duration(time, sizeof time, other->total_ns,
                                 flame->viewer->theme.is_ascii));
    }
    pieces_draw(&pieces, &flame->viewer->theme, screen, PATH_X - 1, y,
                cells + 2);
}

static void
draw_more(const struct flame *flame, const struct flame_box *box,
          struct screen *screen, int y)
{
    if (box->rest_count > 0 || box->node == 0) {
        return; /* no function: it is on no path, and always there */
    }
    draw_others(flame, screen, y);
    put_word(flame, screen, y + 1, "when");
    flame_when_draw(flame, screen, PATH_X, y + 1);
}

void
flame_draw_details(const struct flame *flame, struct screen *screen)
{
    const struct theme *theme = &flame->viewer->theme;
    const struct flame_box *box = flame_selected_box(flame);
    unsigned width = flame->layout.width;
    int y = flame->layout.status_row - (int)flame_detail_height(flame);
    struct pieces pieces = {0};
    char text[LABEL_SIZE];

    if (flame_detail_height(flame) == 0) {
        return;
    }
    for (unsigned i = 0; i < width; i++) {
        screen_put(screen, (int)i, y, theme_glyph(theme, GLYPH_BODY),
                   theme_style(theme, PART_FAINT));
    }
    write_title(flame, box, width - 6, text);
    screen_put(screen, 2, y, ' ', theme_style(theme, PART_TITLE));
    screen_put(screen,
               3
                   + (int)screen_text(screen, 3, y, width - 6, text,
                                      strlen(text),
                                      theme_style(theme, PART_TITLE)),
               y, ' ', theme_style(theme, PART_TITLE));
    add_numbers(&pieces, flame, box, PART_TEXT);
    add_durations(&pieces, flame, PART_TEXT);
    pieces_draw(&pieces, theme, screen, 0, y + 1, width);
    draw_path(flame, screen, y + 2);
    if (flame_when_width(flame) > 0) {
        draw_more(flame, box, screen, y + 3);
    }
}

void
flame_draw_status(const struct flame *flame, struct screen *screen)
{
    struct pieces pieces = {0};

    if (flame_has_calls(flame)) {
        const struct flame_box *box = flame_selected_box(flame);
        char text[LABEL_SIZE];

        if (flame_detail_height(flame) > 0) {
            pieces_add(&pieces, 1, false, PART_STATUS, "hjkl move");
            pieces_add(&pieces, 2, false, PART_STATUS, "Enter zoom");
            pieces_add(&pieces, 3, false, PART_STATUS, "u undo");
            pieces_add(&pieces, 4, false, PART_STATUS, "f focus");
            pieces_add(&pieces, 8, false, PART_STATUS, "F subtree");
            pieces_add(&pieces, 5, false, PART_STATUS, "m merge");
            pieces_add(&pieces, 6, false, PART_STATUS, "d drop");
            pieces_add(&pieces, 7, false, PART_STATUS, "b %s",
                       flame->profile.is_inverted ? "top-down" : "bottom-up");
            pieces_add(&pieces, 9, false, PART_STATUS, "c/C collapse");
            pieces_add(&pieces, 10, false, PART_STATUS, "t threads");
            pieces_add(&pieces, 11, false, PART_STATUS, "o longest call");
        } else {
            write_title(flame, box, flame->layout.width / 2, text);
            pieces_add(&pieces, 1, false, PART_STATUS, "%s", text);
            add_numbers(&pieces, flame, box, PART_STATUS);
        }
    }
    chrome_draw_status(flame->viewer, &pieces, screen,
                       flame->layout.status_row);
}
