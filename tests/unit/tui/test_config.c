// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/temporary_folder.h"
#include "unit/tui/stage.h"

static void
write_file(const char *folder, const char *name, const char *text, size_t size)
{
    char *path = temporary_folder_file(folder, name);
    FILE *file = fopen(path, "wb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(text, 1, size, file), size));
    cr_assert(eq(int, fclose(file), 0));
    free(path);
}

static void
expect_message(struct stage *stage, const char *wanted)
{
    char *message = stage_message(stage);

    cr_expect(ne(ptr, strstr(message, wanted), NULL), "%s", message);
    free(message);
}

Test(config, keys_are_those_of_the_file)
{
    static const char keys[] = "bind F help\nbind ? follow\n";
    struct stage stage;

    stage_open(&stage, 3);
    write_file(stage.folder, "keys", keys, sizeof keys - 1);
    stage_visit_again(&stage, stage.folder, NULL);
    stage_press(&stage, "U");
    expect_message(&stage, "`U` is not bound here; F1 is help");
    stage_close(&stage);
}

Test(config, what_is_wrong_is_said_and_kept_as_a_note)
{
    static const char keys[] = "bind w quit nowhere\nbnd\n";
    static const char colours[] = "status rot\n";
    struct stage stage;

    stage_open(&stage, 3);
    write_file(stage.folder, "keys", keys, sizeof keys - 1);
    write_file(stage.folder, "colours", colours, sizeof colours - 1);
    stage_visit_again(&stage, stage.folder, NULL);
    expect_message(&stage, "keys:1: `nowhere` is no view");
    stage_press(&stage, ": n o t e s Enter");
    for (int i = 0; i < 3; i++) {
        static const char *const wanted[] = {"keys:1: ", "keys:2: `bnd`",
                                             "colours:1: `rot`"};

        cr_expect(stage_shows(&stage, wanted[i]), "%s", wanted[i]);
    }
    stage_close(&stage);
}

Test(config, a_file_that_cannot_be_read_is_no_reason_not_to_open)
{
    static const char binary[] = "bind\0";
    struct stage stage;
    char *large = calloc(1, 70000);

    cr_assert(ne(ptr, large, NULL));
    memset(large, '#', 70000);
    stage_open(&stage, 3);
    write_file(stage.folder, "keys", binary, sizeof binary);
    write_file(stage.folder, "colours", large, 70000);
    stage_visit_again(&stage, stage.folder, NULL);
    expect_message(&stage, "keys is not a file of text");
    stage_press(&stage, ": n o t e s Enter");
    cr_expect(stage_shows(&stage, "is larger than the 65536 bytes"));
    stage_visit_again(&stage, "/nonexistent/folder", NULL);
    expect_message(&stage, "");
    free(large);
    stage_close(&stage);
}
