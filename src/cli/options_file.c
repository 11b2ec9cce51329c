// SPDX-License-Identifier: Apache-2.0
/*
 * One pass over the lines. Values are put together in place: a line that goes
 * on with a value is moved up behind it.
 */
#include "cli/options_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/array.h"
#include "base/error.h"
#include "base/input_file.h"
#include "cli/option_values.h"
#include "cli/options.h"

#define DEFAULT_FILE ".viztracerrc"
#define BLANKS       " \t\r\f\v"

enum { FILE_SIZE_MAX = 1 << 20 };

enum section {
    SECTION_NONE, /* no header yet */
    SECTION_DEFAULT,
    SECTION_OTHER,
};

/* "key = value", of which more lines may follow. */
struct entry {
    const char *key; /* NULL = none */
    char *value;
    char *end; /* of the value; can be written to */
    unsigned line;
};

struct options_file {
    struct options *options;
    const char *name;
    unsigned line;
    enum section section;
    bool has_default;
    struct entry entry;
    option_set given; /* on the command line */
    option_set found; /* in the file */
};

/* Name the line of what is in *err. */
static bool
fail_at(const struct options_file *file, unsigned line, struct error *err)
{
    char place[512];

    (void)snprintf(place, sizeof place, "%s:%u", file->name, line);
    return error_add_context(err, place);
}

/* The row of a whole name; - and _ are alike, and so are letters of both
 * cases. */
static const struct option_row *
find_row(const char *key)
{
    const struct option_row *row;

    for (row = option_table; row->commands != 0; row++) {
        size_t i = 0;

        if (row->name == NULL || !(row->commands & COMMAND_RECORD)) {
            continue;
        }
        while (key[i] != '\0'
               && strncasecmp(key[i] == '-' ? "_" : &key[i], &row->name[i], 1)
                      == 0) {
            i++;
        }
        if (key[i] == '\0' && row->name[i] == '\0') {
            return row;
        }
    }
    return NULL;
}

static bool
parse_flag(bool *value, const struct option_row *row, const char *text,
           struct error *err)
{
    static const char *const words[] = {"false", "no",  "off", "0",
                                        "true",  "yes", "on",  "1"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcasecmp(text, words[i]) == 0) {
            *value = i >= 4;
            return true;
        }
    }
    return error_set(err, ERROR_USAGE, "%s needs true or false, not \"%s\"",
                     row->name, text);
}

static bool
apply_list(struct options *options, const struct option_row *row, char *words,
           struct error *err)
{
    struct option_list *list = option_list_of(options, row);
    char *word;

    while ((word = strsep(&words, BLANKS)) != NULL) {
        if (*word != '\0' && !option_list_add(list, word, err)) {
            return false;
        }
    }
    return true;
}

/* The command line wins. */
static bool
is_overruled(const struct options_file *file, const struct option_row *row)
{
    return option_set_has(file->given, row->id)
           || option_conflict(file->given, row) != NULL;
}

static bool
apply_row(struct options_file *file, const struct option_row *row, char *value,
          struct error *err)
{
    bool is_on = true;

    if (row->value == NULL && !parse_flag(&is_on, row, value, err)) {
        return false;
    }
    if (row->value != NULL && *value == '\0' && !option_row_is_list(row)) {
        return error_set(err, ERROR_USAGE, "%s needs a value: %s = %s",
                         row->name, row->name, row->value);
    }
    if (!is_on || is_overruled(file, row)) {
        return true;
    }
    return option_row_is_list(row)
               ? apply_list(file->options, row, value, err)
               : option_apply(file->options, row, value, err);
}

static bool
apply_entry(struct options_file *file, struct error *err)
{
    const struct entry *entry = &file->entry;
    const struct option_row *row = find_row(entry->key);

    if (row == NULL) {
        return error_set(err, ERROR_USAGE, "there is no option %s", entry->key);
    }
    if (row->id == OPTION_ABSENT) {
        return option_apply(file->options, row, NULL, err);
    }
    if (!(row->commands & OPTION_IN_FILE)) {
        return error_set(err, ERROR_USAGE, "%s is for the command line only",
                         row->name);
    }
    if (option_set_has(file->found, row->id)) {
        return error_set(err, ERROR_USAGE, "%s stands there twice", row->name);
    }
    return option_set_add(&file->found, row, err)
           && apply_row(file, row, entry->value, err);
}

/* The value of the present entry is whole. */
static bool
finish_entry(struct options_file *file, struct error *err)
{
    struct entry *entry = &file->entry;
    bool ok = true;

    if (entry->key != NULL) {
        *entry->end = '\0';
        ok = apply_entry(file, err) || fail_at(file, entry->line, err);
        entry->key = NULL;
    }
    return ok;
}

/* The text without blanks at its ends; *end gets its end. */
static char *
trim(char *text, char **end)
{
    while (*end > text && strchr(BLANKS, (*end)[-1]) != NULL) {
        --*end;
    }
    while (text < *end && strchr(BLANKS, *text) != NULL) {
        text++;
    }
    return text;
}

static bool
begin_section(struct options_file *file, char *text, const char *end,
              struct error *err)
{
    static const char wanted[] = "[default]";

    if (end[-1] != ']') {
        (void)error_set(err, ERROR_USAGE, "a section is written [name]");
        return fail_at(file, file->line, err);
    }
    file->section = SECTION_OTHER;
    if ((size_t)(end - text) == sizeof wanted - 1
        && memcmp(text, wanted, sizeof wanted - 1) == 0) {
        file->section = SECTION_DEFAULT;
        file->has_default = true;
    }
    return true;
}

static bool
begin_entry(struct options_file *file, char *text, char *end, struct error *err)
{
    size_t size = strcspn(text, "=:");
    char *key_end = text + size;
    char *value = key_end + 1;

    if (file->section == SECTION_OTHER) {
        return true;
    }
    if (file->section == SECTION_NONE) {
        (void)error_set(err, ERROR_USAGE,
                        "there is no section [default] before this");
        return fail_at(file, file->line, err);
    }
    if (key_end >= end) {
        (void)error_set(err, ERROR_USAGE,
                        "an option is written \"name = value\"");
        return fail_at(file, file->line, err);
    }
    value = trim(value, &end);
    (void)trim(text, &key_end);
    *key_end = '\0';
    file->entry = (struct entry){
        .key = text, .value = value, .end = end, .line = file->line};
    return true;
}

/* There was a newline at least between the value and what is moved up. */
static void
continue_entry(struct entry *entry, const char *text, const char *end)
{
    *entry->end++ = ' ';
    memmove(entry->end, text, (size_t)(end - text));
    entry->end += end - text;
}

/* A line without its newline. */
static bool
take_line(struct options_file *file, char *line, char *end, struct error *err)
{
    bool is_indented = line < end && strchr(BLANKS, *line) != NULL;
    char *text = trim(line, &end);

    *end = '\0';
    if (text == end || *text == '#' || *text == ';') {
        return true;
    }
    if (is_indented && file->entry.key != NULL) {
        continue_entry(&file->entry, text, end);
        return true;
    }
    if (!finish_entry(file, err)) {
        return false;
    }
    return *text == '[' ? begin_section(file, text, end, err)
                        : begin_entry(file, text, end, err);
}

bool
options_file_parse(struct options *options, char *text, size_t size,
                   const char *name, option_set given, struct error *err)
{
    struct options_file file = {
        .options = options, .name = name, .given = given};
    char *end = text + size;

    while (text < end) {
        char *newline = memchr(text, '\n', (size_t)(end - text));
        char *line_end = newline == NULL ? end : newline;

        file.line++;
        if (memchr(text, '\0', (size_t)(line_end - text)) != NULL) {
            (void)error_set(err, ERROR_USAGE, "this is no text");
            return fail_at(&file, file.line, err);
        }
        if (!take_line(&file, text, line_end, err)) {
            return false;
        }
        text = newline == NULL ? end : newline + 1;
    }
    if (!finish_entry(&file, err)) {
        return false;
    }
    return file.has_default
           || error_set(err, ERROR_USAGE, "%s: there is no section [default]",
                        name);
}

/* The whole file with a NUL behind it; the caller frees. */
static char *
read_file(const char *path, size_t *size, struct error *err)
{
    struct input_file file;
    char *text = NULL;

    if (!input_file_open(&file, path, err)) {
        return NULL;
    }
    if (file.size > FILE_SIZE_MAX) {
        (void)error_set(err, ERROR_USAGE, "%s: is too large for options", path);
    } else {
        *size = (size_t)file.size;
        text = array_new(*size + 1, 1, err);
    }
    if (text != NULL && !input_file_read(&file, 0, text, *size, err)) {
        free(text);
        text = NULL;
    }
    input_file_close(&file);
    return text;
}

bool
options_file_apply(struct options *options, option_set given, struct error *err)
{
    const char *path = options->rc_path;
    size_t size = 0;

    if (path == NULL) {
        if (access(DEFAULT_FILE, F_OK) != 0) {
            return true;
        }
        path = DEFAULT_FILE;
    }
    options->rc_text = read_file(path, &size, err);
    return options->rc_text != NULL
           && options_file_parse(options, options->rc_text, size, path, given,
                                 err);
}
