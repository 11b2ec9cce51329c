// SPDX-License-Identifier: Apache-2.0
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/save.h"
#include "support/temporary_folder.h"
#include "support/trace_random.h"
#include "unit/export/report_file.h"

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

Test(save, shows_a_flame_graph_on_a_page_only)
{
    char *path = temporary_folder_file(folder, "flame.json");
    const struct save_request request = {.recording_path = oracle->path,
                                         .output_path = path,
                                         .opens_flame_graph = true};
    char message[256] = "";

    cr_assert(not(viztracer_save(&request, NULL, message, sizeof message)));
    cr_assert(strstr(message, "must end in .html") != NULL, "%s", message);
    cr_assert(ne(int, access(path, F_OK), 0));
    free(path);
}

static bool
is_inside(const struct save_interval *intervals, size_t count, uint64_t time_ns)
{
    for (size_t i = 0; i < count; i++) {
        if (time_ns >= intervals[i].start_tick
            && time_ns < intervals[i].end_tick) {
            return true;
        }
    }
    return false;
}

/* The ticks of the made trace are nanoseconds. */
Test(save, gives_what_begins_in_the_intervals)
{
    uint64_t step = (oracle->last_ns - oracle->first_ns) / 10;
    const struct save_interval intervals[] = {
        {oracle->first_ns + step, oracle->first_ns + 2 * step},
        {oracle->first_ns + 4 * step, oracle->first_ns + 4 * step},
        {oracle->calls[200].start_ns, oracle->calls[220].start_ns},
    };
    char *path = temporary_folder_file(folder, "part.json");
    const struct save_request request = {.recording_path = oracle->path,
                                         .output_path = path,
                                         .intervals = intervals,
                                         .interval_count = 3};
    unsigned long long count = 0;
    unsigned calls = 0;
    unsigned instants = 0;
    char message[200];
    cJSON *document;

    for (size_t i = 0; i < oracle->call_count; i++) {
        calls += is_inside(intervals, 3, oracle->calls[i].start_ns);
    }
    for (size_t i = 0; i < oracle->instant_count; i++) {
        instants += is_inside(intervals, 3, oracle->instants[i].time_ns);
    }
    cr_assert(viztracer_save(&request, &count, message, sizeof message), "%s",
              message);
    document = report_read(path);
    cr_assert(ge(uint, calls, 20));
    cr_assert(eq(uint, report_count(document, "XB"), calls));
    cr_assert(eq(uint, report_count(document, "i"), instants));
    cr_assert(eq(ullong, count, calls + instants));
    for (unsigned i = 0; i < calls; i++) {
        cJSON *event = report_find(document, "X", i);
        uint64_t start_ns = event_ns(event, "ts");
        uint64_t end_ns = start_ns + event_ns(event, "dur");

        cr_assert(is_inside(intervals, 3, start_ns));
        cr_assert(is_inside(intervals, 3, end_ns - 1));
    }
    cJSON_Delete(document);
    free(path);
}
