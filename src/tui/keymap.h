// SPDX-License-Identifier: Apache-2.0
/*
 * tui/keymap.h - which key does what, in which views.
 *
 * At first as in the action table; the user's key file and the ready maps
 * (key_file.h) change it. A sequence means one thing in a view: who binds it
 * takes it from others, and a key alone and sequences that begin with it
 * exclude each other.
 */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action.h"

struct error;

struct key_binding {
    struct action_keys keys;
    enum action_id action;
    unsigned views; /* enum action_views in which it does that; not 0 */
};

/* {0} has no keys at all. */
struct keymap {
    struct key_binding *items; /* owned */
    size_t count;
    size_t capacity;
};

/* The keys of the action table, and nothing else. */
bool keymap_reset(struct keymap *keymap, struct error *err);
void keymap_release(struct keymap *keymap);

/* Take over what source has. */
void keymap_take(struct keymap *keymap, struct keymap *source);

bool keymap_bind(struct keymap *keymap, unsigned views,
                 const struct action_keys *keys, enum action_id action,
                 struct error *err);
void keymap_unbind(struct keymap *keymap, unsigned views,
                   const struct action_keys *keys);

/* Step through the sequences of an action in any of the views: *index starts
 * at 0. False at the end. */
bool keymap_next(const struct keymap *keymap, enum action_id action,
                 unsigned views, size_t *index, struct action_keys *keys);

enum action_match { ACTION_NO_MATCH, ACTION_MATCH, ACTION_PREFIX };

/* What key does after prefix (KEY_NONE = nothing was pressed before it) in one
 * of the views. *id is set for ACTION_MATCH only. */
enum action_match keymap_find(const struct keymap *keymap, unsigned views,
                              unsigned prefix, unsigned key,
                              enum action_id *id);

#endif
