// SPDX-License-Identifier: Apache-2.0
/*
 * cli/option_table.h - every option there is, once.
 *
 * The parser, --help, --list-options (which the test of the man pages and the
 * shell completion read) all come from this table. A new option is one row
 * and one case in option_values.c.
 */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

/* What the command line asks for; also bits of option_row.commands. */
enum command {
    COMMAND_RECORD = 1u << 0, /* no subcommand word: record a program */
    COMMAND_VIEW = 1u << 1,
    COMMAND_EXPORT = 1u << 2,
    COMMAND_REPORT = 1u << 3,
    COMMAND_DIFF = 1u << 4,
};

/* Another bit of option_row.commands: it may stand in .viztracerrc, too. */
#define OPTION_IN_FILE (1u << 15)

enum option_id {
    OPTION_ABSENT, /* of VizTracer, known, but not in this version */
    OPTION_OUTPUT_FILE,
    OPTION_FORMAT,
    OPTION_COMPRESS,
    OPTION_COMPRESS_FILE,
    OPTION_DECOMPRESS_FILE,
    OPTION_UNIQUE_OUTPUT_FILE,
    OPTION_OUTPUT_DIR,
    OPTION_PID_SUFFIX,
    OPTION_SAVE_FLAMEGRAPH,
    OPTION_OPEN,
    OPTION_GENERATE_FLAMEGRAPH,
    OPTION_COMBINE,
    OPTION_ALIGN_COMBINE,
    OPTION_ALIGN,
    OPTION_FLAMEGRAPH,
    OPTION_RCFILE,
    OPTION_QUIET,
    OPTION_MODULE,
    OPTION_CODE,
    OPTION_RUN,
    OPTION_TRACER,
    OPTION_INCLUDE_FILES,
    OPTION_EXCLUDE_FILES,
    OPTION_KEEP_DESCENDANTS,
    OPTION_MAX_STACK_DEPTH,
    OPTION_MIN_DURATION,
    OPTION_IGNORE_C_FUNCTION,
    OPTION_IGNORE_MULTIPROCESS,
    OPTION_INCLUDE_STARTUP,
    OPTION_LOG_PRINT,
    OPTION_TRACER_ENTRIES,
    OPTION_LIMIT,
    OPTION_NO_SOURCE,
    OPTION_NO_ARGS,
    OPTION_ROW_LIMIT,
    OPTION_SORT,
    OPTION_MARKDOWN,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_FAIL_IF,
    OPTION_HEADLESS,
    OPTION_KEYS,
    OPTION_DUMP,
    OPTION_FILTER,
    OPTION_RANGE,
    OPTION_AT,
    OPTION_TRACK,
    OPTION_VIEW,
    OPTION_SCOPE,
    OPTION_ASCII,
    OPTION_PRINT,
    OPTION_TUI,
    OPTION_PYTHON_PATH,
    OPTION_HELP,
    OPTION_VERSION,
    OPTION_LIST_OPTIONS,
    OPTION_LIST_ACTIONS,
};

struct option_row {
    enum option_id id;
    unsigned commands;   /* enum command bits, OPTION_IN_FILE */
    char letter;         /* of "-o"; 0 = none */
    const char *name;    /* "output_file"; NULL = only the letter */
    const char *value;   /* "FILE"; NULL = takes no value; "FILE..." takes all
                          * words up to the next option, or none */
    const char *summary; /* for --help; NULL = not shown */
};

struct command_row {
    enum command command;
    const char *name;     /* the word on the command line; NULL = none */
    const char *synopsis; /* after "viztracer " */
    const char *summary;
};

/* Rows end with a row of all zero. */
extern const struct option_row option_table[];
extern const struct command_row command_table[];

/* The row of an option that VizTracer's own are no part of: not OPTION_ABSENT,
 * which stands for many. */
const struct option_row *option_row_of(enum option_id id);

/* Whether its value is a list of words. */
bool option_row_is_list(const struct option_row *row);

#endif
