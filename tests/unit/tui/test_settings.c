// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "support/temporary_folder.h"
#include "tui/settings.h"
#include "unit/tui/stage.h"

/* "set x=y" as keys, run from the command line. */
static void
run(struct stage *stage, const char *command)
{
    char keys[256] = ":";

    for (; *command != '\0'; command++) {
        size_t used = strlen(keys);

        (void)snprintf(keys + used, sizeof keys - used,
                       *command == ' ' ? " Space" : " %c", *command);
    }
    stage_press(stage, keys);
    stage_press(stage, "Enter");
}

static void
expect_message(struct stage *stage, const char *wanted)
{
    char *message = stage_message(stage);

    cr_expect(ne(ptr, strstr(message, wanted), NULL), "%s: %s", wanted,
              message);
    free(message);
}

Test(settings, the_command_line_sets_them)
{
    struct stage stage;

    stage_open(&stage, 3);
    run(&stage, "set keymap=less");
    stage_press(&stage, "h");
    cr_expect(stage_shows(&stage, "help   (type to filter"));
    stage_press(&stage, "t h i s Space l i s t");
    cr_expect(stage_shows(&stage, "F1 h"), "help shows the keys in force");
    stage_press(&stage, "Esc Esc");
    run(&stage, "set ascii");
    cr_expect(not(stage_shows(&stage, "▏")));
    run(&stage, "set noascii");
    cr_expect(stage_shows(&stage, "▏"));
    run(&stage, "set time=ns");
    stage_press(&stage, "F2");
    cr_expect(stage_shows(&stage, "in nanoseconds"));
    cr_expect(stage_shows(&stage, "less"));
    stage_close(&stage);
}

Test(settings, what_cannot_be_set_is_said_with_what_can)
{
    struct stage stage;

    stage_open(&stage, 3);
    run(&stage, "set keymap=emacs");
    expect_message(&stage, "`emacs` is no value of keymap; there are default, "
                           "perfetto, vim, less, azerty, dvorak");
    run(&stage, "set bg=pink");
    expect_message(&stage, "there are auto, dark, light");
    run(&stage, "set nothing=1");
    expect_message(&stage, "`nothing` cannot be set; there are bg, mouse");
    stage_close(&stage);
}

Test(settings, all_of_them_can_be_completed_and_set)
{
    char text[64];
    const char *help;
    struct stage stage;
    size_t count = 0;

    stage_open(&stage, 3);
    for (; settings_at(count, text, sizeof text, &help); count++) {
        char command[80];
        char *message;

        (void)snprintf(command, sizeof command, "set %s", text);
        run(&stage, command);
        message = stage_message(&stage);
        cr_expect(eq(ptr, strstr(message, "cannot"), NULL), "%s", message);
        cr_expect(eq(ptr, strstr(message, "no value"), NULL), "%s", message);
        free(message);
    }
    cr_expect(ge(sz, count, 20));
    stage_close(&stage);
}

Test(settings, are_kept_when_that_is_asked_for)
{
    struct stage stage;

    stage_open(&stage, 3);
    stage_visit_again(&stage, NULL, stage.folder);
    run(&stage, "set keymap=vim");
    stage_visit_again(&stage, NULL, stage.folder);
    stage_press(&stage, "Z Z");
    expect_message(&stage, "not bound");
    run(&stage, "set keymap=vim");
    run(&stage, "set ascii");
    stage_press(&stage, "F2 s");
    expect_message(&stage, "kept in ");
    stage_visit_again(&stage, NULL, stage.folder);
    cr_expect(not(stage_shows(&stage, "▏")));
    stage_press(&stage, "?");
    cr_expect(stage_shows(&stage, "regular expression"), "? searches in vim");
    stage_close(&stage);
}

Test(settings, a_hostile_file_changes_nothing_but_what_it_may)
{
    static const char text[] = "keymap=\x1b[31m\nascii=on\nfoo\n=\nno\n\n"
                               "colours=4294967296\ntime";
    struct stage stage;
    char *path;
    FILE *file;

    stage_open(&stage, 3);
    path = temporary_folder_file(stage.folder, "settings");
    file = fopen(path, "wb");
    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(text, 1, sizeof text - 1, file), sizeof text - 1));
    cr_assert(eq(int, fclose(file), 0));
    stage_visit_again(&stage, NULL, stage.folder);
    expect_message(&stage, "");
    cr_expect(not(stage_shows(&stage, "▏")));
    free(path);
    stage_close(&stage);
}
