// SPDX-License-Identifier: Apache-2.0
#include "tui/script.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "tui/app.h"
#include "tui/filter_host.h"
#include "tui/key.h"
#include "tui/mouse.h"

enum {
    WORD_SIZE_MAX = 100, /* of what is shown in a message, and of a word */
    CELLS_MAX = 10000,   /* a side of a screen */
};

struct script {
    struct app *app;
    bool has_quit;
};

enum word_result { WORD_UNKNOWN, WORD_DONE, WORD_FAILED };

static enum word_result
result_of(bool is_ok)
{
    return is_ok ? WORD_DONE : WORD_FAILED;
}

static enum word_result
press_key(struct script *script, const char *word, size_t size,
          struct error *err)
{
    unsigned key;

    return key_parse(word, size, &key)
               ? result_of(app_key(script->app, key, &script->has_quit, err))
               : WORD_UNKNOWN;
}

/* Read digits up to an end character, which is skipped, too. */
static bool
read_number(const char **text, char end, unsigned *number)
{
    const char *digits = *text;

    *number = 0;
    while (*digits >= '0' && *digits <= '9' && *number <= CELLS_MAX) {
        *number = *number * 10 + (unsigned)(*digits - '0');
        digits++;
    }
    if (digits == *text || *digits != end || *number > CELLS_MAX) {
        return false;
    }
    *text = end == '\0' ? digits : digits + 1;
    return true;
}

static enum word_result
resize(struct script *script, const char *word, struct error *err)
{
    unsigned width;
    unsigned height;

    if (*word++ != '@' || !read_number(&word, 'x', &width)
        || !read_number(&word, '\0', &height) || width == 0 || height == 0) {
        return WORD_UNKNOWN;
    }
    return result_of(app_resize(script->app, width, height, err));
}

/* "S-wheel-up" without its modifiers, which go to *bits. */
static const char *
skip_modifiers(const char *word, unsigned *bits)
{
    static const char letters[] = "CMS";
    static const unsigned bit_of[] = {KEY_CONTROL, KEY_META, KEY_SHIFT};
    const char *letter;

    while (word[0] != '\0' && word[1] == '-'
           && (letter = strchr(letters, word[0])) != NULL) {
        *bits |= bit_of[letter - letters];
        word += 2;
    }
    return word;
}

static enum word_result
move_mouse(struct script *script, const char *word, struct error *err)
{
    static const struct {
        const char *name;
        enum mouse_kind kind;
        enum mouse_button button;
        bool is_click; /* a release follows */
    } names[] = {
        {"click", MOUSE_PRESS, MOUSE_BUTTON_LEFT, true},
        {"middle", MOUSE_PRESS, MOUSE_BUTTON_MIDDLE, true},
        {"right", MOUSE_PRESS, MOUSE_BUTTON_RIGHT, true},
        {"press", MOUSE_PRESS, MOUSE_BUTTON_LEFT, false},
        {"drag", MOUSE_DRAG, MOUSE_BUTTON_LEFT, false},
        {"release", MOUSE_RELEASE, MOUSE_BUTTON_LEFT, false},
        {"wheel-up", MOUSE_WHEEL_UP, MOUSE_BUTTON_NONE, false},
        {"wheel-down", MOUSE_WHEEL_DOWN, MOUSE_BUTTON_NONE, false},
        {"wheel-left", MOUSE_WHEEL_LEFT, MOUSE_BUTTON_NONE, false},
        {"wheel-right", MOUSE_WHEEL_RIGHT, MOUSE_BUTTON_NONE, false},
    };
    struct mouse_event event = {.kind = MOUSE_PRESS};
    const char *at;
    size_t i = 0;

    word = skip_modifiers(word, &event.modifiers);
    at = word + strcspn(word, "@");
    while (i < sizeof names / sizeof names[0]
           && (strlen(names[i].name) != (size_t)(at - word)
               || memcmp(names[i].name, word, (size_t)(at - word)) != 0)) {
        i++;
    }
    if (i == sizeof names / sizeof names[0] || *at++ == '\0'
        || !read_number(&at, ',', &event.x)
        || !read_number(&at, '\0', &event.y)) {
        return WORD_UNKNOWN;
    }
    event.kind = names[i].kind;
    event.button = names[i].button;
    if (!app_mouse(script->app, &event, &script->has_quit, err)) {
        return WORD_FAILED;
    }
    event.kind = MOUSE_RELEASE;
    return result_of(
        !names[i].is_click || script->has_quit
        || (app_draw(script->app, err)
            && app_mouse(script->app, &event, &script->has_quit, err)));
}

static enum word_result
do_word(struct script *script, const char *word, size_t size, struct error *err)
{
    char copy[WORD_SIZE_MAX + 1] = "";
    enum word_result result = press_key(script, word, size, err);

    if (result == WORD_UNKNOWN && size < sizeof copy) {
        memcpy(copy, word, size);
        result = resize(script, copy, err);
    }
    return result == WORD_UNKNOWN ? move_mouse(script, copy, err) : result;
}

/* What the app asks for, when it is a filter; nobody is there for the rest. */
static bool
serve(struct app *app, struct filter_host *filters, struct error *err)
{
    struct app_request request;
    bool is_ok;

    if (filters == NULL || !app_take_request(app, &request)) {
        return true;
    }
    is_ok = request.kind != APP_REQUEST_FILTER
            || filter_host_serve(filters, app, request.text, err);
    free(request.text);
    return is_ok;
}

bool
script_run(struct app *app, const char *words, struct error *err)
{
    return script_run_with(app, words, NULL, err);
}

bool
script_run_with(struct app *app, const char *words, struct filter_host *filters,
                struct error *err)
{
    struct script script = {.app = app};

    for (size_t number = 1; !script.has_quit; number++) {
        size_t size;

        words += strspn(words, " \t\n");
        size = strcspn(words, " \t\n");
        if (size == 0) {
            return true;
        }
        if (!app_draw(app, err)) {
            return false;
        }
        switch (do_word(&script, words, size, err)) {
        case WORD_UNKNOWN:
            return error_set(
                err, ERROR_USAGE, "word %zu of the keys, \"%.*s\", is no key",
                number, size > WORD_SIZE_MAX ? WORD_SIZE_MAX : (int)size,
                words);
        case WORD_FAILED:
            return false;
        case WORD_DONE:
            break;
        }
        if (!serve(app, filters, err)) {
            return false;
        }
        words += size;
    }
    return true;
}
