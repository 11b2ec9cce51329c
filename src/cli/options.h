// SPDX-License-Identifier: Apache-2.0
/*
 * cli/options.h - the command line, understood.
 *
 * Options end at the program: what follows it is the program's. `--` and
 * `--run` say that the next word is the program even when it looks like an
 * option or a subcommand, and end the list of an option that takes one. Options
 * of a subcommand may stand between its files. Long options may be written with
 * - or _ and cut to any prefix that only one of them has.
 *
 * What records may also be said in a file, see options_file.h; the command line
 * wins. --combine, --generate_flamegraph, --compress and --decompress are the
 * export command by another name.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/option_table.h"
#include "tui/app_start.h"

struct error;

enum program_kind {
    PROGRAM_NONE,    /* no program on the command line */
    PROGRAM_COMMAND, /* a script or a command: options.program */
    PROGRAM_MODULE,  /* -m: options.program is the module's name */
    PROGRAM_CODE,    /* -c: options.program is the code */
};

/* What to print instead of doing anything. */
enum information {
    INFORMATION_NONE,
    INFORMATION_HELP,
    INFORMATION_VERSION,
    INFORMATION_PYTHON_PATH,
    INFORMATION_LIST_OPTIONS,
    INFORMATION_LIST_ACTIONS,
};

struct option_list {
    char **items; /* owned; count of them */
    size_t count;
};

/* Texts are those of argv, which must outlive the options, and of the file. */
struct options {
    enum command command;
    enum information information;
    bool is_quiet;
    const char *output_path; /* NULL = none */
    const char *format;      /* of the output; NULL = by its name */
    bool has_unique_output;
    const char *output_folder; /* NULL = none */
    bool has_pid_suffix;
    bool saves_flame_graph;
    bool opens_viewer; /* on the output */
    bool has_no_source;
    bool has_no_args;
    bool compresses; /* the output, a trace */

    enum program_kind program_kind;
    char *program;
    char **arguments; /* of the program; NULL-terminated */
    bool has_python_tracer;
    struct option_list include_files; /* as typed; only one of the two */
    struct option_list exclude_files;
    bool keeps_descendants;
    bool has_depth_limit;
    uint32_t depth_limit;
    uint64_t min_duration_ns; /* 0 = none */
    uint64_t entry_limit;     /* 0 = none */
    bool ignores_c_functions;
    bool ignores_multiprocess;
    bool includes_startup;
    bool logs_print;
    uint64_t limit_bytes; /* 0 = the default */
    bool has_tui;         /* the viewer, in any case */

    char **inputs; /* of view, export, report; input_count of them */
    size_t input_count;
    const struct input_list *list; /* that the inputs are from; NULL = none */
    bool aligns_inputs;
    const char *align_marker; /* what is to be at one time; NULL = the start */
    bool opens_flame_graph;   /* a page of export */
    unsigned width;           /* of --headless; 0 = not given */
    unsigned height;
    const char *keys;       /* NULL = none */
    const char *dump;       /* "text", "ansi", "json"; NULL = not given */
    const char *filter;     /* NULL = none */
    const char *scope;      /* of report and export; likewise */
    const char *range;      /* start.range as typed; likewise */
    struct app_start start; /* where the viewer begins */
    bool is_ascii;
    bool is_print; /* not the live viewer */

    size_t row_limit; /* of each table of a report */
    const char *sort; /* "self", "total", "calls"; NULL = not given */
    bool is_markdown;
    bool is_json;
    bool is_csv;
    struct option_list conditions; /* of --fail_if */

    const char *rc_path;         /* NULL = .viztracerrc, where there is one */
    char *rc_text;               /* owned: what texts of that file point into */
    struct option_list combined; /* as typed; inputs is what counts */
    char *lone_input;            /* of an option that exports one recording */
};

/*
 * Understand argv, a NULL-terminated list with our own name first; the words
 * in it may change places. ERROR_USAGE or ERROR_UNSUPPORTED in *err says what
 * is wrong and how it is written; *options is then only good for reading
 * is_quiet and command. The caller releases *options in any case.
 */
bool options_parse(struct options *options, char **argv, struct error *err);

void options_release(struct options *options);

#endif
