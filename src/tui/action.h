// SPDX-License-Identifier: Apache-2.0
/*
 * tui/action.h - everything a key can do, in one table.
 *
 * Help, the function key bar, the prompt after a prefix key, the command line,
 * the man page and the key file are all made from this table, so they cannot
 * disagree. A keymap (keymap.h) says which keys do it in a viewer.
 *
 * Keys are separated by blanks; "za" is z followed by a, and "mAny" is m
 * followed by any character. A label may have a long form behind "|". The
 * same key may mean something else in another view.
 */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/action_table.h"

/* clang-format off */
/* X(identifier, title) in the order of the help. */
#define ACTION_GROUPS(X)         \
    X(VIEWPORT, "Viewport")      \
    X(CURSOR, "Cursor")          \
    X(SELECT, "Select & scope")  \
    X(TRACKS, "Tracks")          \
    X(FLAME, "Flame graph")      \
    X(TABLE, "Tables")           \
    X(STEPS, "Source")           \
    X(SEARCH, "Search")          \
    X(GENERAL, "General")
/* clang-format on */

/* Where an action is known: one bit per view, see view.h. */
enum action_views {
    ACTION_IN_T = 1u << 0, /* timeline */
    ACTION_IN_F = 1u << 1, /* flame graph */
    ACTION_IN_N = 1u << 2, /* functions */
    ACTION_IN_W = 1u << 3, /* sandwich */
    ACTION_IN_S = 1u << 4, /* source */
    ACTION_IN_E = 1u << 5, /* events */
    ACTION_IN_I = 1u << 6, /* info */
    ACTION_IN_TF = ACTION_IN_T | ACTION_IN_F,
    ACTION_IN_FN = ACTION_IN_F | ACTION_IN_N,
    ACTION_IN_TE = ACTION_IN_T | ACTION_IN_E,
    ACTION_IN_TNE = ACTION_IN_T | ACTION_IN_N | ACTION_IN_E,
    ACTION_IN_TS = ACTION_IN_T | ACTION_IN_S,
    ACTION_IN_NW = ACTION_IN_N | ACTION_IN_W,
    ACTION_IN_TNW = ACTION_IN_T | ACTION_IN_NW,
    ACTION_IN_FNW = ACTION_IN_FN | ACTION_IN_W,
    ACTION_IN_FNWS = ACTION_IN_FNW | ACTION_IN_S,
    /* All that have rows of text: a table, a page. */
    ACTION_IN_ROWS =
        ACTION_IN_N | ACTION_IN_W | ACTION_IN_S | ACTION_IN_E | ACTION_IN_I,
    ACTION_IN_FROWS = ACTION_IN_F | ACTION_IN_ROWS,
    ACTION_IN_ALL = ACTION_IN_T | ACTION_IN_FROWS,
};

enum action_group {
#define ACTION_GROUP_ID(id, title) ACTION_GROUP_##id,
    ACTION_GROUPS(ACTION_GROUP_ID)
#undef ACTION_GROUP_ID
        ACTION_GROUP_COUNT,
};

enum action_id {
#define ACTION_ID(id, group, views, name, keys, bar, help) ACTION_##id,
    ACTION_TABLE(ACTION_ID)
#undef ACTION_ID
        ACTION_COUNT,
};

struct action {
    enum action_id id;
    enum action_group group;
    unsigned views;   /* enum action_views */
    const char *name; /* as in a key file */
    const char *keys;
    const char *bar_label; /* "" = not in the function key bar */
    const char *help;      /* starts small, no full stop */
};

/* Action number index, below ACTION_COUNT. */
const struct action *action_at(size_t index);

/* The action of a command name; NULL = there is none. */
const struct action *action_named(const char *name);

const char *action_group_title(enum action_group group);

/* One of the key sequences of an action: a key, or a prefix and a key (which
 * may be KEY_ANY). */
struct action_keys {
    unsigned prefix; /* KEY_NONE = a single key */
    unsigned key;
};

/* Read a word: a key's name, or a prefix of one byte and a key's name behind
 * it. False when it is neither. */
bool action_parse_keys(const char *word, size_t size, struct action_keys *keys);

/* Step through the sequences that an action has in the table (see keymap.h for
 * those that it has in a viewer): *offset starts at 0. False at the end. */
bool action_next_keys(const struct action *action, size_t *offset,
                      struct action_keys *keys);

#endif
