// SPDX-License-Identifier: Apache-2.0
#include "tui/events_kinds.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tui/events.h"
#include "tui/events_text.h"
#include "tui/menu.h"
#include "tui/viewer.h"

enum { LINE_SIZE = 80 };

/* Behind the kinds, in the menu. */
enum { CHOICE_ALL = MOMENT_KIND_COUNT };

static struct events *
events_of(const struct viewer *viewer)
{
    return viewer->events;
}

static bool
add_kind(struct menu *menu, const struct events *events, enum moment_kind kind,
         struct error *err)
{
    static const char keys[MOMENT_KIND_COUNT + 1] = "ilocem";
    const char *names = events_kind_names(kind);
    char count[TEXT_NUMBER_SIZE] = "";
    char text[LINE_SIZE];

    if (events->list != NULL) {
        (void)text_grouped(count, sizeof count,
                           moment_list_kind_count(events->list, kind));
    }
    (void)snprintf(text, sizeof text, "[%c] %-12s%14s",
                   (events->state.kinds & 1u << kind) != 0 ? 'x' : ' ', names,
                   count);
    return menu_add_choice(menu, ACTION_EVENT_KINDS, kind,
                           (unsigned char)keys[kind], text, err);
}

static bool
fill(struct menu *menu, const struct viewer *viewer, struct error *err)
{
    const struct events *events = events_of(viewer);

    for (int kind = 0; kind < MOMENT_KIND_COUNT; kind++) {
        if (!add_kind(menu, events, (enum moment_kind)kind, err)) {
            return false;
        }
    }
    return menu_add_choice(menu, ACTION_EVENT_KINDS, CHOICE_ALL, 'a',
                           "all of them", err);
}

static bool
open_menu(struct events *events, struct error *err)
{
    struct menu_options options = {
        .title = "Kinds of events: Enter or a letter, Esc closes",
        .fill = fill,
    };
    struct menu *menu;

    if (!menu_new(&menu, events->viewer, &options, err)) {
        return false;
    }
    menu_open(menu);
    return true;
}

bool
events_kinds_run(struct events *events, struct error *err)
{
    size_t choice = events->viewer->choice;
    struct events_state *state = &events->state;

    if (choice == VIEWER_NO_CHOICE) {
        return open_menu(events, err);
    }
    state->all_kinds = 0;
    if (choice == CHOICE_ALL) {
        state->kinds = MOMENT_KINDS_ALL;
    } else if (choice < MOMENT_KIND_COUNT) {
        state->kinds ^= 1u << choice;
    }
    return true;
}

void
events_kinds_toggle_one(struct events *events)
{
    struct events_state *state = &events->state;

    if (state->all_kinds != 0) {
        state->kinds = state->all_kinds;
        state->all_kinds = 0;
        viewer_say(events->viewer, "all kinds of before are listed again");
    } else if (!state->has_cursor) {
        viewer_say(events->viewer, "there is no event here");
    } else {
        state->all_kinds = state->kinds;
        state->kinds = 1u << state->cursor.kind;
        viewer_say(events->viewer, "only %s are listed; Space lists all again",
                   events_kind_names(state->cursor.kind));
    }
}

const char *
events_kinds_text(const struct events *events, char *text, size_t size)
{
    size_t used = 0;

    if (events->state.kinds == MOMENT_KINDS_ALL) {
        (void)snprintf(text, size, "all kinds");
        return text;
    }
    (void)snprintf(text, size, "no kinds");
    for (int kind = 0; kind < MOMENT_KIND_COUNT && used < size; kind++) {
        if ((events->state.kinds & 1u << kind) != 0) {
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     used == 0 ? "" : ", ",
                                     events_kind_names((enum moment_kind)kind));
        }
    }
    return text;
}
