// SPDX-License-Identifier: Apache-2.0
/* The command `viztracer`: understand the command line and call who does it. */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/error.h"
#include "cli/console.h"
#include "cli/diff_command.h"
#include "cli/export_command.h"
#include "cli/install_paths.h"
#include "cli/launcher_signals.h"
#include "cli/options.h"
#include "cli/options_help.h"
#include "cli/record_command.h"
#include "cli/report_command.h"
#include "cli/view_command.h"
#include "tui/action.h"
#include "tui/view.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

/* Print text that was asked for on stdout. */
static int
print(struct buffer *text, const struct console *console)
{
    struct error err = {0};
    bool ok = console_print(text, &err);

    if (!ok) {
        console_error(console, "%s", err.message);
    }
    buffer_release(text);
    return ok ? EXIT_SUCCESS : STATUS_FAILED;
}

static bool
append_python_path(struct buffer *text, struct error *err)
{
    struct install_paths paths;
    bool ok = install_paths_find(&paths, err);

    if (ok) {
        buffer_append_format(text, "%s\n", paths.python_folder);
    }
    install_paths_release(&paths);
    return ok;
}

/* The action table, for tests: name, keys and the digits of the views that
 * know it, with tabs between them. */
static void
append_actions(struct buffer *text)
{
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        const struct action *action = action_at(i);

        buffer_append_format(text, "%s\t%s\t", action->name, action->keys);
        for (unsigned view = 0; view < VIEW_COUNT; view++) {
            if ((action->views & 1u << view) != 0) {
                buffer_append_format(text, "%u", view + 1);
            }
        }
        buffer_append_char(text, '\n');
    }
}

static int
inform(const struct options *options, const struct console *console)
{
    struct buffer text = {0};
    struct error err = {0};

    switch (options->information) {
    case INFORMATION_NONE:
        break;
    case INFORMATION_HELP:
        options_help(&text, options->command);
        break;
    case INFORMATION_VERSION:
        buffer_append_text(&text, "viztracer " VIZTRACER_VERSION "\n");
        break;
    case INFORMATION_LIST_OPTIONS:
        options_list(&text);
        break;
    case INFORMATION_LIST_ACTIONS:
        append_actions(&text);
        break;
    case INFORMATION_PYTHON_PATH:
        if (!append_python_path(&text, &err)) {
            console_error(console, "%s", err.message);
            return STATUS_FAILED;
        }
        break;
    }
    return print(&text, console);
}

static void
say_where_help_is(const struct options *options, const struct console *console)
{
    const struct command_row *row = command_table;

    while (row->command != 0 && row->command != options->command) {
        row++;
    }
    console_note(console, "all options: viztracer%s%s --help",
                 row->name == NULL ? "" : " ",
                 row->name == NULL ? "" : row->name);
}

static int
run(const struct options *options, const struct console *console)
{
    if (options->information != INFORMATION_NONE) {
        return inform(options, console);
    }
    if (options->command != COMMAND_RECORD) {
        launcher_signals_ignore_size(); /* a program's are its own */
    }
    switch (options->command) {
    case COMMAND_RECORD:
        return record_command(options, console);
    case COMMAND_VIEW:
        return view_command(options, console);
    case COMMAND_EXPORT:
        return export_command(options, console);
    case COMMAND_REPORT:
        return report_command(options, console);
    case COMMAND_DIFF:
        return diff_command(options, console);
    }
    return STATUS_USAGE;
}

int
main(int argc, char **argv)
{
    struct options options;
    struct error err = {0};
    struct console console = {
        .stream = stderr,
        .has_colour = console_allows_colour(stderr),
    };
    int status = STATUS_USAGE;

    (void)argc;
    (void)setlocale(LC_CTYPE, "");
    if (options_parse(&options, argv, &err)) {
        console.is_quiet = options.is_quiet;
        status = run(&options, &console);
    } else {
        console_error(&console, "%s", err.message);
        say_where_help_is(&options, &console);
    }
    options_release(&options);
    return status;
}
