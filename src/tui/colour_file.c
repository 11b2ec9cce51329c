// SPDX-License-Identifier: Apache-2.0
#include "tui/colour_file.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/error.h"
#include "base/number_parse.h"
#include "format/sanitise.h"
#include "tui/theme.h"

enum {
    WORD_SIZE = 40,
    COLOUR_MAX = 255,
    BRIGHT = 8, /* from a colour to its bright twin */
};

/* A line of a file, while it is read. */
struct colour_line {
    const char *name; /* of the file */
    size_t number;
    const char *text; /* the words that are left */
    const char *end;
    char word[WORD_SIZE]; /* "" at the end of the line */
    struct buffer *complaints;
};

/* False when the word is too long to mean anything. */
static bool
next_word(struct colour_line *line)
{
    size_t size = 0;

    while (line->text < line->end && strchr(" \t\r", *line->text) != NULL) {
        line->text++;
    }
    while (line->text + size < line->end
           && strchr(" \t\r", line->text[size]) == NULL) {
        size++;
    }
    (void)snprintf(line->word, WORD_SIZE, "%.*s", (int)size, line->text);
    line->text += size;
    return size < WORD_SIZE;
}

static bool
complain(const struct colour_line *line, const char *what)
{
    buffer_append_format(line->complaints, "%s:%zu: `", line->name,
                         line->number);
    sanitise_append(line->complaints, line->word, strlen(line->word));
    buffer_append_format(line->complaints, "` %s\n", what);
    return false;
}

static bool
parse_colour(const char *word, uint16_t *colour)
{
    static const char *const names[] = {
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    };
    static const char bright[] = "bright-";
    unsigned offset = 0;
    uint64_t number;

    if (strcmp(word, "default") == 0) {
        *colour = SCREEN_DEFAULT_COLOUR;
        return true;
    }
    if (number_parse_u64(word, &number) && number <= COLOUR_MAX) {
        *colour = (uint16_t)number;
        return true;
    }
    if (strncmp(word, bright, sizeof bright - 1) == 0) {
        word += sizeof bright - 1;
        offset = BRIGHT;
    }
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(word, names[i]) == 0) {
            *colour = (uint16_t)(offset + i);
            return true;
        }
    }
    return false;
}

static bool
parse_attribute(const char *word, uint16_t *attributes)
{
    static const struct {
        const char *name;
        enum screen_attribute bit;
    } names[] = {
        {"bold", SCREEN_BOLD},
        {"dim", SCREEN_DIM},
        {"underline", SCREEN_UNDERLINE},
        {"reverse", SCREEN_REVERSE},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(word, names[i].name) == 0) {
            *attributes |= (uint16_t)names[i].bit;
            return true;
        }
    }
    return false;
}

static const char colours_allowed[] =
    "is no colour; there are default, black, red, green, yellow, blue, "
    "magenta, cyan, white, bright-red and the like, and 0 to 255";

static bool
read_part(struct colour_line *line, enum theme_part part,
          struct theme_colours *colours)
{
    struct screen_style style = SCREEN_STYLE_DEFAULT;
    size_t count = 0;

    for (; next_word(line) && line->word[0] != '\0'; count++) {
        if (strcmp(line->word, "on") == 0) {
            if (!next_word(line)
                || !parse_colour(line->word, &style.background)) {
                return complain(line, colours_allowed);
            }
        } else if (!parse_attribute(line->word, &style.attributes)
                   && !parse_colour(line->word, &style.foreground)) {
            return complain(line, "is no colour, and none of on, bold, dim, "
                                  "underline and reverse");
        }
    }
    if (line->word[0] != '\0' || count == 0) {
        return complain(line, colours_allowed);
    }
    colours->has_part[part] = true;
    colours->parts[part] = style;
    return true;
}

/* A function's colour is a background with black on it: it needs one. */
static bool
read_slot(struct colour_line *line, unsigned slot,
          struct theme_colours *colours)
{
    uint16_t colour;
    uint16_t dark;

    if (!next_word(line) || !parse_colour(line->word, &colour)
        || colour == SCREEN_DEFAULT_COLOUR) {
        return complain(line, colours_allowed);
    }
    dark = colour;
    if (!next_word(line)
        || (line->word[0] != '\0'
            && (!parse_colour(line->word, &dark)
                || dark == SCREEN_DEFAULT_COLOUR))) {
        return complain(line, colours_allowed);
    }
    colours->has_slot[slot] = true;
    colours->slots[slot] = colour;
    colours->dark_slots[slot] = dark;
    return true;
}

/* "function-3" is slot 2. */
static bool
parse_slot(const char *word, unsigned *slot)
{
    static const char prefix[] = "function-";
    uint64_t number;

    if (strncmp(word, prefix, sizeof prefix - 1) != 0
        || !number_parse_u64(word + sizeof prefix - 1, &number) || number < 1
        || number > THEME_SLOTS) {
        return false;
    }
    *slot = (unsigned)number - 1;
    return true;
}

static void
complain_of_part(const struct colour_line *line)
{
    struct buffer names = {0};

    for (unsigned part = 0; part < PART_COUNT; part++) {
        buffer_append_format(&names, "%s, ",
                             theme_part_name((enum theme_part)part));
    }
    (void)complain(line, "has no colour; there are:");
    if (buffer_is_ok(&names) && buffer_is_ok(line->complaints)) {
        line->complaints->size--; /* go on in the same line */
        buffer_append_format(line->complaints, " %sfunction-1 to function-%d\n",
                             names.data, THEME_SLOTS);
    }
    buffer_release(&names);
}

static void
apply_line(struct colour_line *line, struct theme_colours *colours)
{
    unsigned slot;

    if (!next_word(line)) {
        complain_of_part(line);
        return;
    }
    if (line->word[0] == '\0' || line->word[0] == '#') {
        return;
    }
    if (parse_slot(line->word, &slot)) {
        (void)read_slot(line, slot, colours);
        return;
    }
    for (unsigned part = 0; part < PART_COUNT; part++) {
        if (strcmp(line->word, theme_part_name((enum theme_part)part)) == 0) {
            (void)read_part(line, (enum theme_part)part, colours);
            return;
        }
    }
    complain_of_part(line);
}

bool
colour_file_apply(struct theme_colours *colours, const char *text,
                  const char *name, struct buffer *complaints,
                  struct error *err)
{
    struct colour_line line = {.name = name, .complaints = complaints};

    while (*text != '\0') {
        size_t size = strcspn(text, "\n");

        line.number++;
        line.text = text;
        line.end = text + size;
        apply_line(&line, colours);
        text += size + (text[size] == '\n');
    }
    return buffer_is_ok(complaints) || error_set_no_memory(err);
}
