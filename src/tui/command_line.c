// SPDX-License-Identifier: Apache-2.0
#include "tui/command_line.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/error.h"
#include "base/text.h"
#include "model/trace_model.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/key_label.h"
#include "tui/mouse.h"
#include "tui/overlay.h"
#include "tui/picker.h"
#include "tui/screen.h"
#include "tui/settings.h"
#include "tui/viewer.h"

struct command_line {
    struct viewer *viewer;
    struct picker picker;        /* ids: actions, then words, then settings */
    struct arena texts;          /* of its lines */
    const struct screen *screen; /* of the last frame */
};

/* Commands that are no actions. */
enum word_id {
    WORD_QUIT,
    WORD_NOTES,
    WORD_WRITE,
    WORD_EXPORT,
};

static const struct {
    const char *name;
    const char *help;
} words[] = {
    [WORD_QUIT] = {"q", "quit"},
    [WORD_NOTES] = {"notes", "read what is to be known about the trace"},
    [WORD_WRITE] = {"w", "write the trace: w FILE; w! FILE over another"},
    [WORD_EXPORT] = {"export", "the same as w; the name says the format"},
};

enum {
    WORD_COUNT = sizeof words / sizeof words[0],
    SETTING_SIZE = 64,
    SET_SIZE = 4, /* of "set " */
};

static const struct {
    const char *name;
    double ns;
} units[] = {
    {"", 1},     {"ns", 1},  {"us", 1e3},   {"µs", 1e3},   {"μs", 1e3},
    {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}, {"h", 3600e9},
};

bool
command_line_parse_time(const char *text, uint64_t *time_ns)
{
    size_t digits = strspn(text, "0123456789.");
    const char *unit = text + digits;
    char *end;
    double number;

    if (digits == 0 || digits > LINE_EDIT_SIZE) {
        return false;
    }
    number = strtod(text, &end);
    if (end != unit) {
        return false; /* "1.2.3", "1e9" */
    }
    unit += strspn(unit, " ");
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(unit, units[i].name) == 0) {
            number = round(number * units[i].ns);
            *time_ns = number >= 0x1p62 ? UINT64_C(1) << 62 : (uint64_t)number;
            return true;
        }
    }
    return false;
}

static bool
is_in_view(const struct viewer *viewer, const struct action *action)
{
    return (action->views & 1u << viewer->active) != 0;
}

static bool
add_action(struct command_line *line, const struct action *action,
           struct error *err)
{
    char keys[KEY_LABEL_SIZE];
    struct picker_item item = {.id = action->id};

    (void)key_label_action(keys, &line->viewer->keymap, action->id,
                           1u << line->viewer->active,
                           line->viewer->theme.is_ascii);
    item.columns[0] = action->name;
    item.columns[1] = arena_copy(&line->texts, keys, strlen(keys));
    item.columns[2] = action->help;
    item.others = action->help;
    return item.columns[1] != NULL ? picker_add(&line->picker, &item, err)
                                   : error_set_no_memory(err);
}

/* "set keymap=vim" and all the others. */
static bool
add_settings(struct command_line *line, struct error *err)
{
    char text[SETTING_SIZE] = "set ";
    const char *help;

    for (size_t i = 0;
         settings_at(i, text + SET_SIZE, sizeof text - SET_SIZE, &help); i++) {
        struct picker_item item = {
            .columns = {arena_copy(&line->texts, text, strlen(text)), "", help},
            .others = help,
            .id = ACTION_COUNT + WORD_COUNT,
        };

        if (item.columns[0] == NULL) {
            return error_set_no_memory(err);
        }
        if (!picker_add(&line->picker, &item, err)) {
            return false;
        }
    }
    return true;
}

static bool
fill(struct command_line *line, struct error *err)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        if (is_in_view(line->viewer, action_at(i))
            && !add_action(line, action_at(i), err)) {
            return false;
        }
    }
    for (size_t i = 0; i < WORD_COUNT; i++) {
        struct picker_item item = {
            .columns = {words[i].name, "", words[i].help},
            .others = words[i].help,
            .id = ACTION_COUNT + i,
        };

        if (!picker_add(&line->picker, &item, err)) {
            return false;
        }
    }
    return add_settings(line, err)
           && picker_filter(&line->picker, line->picker.edit.text, err);
}

static bool
pipe_to(struct viewer *viewer, const char *command, struct error *err)
{
    if (command[0] == '\0') {
        viewer_say(viewer, "| wants a command: | less, | wc -l");
        return true;
    }
    free(viewer->pipe_command);
    viewer->pipe_command = strdup(command);
    viewer->wanted_action = ACTION_PIPE;
    return viewer->pipe_command != NULL || error_set_no_memory(err);
}

static void
ask_where(struct viewer *viewer)
{
    viewer_say(viewer, "where to? :w FILE, such as :w trace.json");
}

static bool
write_to(struct viewer *viewer, const char *path, bool is_forced,
         struct error *err)
{
    if (path[0] == '\0') {
        ask_where(viewer);
        return true;
    }
    return viewer_request(viewer, APP_REQUEST_WRITE, path, is_forced, err);
}

static bool
write_new(struct viewer *viewer, const char *path, struct error *err)
{
    return write_to(viewer, path, false, err);
}

static bool
write_over(struct viewer *viewer, const char *path, struct error *err)
{
    return write_to(viewer, path, true, err);
}

/* Commands with something behind them. */
struct argument_word {
    const char *name;
    bool (*run)(struct viewer *viewer, const char *argument, struct error *err);
};

/* The command that the text begins with; NULL = it is another. */
static const struct argument_word *
find_argument_word(const char *text)
{
    static const struct argument_word argument_words[] = {
        {"|", pipe_to},    {"set ", settings_set},   {"w! ", write_over},
        {"w ", write_new}, {"export! ", write_over}, {"export ", write_new},
    };

    for (size_t i = 0; i < sizeof argument_words / sizeof argument_words[0];
         i++) {
        const struct argument_word *word = &argument_words[i];

        if (strncmp(text, word->name, strlen(word->name)) == 0) {
            return word;
        }
    }
    return NULL;
}

static void
run_word(struct viewer *viewer, enum word_id word)
{
    switch (word) {
    case WORD_QUIT:
        viewer->wanted_action = ACTION_QUIT;
        break;
    case WORD_NOTES:
        viewer->wanted_action = ACTION_VIEW_7; /* they stand there */
        break;
    case WORD_WRITE:
    case WORD_EXPORT:
        ask_where(viewer);
        break;
    }
}

static bool
has_any_key(const struct action *action)
{
    struct action_keys keys;
    size_t offset = 0;

    return action_next_keys(action, &offset, &keys) && keys.key == KEY_ANY;
}

static void
run_action(struct viewer *viewer, const struct action *action)
{
    char keys[KEY_LABEL_SIZE];

    if (!is_in_view(viewer, action)) {
        viewer_say(viewer, "%s is not a command of this view", action->name);
    } else if (has_any_key(action)) {
        viewer_say(viewer, "%s wants a letter: press %s", action->name,
                   key_label_action(keys, &viewer->keymap, action->id,
                                    1u << viewer->active,
                                    viewer->theme.is_ascii));
    } else {
        viewer->wanted_action = action->id;
    }
}

static void
go_to_time(struct viewer *viewer, uint64_t time_ns)
{
    uint64_t end_ns = trace_model_summary(viewer->model).duration_ns;
    struct viewer_goal goal = {
        .kind = GOAL_TIME,
        .has_time = true,
        .time_ns = time_ns,
    };
    char text[TEXT_NUMBER_SIZE];

    if (time_ns > end_ns) {
        viewer_say(
            viewer, "the trace ends at %s",
            text_duration(text, sizeof text, end_ns, viewer->theme.is_ascii));
    }
    viewer_go(viewer, &goal);
}

/* What the field says, when that is a command as it stands. */
static bool
run_text(struct viewer *viewer, const char *text, bool *is_known,
         struct error *err)
{
    const struct action *action = action_named(text);
    uint64_t time_ns;

    const struct argument_word *word = find_argument_word(text);

    *is_known = true;
    if (word != NULL) {
        text += strlen(word->name);
        return word->run(viewer, text + strspn(text, " "), err);
    }
    for (size_t i = 0; i < WORD_COUNT; i++) {
        if (strcmp(text, words[i].name) == 0) {
            run_word(viewer, (enum word_id)i);
            return true;
        }
    }
    if (action != NULL) {
        run_action(viewer, action);
    } else if (command_line_parse_time(text, &time_ns)) {
        go_to_time(viewer, time_ns);
    } else {
        *is_known = false;
    }
    return true;
}

static bool
run_picked(struct viewer *viewer, const struct picker_item *item,
           struct error *err)
{
    if (item->id < ACTION_COUNT) {
        run_action(viewer, action_at(item->id));
        return true;
    }
    if (item->id == ACTION_COUNT + WORD_COUNT) {
        return settings_set(viewer, item->columns[0] + SET_SIZE, err);
    }
    run_word(viewer, (enum word_id)(item->id - ACTION_COUNT));
    return true;
}

/* What is typed, or else what is picked. */
static bool
enter(struct command_line *line, bool is_text_first, bool *is_done,
      struct error *err)
{
    struct viewer *viewer = line->viewer;
    struct picker_item item = {.id = SIZE_MAX};
    char text[LINE_EDIT_SIZE + 1];
    bool is_known = false;

    if (picker_picked(&line->picker) != NULL) {
        item = *picker_picked(&line->picker);
    }
    (void)snprintf(text, sizeof text, "%s", line->picker.edit.text);
    if (!line_history_add(&viewer->command_history, text, err)) {
        return false;
    }
    *is_done = true;
    if (is_text_first && !run_text(viewer, text, &is_known, err)) {
        return false;
    }
    if (is_known) {
        return true;
    }
    if (item.id != SIZE_MAX) {
        return run_picked(viewer, &item, err);
    }
    viewer_say(viewer, "`%s` is no command and no time; : lists all commands",
               text);
    return true;
}

/* The name that is picked, into the field. */
static bool
complete(struct command_line *line, struct error *err)
{
    const struct picker_item *item = picker_picked(&line->picker);

    if (item == NULL) {
        return true;
    }
    line_edit_set(&line->picker.edit, item->columns[0]);
    return picker_filter(&line->picker, line->picker.edit.text, err);
}

static bool
line_key(void *overlay, unsigned key, bool *is_done, struct error *err)
{
    struct command_line *line = overlay;
    bool has_changed = false;

    switch (key) {
    case KEY_ESCAPE:
    case KEY_CONTROL | 'c':
        *is_done = true;
        return true;
    case KEY_BACKSPACE:
        *is_done = line->picker.edit.size == 0;
        break;
    case KEY_TAB:
        return complete(line, err);
    case KEY_ENTER:
        return enter(line, line->picker.picked == 0, is_done, err);
    default:
        break;
    }
    (void)picker_key(&line->picker, key, &has_changed);
    return !has_changed
           || picker_filter(&line->picker, line->picker.edit.text, err);
}

static bool
line_paste(void *overlay, const char *text, size_t size, struct error *err)
{
    struct command_line *line = overlay;

    line_edit_paste(&line->picker.edit, text, size);
    return picker_filter(&line->picker, line->picker.edit.text, err);
}

static bool
line_mouse(void *overlay, const struct mouse_event *event, bool *is_done,
           struct error *err)
{
    struct command_line *line = overlay;
    bool is_chosen = false;

    if (line->screen != NULL) {
        picker_mouse(&line->picker, event, line->screen, &is_chosen, is_done);
    }
    return !is_chosen || enter(line, false, is_done, err);
}

static bool
line_draw(void *overlay, struct screen *screen, struct error *err)
{
    struct command_line *line = overlay;

    (void)err;
    line->screen = screen;
    picker_draw(&line->picker, &line->viewer->theme, screen,
                "command   (Enter runs it, Tab completes)",
                "no such command; a time such as 12.5ms goes there");
    return true;
}

static void
line_close(void *overlay)
{
    struct command_line *line = overlay;

    picker_release(&line->picker);
    arena_release(&line->texts);
    free(line);
}

static const struct overlay_class command_line_class = {
    .key = line_key,
    .paste = line_paste,
    .mouse = line_mouse,
    .draw = line_draw,
    .close = line_close,
};

bool
command_line_open(struct viewer *viewer, struct error *err)
{
    return command_line_open_with(viewer, "", err);
}

bool
command_line_open_with(struct viewer *viewer, const char *text,
                       struct error *err)
{
    struct command_line *line = array_new(1, sizeof *line, err);

    if (line == NULL) {
        return false;
    }
    line->viewer = viewer;
    line->picker.prompt = ":";
    line->picker.edit.history = &viewer->command_history;
    line_edit_set(&line->picker.edit, text);
    if (!fill(line, err)) {
        line_close(line);
        return false;
    }
    viewer_open_overlay(viewer, &command_line_class, line);
    return true;
}
