// SPDX-License-Identifier: Apache-2.0
/*
 * tui/action.h - everything a key can do, in one table.
 *
 * Help, the function key bar, the prompt after a prefix key, the man page and
 * the key file are all made from this table, so they cannot disagree. Each line
 * is X(identifier, command name, keys, label for the function key bar, help).
 * Keys are separated by blanks; "za" is z followed by a.
 */
#ifndef TUI_ACTION_H
#define TUI_ACTION_H

#include <stdbool.h>
#include <stddef.h>

/* clang-format off */
#define ACTION_TABLE(X)                                                        \
    X(ZOOM_IN, "zoom-in", "w F8 C-Up", "Zoom+",                                \
      "zoom in by two at the cursor")                                          \
    X(ZOOM_OUT, "zoom-out", "s F7 C-Down", "Zoom-",                            \
      "zoom out by two at the cursor")                                         \
    X(ZOOM_IN_STEP, "zoom-in-step", "+ =", "",                                 \
      "zoom in by one step of 1.25")                                           \
    X(ZOOM_OUT_STEP, "zoom-out-step", "-", "",                                 \
      "zoom out by one step of 1.25")                                          \
    X(PAN_LEFT, "pan-left", "a C-Left", "Left",                                \
      "pan left by a tenth of the width")                                      \
    X(PAN_RIGHT, "pan-right", "d C-Right", "Right",                            \
      "pan right by a tenth of the width")                                     \
    X(PAGE_LEFT, "page-left", "A H S-PgUp", "",                                \
      "pan left by the whole width")                                           \
    X(PAGE_RIGHT, "page-right", "D L S-PgDn", "",                              \
      "pan right by the whole width")                                          \
    X(FIT, "fit", "0", "All",                                                  \
      "show the whole trace")                                                  \
    X(FOCUS, "focus", "f", "Focus",                                            \
      "centre the slice; again: fit it; again: go back")                       \
    X(START, "start", "Home", "",                                              \
      "go to the start of the trace")                                          \
    X(END, "end", "End", "",                                                   \
      "go to the end of the trace")                                            \
    X(UNDO, "undo", "u BS", "Undo",                                            \
      "undo the last change of the view")                                      \
    X(REDO, "redo", "C-r", "",                                                 \
      "redo what was undone")                                                  \
    X(LEFT, "left", "h Left", "",                                              \
      "go to the previous slice that can be seen in the row")                  \
    X(RIGHT, "right", "l Right", "",                                           \
      "go to the next slice that can be seen in the row")                      \
    X(UP, "up", "k Up", "",                                                    \
      "go to the caller, then to the track above")                             \
    X(DOWN, "down", "j Down", "",                                              \
      "go to the callee, then to the track below")                             \
    X(PREVIOUS, "previous", ",", "",                                           \
      "go to the previous slice of the row, however short")                    \
    X(NEXT, "next", ".", "Next",                                               \
      "go to the next slice of the row, however short")                        \
    X(PREVIOUS_TRACK, "previous-thread", "{", "",                              \
      "go to the previous thread")                                             \
    X(NEXT_TRACK, "next-thread", "}", "",                                      \
      "go to the next thread")                                                 \
    X(FIRST_TRACK, "first-row", "g", "",                                       \
      "go to the first track")                                                 \
    X(LAST_TRACK, "last-row", "G", "",                                         \
      "go to the last track")                                                  \
    X(OTHER_END, "other-end", "%", "",                                         \
      "go to the other end of the slice")                                      \
    X(FOLD, "fold", "Space za", "Fold",                                        \
      "fold or unfold the track or process")                                   \
    X(FOLD_ALL, "fold-all", "zM", "",                                          \
      "fold every track")                                                      \
    X(UNFOLD_ALL, "unfold-all", "zR", "",                                      \
      "unfold every track and process")                                        \
    X(TIME_DISPLAY, "time-display", "T", "Time",                               \
      "times from the start, from the cursor, of the clock, in ns")            \
    X(COLOUR, "colour", "c F6", "Colour",                                      \
      "colour by name, or none")                                               \
    X(CANCEL, "cancel", "Esc", "",                                             \
      "give up a prefix key, clear a message")                                 \
    X(QUIT, "quit", "q Q F10", "Quit",                                         \
      "quit")
/* clang-format on */

enum action_id {
#define ACTION_ID(id, name, keys, bar, help) ACTION_##id,
    ACTION_TABLE(ACTION_ID)
#undef ACTION_ID
        ACTION_COUNT,
};

struct action {
    enum action_id id;
    const char *name; /* as in a key file */
    const char *keys;
    const char *bar_label; /* "" = not in the function key bar */
    const char *help;      /* starts small, no full stop */
};

/* Action number index, below ACTION_COUNT. */
const struct action *action_at(size_t index);

/* One of the key sequences of an action: a key, or a prefix and a key. */
struct action_keys {
    unsigned prefix; /* KEY_NONE = a single key */
    unsigned key;
};

/* Step through the sequences of an action: *offset starts at 0. False at the
 * end. */
bool action_next_keys(const struct action *action, size_t *offset,
                      struct action_keys *keys);

enum action_match { ACTION_NO_MATCH, ACTION_MATCH, ACTION_PREFIX };

/* What key does after prefix (KEY_NONE = nothing was pressed before it). *id
 * is set for ACTION_MATCH only. */
enum action_match action_find(unsigned prefix, unsigned key,
                              enum action_id *id);

#endif
