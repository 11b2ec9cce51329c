// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buffer.h"
#include "base/error.h"
#include "model/trace_model.h"
#include "support/temporary_folder.h"
#include "tui/app.h"
#include "tui/marks.h"
#include "tui/time_grid.h"
#include "unit/tui/stage.h"

/* The only file of a folder, with its path; the caller frees it. */
static char *
only_file(const char *folder)
{
    char path[1024];
    DIR *entries = opendir(folder);
    char *found = NULL;

    cr_assert(entries != NULL, "%s is there", folder);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (entry->d_name[0] != '.') {
            cr_assert(found == NULL, "there is one file only");
            (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            found = strdup(path);
        }
    }
    (void)closedir(entries);
    cr_assert(found != NULL);
    return found;
}

static char *
file_of_marks(const char *state_folder)
{
    char folder[1024];

    (void)snprintf(folder, sizeof folder, "%s/marks", state_folder);
    return only_file(folder);
}

static void
random_mark(struct random *random, struct mark *mark)
{
    int64_t a = (int64_t)random_below(random, (uint64_t)TIME_MAX_NS);
    int64_t b = (int64_t)random_below(random, (uint64_t)TIME_MAX_NS);

    *mark = (struct mark){
        .letter = (char)('a' + random_below(random, 26)),
        .is_area = random_permille(random, 500),
        .depth = (uint32_t)random_below(random, UINT32_MAX),
        .first_ns = a < b ? a : b,
        .last_ns = a < b ? b : a,
        .from = {random_below(random, UINT64_MAX), random_below(random, 4),
                 random_below(random, UINT64_MAX)},
        .to = {random_below(random, UINT64_MAX), random_below(random, 4),
               random_below(random, UINT64_MAX)},
    };
}

static void
expect_same_mark(const struct mark *a, const struct mark *b)
{
    cr_assert(eq(chr, a->letter, b->letter));
    cr_assert(eq(int, a->is_area, b->is_area));
    cr_assert(eq(i64, a->first_ns, b->first_ns));
    cr_assert(eq(i64, a->last_ns, b->last_ns));
    cr_assert(eq(u32, a->depth, b->depth));
    cr_assert(eq(u64, a->from.section_id, b->from.section_id));
    cr_assert(eq(u64, a->from.kind, b->from.kind));
    cr_assert(eq(u64, a->from.key, b->from.key));
    cr_assert(eq(u64, a->to.key, b->to.key));
}

Test(marks, what_is_set_is_found_by_the_next_visit)
{
    struct stage stage;
    struct mark set[26];
    char *folder = temporary_folder_make();
    struct marks *first;
    struct marks *second;
    struct error err = {0};
    struct stat status;
    char *path;

    stage_open(&stage, 5);
    cr_assert(marks_new(&first, folder, stage.model, &err), "%s", err.message);
    for (int i = 0; i < 26; i++) {
        random_mark(&stage.random, &set[i]);
        set[i].letter = (char)('a' + i);
        cr_assert(marks_set(first, &set[i], &err), "%s", err.message);
    }
    cr_assert(marks_new(&second, folder, stage.model, &err));
    cr_assert(marks_load(second, &err), "%s", err.message);
    cr_assert(eq(sz, marks_count(second), 26));
    for (int i = 0; i < 26; i++) {
        expect_same_mark(marks_find(second, (char)('a' + i)), &set[i]);
    }
    path = file_of_marks(folder);
    cr_assert(eq(int, stat(path, &status), 0));
    cr_assert(eq(int, (int)(status.st_mode & 0777), 0600));
    free(path);
    marks_free(first);
    marks_free(second);
    stage_close(&stage);
    temporary_folder_remove(folder);
}

Test(marks, two_viewers_keep_each_others_marks)
{
    struct stage stage;
    char *folder = temporary_folder_make();
    struct marks *first;
    struct marks *second;
    struct mark mark;
    struct error err = {0};

    stage_open(&stage, 5);
    random_mark(&stage.random, &mark);
    cr_assert(marks_new(&first, folder, stage.model, &err));
    cr_assert(marks_new(&second, folder, stage.model, &err));
    cr_assert(marks_load(first, &err));
    mark.letter = 'a';
    cr_assert(marks_set(second, &mark, &err));
    mark.letter = 'b';
    cr_assert(marks_set(first, &mark, &err));
    cr_assert(marks_find(first, 'a') != NULL);
    cr_assert(marks_find(first, 'b') != NULL);
    marks_free(first);
    marks_free(second);
    stage_close(&stage);
    temporary_folder_remove(folder);
}

static void
write_bytes(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    cr_assert(file != NULL);
    cr_assert(eq(sz, fwrite(bytes, 1, size, file), size));
    (void)fclose(file);
}

Test(marks, any_bytes_are_read_without_harm_and_the_bad_line_is_named)
{
    static const char *const bad[] = {
        "viztracer-marks 2\n",
        "viztracer-marks 1\na 0 1\n",
        "viztracer-marks 1\n\n",
        "viztracer-marks 1\na 0 2 1 0 1 1 1 1 1 1\n",
        "viztracer-marks 1\n' 0 1 1 0 1 1 1 1 1 1\n",
        "viztracer-marks 1\na 0 1 1 0 1 9 1 1 1 1\n",
        "viztracer-marks 1\na 0 1 1 0 1 1 1 1 1 1 \n",
        "viztracer-marks 1\na 0 -1 1 0 1 1 1 1 1 1\n",
        "viztracer-marks 1\na 2 1 1 0 1 1 1 1 1 1\n",
        "viztracer-marks 1\na 0 1 1 99999999999 1 1 1 1 1 1\n",
    };
    struct stage stage;
    char *folder = temporary_folder_make();
    struct marks *marks;
    struct mark mark;
    struct error err = {0};
    char *path;

    stage_open(&stage, 5);
    random_mark(&stage.random, &mark);
    cr_assert(marks_new(&marks, folder, stage.model, &err));
    cr_assert(marks_set(marks, &mark, &err));
    marks_free(marks);
    path = file_of_marks(folder);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        write_bytes(path, bad[i], strlen(bad[i]));
        err = (struct error){0};
        cr_assert(marks_new(&marks, folder, stage.model, &err));
        cr_assert(not(marks_load(marks, &err)), "case %zu", i);
        cr_assert(strstr(err.message, i == 0 ? "line 1 " : "line 2 ") != NULL,
                  "case %zu: %s", i, err.message);
        cr_assert(eq(sz, marks_count(marks), 0));
        marks_free(marks);
    }
    for (int i = 0; i < 300; i++) {
        char bytes[200];
        size_t size = (size_t)random_below(&stage.random, sizeof bytes);

        (void)snprintf(bytes, sizeof bytes,
                       "viztracer-marks 1\na 0 1 1 0 1 1 1 1 1 1\n");
        for (int j = 0; j < 3; j++) {
            bytes[random_below(&stage.random, 60)] =
                (char)random_below(&stage.random, 256);
        }
        write_bytes(path, bytes, size);
        cr_assert(marks_new(&marks, folder, stage.model, &err));
        (void)marks_load(marks, &err);
        marks_free(marks);
    }
    free(path);
    stage_close(&stage);
    temporary_folder_remove(folder);
}

Test(marks, a_folder_that_cannot_be_written_is_said)
{
    struct stage stage;
    struct marks *marks;
    struct mark mark;
    struct error err = {0};

    stage_open(&stage, 5);
    random_mark(&stage.random, &mark);
    cr_assert(marks_new(&marks, "/dev/null/state", stage.model, &err));
    cr_assert(not(marks_set(marks, &mark, &err)));
    cr_assert(strstr(err.message, "/dev/null") != NULL, "%s", err.message);
    cr_assert(marks_find(marks, mark.letter) != NULL, "it is set all the same");
    marks_free(marks);
    stage_close(&stage);
}

/* Anything but setting the mark anew, and moving a track, for places are
 * compared by row. */
static void
wander_elsewhere(struct stage *stage, int steps)
{
    for (int i = 0; i < steps; i++) {
        char command[2 * KEY_NAME_SIZE];

        do {
            stage_random_command(&stage->random, command);
        } while (strcmp(command, "m a") == 0 || strcmp(command, " J") == 0
                 || strcmp(command, " K") == 0);
        stage_press(stage, command);
    }
}

Test(marks, a_jump_comes_back_to_the_cursor_and_there_again)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct stage stage;
        double place[3];
        static const char *const parts[] = {"time_ns", "row", "depth"};

        stage_open(&stage, seed);
        stage_wander(&stage, 6);
        stage_press(&stage, "Esc Esc Esc z R m a");
        for (int i = 0; i < 3; i++) {
            place[i] = stage_view_number(&stage, parts[i]);
        }
        wander_elsewhere(&stage, 6);
        stage_press(&stage, "Esc Esc Esc ' a");
        for (int i = 0; i < 3; i++) {
            cr_assert(eq(dbl, stage_view_number(&stage, parts[i]), place[i]),
                      "seed %lu: %s", seed, parts[i]);
        }
        stage_press(&stage, "' ' ' '");
        for (int i = 0; i < 3; i++) {
            cr_assert(eq(dbl, stage_view_number(&stage, parts[i]), place[i]),
                      "seed %lu: %s after two jumps back", seed, parts[i]);
        }
        stage_close(&stage);
    }
}

Test(marks, undo_leaves_them_alone)
{
    struct stage stage;
    double time_ns;

    stage_open(&stage, 3);
    stage_press(&stage, "Home j m q");
    time_ns = stage_view_number(&stage, "time_ns");
    stage_press(&stage, "End u u u End ' q");
    cr_assert(eq(dbl, stage_view_number(&stage, "time_ns"), time_ns));
    stage_close(&stage);
}
