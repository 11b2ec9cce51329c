// SPDX-License-Identifier: Apache-2.0
/* tui/action_table.h - the table behind action.h. */
#ifndef TUI_ACTION_TABLE_H
#define TUI_ACTION_TABLE_H
/* X(identifier, group, views, name, keys, bar label, help) */
/* clang-format off */
#define ACTION_TABLE(X)                                                        \
    X(ZOOM_IN, VIEWPORT, T, "zoom-in", "w F8 C-Up", "Zoom+",                   \
      "zoom in by two at the cursor")                                          \
    X(ZOOM_OUT, VIEWPORT, T, "zoom-out", "s F7 C-Down", "Zoom-",               \
      "zoom out by two at the cursor")                                         \
    X(ZOOM_IN_STEP, VIEWPORT, T, "zoom-in-step", "+ =", "",                    \
      "zoom in by one step of 1.25")                                           \
    X(ZOOM_OUT_STEP, VIEWPORT, T, "zoom-out-step", "-", "",                    \
      "zoom out by one step of 1.25")                                          \
    X(PAN_LEFT, VIEWPORT, T, "pan-left", "a C-Left", "",                       \
      "pan left by a tenth of the width")                                      \
    X(PAN_RIGHT, VIEWPORT, T, "pan-right", "d C-Right", "",                    \
      "pan right by a tenth of the width")                                     \
    X(PAGE_LEFT, VIEWPORT, T, "page-left", "A H S-PgUp", "",                   \
      "pan left by the whole width")                                           \
    X(PAGE_RIGHT, VIEWPORT, T, "page-right", "D L S-PgDn", "",                 \
      "pan right by the whole width")                                          \
    X(FIT, VIEWPORT, T, "fit", "0", "",                                        \
      "show the whole trace")                                                  \
    X(FOCUS, VIEWPORT, T, "focus", "f", "",                                    \
      "centre the slice; again: fit it; again: go back")                       \
    X(START, VIEWPORT, T, "start", "Home", "",                                 \
      "go to the start of the trace")                                          \
    X(END, VIEWPORT, T, "end", "End", "",                                      \
      "go to the end of the trace")                                            \
    X(FOLLOW, VIEWPORT, T, "follow", "F", "",                                  \
      "follow the end of a growing trace")                                     \
    X(UNDO, VIEWPORT, ALL, "undo", "u BS", "",                                 \
      "undo the last change of the view")                                      \
    X(REDO, VIEWPORT, ALL, "redo", "C-r", "",                                  \
      "redo what was undone")                                                  \
    X(LEFT, CURSOR, ALL, "left", "h Left", "",                                 \
      "go to the previous slice or box that can be seen")                      \
    X(RIGHT, CURSOR, ALL, "right", "l Right", "",                              \
      "go to the next slice or box that can be seen")                          \
    X(UP, CURSOR, ALL, "up", "k Up", "",                                       \
      "go to the caller, then to the track above; a row up")                   \
    X(DOWN, CURSOR, ALL, "down", "j Down", "",                                 \
      "go to the callee, then to the track below; a row down")                 \
    X(PREVIOUS, CURSOR, T, "previous", ",", "",                                \
      "go to the previous slice of the row, however short")                    \
    X(NEXT, CURSOR, T, "next", ".", "",                                        \
      "go to the next slice of the row, however short")                        \
    X(PREVIOUS_TRACK, CURSOR, T, "previous-thread", "{", "",                   \
      "go to the previous thread")                                             \
    X(NEXT_TRACK, CURSOR, T, "next-thread", "}", "",                           \
      "go to the next thread")                                                 \
    X(FIRST_TRACK, CURSOR, T, "first-track", "g", "",                          \
      "go to the first track")                                                 \
    X(LAST_TRACK, CURSOR, T, "last-track", "G", "",                            \
      "go to the last track")                                                  \
    X(FIRST, CURSOR, FROWS, "first", "g Home", "",                             \
      "go to the first row")                                                   \
    X(LAST, CURSOR, FROWS, "last", "G End", "",                                \
      "go to the last row")                                                    \
    X(PAGE_UP, CURSOR, ALL, "page-up", "C-b PgUp", "",                         \
      "go up by a page of rows")                                               \
    X(PAGE_DOWN, CURSOR, ALL, "page-down", "C-f PgDn", "",                     \
      "go down by a page of rows")                                             \
    X(HALF_UP, CURSOR, ALL, "half-page-up", "C-u", "",                         \
      "go up by half a page of rows")                                          \
    X(HALF_DOWN, CURSOR, ALL, "half-page-down", "C-d", "",                     \
      "go down by half a page of rows")                                        \
    X(SLOWER, CURSOR, TNW, "slower", "(", "",                                  \
      "go to the next slower call of the function")                            \
    X(FASTER, CURSOR, TNW, "faster", ")", "",                                  \
      "go to the next faster call of the function")                            \
    X(NEXT_SAME, CURSOR, T, "next-same", "*", "",                              \
      "go to the next call of the function, highlight all")                    \
    X(PREVIOUS_SAME, CURSOR, T, "previous-same", "#", "",                      \
      "go to the previous call of the function, highlight all")                \
    X(FLOW_BACK, CURSOR, T, "flow-back", "[", "",                              \
      "follow the arrow that reaches the call; again: the next one")           \
    X(FLOW_FORWARD, CURSOR, T, "flow-forward", "]", "",                        \
      "follow the arrow that leaves the call; again: the next one")            \
    X(OTHER_END, CURSOR, T, "other-end", "%", "",                              \
      "go to the other end of the slice")                                      \
    X(OPEN_DETAILS, SELECT, T, "open-details", "Enter", "",                    \
      "open the details; in them: go to what is chosen")                       \
    X(DETAILS, SELECT, TNE, "details", "i", "",                                \
      "open or close the details")                                             \
    X(AREA, SELECT, T, "area", "v", "",                                        \
      "start an area at the cursor; again: finish it")                         \
    X(AREA_SWAP, SELECT, T, "area-swap", "o", "",                              \
      "go to the other end of the area")                                       \
    X(AREA_SLICE, SELECT, T, "area-slice", "R", "",                            \
      "take the slice as the area, on its track")                              \
    X(SCOPE, SELECT, T, "scope", "S", "",                                      \
      "limit the other views to the area")                                     \
    X(COMPARE, SELECT, T, "compare", "C", "",                                  \
      "compare two areas or traces")                                           \
    X(MARK, SELECT, T, "mark", "mAny", "",                                     \
      "mark this place, or the area, with a letter")                           \
    X(JUMP, SELECT, T, "jump", "'Any", "",                                     \
      "jump to a mark; ' is the place before the jump")                        \
    X(FOLD, TRACKS, T, "fold", "Space za", "",                                 \
      "fold or unfold the track or process")                                   \
    X(FOLD_OPEN, TRACKS, T, "fold-open", "zo", "",                             \
      "unfold the track or process")                                           \
    X(FOLD_CLOSE, TRACKS, T, "fold-close", "zc", "",                           \
      "fold the track or process")                                             \
    X(FOLD_ALL, TRACKS, T, "fold-all", "zM", "",                               \
      "fold every track")                                                      \
    X(UNFOLD_ALL, TRACKS, T, "unfold-all", "zR", "",                           \
      "unfold every track and process")                                        \
    X(HALF_HEIGHT, TRACKS, T, "half-height", "zh", "",                         \
      "show two levels in a row")                                              \
    X(HALF_HEIGHT_ALL, TRACKS, T, "half-height-all", "zH", "",                 \
      "show two levels in a row everywhere")                                   \
    X(CENTRE_ROW, TRACKS, T, "centre-row", "zz", "",                           \
      "show the cursor's row in the middle")                                   \
    X(PIN, TRACKS, T, "pin", "p", "",                                          \
      "pin the track to the top, or unpin it")                                 \
    X(PINNED_ONLY, TRACKS, T, "pinned-only", "P", "",                          \
      "show only the pinned tracks, or all")                                   \
    X(HIDE, TRACKS, T, "hide", "x", "",                                        \
      "hide the track")                                                        \
    X(HIDDEN, TRACKS, T, "hidden", "X", "",                                    \
      "list the hidden tracks")                                                \
    X(FIND_TRACK, TRACKS, T, "find-track", "t C-p", "",                        \
      "find a track by a part of its name")                                    \
    X(TRACK_DOWN, TRACKS, T, "track-down", "J", "",                            \
      "move the track, or the area's end, down")                               \
    X(TRACK_UP, TRACKS, T, "track-up", "K", "",                                \
      "move the track, or the area's end, up")                                 \
    X(REROOT, FLAME, F, "re-root", "Enter", "",                                \
      "show only what the box called")                                         \
    X(BOTTOM_UP, FLAME, F, "bottom-up", "b", "",                               \
      "turn the graph: functions by own time, callers below")                  \
    X(COLLAPSE_RECURSION, FLAME, F, "collapse-recursion", "r", "",             \
      "show each function once on a path, or as it was")                       \
    X(FOCUS_FUNCTION, FLAME, F, "focus-function", "f", "",                     \
      "show all calls of the function as one, and only them")                  \
    X(FOCUS_SUBTREE, FLAME, F, "focus-subtree", "F", "",                       \
      "show only what is called along this path")                              \
    X(MERGE_FUNCTION, FLAME, F, "merge-function", "m", "",                     \
      "give the function's own time to its callers")                           \
    X(MERGE_NODE, FLAME, F, "merge-node", "M", "",                             \
      "the same on this path only")                                            \
    X(DROP_FUNCTION, FLAME, F, "drop-function", "d", "",                       \
      "leave out the function and all that it called")                         \
    X(COLLAPSE_FUNCTION, FLAME, F, "collapse-function", "c", "",               \
      "make all that the function called its own time")                        \
    X(COLLAPSE_MODULE, FLAME, F, "collapse-module", "C", "",                   \
      "show calls within the function's module as one")                        \
    X(THREADS, FLAME, F, "threads", "t", "",                                   \
      "show each thread apart, or all as one")                                 \
    X(OPEN_SANDWICH, TABLE, NW, "open-sandwich", "Enter", "",                  \
      "show callers and callees of the function")                              \
    X(OCCURRENCES, TABLE, FNWS, "occurrences", "o", "",                        \
      "show the longest call on the timeline")                                 \
    X(SORT_LEFT, TABLE, N, "sort-left", "<", "",                               \
      "sort by the column to the left")                                        \
    X(SORT_RIGHT, TABLE, N, "sort-right", ">", "",                             \
      "sort by the column to the right")                                       \
    X(SORT_MENU, TABLE, N, "sort", "F6", "Sort",                               \
      "choose the column to sort by")                                          \
    X(TAG, TABLE, NW, "tag", "Space", "",                                      \
      "give the function one colour in all views, or take it")                 \
    X(INVERT, TABLE, N, "invert", "I", "",                                     \
      "turn the order around")                                                 \
    X(OPEN_EVENT, TABLE, E, "open-event", "Enter", "",                         \
      "show the event on the timeline")                                        \
    X(EVENT_KINDS, TABLE, E, "event-kinds", "f F6", "Kind|Kinds",              \
      "choose which kinds of events are listed")                               \
    X(EVENT_KIND, TABLE, E, "event-kind", "Space x", "",                       \
      "list only events of this kind; again: the others, too")                 \
    X(STEP_INTO, STEPS, S, "step-into", "s", "",                               \
      "step into the next call that this call makes")                          \
    X(STEP_OVER, STEPS, S, "step-over", ".", "",                               \
      "step to the next call of this depth")                                   \
    X(STEP_OUT, STEPS, S, "step-out", "S", "",                                 \
      "step out to the caller")                                                \
    X(STEP_BACK, STEPS, S, "step-back", "-", "",                               \
      "go back by one step")                                                   \
    X(PREVIOUS_DEFINITION, STEPS, S, "previous-definition", "{", "",           \
      "go to the definition above")                                            \
    X(NEXT_DEFINITION, STEPS, S, "next-definition", "}", "",                   \
      "go to the definition below")                                            \
    X(OPEN_SOURCE, STEPS, S, "open-source", "Enter", "",                       \
      "show what the line calls; at a definition, its longest call")           \
    X(SEARCH, SEARCH, ALL, "search", "/ F3", "Find|Search",                    \
      "search names with a regular expression")                                \
    X(SEARCH_NEXT, SEARCH, ALL, "search-next", "n", "",                        \
      "go to the next match")                                                  \
    X(SEARCH_PREVIOUS, SEARCH, ALL, "search-previous", "N", "",                \
      "go to the previous match")                                              \
    X(FILTER, SEARCH, ALL, "filter", "& F4", "Filt|Filter",                    \
      "show only what matches")                                                \
    X(VIEW_1, GENERAL, ALL, "view-timeline", "1", "",                          \
      "show the timeline")                                                     \
    X(VIEW_2, GENERAL, ALL, "view-flame", "2", "",                             \
      "show the flame graph")                                                  \
    X(VIEW_3, GENERAL, ALL, "view-functions", "3", "",                         \
      "show the table of functions")                                           \
    X(VIEW_4, GENERAL, ALL, "view-sandwich", "4", "",                          \
      "show callers and callees")                                              \
    X(VIEW_5, GENERAL, ALL, "view-source", "5", "",                            \
      "show the source")                                                       \
    X(VIEW_6, GENERAL, ALL, "view-events", "6", "",                            \
      "show instants and messages")                                            \
    X(VIEW_7, GENERAL, ALL, "view-info", "7", "",                              \
      "show how the trace was recorded")                                       \
    X(NEXT_PANE, GENERAL, ALL, "next-pane", "Tab", "",                         \
      "go to the next pane")                                                   \
    X(PREVIOUS_PANE, GENERAL, ALL, "previous-pane", "S-Tab", "",               \
      "go to the previous pane")                                               \
    X(HELP, GENERAL, ALL, "help", "? F1", "Help",                              \
      "show this list")                                                        \
    X(OPTIONS, GENERAL, ALL, "options", "F2", "Opts|Options",                  \
      "change how things are shown")                                           \
    X(RELOAD, GENERAL, ALL, "reload", "F5", "Refr|Refresh",                    \
      "read the trace again")                                                  \
    X(COMMAND, GENERAL, ALL, "command", ": F9", "Cmds|Commands",               \
      "run a command by its name")                                             \
    X(COLOUR, GENERAL, T, "colour", "c F6", "Color|Colour",                    \
      "colour by name, module, kind, thread, duration, or not")                \
    X(COLOUR_BOXES, GENERAL, F, "colour-boxes", "F6", "Color|Colour",          \
      "the same, where c is something else")                                   \
    X(TIME_DISPLAY, GENERAL, TE, "time-display", "T", "",                      \
      "times from the start, from the cursor, of the clock, in ns")            \
    X(EDIT, GENERAL, ALL, "edit", "e", "",                                     \
      "open the function in $VISUAL or $EDITOR")                               \
    X(YANK, GENERAL, ALL, "yank", "y", "",                                     \
      "copy the row or call that the cursor is on")                            \
    X(YANK_ALL, GENERAL, ALL, "yank-all", "Y", "",                             \
      "copy the whole table, or the stack of the call")                        \
    X(PIPE, GENERAL, ALL, "pipe", "|", "",                                     \
      "give the table or the stack to a command of the shell")                 \
    X(MOUSE, GENERAL, ALL, "mouse", "F12", "",                                 \
      "turn the mouse off, or on again")                                       \
    X(REDRAW, GENERAL, ALL, "redraw", "C-l", "",                               \
      "draw the screen anew")                                                  \
    X(SUSPEND, GENERAL, ALL, "suspend", "C-z", "",                             \
      "go back to the shell; fg comes back")                                   \
    X(INTERRUPT, GENERAL, ALL, "interrupt", "C-c", "",                         \
      "stop work that goes on; twice: quit")                                   \
    X(CANCEL, GENERAL, ALL, "cancel", "Esc", "",                               \
      "go back by one level")                                                  \
    X(CLOSE, GENERAL, ALL, "close", "q", "",                                   \
      "close the pane, or quit")                                               \
    X(QUIT, GENERAL, ALL, "quit", "Q F10", "Quit",                             \
      "quit")
/* clang-format on */
#endif
