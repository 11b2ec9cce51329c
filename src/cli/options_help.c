// SPDX-License-Identifier: Apache-2.0
/* Two columns: how an option is written, and a paragraph about it. */
#include "cli/options_help.h"

#include <string.h>

#include "base/buffer.h"

enum { HELP_WIDTH = 80, HELP_INDENT = 26 };

static void
append_blanks(struct buffer *out, size_t count)
{
    while (count-- > 0) {
        buffer_append_char(out, ' ');
    }
}

/* Append text as lines that start at HELP_INDENT; the first one is begun and
 * has its column. */
static void
append_paragraph(struct buffer *out, const char *text)
{
    size_t column = HELP_INDENT;

    while (*text != '\0') {
        size_t size = strcspn(text, " ");

        if (column > HELP_INDENT && column + 1 + size > HELP_WIDTH) {
            buffer_append_char(out, '\n');
            append_blanks(out, HELP_INDENT);
            column = HELP_INDENT;
        }
        if (column > HELP_INDENT) {
            buffer_append_char(out, ' ');
            column++;
        }
        buffer_append(out, text, size);
        column += size;
        text += size;
        text += strspn(text, " ");
    }
    buffer_append_char(out, '\n');
}

/* "  -o, --output_file FILE" up to the second column, on its own line when it
 * is too long for it. */
static void
append_option(struct buffer *out, const struct option_row *row)
{
    size_t start = out->size;
    size_t width;

    if (row->letter == 0) {
        buffer_append_text(out, "      ");
    } else {
        buffer_append_format(out, "  -%c, ", row->letter);
    }
    buffer_append_format(out, "--%s", row->name);
    if (row->value != NULL) {
        buffer_append_format(out, " %s", row->value);
    }
    width = out->size - start;
    if (width + 2 > HELP_INDENT) {
        buffer_append_char(out, '\n');
        width = 0;
    }
    append_blanks(out, HELP_INDENT - width);
    append_paragraph(out, row->summary);
}

static void
append_usage(struct buffer *out, enum command command)
{
    const struct command_row *row;
    const char *lead = "usage: ";

    for (row = command_table; row->command != 0; row++) {
        if (row->command != command && command != COMMAND_RECORD) {
            continue; /* the help of recording names the subcommands, too */
        }
        buffer_append_format(out, "%sviztracer %s\n", lead, row->synopsis);
        append_blanks(out, strlen(lead) + 2);
        buffer_append_format(out, "%s\n", row->summary);
        lead = "       ";
    }
}

void
options_help(struct buffer *out, enum command command)
{
    const struct option_row *row;

    append_usage(out, command);
    buffer_append_text(out, "\noptions:\n");
    for (row = option_table; row->commands != 0; row++) {
        if ((row->commands & command) && row->summary != NULL) {
            append_option(out, row);
        }
    }
    buffer_append_text(
        out, "\nLong options may be written with - or _ and be shortened.\n");
}

static void
list_option(struct buffer *out, const char *command,
            const struct option_row *row)
{
    buffer_append_format(out, "%s %c %s %s %s\n", command,
                         row->letter == 0 ? '-' : row->letter,
                         row->name == NULL ? "-" : row->name,
                         row->value == NULL ? "-" : row->value,
                         row->id == OPTION_ABSENT ? "no" : "yes");
}

void
options_list(struct buffer *out)
{
    const struct command_row *command;
    const struct option_row *row;

    for (command = command_table; command->command != 0; command++) {
        for (row = option_table; row->commands != 0; row++) {
            if ((row->commands & command->command)
                && (row->summary != NULL || row->id == OPTION_ABSENT)) {
                list_option(
                    out, command->name == NULL ? "record" : command->name, row);
            }
        }
    }
}
