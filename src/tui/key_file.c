// SPDX-License-Identifier: Apache-2.0
#include "tui/key_file.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/error.h"
#include "format/sanitise.h"
#include "tui/action.h"
#include "tui/key.h"
#include "tui/keymap.h"
#include "tui/view.h"

enum {
    WORDS_MAX = 3 + VIEW_COUNT, /* of a line */
    WORD_SIZE = 64,             /* longer ones say nothing */
};

static const struct {
    const char *name;
    const char *help;
    const char *text;
} maps[] = {
    {"default", "the keys of the manual", ""},
    {"perfetto", "as in the Perfetto UI: q closes the details, > commands",
     "bind q details timeline\n"
     "bind C-w close timeline\n"
     "bind > command timeline\n"
     "bind M area-slice\n"},
    {"vim", "as in vim: gg G 0 $ w b C-o ? ZZ",
     "bind gg first-track\n"
     "bind gg first\n"
     "bind 0 start\n"
     "bind $ end\n"
     "bind zf fit\n"
     "bind w next\n"
     "bind b previous\n"
     "bind C-o undo\n"
     "bind ? search\n"
     "bind ZZ quit\n"},
    {"less", "as in less: Space b d u, < >, h help, v edit, r R",
     "bind Space page-down timeline flame source events info\n"
     "bind b page-up\n"
     "bind d half-page-down\n"
     "bind u half-page-up\n"
     "bind < first-track\n"
     "bind > last-track\n"
     "bind h help\n"
     "bind v edit\n"
     "bind V area\n"
     "bind r redraw\n"
     "bind B bottom-up\n"
     "bind D drop-function\n"
     "bind R collapse-recursion\n"
     "bind ? search\n"},
    {"azerty", "z q s d move the view on a French keyboard; w folds",
     "bind z zoom-in\n"
     "bind q pan-left timeline\n"
     "bind Q page-left timeline\n"
     "bind a close\n"
     "bind A quit\n"
     "bind à fit\n"
     "bind wa fold\n"
     "bind wo fold-open\n"
     "bind wc fold-close\n"
     "bind wM fold-all\n"
     "bind wR unfold-all\n"
     "bind wh half-height\n"
     "bind wH half-height-all\n"
     "bind ww centre-row\n"},
    {"dvorak", ", a o e move the view on a Dvorak keyboard; w v step",
     "bind , zoom-in timeline\n"
     "bind o zoom-out timeline\n"
     "bind e pan-right timeline\n"
     "bind E page-right timeline\n"
     "bind w previous timeline\n"
     "bind V area timeline\n"
     "bind v next timeline\n"
     "bind s area-swap timeline\n"
     "bind d edit timeline\n"},
};

enum { MAP_COUNT = sizeof maps / sizeof maps[0] };

/* A line of a file, while it is read. */
struct key_line {
    struct key_file *file;
    struct keymap *keymap;
    size_t number;
    char words[WORDS_MAX][WORD_SIZE];
    size_t count;
};

size_t
key_file_map_count(void)
{
    return MAP_COUNT;
}

const char *
key_file_map_name(size_t index)
{
    return maps[index].name;
}

const char *
key_file_map_help(size_t index)
{
    return maps[index].help;
}

static void
begin_complaint(const struct key_line *line)
{
    buffer_append_format(&line->file->complaints, "%s:%zu: ", line->file->name,
                         line->number);
}

/* "NAME:7: `word` is no key; a key is ..." */
static bool
complain(const struct key_line *line, const char *word, const char *what)
{
    begin_complaint(line);
    buffer_append_char(&line->file->complaints, '`');
    sanitise_append(&line->file->complaints, word, strlen(word));
    buffer_append_format(&line->file->complaints, "` %s\n", what);
    return false;
}

/* Cut text of size bytes at its blanks. */
static bool
split(struct key_line *line, const char *text, size_t size)
{
    const char *end = text + size;

    line->count = 0;
    for (;;) {
        size_t length = 0;

        while (text < end && strchr(" \t\r", *text) != NULL) {
            text++;
        }
        while (text + length < end && strchr(" \t\r", text[length]) == NULL) {
            length++;
        }
        if (length == 0) {
            return true;
        }
        if (line->count == WORDS_MAX || length >= WORD_SIZE) {
            begin_complaint(line);
            buffer_append_text(&line->file->complaints,
                               "a word or the line is too long\n");
            return false;
        }
        (void)snprintf(line->words[line->count++], WORD_SIZE, "%.*s",
                       (int)length, text);
        text += length;
    }
}

/* Words that are views, from number first on; all when there are none. */
static bool
read_views(const struct key_line *line, size_t first, unsigned *views)
{
    *views = line->count > first ? 0 : ACTION_IN_ALL;
    for (size_t i = first; i < line->count; i++) {
        unsigned bit = 0;

        for (unsigned id = 0; id < VIEW_COUNT; id++) {
            bit |= strcasecmp(line->words[i], view_name((enum view_id)id)) == 0
                       ? 1u << id
                       : 0;
        }
        if (bit == 0) {
            return complain(line, line->words[i],
                            "is no view; views are timeline, flame, "
                            "functions, sandwich, source, events and info");
        }
        *views |= bit;
    }
    return true;
}

static bool
read_keys(const struct key_line *line, struct action_keys *keys)
{
    const char *word = line->words[1];

    if (line->count < 2 || !action_parse_keys(word, strlen(word), keys)) {
        return complain(line, line->count < 2 ? "" : word,
                        "is no key; keys are like w, C-r, M-x, S-Tab, F5, "
                        "Space, and za for z and then a");
    }
    if (keys->key == KEY_ESCAPE || keys->key == (KEY_CONTROL | 'c')) {
        return complain(line, word, "always stops or goes back");
    }
    return true;
}

/* A command that wants a letter has a place for it in its keys. */
static bool
check_letter(const struct key_line *line, const struct action_keys *keys,
             const struct action *action)
{
    struct action_keys own;
    size_t offset = 0;
    bool wants_letter =
        action_next_keys(action, &offset, &own) && own.key == KEY_ANY;

    if (wants_letter && keys->key != KEY_ANY) {
        return complain(line, action->name,
                        "wants a letter behind its key: write mAny");
    }
    if (keys->key == KEY_ANY && (!wants_letter || keys->prefix == KEY_NONE)) {
        return complain(line, action->name,
                        wants_letter ? "wants a key before the letter"
                                     : "wants no letter behind its key");
    }
    return true;
}

static bool
bind(const struct key_line *line, struct error *err)
{
    const char *name = line->count > 2 ? line->words[2] : "";
    const struct action *action = action_named(name);
    struct action_keys keys;
    unsigned views;

    if (!read_keys(line, &keys)) {
        return true;
    }
    if (action == NULL) {
        (void)complain(line, name, "is no command; : lists them");
        return true;
    }
    if (!read_views(line, 3, &views) || !check_letter(line, &keys, action)) {
        return true;
    }
    if ((views & action->views) == 0) {
        (void)complain(line, name, "is not a command of these views");
        return true;
    }
    return keymap_bind(line->keymap, views & action->views, &keys, action->id,
                       err);
}

static void
unbind(const struct key_line *line)
{
    struct action_keys keys;
    unsigned views;

    if (read_keys(line, &keys) && read_views(line, 2, &views)) {
        keymap_unbind(line->keymap, views, &keys);
    }
}

static size_t
find_map(const char *name)
{
    size_t i = 0;

    while (i < MAP_COUNT && strcmp(maps[i].name, name) != 0) {
        i++;
    }
    return i;
}

static bool
use_map(struct key_line *line, struct error *err)
{
    const char *name = line->count == 2 ? line->words[1] : "";
    struct error failure = {0};
    size_t index = find_map(name);

    if (index < MAP_COUNT) {
        line->file->map_index = index;
    }
    if (line->file->keeps_map) {
        return true;
    }
    if (key_file_use_map(line->keymap, name, &failure)) {
        return true;
    }
    if (failure.code != ERROR_USAGE) {
        *err = failure;
        return false;
    }
    begin_complaint(line);
    buffer_append_format(&line->file->complaints, "%s\n", failure.message);
    return true;
}

static bool
apply_line(struct key_line *line, struct error *err)
{
    const char *verb = line->words[0];

    if (line->count == 0 || verb[0] == '#') {
        return true;
    }
    if (strcmp(verb, "bind") == 0) {
        return bind(line, err);
    }
    if (strcmp(verb, "keymap") == 0) {
        return use_map(line, err);
    }
    if (strcmp(verb, "unbind") == 0) {
        unbind(line);
        return true;
    }
    (void)complain(line, verb, "is none of bind, unbind and keymap");
    return true;
}

bool
key_file_apply(struct key_file *file, struct keymap *keymap, const char *text,
               struct error *err)
{
    struct key_line line = {.keymap = keymap, .file = file};

    while (*text != '\0') {
        size_t size = strcspn(text, "\n");

        line.number++;
        /* A comment may be as long as it likes. */
        if (text[strspn(text, " \t")] != '#' && split(&line, text, size)
            && !apply_line(&line, err)) {
            return false;
        }
        text += size + (text[size] == '\n');
    }
    return buffer_is_ok(&file->complaints) || error_set_no_memory(err);
}

static bool
set_unknown_map(const char *name, struct error *err)
{
    char clean[WORD_SIZE];
    struct buffer names = {0};
    bool is_set;

    for (size_t i = 0; i < MAP_COUNT; i++) {
        buffer_append_format(&names, "%s%s", i == 0 ? "" : ", ", maps[i].name);
    }
    (void)sanitise_text(clean, sizeof clean, name, strlen(name));
    is_set = error_set(err, ERROR_USAGE, "`%s` is no key map; there are %s",
                       clean, buffer_is_ok(&names) ? names.data : "others");
    buffer_release(&names);
    return is_set;
}

bool
key_file_use_map(struct keymap *keymap, const char *name, struct error *err)
{
    struct keymap wanted = {0};
    struct key_file file = {.name = name};
    bool is_ok;
    size_t i = find_map(name);

    if (i == MAP_COUNT) {
        return set_unknown_map(name, err);
    }
    /* There is nothing to complain of: a test reads all of them. */
    is_ok = keymap_reset(&wanted, err)
            && key_file_apply(&file, &wanted, maps[i].text, err);
    if (is_ok) {
        keymap_take(keymap, &wanted);
    }
    keymap_release(&wanted);
    buffer_release(&file.complaints);
    return is_ok;
}
