// SPDX-License-Identifier: Apache-2.0
/*
 * One pass from left to right. A cursor over argv is all the state: an option
 * consumes its own word and, when it takes a value that is not in the same
 * word, the next one.
 */
#include "cli/options.h"

#include <string.h>

#include "base/error.h"
#include "base/number_parse.h"

struct parse {
    struct options *options;
    char **next;                     /* the first word not yet consumed */
    bool has_ended;                  /* the program was reached */
    const struct option_row *before; /* seen before any word; NULL = none */
};

/* Whether an option as typed is name or a prefix of it; - and _ are alike. */
static bool
is_prefix(const char *typed, size_t size, const char *name)
{
    for (size_t i = 0; i < size; i++) {
        char character = typed[i] == '-' ? '_' : typed[i];

        if (name[i] == '\0' || character != name[i]) {
            return false;
        }
    }
    return true;
}

/* The row of a long option, "size" bytes without its dashes. */
static const struct option_row *
find_long(const struct parse *parse, const char *typed, size_t size,
          struct error *err)
{
    const struct option_row *found = NULL;
    const struct option_row *row;

    for (row = option_table; row->commands != 0; row++) {
        if (row->name == NULL || !(row->commands & parse->options->command)
            || !is_prefix(typed, size, row->name)) {
            continue;
        }
        if (row->name[size] == '\0') {
            return row;
        }
        if (row->summary == NULL && row->id != OPTION_ABSENT) {
            continue; /* hidden: only by its whole name */
        }
        if (found != NULL) {
            (void)error_set(err, ERROR_USAGE,
                            "option --%.*s could be --%s or --%s", (int)size,
                            typed, found->name, row->name);
            return NULL;
        }
        found = row;
    }
    if (found == NULL) {
        (void)error_set(err, ERROR_USAGE, "there is no option --%.*s",
                        (int)size, typed);
    }
    return found;
}

static const struct option_row *
find_letter(const struct parse *parse, char letter, struct error *err)
{
    const struct option_row *row;

    for (row = option_table; row->commands != 0; row++) {
        if (row->letter == letter
            && (row->commands & parse->options->command)) {
            return row;
        }
    }
    (void)error_set(err, ERROR_USAGE, "there is no option -%c", letter);
    return NULL;
}

static bool
apply_limit(struct options *options, const char *value, struct error *err)
{
    if (!number_parse_size(value, &options->limit_bytes)
        || options->limit_bytes == 0) {
        return error_set(err, ERROR_USAGE,
                         "--limit needs a size such as 500M or 2G, not \"%s\"",
                         value);
    }
    return true;
}

static bool
apply_dimensions(struct options *options, const char *value, struct error *err)
{
    if (!number_parse_dimensions(value, &options->width, &options->height)) {
        return error_set(err, ERROR_USAGE,
                         "--headless needs a size such as 80x24, not \"%s\"",
                         value);
    }
    return true;
}

static bool
apply_dump(struct options *options, const char *value, struct error *err)
{
    if (strcmp(value, "text") != 0 && strcmp(value, "ansi") != 0
        && strcmp(value, "json") != 0) {
        return error_set(err, ERROR_USAGE,
                         "--dump needs text, ansi or json, not \"%s\"", value);
    }
    options->dump = value;
    return true;
}

static void
begin_program(struct parse *parse, enum program_kind kind, char *program)
{
    parse->options->program_kind = kind;
    parse->options->program = program;
    parse->options->arguments = parse->next;
    parse->has_ended = true;
}

/* Take the word after -- or --run as the program. */
static bool
begin_named_program(struct parse *parse, const char *option, struct error *err)
{
    char *program = *parse->next;

    if (program == NULL) {
        return error_set(err, ERROR_USAGE, "no program after %s", option);
    }
    parse->next++;
    begin_program(parse, PROGRAM_COMMAND, program);
    return true;
}

static bool
apply(struct parse *parse, const struct option_row *row, char *value,
      struct error *err)
{
    struct options *options = parse->options;

    switch (row->id) {
    case OPTION_ABSENT:
        return error_set(err, ERROR_UNSUPPORTED, "%s%s is not in this version",
                         row->name == NULL ? "-" : "--",
                         row->name == NULL ? (char[]){row->letter, '\0'}
                                           : row->name);
    case OPTION_OUTPUT_FILE:
        options->output_path = value;
        return true;
    case OPTION_HEADLESS:
        return apply_dimensions(options, value, err);
    case OPTION_KEYS:
        options->keys = value;
        return true;
    case OPTION_DUMP:
        return apply_dump(options, value, err);
    case OPTION_ASCII:
        options->is_ascii = true;
        return true;
    case OPTION_PRINT:
        options->is_print = true;
        return true;
    case OPTION_TUI:
        options->has_tui = true;
        return true;
    case OPTION_QUIET:
        options->is_quiet = true;
        return true;
    case OPTION_MODULE:
        begin_program(parse, PROGRAM_MODULE, value);
        return true;
    case OPTION_CODE:
        begin_program(parse, PROGRAM_CODE, value);
        return true;
    case OPTION_RUN:
        return begin_named_program(parse, "--run", err);
    case OPTION_IGNORE_C_FUNCTION:
        options->ignores_c_functions = true;
        return true;
    case OPTION_INCLUDE_STARTUP:
        options->includes_startup = true;
        return true;
    case OPTION_LIMIT:
        return apply_limit(options, value, err);
    case OPTION_NO_SOURCE:
        options->has_no_source = true;
        return true;
    case OPTION_PYTHON_PATH:
        options->information = INFORMATION_PYTHON_PATH;
        return true;
    case OPTION_HELP:
        options->information = INFORMATION_HELP;
        return true;
    case OPTION_VERSION:
        options->information = INFORMATION_VERSION;
        return true;
    case OPTION_LIST_OPTIONS:
        options->information = INFORMATION_LIST_OPTIONS;
        return true;
    case OPTION_LIST_ACTIONS:
        options->information = INFORMATION_LIST_ACTIONS;
        return true;
    }
    return true;
}

/* Apply an option whose value, when it is in the same word, is attached. */
static bool
take_option(struct parse *parse, const struct option_row *row, char *attached,
            struct error *err)
{
    char *value = attached;

    if (row->id == OPTION_ABSENT) {
        return apply(parse, row, NULL, err);
    }
    if (row->value == NULL && attached != NULL) {
        return error_set(err, ERROR_USAGE, "--%s takes no value", row->name);
    }
    if (row->value != NULL && attached == NULL) {
        value = *parse->next;
        if (value == NULL) {
            return error_set(err, ERROR_USAGE, "--%s needs a value: --%s %s",
                             row->name, row->name, row->value);
        }
        parse->next++;
    }
    if (row->id != OPTION_QUIET) {
        parse->before = row;
    }
    return apply(parse, row, value, err);
}

static bool
take_long(struct parse *parse, char *word, struct error *err)
{
    char *equals = strchr(word, '=');
    size_t size = equals == NULL ? strlen(word) : (size_t)(equals - word);
    const struct option_row *row = find_long(parse, word, size, err);

    return row != NULL
           && take_option(parse, row, equals == NULL ? NULL : equals + 1, err);
}

/* "-o", "-oFILE"; letters without a value cannot be bundled. */
static bool
take_letter(struct parse *parse, char *word, struct error *err)
{
    const struct option_row *row = find_letter(parse, word[0], err);

    return row != NULL
           && take_option(parse, row, word[1] == '\0' ? NULL : word + 1, err);
}

static const struct command_row *
find_command(const char *word)
{
    const struct command_row *row;

    for (row = command_table; row->command != 0; row++) {
        if (row->name != NULL && strcmp(row->name, word) == 0) {
            return row;
        }
    }
    return NULL;
}

/* The first word that is no option: a subcommand or the program. */
static bool
take_first_word(struct parse *parse, char *word, struct error *err)
{
    const struct command_row *row = find_command(word);

    if (row == NULL) {
        begin_program(parse, PROGRAM_COMMAND, word);
        return true;
    }
    if (parse->before != NULL) {
        return error_set(err, ERROR_USAGE,
                         "--%s stands before %s: options of a subcommand "
                         "follow it (a program of that name is run by: "
                         "viztracer -- %s)",
                         parse->before->name, word, word);
    }
    parse->options->command = row->command;
    return true;
}

/* Inputs are gathered in the part of argv that was consumed already. */
static void
take_input(struct parse *parse, char *word)
{
    struct options *options = parse->options;

    options->inputs[options->input_count++] = word;
}

static bool
take_dashes(struct parse *parse, struct error *err)
{
    if (parse->options->command == COMMAND_RECORD) {
        return begin_named_program(parse, "--", err);
    }
    while (*parse->next != NULL) {
        take_input(parse, *parse->next++);
    }
    return true;
}

static bool
take_word(struct parse *parse, char *word, struct error *err)
{
    if (strcmp(word, "--") == 0) {
        return take_dashes(parse, err);
    }
    if (word[0] == '-' && word[1] == '-') {
        return take_long(parse, word + 2, err);
    }
    if (word[0] == '-' && word[1] != '\0') {
        return take_letter(parse, word + 1, err);
    }
    if (parse->options->command == COMMAND_RECORD) {
        return take_first_word(parse, word, err);
    }
    take_input(parse, word);
    return true;
}

/* What is missing when all words were taken. */
static bool
check_complete(const struct options *options, struct error *err)
{
    if (options->information != INFORMATION_NONE) {
        return true;
    }
    switch (options->command) {
    case COMMAND_RECORD:
        if (options->program_kind == PROGRAM_NONE) {
            return error_set(err, ERROR_USAGE,
                             "no program to run: viztracer [options] PROGRAM "
                             "[arguments]");
        }
        break;
    case COMMAND_VIEW:
        break;
    case COMMAND_EXPORT:
        if (options->input_count == 0 || options->output_path == NULL) {
            return error_set(
                err, ERROR_USAGE, "%s: viztracer export FILE ... -o OUTPUT",
                options->input_count == 0 ? "no recording to export"
                                          : "no output file");
        }
        break;
    }
    return true;
}

bool
options_parse(struct options *options, char **argv, struct error *err)
{
    struct parse parse = {.options = options, .next = argv + 1};

    *options = (struct options){.command = COMMAND_RECORD};
    if (argv[0] == NULL || argv[1] == NULL) {
        options->information = INFORMATION_HELP;
        return true;
    }
    options->inputs = argv + 1;
    while (!parse.has_ended && options->information == INFORMATION_NONE
           && *parse.next != NULL) {
        char *word = *parse.next++;

        if (!take_word(&parse, word, err)) {
            return false;
        }
    }
    return check_complete(options, err);
}
