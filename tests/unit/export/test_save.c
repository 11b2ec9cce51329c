// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/save.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"

static char *folder;
static struct trace_oracle *oracle;

static bool
save_whole(const char *recording_path, const char *output_path,
           unsigned long long *event_count, char *message, size_t message_size)
{
    const struct save_request request = {.recording_path = recording_path,
                                         .output_path = output_path,
                                         .has_file_info = true};

    return viztracer_save(&request, event_count, message, message_size);
}

static void
set_up(void)
{
    const struct trace_random_options options = {
        .seed = 2, .calls_per_thread = 300, .instant_permille = 50};

    folder = temporary_folder_make();
    oracle = trace_random(folder, &options);
}

static void
tear_down(void)
{
    trace_oracle_free(oracle);
    temporary_folder_remove(folder);
}

TestSuite(save, .init = set_up, .fini = tear_down);

static void
expect_saved(const char *name)
{
    char *path = temporary_folder_file(folder, name);
    unsigned long long count = 0;
    char message[256] = "";

    cr_assert(save_whole(oracle->path, path, &count, message, sizeof message),
              "%s", message);
    cr_assert(eq(int, access(path, R_OK), 0));
    cr_assert(eq(ullong, count, oracle->call_count + oracle->instant_count));
    cr_assert(eq(str, message, ""));
    free(path);
}

Test(save, picks_the_format_by_suffix)
{
    expect_saved("a.json");
    expect_saved("a.json.gz");
    expect_saved("a.vzt");
}

Test(save, says_what_failed)
{
    char *path = temporary_folder_file(folder, "a.txt");
    char message[256] = "";
    char tiny[8] = "";

    cr_assert(
        not(save_whole(oracle->path, path, NULL, message, sizeof message)));
    cr_assert(strstr(message, "a.txt") != NULL, "%s", message);
    cr_assert(not(
        save_whole("/no/such.vzt", "x.json", NULL, message, sizeof message)));
    cr_assert(strstr(message, "/no/such.vzt") != NULL, "%s", message);
    cr_assert(
        not(save_whole("/no/such.vzt", "x.json", NULL, tiny, sizeof tiny)));
    cr_assert(eq(sz, strlen(tiny), sizeof tiny - 1));
    free(path);
}
