// SPDX-License-Identifier: Apache-2.0
/*
 * One pass from left to right. A cursor over argv is all the state: an option
 * consumes its own word and, when it takes a value that is not in the same
 * word, the next one.
 */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/option_conflicts.h"
#include "cli/option_values.h"
#include "cli/options_file.h"

struct parse {
    struct options *options;
    char **next;                        /* the first word not yet consumed */
    bool has_ended;                     /* the program was reached */
    const struct option_row *before;    /* seen before any word; NULL = none */
    uint64_t given;                     /* a bit for each option_id */
    const struct option_row *last_list; /* it took the last word of all */
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

/* An option that begins the program, or one that says something. */
static bool
apply(struct parse *parse, const struct option_row *row, char *value,
      struct error *err)
{
    switch ((unsigned)row->id) {
    case OPTION_MODULE:
        begin_program(parse, PROGRAM_MODULE, value);
        return true;
    case OPTION_CODE:
        begin_program(parse, PROGRAM_CODE, value);
        return true;
    case OPTION_RUN:
        return begin_named_program(parse, "--run", err);
    case OPTION_GENERATE_FLAMEGRAPH:
    case OPTION_COMPRESS_FILE:
    case OPTION_DECOMPRESS_FILE:
        parse->options->lone_input = value;
        return true;
    default:
        return option_apply(parse->options, row, value, err);
    }
}

static bool
is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0';
}

static bool
report_no_value(const struct option_row *row, struct error *err)
{
    return error_set(err, ERROR_USAGE, "--%s needs a value: --%s %s", row->name,
                     row->name, row->value);
}

/* Take all words up to the next option, or the one in the same word. A list
 * of no words is no list. */
static bool
take_list(struct parse *parse, const struct option_row *row, char *attached,
          struct error *err)
{
    struct option_list *list = option_list_of(parse->options, row);

    if (attached != NULL) {
        return *attached != '\0' ? option_list_add(list, attached, err)
                                 : report_no_value(row, err);
    }
    while (*parse->next != NULL && !is_option(*parse->next)) {
        if (!option_list_add(list, *parse->next++, err)) {
            return false;
        }
    }
    parse->last_list = *parse->next == NULL ? row : NULL;
    return true;
}

/* Apply an option whose value, when it is in the same word, is attached. */
static bool
take_option(struct parse *parse, const struct option_row *row, char *attached,
            struct error *err)
{
    char *value = attached;

    if (row->id == OPTION_ABSENT) {
        return option_apply(parse->options, row, NULL, err);
    }
    if (!option_set_add(&parse->given, row, err)) {
        return false;
    }
    if (row->value == NULL && attached != NULL) {
        return error_set(err, ERROR_USAGE, "--%s takes no value", row->name);
    }
    if (row->id != OPTION_QUIET) {
        parse->before = row;
    }
    if (option_row_is_list(row)) {
        return take_list(parse, row, attached, err);
    }
    if (row->value != NULL && attached == NULL) {
        value = *parse->next;
        if (value == NULL) {
            return report_no_value(row, err);
        }
        parse->next++;
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
    if (is_option(word)) {
        return take_letter(parse, word + 1, err);
    }
    if (parse->options->command == COMMAND_RECORD) {
        return take_first_word(parse, word, err);
    }
    take_input(parse, word);
    return true;
}

/* A list that took the last word has taken the program, too. */
static bool
report_swallowed(const struct parse *parse, struct error *err)
{
    const struct option_row *row = parse->last_list;
    const struct option_list *list = option_list_of(parse->options, row);

    return error_set(err, ERROR_USAGE,
                     "--%s took all the words up to \"%s\", so there is no "
                     "program: put -- in front of it, as in viztracer --%s "
                     "%s -- PROGRAM",
                     row->name, list->items[list->count - 1], row->name,
                     list->items[0]);
}

/* The option that exports instead of running a program. */
static enum option_id
find_exporting(const struct parse *parse)
{
    static const enum option_id ids[] = {
        OPTION_ALIGN_COMBINE, OPTION_GENERATE_FLAMEGRAPH, OPTION_COMPRESS_FILE,
        OPTION_DECOMPRESS_FILE};

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (option_set_has(parse->given, ids[i])) {
            return ids[i];
        }
    }
    return OPTION_COMBINE;
}

/* --combine and its like export. */
static bool
become_export(struct parse *parse, struct error *err)
{
    struct options *options = parse->options;
    enum option_id id = find_exporting(parse);

    if (options->program_kind != PROGRAM_NONE) {
        return error_set(err, ERROR_USAGE,
                         "--%s runs no program, and \"%s\" is one",
                         option_row_of(id)->name, options->program);
    }
    options->command = COMMAND_EXPORT;
    options->aligns_inputs = id == OPTION_ALIGN_COMBINE;
    options->opens_flame_graph = id == OPTION_GENERATE_FLAMEGRAPH;
    options->compresses = id == OPTION_COMPRESS_FILE;
    if (options->compresses && options->format == NULL) {
        options->format = "vzt"; /* whatever the output is called */
    }
    if (id == OPTION_DECOMPRESS_FILE && options->output_path == NULL
        && options->format == NULL) {
        options->format = "json";
    }
    options->inputs = options->lone_input != NULL ? &options->lone_input
                                                  : options->combined.items;
    options->input_count =
        options->lone_input != NULL ? 1 : options->combined.count;
    return true;
}

/* Without a program there is nothing to do but to say what can be done. */
static bool
check_record(struct parse *parse, struct error *err)
{
    struct options *options = parse->options;

    if (options->combined.count > 0 || options->lone_input != NULL) {
        return become_export(parse, err);
    }
    if (options->program_kind != PROGRAM_NONE) {
        return true;
    }
    if (parse->last_list != NULL
        && option_list_of(options, parse->last_list)->count > 0) {
        return report_swallowed(parse, err);
    }
    options->information = INFORMATION_HELP;
    return true;
}

static bool
check_export(const struct options *options, struct error *err)
{
    if (options->input_count > 0 && options->output_path != NULL) {
        return true;
    }
    return error_set(err, ERROR_USAGE,
                     "%s: viztracer export FILE ... -o OUTPUT",
                     options->input_count == 0 ? "no recording to export"
                                               : "no output file");
}

/* What is missing when all words were taken. */
static bool
check_complete(struct parse *parse, struct error *err)
{
    if (parse->options->information != INFORMATION_NONE) {
        return true;
    }
    switch (parse->options->command) {
    case COMMAND_RECORD:
        return check_record(parse, err);
    case COMMAND_VIEW:
    case COMMAND_REPORT:
        return true;
    case COMMAND_EXPORT:
        return check_export(parse->options, err);
    case COMMAND_DIFF:
        return parse->options->input_count == 2
               || error_set(err, ERROR_USAGE,
                            "two recordings are compared, not %zu: viztracer "
                            "diff A B",
                            parse->options->input_count);
    }
    return true;
}

/* Options of the file hold where the command line says nothing. */
static bool
take_file(struct parse *parse, struct error *err)
{
    struct options *options = parse->options;

    return options->command != COMMAND_RECORD
           || options->information != INFORMATION_NONE
           || options_file_apply(options, parse->given, err);
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
    return take_file(&parse, err) && check_complete(&parse, err);
}

void
options_release(struct options *options)
{
    free(options->include_files.items);
    free(options->exclude_files.items);
    free(options->combined.items);
    free(options->conditions.items);
    free(options->rc_text);
    *options = (struct options){0};
}
