// SPDX-License-Identifier: Apache-2.0
#include "tui/settings.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"
#include "format/sanitise.h"
#include "tui/config.h"
#include "tui/key_file.h"
#include "tui/small_file.h"
#include "tui/viewer.h"

enum { WORD_SIZE = 64 };

/* A value of a setting, and what it is called on the screen. */
struct choice {
    const char *name;
    const char *help;
    unsigned value;
};

static const struct choice switches[] = {
    {"on", "on", 1},
    {"off", "off", 0},
};

static const struct choice backgrounds[] = {
    [BACKGROUND_AUTO] = {"auto", "colours for the background the terminal has",
                         BACKGROUND_AUTO},
    [BACKGROUND_DARK] = {"dark", "colours for a dark background",
                         BACKGROUND_DARK},
    [BACKGROUND_LIGHT] = {"light", "colours for a light background",
                          BACKGROUND_LIGHT},
};

static const struct choice colour_counts[] = {
    {"256", "256 colours", 256},
    {"16", "16 colours", 16},
    {"8", "8 colours", 8},
    {"none", "no colours", 0},
};

static const struct choice times[] = {
    {"start", "times from the start", TIME_FROM_START},
    {"cursor", "times from the cursor", TIME_FROM_CURSOR},
    {"clock", "times of the clock (UTC)", TIME_OF_CLOCK},
    {"ns", "times in nanoseconds", TIME_IN_NS},
};

enum setting_id {
    SETTING_BG,
    SETTING_MOUSE,
    SETTING_ASCII,
    SETTING_COLOURS,
    SETTING_TIME,
    SETTING_COLOUR, /* choices are the colour modes */
    SETTING_KEYMAP, /* choices are the ready maps */
    SETTING_COUNT,
};

static const struct {
    const char *name;
    const struct choice *choices;
    size_t count;
} settings[SETTING_COUNT] = {
    [SETTING_BG] = {"bg", backgrounds, 3},
    [SETTING_MOUSE] = {"mouse", switches, 2},
    [SETTING_ASCII] = {"ascii", switches, 2},
    [SETTING_COLOURS] = {"colours", colour_counts, 4},
    [SETTING_TIME] = {"time", times, 4},
    [SETTING_COLOUR] = {"colour", NULL, COLOUR_MODE_COUNT},
    [SETTING_KEYMAP] = {"keymap", NULL, 0},
};

static size_t
choice_count(enum setting_id id)
{
    return id == SETTING_KEYMAP ? key_file_map_count() : settings[id].count;
}

static struct choice
choice_at(enum setting_id id, size_t index)
{
    if (id == SETTING_KEYMAP) {
        return (struct choice){key_file_map_name(index),
                               key_file_map_help(index), (unsigned)index};
    }
    if (id == SETTING_COLOUR) {
        const char *name = colour_mode_name((enum colour_mode)index);

        return (struct choice){name, "what the colour of a call stands for",
                               (unsigned)index};
    }
    return settings[id].choices[index];
}

bool
settings_at(size_t index, char *text, size_t size, const char **help)
{
    for (int id = 0; id < SETTING_COUNT; id++) {
        size_t count = choice_count((enum setting_id)id);

        if (index < count) {
            struct choice choice = choice_at((enum setting_id)id, index);

            (void)snprintf(text, size, "%s=%s", settings[id].name, choice.name);
            *help = choice.help;
            return true;
        }
        index -= count;
    }
    return false;
}

static void
use_background(struct viewer *viewer)
{
    viewer->theme.is_light = viewer->background == BACKGROUND_AUTO
                                 ? viewer->host_theme.is_light
                                 : viewer->background == BACKGROUND_LIGHT;
}

static bool
set_mouse(struct viewer *viewer, bool is_on, struct error *err)
{
    viewer->is_mouse_off = !is_on;
    viewer_say(viewer, "the mouse is the %s now",
               is_on ? "viewer's" : "terminal's");
    return viewer_request(viewer,
                          is_on ? APP_REQUEST_MOUSE_ON : APP_REQUEST_MOUSE_OFF,
                          NULL, 0, err);
}

static void
set_ascii(struct viewer *viewer, bool is_ascii)
{
    if (!is_ascii && viewer->host_theme.is_ascii) {
        viewer_say(viewer, "the terminal shows ASCII only");
        return;
    }
    viewer->theme.is_ascii = is_ascii;
}

static void
set_colour_count(struct viewer *viewer, unsigned count)
{
    if (count > viewer->host_theme.colour_count) {
        viewer_say(viewer, "the terminal has %u colours",
                   viewer->host_theme.colour_count);
        return;
    }
    viewer->theme.colour_count = count;
}

static bool
set_value(struct viewer *viewer, enum setting_id id, unsigned value,
          struct error *err)
{
    switch (id) {
    case SETTING_BG:
        viewer->background = (enum viewer_background)value;
        use_background(viewer);
        return true;
    case SETTING_MOUSE:
        return set_mouse(viewer, value == 1, err);
    case SETTING_ASCII:
        set_ascii(viewer, value == 1);
        return true;
    case SETTING_COLOURS:
        set_colour_count(viewer, value);
        return true;
    case SETTING_TIME:
        viewer->look.time_display = (enum time_display)value;
        return true;
    case SETTING_COLOUR:
        viewer->look.colour_mode = (enum colour_mode)value;
        return true;
    case SETTING_KEYMAP:
        viewer->keymap_index = value;
        return config_use_map(viewer, err);
    case SETTING_COUNT:
        break;
    }
    return true;
}

static unsigned
value_of(const struct viewer *viewer, enum setting_id id)
{
    switch (id) {
    case SETTING_BG:
        return viewer->background;
    case SETTING_MOUSE:
        return !viewer->is_mouse_off;
    case SETTING_ASCII:
        return viewer->theme.is_ascii;
    case SETTING_COLOURS:
        return viewer->theme.colour_count;
    case SETTING_TIME:
        return viewer->look.time_display;
    case SETTING_COLOUR:
        return viewer->look.colour_mode;
    case SETTING_KEYMAP:
        return (unsigned)viewer->keymap_index;
    case SETTING_COUNT:
        break;
    }
    return 0;
}

/* What it is when nobody sets it. */
static unsigned
usual_value(const struct viewer *viewer, enum setting_id id)
{
    struct viewer usual = {
        .host_theme = viewer->host_theme,
        .theme = viewer->host_theme,
        .keymap_index = viewer->file_keymap_index,
    };

    return value_of(&usual, id);
}

static void
say_choices(struct viewer *viewer, enum setting_id id, const char *value)
{
    char clean[WORD_SIZE];
    char all[VIEWER_MESSAGE_SIZE] = "";

    for (size_t i = 0; i < choice_count(id); i++) {
        size_t used = strlen(all);

        (void)snprintf(all + used, sizeof all - used, "%s%s",
                       i == 0 ? "" : ", ", choice_at(id, i).name);
    }
    (void)sanitise_text(clean, sizeof clean, value, strlen(value));
    viewer_say(viewer, "`%s` is no value of %s; there are %s", clean,
               settings[id].name, all);
}

static void
say_settings(struct viewer *viewer, const char *name)
{
    char clean[WORD_SIZE];
    char all[VIEWER_MESSAGE_SIZE] = "";

    for (int id = 0; id < SETTING_COUNT; id++) {
        size_t used = strlen(all);

        (void)snprintf(all + used, sizeof all - used, "%s%s",
                       id == 0 ? "" : ", ", settings[id].name);
    }
    (void)sanitise_text(clean, sizeof clean, name, strlen(name));
    viewer_say(viewer, "`%s` cannot be set; there are %s", clean, all);
}

/* "mouse" is mouse=on and "nomouse" is mouse=off. */
static const char *
split(const char *text, char name[WORD_SIZE])
{
    size_t size = strcspn(text, "=");
    bool is_off = text[size] == '\0' && strncmp(text, "no", 2) == 0;

    (void)snprintf(name, WORD_SIZE, "%.*s", (int)size - (is_off ? 2 : 0),
                   text + (is_off ? 2 : 0));
    return is_off ? "off" : text[size] == '\0' ? "on" : text + size + 1;
}

bool
settings_set(struct viewer *viewer, const char *text, struct error *err)
{
    char name[WORD_SIZE];
    const char *value = split(text, name);

    for (int number = 0; number < SETTING_COUNT; number++) {
        enum setting_id id = (enum setting_id)number;

        if (strcmp(settings[id].name, name) != 0) {
            continue;
        }
        for (size_t i = 0; i < choice_count(id); i++) {
            struct choice choice = choice_at(id, i);

            if (strcmp(choice.name, value) == 0) {
                return set_value(viewer, id, choice.value, err);
            }
        }
        say_choices(viewer, id, value);
        return true;
    }
    say_settings(viewer, name);
    return true;
}

bool
settings_next_keymap(struct viewer *viewer, struct error *err)
{
    viewer->keymap_index = (viewer->keymap_index + 1) % key_file_map_count();
    return config_use_map(viewer, err);
}

const char *
settings_background(const struct viewer *viewer)
{
    return backgrounds[viewer->background].name;
}

void
settings_next_background(struct viewer *viewer)
{
    viewer->background = (viewer->background + 1) % BACKGROUND_COUNT;
    use_background(viewer);
}

void
settings_background_is(struct viewer *viewer, bool is_light)
{
    viewer->host_theme.is_light = is_light;
    use_background(viewer);
}

/* NULL and *err = no memory; the caller frees. */
static char *
file_path(const struct viewer *viewer, struct error *err)
{
    struct buffer path = {0};

    buffer_append_format(&path, "%s/settings", viewer->state_folder);
    if (!buffer_is_ok(&path)) {
        buffer_release(&path);
        (void)error_set_no_memory(err);
        return NULL;
    }
    return buffer_take(&path);
}

/* text is cut into its lines. What they say shows in what they set. */
static bool
set_lines(struct viewer *viewer, char *text, struct error *err)
{
    char said[VIEWER_MESSAGE_SIZE];
    char *end;
    bool is_ok = true;

    memcpy(said, viewer->message, sizeof said);
    for (char *line = text; is_ok && line != NULL && *line != '\0';
         line = end) {
        end = strchr(line, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }
        is_ok = settings_set(viewer, line, err);
    }
    memcpy(viewer->message, said, sizeof said);
    return is_ok;
}

bool
settings_load(struct viewer *viewer, struct error *err)
{
    struct error failure = {0};
    char *text = NULL;
    char *path;
    bool is_ok = true;

    if (viewer->state_folder == NULL) {
        return true;
    }
    path = file_path(viewer, err);
    if (path == NULL) {
        return false;
    }
    if (!small_file_read(path, &text, &failure)) {
        is_ok = viewer_note(viewer, failure.message, err);
    } else if (text != NULL) {
        is_ok = set_lines(viewer, text, err);
    }
    free(text);
    free(path);
    return is_ok;
}

static void
append_setting(const struct viewer *viewer, enum setting_id id,
               const char *word, struct buffer *out)
{
    unsigned value = value_of(viewer, id);

    for (size_t i = 0; i < choice_count(id); i++) {
        struct choice choice = choice_at(id, i);

        if (choice.value == value && value != usual_value(viewer, id)) {
            buffer_append_format(out, "%s%s=%s\n", word, settings[id].name,
                                 choice.name);
        }
    }
}

void
settings_append(const struct viewer *viewer, const char *name, const char *word,
                struct buffer *out)
{
    for (int id = 0; id < SETTING_COUNT; id++) {
        if (strcmp(settings[id].name, name) == 0) {
            append_setting(viewer, (enum setting_id)id, word, out);
        }
    }
}

static void
append_lines(const struct viewer *viewer, struct buffer *out)
{
    for (int id = 0; id < SETTING_COUNT; id++) {
        append_setting(viewer, (enum setting_id)id, "", out);
    }
}

bool
settings_save(struct viewer *viewer, struct error *err)
{
    struct error failure = {0};
    struct buffer text = {0};
    char *path;

    if (viewer->state_folder == NULL) {
        viewer_say(viewer, "there is no folder to keep them in");
        return true;
    }
    path = file_path(viewer, err);
    if (path == NULL) {
        return false;
    }
    append_lines(viewer, &text);
    if (!buffer_is_ok(&text)) {
        (void)error_set_no_memory(&failure);
    }
    if (failure.code == ERROR_NONE && small_file_write(path, &text, &failure)) {
        viewer_say(viewer, "kept in %s", path);
    } else {
        viewer_say(viewer, "%s", failure.message);
    }
    buffer_release(&text);
    free(path);
    return true;
}
