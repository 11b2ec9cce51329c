// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "cli/option_table.h"
#include "cli/options_help.h"

static size_t
longest_line(const char *text)
{
    size_t longest = 0;

    while (*text != '\0') {
        size_t size = strcspn(text, "\n");

        longest = size > longest ? size : longest;
        text += size + (text[size] == '\n');
    }
    return longest;
}

Test(options_help, fits_eighty_columns_and_names_every_option)
{
    const struct command_row *command;

    for (command = command_table; command->command != 0; command++) {
        struct buffer help = {0};
        const struct option_row *row;

        options_help(&help, command->command);
        cr_assert(le(sz, longest_line(help.data), 80));
        for (row = option_table; row->commands != 0; row++) {
            char name[64];

            if (!(row->commands & command->command) || row->summary == NULL) {
                continue;
            }
            (void)snprintf(name, sizeof name, "--%s", row->name);
            cr_expect(strstr(help.data, name) != NULL, "%s", name);
        }
        buffer_release(&help);
    }
}

Test(option_table, has_each_name_once_in_a_command)
{
    const struct option_row *one;
    const struct option_row *two;

    for (one = option_table; one->commands != 0; one++) {
        for (two = one + 1; two->commands != 0; two++) {
            if (!(one->commands & two->commands)) {
                continue;
            }
            cr_expect(one->name == NULL || two->name == NULL
                          || strcmp(one->name, two->name) != 0,
                      "--%s stands twice", one->name);
            cr_expect(one->letter == 0 || one->letter != two->letter,
                      "-%c stands twice", one->letter);
        }
    }
}
