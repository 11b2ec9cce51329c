// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "support/temporary_folder.h"
#include "tui/app.h"
#include "unit/tui/stage.h"

static void
store(struct stage *stage)
{
    struct error err = {0};

    cr_assert(app_store_view(stage->app, &err), "%s", err.message);
}

static void
visit(struct stage *stage)
{
    struct error err = {0};

    stage_visit_again(stage, NULL, stage->folder);
    cr_assert(app_load_view(stage->app, &err), "%s", err.message);
}

/* The path of the one file that is kept; NULL when there is none. The caller
 * frees it. */
static char *
find_file(const struct stage *stage)
{
    char *folder = temporary_folder_file(stage->folder, "views");
    DIR *entries = opendir(folder);
    char *found = NULL;

    for (struct dirent *entry;
         entries != NULL && (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] != '.') {
            cr_assert(eq(ptr, found, NULL));
            found = temporary_folder_file(folder, entry->d_name);
        }
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    free(folder);
    return found;
}

static char *
read_file(const struct stage *stage)
{
    char *path = find_file(stage);
    char *text = calloc(1, 1 << 16);
    FILE *file = path == NULL ? NULL : fopen(path, "rb");

    cr_assert(ne(ptr, text, NULL));
    if (file != NULL) {
        (void)!fread(text, 1, (1 << 16) - 1, file);
        (void)fclose(file);
    }
    free(path);
    return text;
}

Test(saved_view, what_was_left_is_what_is_found)
{
    for (uint64_t seed = 1; seed < 12; seed++) {
        struct stage stage;
        char *before;
        char *after;
        double column_ns;

        stage_open(&stage, seed);
        stage_visit_again(&stage, NULL, stage.folder);
        stage_wander(&stage, 40);
        column_ns = stage_view_number(&stage, "column_ns");
        store(&stage);
        before = read_file(&stage);
        visit(&stage);
        cr_expect(eq(dbl, stage_view_number(&stage, "column_ns"), column_ns),
                  "seed %lu", seed);
        store(&stage);
        after = read_file(&stage);
        cr_expect(eq(str, after, before), "seed %lu", seed);
        free(before);
        free(after);
        stage_close(&stage);
    }
}

Test(saved_view, says_that_it_was_and_how_to_see_all)
{
    struct stage stage;
    char *message;

    stage_open(&stage, 3);
    stage_visit_again(&stage, NULL, stage.folder);
    stage_press(&stage, "w w T 2");
    store(&stage);
    visit(&stage);
    message = stage_message(&stage);
    cr_expect(eq(str, message, "as you left it; 0 shows all"));
    cr_expect(stage_shows(&stage, "[2Flame]"));
    free(message);
    stage_close(&stage);
}

Test(saved_view, the_beginning_of_everything_leaves_no_file)
{
    struct stage stage;
    char *path;

    stage_open(&stage, 3);
    visit(&stage);
    store(&stage);
    path = find_file(&stage);
    cr_expect(eq(ptr, path, NULL));
    stage_press(&stage, "w");
    store(&stage);
    path = find_file(&stage);
    cr_expect(ne(ptr, path, NULL));
    free(path);
    stage_press(&stage, "u");
    store(&stage);
    path = find_file(&stage);
    cr_expect(eq(ptr, path, NULL));
    stage_close(&stage);
}

/* Any byte of a file may be any other. */
Test(saved_view, a_hostile_file_does_no_harm)
{
    static const char letters[] = "0123456789 \n\x1b\xff-rwcfp";
    struct stage stage;
    char *path;
    char *text;
    size_t size;

    stage_open(&stage, 4);
    stage_visit_again(&stage, NULL, stage.folder);
    stage_press(&stage, "w w j j z a p j x 3 T");
    store(&stage);
    path = find_file(&stage);
    cr_assert(ne(ptr, path, NULL));
    text = read_file(&stage);
    size = strlen(text);
    for (int i = 0; i < 60; i++) {
        FILE *file = fopen(path, "wb");
        size_t at = (size_t)random_below(&stage.random, size);
        char was = text[at];

        cr_assert(ne(ptr, file, NULL));
        text[at] = letters[random_below(&stage.random, sizeof letters - 1)];
        (void)fwrite(text, 1, i % 7 == 0 ? at : size, file);
        (void)fclose(file);
        text[at] = was;
        visit(&stage);
        stage_press(&stage, "1 j k");
        cr_expect(not(stage_shows(&stage, "\x1b")));
    }
    free(text);
    free(path);
    stage_close(&stage);
}
