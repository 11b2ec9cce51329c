// SPDX-License-Identifier: Apache-2.0
/*
 * The names are VizTracer's wherever it has one. Its other options stand here
 * too, so that whoever brings a command line along is told which of them this
 * version does not have, and a prefix never changes its meaning later.
 */
#include "cli/option_table.h"

#include <string.h>

#define ALL_COMMANDS                                                 \
    (COMMAND_RECORD | COMMAND_VIEW | COMMAND_EXPORT | COMMAND_REPORT \
     | COMMAND_DIFF)

/* What prints tables. */
#define REPORTING (COMMAND_REPORT | COMMAND_DIFF)

/* Of recording, on the command line and in the file. */
#define RECORD (COMMAND_RECORD | OPTION_IN_FILE)

#define ABSENT(letter, name)                            \
    {                                                   \
        OPTION_ABSENT, RECORD, letter, name, NULL, NULL \
    }

const struct command_row command_table[] = {
    {COMMAND_RECORD, NULL, "[options] [--] PROGRAM [arguments]",
     "run a Python program and record every call it makes"},
    {COMMAND_VIEW, "view", "view [options] [FILE ...]",
     "show the timeline of a recording; without FILE, of the newest"},
    {COMMAND_EXPORT, "export", "export [options] FILE ... -o OUTPUT",
     "write recordings in another format"},
    {COMMAND_REPORT, "report", "report [options] [FILE ...]",
     "print where the time went; without FILE, of the newest recording"},
    {COMMAND_DIFF, "diff", "diff [options] A B",
     "print what changed from one recording to another"},
    {0, NULL, NULL, NULL},
};

const struct option_row option_table[] = {
    {OPTION_OUTPUT_FILE, RECORD | COMMAND_EXPORT, 'o', "output_file", "FILE",
     "write the result to FILE, whose suffix says the format: .vzt, .html, "
     ".json, .json.gz, ..., see viztracer-export(1); export: - is stdout"},
    {OPTION_FORMAT, RECORD | COMMAND_EXPORT, 0, "format", "NAME",
     "the format, whatever the name of the output: json, json.gz, vzt, html, "
     "folded, speedscope, pftrace, pstats, callgrind or csv"},
    {OPTION_COMPRESS, COMMAND_EXPORT, 0, "compress", NULL,
     "compress a .vzt; all commands read it as it is"},
    {OPTION_UNIQUE_OUTPUT_FILE, RECORD, 'u', "unique_output_file", NULL,
     "write it to PROGRAM_DATE_TIME_PID.json"},
    {OPTION_OUTPUT_DIR, RECORD, 0, "output_dir", "DIR",
     "the folder of the output; it is made"},
    {OPTION_PID_SUFFIX, RECORD, 0, "pid_suffix", NULL,
     "write one output for each process: result_PID.json"},
    {OPTION_SAVE_FLAMEGRAPH, RECORD, 0, "save_flamegraph", NULL,
     "also write a page that opens on the flame graph: result_flamegraph.html"},
    {OPTION_OPEN, RECORD, 0, "open", NULL,
     "open the viewer when the output has been written"},
    {OPTION_TUI, RECORD, 0, "tui", NULL,
     "open the viewer when the program has ended"},
    {OPTION_TUI, COMMAND_VIEW, 0, "tui", NULL,
     "use the terminal, also where input and output are redirected"},
    {OPTION_PRINT, COMMAND_VIEW, 0, "print", NULL,
     "print the first screen, also on a terminal"},
    {OPTION_HEADLESS, COMMAND_VIEW, 0, "headless", "WxH",
     "draw a screen of W columns and H rows, whatever the terminal is"},
    {OPTION_KEYS, COMMAND_VIEW, 0, "keys", "KEYS",
     "press these keys first, such as \"w w l Enter C-r S-Tab F6 Space\""},
    {OPTION_DUMP, COMMAND_VIEW, 0, "dump", "FORMAT",
     "print the screen as text, ansi (with colours) or json"},
    {OPTION_VIEW, COMMAND_VIEW, 0, "view", "NAME",
     "begin with this view: timeline, flame, functions, ..."},
    {OPTION_FILTER, COMMAND_VIEW, 0, "filter", "QUERY",
     "show only the calls that match, such as \"parse dur>5ms thread:worker\""},
    {OPTION_RANGE, COMMAND_VIEW, 0, "range", "FROM..TO",
     "begin with this stretch of time, such as 12ms..15ms or 50%.."},
    {OPTION_AT, COMMAND_VIEW, 0, "at", "TIME",
     "begin with the cursor at this time, such as 1.5s or 50%"},
    {OPTION_TRACK, COMMAND_VIEW, 0, "track", "PATTERN",
     "begin on the first track whose name matches"},
    {OPTION_ASCII, COMMAND_VIEW | REPORTING, 0, "ascii", NULL,
     "draw with ASCII characters only"},
    {OPTION_MODULE, COMMAND_RECORD, 'm', "module", "MODULE",
     "run a module, as python -m does; ends the options"},
    {OPTION_CODE, COMMAND_RECORD, 'c', "cmd_string", "CODE",
     "run a program given as text, as python -c does; ends the options"},
    {OPTION_RUN, COMMAND_RECORD, 0, "run", NULL,
     "what follows is the program, as after --"},
    {OPTION_TRACER, RECORD, 0, "tracer", "c|python",
     "the recorder: c, or python, which needs no compiled extension"},
    {OPTION_INCLUDE_FILES, RECORD, 0, "include_files", "PATH...",
     "record only functions of these files and folders; the list ends at the "
     "next option or --"},
    {OPTION_EXCLUDE_FILES, RECORD, 0, "exclude_files", "PATH...",
     "record no functions of these files and folders, nor what they call"},
    {OPTION_KEEP_DESCENDANTS, RECORD, 0, "keep_descendants", NULL,
     "let a file filter judge each function by itself, not by its callers"},
    {OPTION_MAX_STACK_DEPTH, RECORD, 0, "max_stack_depth", "N",
     "record calls down to this depth only; the program's own module has depth "
     "1, a negative number is no bound"},
    {OPTION_MIN_DURATION, RECORD, 0, "min_duration", "TIME",
     "leave out calls that are shorter, such as 50us or 0.3ms; without a unit "
     "in us"},
    {OPTION_IGNORE_C_FUNCTION, RECORD, 0, "ignore_c_function", NULL,
     "do not record calls of C functions"},
    {OPTION_IGNORE_MULTIPROCESS, RECORD, 0, "ignore_multiprocess", NULL,
     "record the first process only"},
    {OPTION_LOG_PRINT, RECORD, 0, "log_print", NULL,
     "record what print() writes, too, as instants"},
    {OPTION_TRACER_ENTRIES, RECORD, 0, "tracer_entries", "N",
     "keep the latest N calls of each process"},
    {OPTION_INCLUDE_STARTUP, RECORD, 0, "include_startup", NULL,
     "also record what Python does before the program begins"},
    {OPTION_LIMIT, RECORD, 0, "limit", "SIZE",
     "bound of the recording of each process (500M, 2G); beyond it the latest "
     "calls are kept. Default: 8 GiB, or half of the free space"},
    {OPTION_NO_SOURCE, RECORD | COMMAND_EXPORT, 0, "no_source", NULL,
     "leave the text of source files out"},
    {OPTION_NO_ARGS, RECORD | COMMAND_EXPORT, 0, "no_args", NULL,
     "leave out what may hold data: arguments of calls, instants and objects, "
     "log text, command lines"},
    {OPTION_SCOPE, COMMAND_REPORT | COMMAND_EXPORT, 0, "scope", "QUERY",
     "only the calls that match, such as \"parse ts:50%..\"; see "
     "viztracer-view(1)"},
    {OPTION_ROW_LIMIT, REPORTING, 0, "limit", "N",
     "rows of each table; default: 15"},
    {OPTION_SORT, REPORTING, 0, "sort", "self|total|calls",
     "the functions with the most time of their own first (default), with the "
     "most time in all, or with the most calls; of diff: with the most change"},
    {OPTION_MARKDOWN, REPORTING, 0, "md", NULL, "write Markdown"},
    {OPTION_JSON, REPORTING, 0, "json", NULL, "write JSON"},
    {OPTION_CSV, REPORTING, 0, "csv", NULL,
     "write the table of functions as comma separated values"},
    {OPTION_FAIL_IF, REPORTING, 0, "fail_if", "CONDITION",
     "end with status 1 when this holds, such as \"self(parse) > 20%\"; may be "
     "given several times"},
    {OPTION_QUIET, ALL_COMMANDS | OPTION_IN_FILE, 0, "quiet", NULL,
     "print nothing but errors"},
    {OPTION_RCFILE, COMMAND_RECORD, 0, "rcfile", "FILE",
     "read options from FILE instead of .viztracerrc"},
    {OPTION_COMBINE, COMMAND_RECORD, 0, "combine", "FILE...",
     "run nothing: join recordings, .vzt or JSON, into one output"},
    {OPTION_ALIGN_COMBINE, COMMAND_RECORD, 0, "align_combine", "FILE...",
     "the same, and let all of them begin at one time"},
    {OPTION_COMPRESS_FILE, COMMAND_RECORD, 0, "compress", "FILE",
     "run nothing: write a recording as a compressed trace; default: "
     "result.vzt.gz"},
    {OPTION_DECOMPRESS_FILE, COMMAND_RECORD, 0, "decompress", "FILE",
     "run nothing: write a recording as JSON; default: result.json"},
    {OPTION_GENERATE_FLAMEGRAPH, COMMAND_RECORD, 0, "generate_flamegraph",
     "FILE",
     "run nothing: write a page that opens on the flame graph of a recording"},
    {OPTION_ALIGN, COMMAND_VIEW | COMMAND_EXPORT | COMMAND_REPORT, 0, "align",
     "HOW",
     "put several recordings at one time: start, clock (when they were made), "
     "or the name of an instant or function that all have"},
    {OPTION_FILTER, COMMAND_REPORT | COMMAND_EXPORT, 0, "filter", "QUERY",
     "the same as --scope; where several are given, what all of them mean"},
    {OPTION_RANGE, COMMAND_REPORT | COMMAND_EXPORT, 0, "range", "FROM..TO",
     "only this stretch of time, such as 12ms..15ms or 50%.."},
    {OPTION_TRACK, COMMAND_REPORT | COMMAND_EXPORT, 0, "track", "PATTERN",
     "only the tracks (threads) whose names match"},
    {OPTION_FLAMEGRAPH, COMMAND_EXPORT, 0, "flamegraph", NULL,
     "let a page open on its flame graph"},
    {OPTION_PYTHON_PATH, COMMAND_RECORD, 0, "python_path", NULL,
     "print the folder that makes \"import viztracer\" work"},
    {OPTION_VERSION, COMMAND_RECORD, 0, "version", NULL, "print the version"},
    {OPTION_HELP, ALL_COMMANDS, 'h', "help", NULL, "print this help"},
    {OPTION_LIST_OPTIONS, COMMAND_RECORD, 0, "list_options", NULL, NULL},
    {OPTION_LIST_ACTIONS, COMMAND_VIEW, 0, "list_actions", NULL, NULL},

    ABSENT(0, "plugins"),
    ABSENT(0, "ignore_frozen"),
    ABSENT(0, "ignore_non_file"),
    ABSENT(0, "log_exit"),
    ABSENT(0, "log_func_args"),
    ABSENT(0, "log_function_args"),
    ABSENT(0, "log_func_retval"),
    ABSENT(0, "log_return_value"),
    ABSENT(0, "log_func_with_objprint"),
    ABSENT(0, "log_sparse"),
    ABSENT(0, "log_gc"),
    ABSENT(0, "log_var"),
    ABSENT(0, "log_number"),
    ABSENT(0, "log_attr"),
    ABSENT(0, "log_func_exec"),
    ABSENT(0, "log_func_entry"),
    ABSENT(0, "log_exception"),
    ABSENT(0, "log_audit"),
    ABSENT(0, "log_async"),
    ABSENT(0, "log_torch"),
    ABSENT(0, "log_multiprocess"),
    ABSENT(0, "log_subprocess"),
    ABSENT(0, "magic_comment"),
    ABSENT(0, "minimize_memory"),
    ABSENT(0, "attach"),
    ABSENT(0, "attach_installed"),
    ABSENT(0, "uninstall"),
    ABSENT('t', NULL),
    ABSENT(0, "report_endpoint"),
    ABSENT(0, "report_server"),
    ABSENT(0, "dump_raw"),
    ABSENT(0, "trace_self"),
    ABSENT(0, "sanitize_function_name"),
    ABSENT(0, "file_info"),
    ABSENT(0, "patch_only"),
    {0, 0, 0, NULL, NULL, NULL},
};

const struct option_row *
option_row_of(enum option_id id)
{
    const struct option_row *row = option_table;

    while (row->id != id) {
        row++;
    }
    return row;
}

bool
option_row_is_list(const struct option_row *row)
{
    const char *dots = row->value == NULL ? NULL : strstr(row->value, "...");

    return dots != NULL && dots[3] == '\0';
}
