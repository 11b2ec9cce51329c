// SPDX-License-Identifier: Apache-2.0
#include "tui/flame_crumbs.h"

#include <stdio.h>
#include <string.h>

#include "tui/flame.h"
#include "tui/label.h"
#include "tui/screen.h"
#include "tui/viewer.h"

enum {
    CRUMBS_X = 1,
    CRUMB_DISTANCE = 3, /* " > " */
    CRUMB_CELLS = 24,   /* of a name */
};

/* What a step did, in front of what it did it to. */
static const char *
verb_of(const struct profile_transform *step)
{
    static const char *const verbs[PROFILE_TRANSFORM_COUNT] = {
        [PROFILE_MERGE_FUNCTION] = "merge",
        [PROFILE_MERGE_NODE] = "merge here",
        [PROFILE_DROP_FUNCTION] = "drop",
        [PROFILE_FOCUS_FUNCTION] = "focus",
        [PROFILE_FOCUS_SUBTREE] = "subtree",
        [PROFILE_COLLAPSE_FUNCTION] = "collapse",
        [PROFILE_COLLAPSE_DIRECT] = "recursion merged",
        [PROFILE_COLLAPSE_RECURSION] = "recursion merged",
        [PROFILE_COLLAPSE_MODULE] = "module",
        [PROFILE_END_AT] = "up to",
        [PROFILE_INVERT] = "bottom-up",
    };

    return verbs[step->kind];
}

static struct flame_crumb
crumb_of_step(const struct flame *flame, size_t index)
{
    const struct profile_transform *step = &flame->transforms.steps[index];
    struct flame_crumb crumb = {.step_count = index + 1};
    uint32_t function = profile_transform_takes_path(step->kind)
                            ? step->path[step->path_length - 1]
                            : step->function;
    char name[LABEL_SIZE];
    char module[LABEL_SIZE];

    if (step->kind == PROFILE_INVERT || function == PROFILE_EVERY) {
        (void)snprintf(crumb.text, sizeof crumb.text, "%s", verb_of(step));
        return crumb;
    }
    if (step->kind == PROFILE_COLLAPSE_MODULE && !profile_is_module(function)) {
        const char *path =
            profile_module_name(scope_profile_function(flame->model, function),
                                module, sizeof module);

        (void)label_cut(name, &flame->viewer->theme, label_base_name(path),
                        CRUMB_CELLS);
    } else {
        (void)flame_function_name(flame, function, CRUMB_CELLS, name);
    }
    (void)snprintf(crumb.text, sizeof crumb.text, "%s %s", verb_of(step), name);
    return crumb;
}

static struct flame_crumb
crumb_of_node(const struct flame *flame, uint32_t node)
{
    struct flame_crumb crumb = {
        .step_count = flame->transforms.count,
        .node = node,
    };
    char name[LABEL_SIZE];

    (void)flame_function_name(flame, flame->profile.nodes[node].function,
                              CRUMB_CELLS, name);
    (void)snprintf(crumb.text, sizeof crumb.text, "%s", name);
    return crumb;
}

/* Add a crumb in front; false = there is no room. */
static bool
put_in_front(struct flame_crumbs *crumbs, const struct flame_crumb *crumb,
             unsigned *cells)
{
    unsigned width = label_width(crumb->text);

    if (crumbs->count == FLAME_CRUMBS_MAX
        || (crumbs->count > 0 && width + CRUMB_DISTANCE > *cells)) {
        crumbs->is_cut = true;
        return false;
    }
    memmove(&crumbs->items[1], &crumbs->items[0],
            crumbs->count * sizeof *crumb);
    crumbs->items[0] = *crumb;
    crumbs->items[0].width = width;
    crumbs->count++;
    *cells -= width + CRUMB_DISTANCE < *cells ? width + CRUMB_DISTANCE : *cells;
    return true;
}

static void
collect(const struct flame *flame, struct flame_crumbs *crumbs)
{
    struct flame_crumb all = {.text = "all"};
    unsigned cells = flame->layout.width - 2 * CRUMBS_X - 2;

    for (uint32_t node = flame->has_profile ? flame->root : 0; node != 0;
         node = flame->profile.nodes[node].parent) {
        struct flame_crumb crumb = crumb_of_node(flame, node);

        if (!put_in_front(crumbs, &crumb, &cells)) {
            return;
        }
    }
    for (size_t i = flame->transforms.count; i-- > 0;) {
        struct flame_crumb crumb = crumb_of_step(flame, i);

        if (!put_in_front(crumbs, &crumb, &cells)) {
            return;
        }
    }
    (void)put_in_front(crumbs, &all, &cells);
}

void
flame_crumbs_of(const struct flame *flame, struct flame_crumbs *crumbs)
{
    int x = CRUMBS_X;

    *crumbs = (struct flame_crumbs){0};
    collect(flame, crumbs);
    x += crumbs->is_cut ? 2 : 0; /* an ellipsis */
    for (size_t i = 0; i < crumbs->count; i++) {
        crumbs->items[i].x = x;
        x += (int)crumbs->items[i].width + CRUMB_DISTANCE;
    }
}

void
flame_crumbs_draw(const struct flame *flame, struct screen *screen)
{
    const struct theme *theme = &flame->viewer->theme;
    struct screen_style faint = theme_style(theme, PART_FAINT);
    int y = flame_first_row(flame) - 1;
    struct flame_crumbs crumbs;

    if (!flame_has_crumbs(flame)) {
        return;
    }
    flame_crumbs_of(flame, &crumbs);
    if (crumbs.is_cut) {
        screen_put(screen, CRUMBS_X, y, theme_glyph(theme, GLYPH_ELLIPSIS),
                   faint);
    }
    for (size_t i = 0; i < crumbs.count; i++) {
        const struct flame_crumb *crumb = &crumbs.items[i];
        bool is_last = i + 1 == crumbs.count;

        (void)screen_text(screen, crumb->x, y,
                          flame->layout.width - (unsigned)crumb->x, crumb->text,
                          strlen(crumb->text),
                          theme_style(theme, is_last ? PART_TITLE : PART_TEXT));
        if (!is_last) {
            screen_put(screen, crumb->x + (int)crumb->width + 1, y,
                       theme_glyph(theme, GLYPH_RIGHT), faint);
        }
    }
}

bool
flame_crumbs_click(struct flame *flame, int x, struct error *err)
{
    struct flame_crumbs crumbs;

    flame_crumbs_of(flame, &crumbs);
    for (size_t i = 0; i < crumbs.count; i++) {
        const struct flame_crumb *crumb = &crumbs.items[i];

        if (x < crumb->x || x >= crumb->x + (int)crumb->width) {
            continue;
        }
        if (flame->has_profile) {
            flame_set_root(flame, crumb->node, false);
        }
        return crumb->step_count == flame->transforms.count
               || flame_keep_steps(flame, crumb->step_count, err);
    }
    return true;
}
