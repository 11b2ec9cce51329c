// SPDX-License-Identifier: Apache-2.0
/*
 * tui/flame_place.h - what undo restores of a flame graph: places as paths of
 * functions, since nodes are others in another profile.
 */
#ifndef TUI_FLAME_PLACE_H
#define TUI_FLAME_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/flame_transforms.h"

struct error;
struct flame;

/* A selected node and what is shown around it, by functions. */
struct flame_place {
    struct flame_transforms transforms;
    bool has_tracks;
    bool is_in_list;
    uint32_t list_function;
    bool is_loose; /* the path was taken before the last transform */
    bool is_rest_root;
    uint32_t root_function; /* that of the root, which may be beside the path */
    size_t root_length;     /* functions down to the root */
    size_t top;             /* row that is shown first */
    size_t list_top;        /* the same in the list */
    size_t length;
    uint32_t functions[];
};

struct flame_place *flame_place_take(const struct flame *flame,
                                     struct error *err);
void flame_place_free(struct flame_place *place);

/* How many functions lead to what is shown: with a remainder at the top that
 * is the caller of its nodes. */
size_t flame_place_base(const struct flame_place *place);

/* Select what a place says, as far as it is in the profile. */
void flame_place_go(struct flame *flame, const struct flame_place *place);

/* Go to a place, as far as it is there. */
void flame_place_restore(struct flame *flame, const struct flame_place *place);
bool flame_place_is_shown(const struct flame *flame,
                          const struct flame_place *place);

/* Give a place the functions of the viewer's model instead of those of the
 * model before; it ends where there is none. */
void flame_place_translate(const struct flame *flame,
                           struct flame_place *place);

#endif
