// SPDX-License-Identifier: Apache-2.0
/* tui/key_hint.h - words for the user about keys that do not act by
 * themselves. */
#ifndef TUI_KEY_HINT_H
#define TUI_KEY_HINT_H

#include "tui/action.h"

struct viewer;

/* The keys that may follow a prefix, and what they do. */
void key_hint_continuations(struct viewer *viewer, unsigned prefix);

/* That a key, after prefix or KEY_NONE, does nothing. */
void key_hint_not_bound(struct viewer *viewer, unsigned prefix, unsigned key);

/* What an action is that has its key, and comes with a later version; NULL for
 * all others. */
const char *key_hint_later(enum action_id action);

#endif
