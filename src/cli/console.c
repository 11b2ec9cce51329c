// SPDX-License-Identifier: Apache-2.0
/* A message leaves in one write, so that lines of processes do not mix. */
#include "cli/console.h"

#include "base/error.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "format/sanitise.h"

enum { CONSOLE_MESSAGE_SIZE = 4096 };

bool
console_allows_colour(FILE *stream)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    return isatty(fileno(stream)) && (no_colour == NULL || *no_colour == '\0')
           && terminal != NULL && strcmp(terminal, "dumb") != 0;
}

static void
say(const struct console *console, const char *colour, const char *lead,
    const char *format, va_list arguments)
{
    char message[CONSOLE_MESSAGE_SIZE];
    struct buffer line = {0};

    (void)vsnprintf(message, sizeof message, format, arguments);
    if (console->has_colour) {
        buffer_append_text(&line, colour);
    }
    buffer_append_text(&line, lead);
    if (console->has_colour) {
        buffer_append_text(&line, "\x1b[0m");
    }
    sanitise_append(&line, message, strlen(message));
    buffer_append_char(&line, '\n');
    if (buffer_is_ok(&line)) {
        (void)fwrite(line.data, 1, line.size, console->stream);
        (void)fflush(console->stream);
    }
    buffer_release(&line);
}

void
console_error(const struct console *console, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say(console, "\x1b[1;31m", "viztracer: error: ", format, arguments);
    va_end(arguments);
}

void
console_note(const struct console *console, const char *format, ...)
{
    va_list arguments;

    if (console->is_quiet) {
        return;
    }
    va_start(arguments, format);
    say(console, "\x1b[1m", "viztracer: ", format, arguments);
    va_end(arguments);
}

bool
console_print(const struct buffer *text, struct error *err)
{
    if (!buffer_is_ok(text)) {
        return error_set_no_memory(err);
    }
    if (fwrite(text->data, 1, text->size, stdout) != text->size
        || fflush(stdout) != 0) {
        return error_set(err, ERROR_SYSTEM, "cannot write to standard output");
    }
    return true;
}
