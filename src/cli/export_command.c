// SPDX-License-Identifier: Apache-2.0
#include "cli/export_command.h"

#include "base/error.h"
#include "cli/console.h"
#include "cli/launcher_signals.h"
#include "cli/options.h"
#include "cli/trace_output.h"

enum { STATUS_FAILED = 1, STATUS_USAGE = 2 };

int
export_command(const struct options *options, const struct console *console)
{
    struct launcher_signals signals;
    struct error err = {0};
    int status = 0;

    if (!trace_output_check(options->output_path, &err)) {
        console_error(console, "%s", err.message);
        return STATUS_USAGE;
    }
    /* Held, so that being interrupted leaves no half of an output behind. */
    launcher_signals_hold(&signals);
    if (trace_output_write(options->output_path, options->inputs,
                           options->input_count, !options->has_no_source,
                           console, &err)) {
        trace_output_say(options->output_path, console);
    } else {
        console_error(console, "%s", err.message);
        status = STATUS_FAILED;
    }
    launcher_signals_release(&signals);
    return status;
}
