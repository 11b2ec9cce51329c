// SPDX-License-Identifier: Apache-2.0
#include "tui/options_menu.h"

#include <stdio.h>

#include "tui/key_file.h"
#include "tui/menu.h"
#include "tui/settings.h"
#include "tui/time_text.h"
#include "tui/viewer.h"

enum { OPTION_SIZE = 80 };

/* Options that have no action of their own. */
enum option_choice {
    OPTION_GLYPHS,
    OPTION_COLOURS,
    OPTION_BACKGROUND,
    OPTION_KEYMAP,
    OPTION_SAVE,
};

static const char *
glyphs_text(const struct viewer *viewer)
{
    if (viewer->host_theme.is_ascii) {
        return "ASCII (the terminal has no others)";
    }
    return viewer->theme.is_ascii ? "ASCII" : "Unicode";
}

static const char *
colours_text(const struct viewer *viewer, char text[OPTION_SIZE])
{
    if (viewer->host_theme.colour_count == 0) {
        return "none (the terminal has none)";
    }
    if (viewer->theme.colour_count == 0) {
        return "none";
    }
    (void)snprintf(text, OPTION_SIZE, "%u", viewer->theme.colour_count);
    return text;
}

static bool
add_choice(struct menu *menu, enum option_choice choice, unsigned key,
           const char *name, const char *value, struct error *err)
{
    char text[OPTION_SIZE];

    (void)snprintf(text, sizeof text, "%-12s%s", name, value);
    return menu_add_choice(menu, ACTION_OPTIONS, choice, key, text, err);
}

/* A line for an action, if the view that is shown has it. */
static bool
add_action(struct menu *menu, const struct viewer *viewer,
           enum action_id action, const char *name, const char *value,
           struct error *err)
{
    char text[OPTION_SIZE];

    (void)snprintf(text, sizeof text, "%-12s%s", name, value);
    return (action_at(action)->views & 1u << viewer->active) == 0
           || menu_add_action(menu, action, text, err);
}

static bool
fill(struct menu *menu, const struct viewer *viewer, struct error *err)
{
    char colours[OPTION_SIZE];
    char by[OPTION_SIZE];

    (void)snprintf(by, sizeof by, "by %s",
                   colour_mode_name(viewer->look.colour_mode));
    return add_action(menu, viewer, ACTION_MOUSE, "mouse",
                      viewer->is_mouse_off ? "off: the terminal selects text"
                                           : "on",
                      err)
           && add_choice(menu, OPTION_GLYPHS, 'a', "glyphs",
                         glyphs_text(viewer), err)
           && add_choice(menu, OPTION_COLOURS, 'n', "colours",
                         colours_text(viewer, colours), err)
           && add_choice(menu, OPTION_BACKGROUND, 'b', "background",
                         settings_background(viewer), err)
           && add_action(menu, viewer, ACTION_COLOUR, "coloured", by, err)
           && add_action(menu, viewer, ACTION_TIME_DISPLAY, "times",
                         time_display_name(viewer->look.time_display), err)
           && add_choice(menu, OPTION_KEYMAP, 'k', "keys",
                         key_file_map_name(viewer->keymap_index), err)
           && add_choice(menu, OPTION_SAVE, 's', "keep",
                         "all this for later visits", err);
}

/* 256, 16, 8, none, and again what the host has. */
static unsigned
next_colour_count(const struct viewer *viewer)
{
    switch (viewer->theme.colour_count) {
    case 0:
        return viewer->host_theme.colour_count;
    case 8:
        return 0;
    case 16:
        return 8;
    default:
        return 16;
    }
}

static bool
change(struct viewer *viewer, enum option_choice choice, struct error *err)
{
    switch (choice) {
    case OPTION_GLYPHS:
        viewer->theme.is_ascii =
            viewer->host_theme.is_ascii || !viewer->theme.is_ascii;
        break;
    case OPTION_COLOURS:
        viewer->theme.colour_count = next_colour_count(viewer);
        break;
    case OPTION_BACKGROUND:
        settings_next_background(viewer);
        break;
    case OPTION_KEYMAP:
        return settings_next_keymap(viewer, err);
    case OPTION_SAVE:
        return settings_save(viewer, err);
    }
    return true;
}

bool
options_menu_run(struct viewer *viewer, struct error *err)
{
    struct menu_options options = {
        .title = "Options: Enter changes, Esc closes",
        .fill = fill,
    };
    struct menu *menu;

    if (viewer->choice != VIEWER_NO_CHOICE) {
        return change(viewer, (enum option_choice)viewer->choice, err);
    }
    if (!menu_new(&menu, viewer, &options, err)) {
        return false;
    }
    menu_open(menu);
    return true;
}
