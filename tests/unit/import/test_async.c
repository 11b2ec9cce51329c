// SPDX-License-Identifier: Apache-2.0
/* Asynchronous events: trees of calls by id, in lanes of their own. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "imported.h"

#define PROCESS "process 1 pid 1\n"

/* Some of these, joined: "b 0 7 get" is a begin at 0 of id 7, with that name,
 * of category "net" in process 1. */
static char *
document(const char *const *events)
{
    struct buffer json = {0};

    for (size_t i = 0; events[i] != NULL; i++) {
        char phase;
        char name[16];
        int ts;
        int id;

        cr_assert(eq(int,
                     sscanf(events[i], "%c %d %d %15s", &phase, &ts, &id, name),
                     4));
        buffer_append_format(&json,
                             "%s{\"pid\":1,\"tid\":2,\"ts\":%d,\"ph\":\"%c\","
                             "\"id\":%d,\"cat\":\"net\",\"name\":\"%s\"}",
                             i == 0 ? "[" : ",", ts, phase, id, name);
    }
    buffer_append_char(&json, ']');
    return buffer_take(&json);
}

static void
expect(const char *const *events, const char *expected)
{
    char *json = document(events);

    expect_import(json, expected);
    free(json);
}

#define EXPECT(expected, ...) \
    expect((const char *const[]){__VA_ARGS__, NULL}, expected)

Test(async, calls_of_an_id_nest_below_its_first_one)
{
    EXPECT(PROCESS "async (net) get\n0 0+8000 get\n1 1000+2000 dns\n"
                   "instant 2000 t sent null\n",
           "b 1 7 get", "b 2 7 dns", "n 3 7 sent", "e 4 7 dns", "e 9 7 get");
}

Test(async, trees_of_one_name_share_lanes_and_take_the_first_that_is_free)
{
    EXPECT(PROCESS "async (net) get\n0 0+2000 get\n0 3000+2000 get\n"
                   "async (net) get, lane 2\n0 1000+3000 get\n"
                   "async (net) put\n0 6000+1000 put\n",
           "b 0 1 get", "b 1 2 get", "e 2 1 get", "b 3 3 get", "e 4 2 get",
           "e 5 3 get", "b 6 3 put", "e 7 3 put");
}

Test(async, an_id_means_one_thing_in_its_process_and_category)
{
    expect_import("[{\"pid\":1,\"ts\":0,\"ph\":\"b\",\"id\":1,\"cat\":\"net\","
                  "\"name\":\"a\"},"
                  "{\"pid\":2,\"ts\":1,\"ph\":\"b\",\"id\":1,\"cat\":\"net\","
                  "\"name\":\"a\"},"
                  "{\"pid\":1,\"ts\":2,\"ph\":\"b\",\"id\":1,\"cat\":\"disk\","
                  "\"name\":\"a\"},"
                  "{\"pid\":1,\"ts\":3,\"ph\":\"e\",\"id\":1,\"cat\":\"net\","
                  "\"name\":\"a\"}]",
                  PROCESS
                  "async (net) a\n0 0+3000 a\nasync (disk) a\n0 2000+? a\n"
                  "process 2 pid 2\nasync (net) a\n0 1000+? a\n");
}

Test(async, a_global_id_holds_processes_together)
{
    expect_import("[{\"pid\":1,\"ts\":0,\"ph\":\"b\",\"id2\":{\"global\":"
                  "\"0x9\"},\"cat\":\"n\",\"name\":\"a\"},"
                  "{\"pid\":2,\"ts\":4,\"ph\":\"e\",\"id2\":{\"global\":9},"
                  "\"cat\":\"n\",\"name\":\"a\"}]",
                  "process 1 pid 1\nasync (n) a\n0 0+4000 a\n"
                  "process 2 pid 2\n");
}

Test(async, ids_are_numbers_or_texts)
{
    static const char *const pairs[][2] = {
        {"\"0x1a\"", "26"},
        {"26", "\"0X1A\""},
        {"\"a b\"", "\"a b\""},
        {"\"\\u0041\"", "\"\\u0041\""},
        {"-1", "-1"},
        {"1.5", "1.5"},
        {"\"1234567890123456789\"", "\"0x112210F47DE98115\""},
        {"null", "null"},
        {"\"\"", "\"\""},
    };

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char json[512];

        (void)snprintf(json, sizeof json,
                       "[{\"pid\":1,\"ts\":0,\"ph\":\"b\",\"name\":\"a\","
                       "\"id\":%s},{\"pid\":1,\"ts\":1,\"ph\":\"e\","
                       "\"name\":\"a\",\"id2\":{\"local\":%s}}]",
                       pairs[i][0], pairs[i][1]);
        expect_import(json, PROCESS "async () a\n0 0+1000 a\n");
    }
}

Test(async, an_end_is_of_the_innermost_call_of_its_name)
{
    const char *const events[] = {"b 0 1 a",      "b 10 1 b", "e 20 1 a",
                                  "e 30 1 other", "e 40 1 b", NULL};
    char *json = document(events);
    struct imported imported = imported_from_text(json);
    char *text = imported_text(&imported);

    cr_assert(eq(str, text,
                 PROCESS "async (net) a\n0 0+20000 a\n"
                         "async (net) a, lane 2\n0 10000+20000 b\n"));
    cr_assert(has_note(&imported, ": 1 end has another name than the call that "
                                  "it ends"));
    cr_assert(has_note(&imported, ": 1 end of an asynchronous call (\"e\", "
                                  "\"F\") has no begin; left out"));
    free(json);
    free(text);
    imported_release(&imported);
}

Test(async, the_old_kinds_are_read_too)
{
    EXPECT(PROCESS "async (net) a\n0 0+3000 a\n"
                   "instant 1000 t a null\ninstant 2000 t a null\n",
           "S 0 1 a", "T 1 1 a", "p 2 1 a", "F 3 1 a");
}

Test(async, a_moment_needs_no_call)
{
    EXPECT(PROCESS "async (net) tick\ninstant 0 t tick null\n"
                   "instant 1000 t tick null\n",
           "n 5 1 tick", "n 6 2 tick");
}

Test(async, a_moment_at_an_end_is_of_the_call_that_ends)
{
    EXPECT(PROCESS "async (net) a\n0 0+1000 a\ninstant 1001 t n null\n",
           "b 0 1 a", "e 1 1 a", "n 1 1 n");
}

Test(async, events_come_in_any_order)
{
    EXPECT(PROCESS "async (net) a\n0 0+8000 a\ninstant 4000 t n null\n",
           "e 9 1 a", "n 5 1 n", "b 1 1 a");
}

Test(async, arguments_of_both_halves_are_one_object)
{
    expect_import("[{\"pid\":1,\"ts\":0,\"ph\":\"b\",\"name\":\"a\",\"id\":1,"
                  "\"args\":{\"u\":\"x\",\"n\":1}},"
                  "{\"pid\":1,\"ts\":1,\"ph\":\"e\",\"name\":\"a\",\"id\":1,"
                  "\"args\":{\"n\":[2,{\"d\":3}],\"r\":null}}]",
                  PROCESS
                  "async () a\n"
                  "0 0+1000 a {\"n\":[2,{\"d\":3}],\"r\":null,\"u\":\"x\"}\n");
    expect_import("[{\"pid\":1,\"ts\":0,\"ph\":\"b\",\"name\":\"a\",\"id\":1,"
                  "\"args\":[1,2]},"
                  "{\"pid\":1,\"ts\":1,\"ph\":\"e\",\"name\":\"a\",\"id\":1,"
                  "\"args\":\"end\"}]",
                  PROCESS "async () a\n"
                          "0 0+1000 a {\"begin\":[1,2],\"end\":\"end\"}\n");
}

/* The model gives each event a nanosecond. */
Test(async, of_calls_of_one_interval_the_one_that_begins_first_is_outside)
{
    EXPECT(PROCESS "async (net) a\n0 0+9001 a\n1 1+8999 b\n"
                   "async (net) a, lane 2\n0 0+9001 a\n1 1+8999 b\n",
           "b 0 1 a", "b 0 2 a", "b 0 1 b", "b 0 2 b", "e 9 1 b", "e 9 2 b",
           "e 9 1 a", "e 9 2 a");
}

/* How often it may still ask whether to go on after all was read. */
struct patience {
    uint64_t size;
    int left;
};

static bool
stop_behind(void *context, uint64_t done, uint64_t total)
{
    struct patience *patience = context;

    (void)total;
    return done < patience->size || patience->left-- > 0;
}

/* Putting begins and ends together may take longer than reading them. */
Test(async, pairing_can_be_stopped)
{
    struct buffer json = {0};
    struct patience patience = {.left = 3};
    struct chrome_json_options options = {
        .progress = {.report = stop_behind, .context = &patience}};
    struct imported imported;

    buffer_append_char(&json, '[');
    for (int i = 0; i < 6000; i++) {
        buffer_append_format(&json,
                             "%s{\"pid\":1,\"ts\":%d,\"ph\":\"%c\",\"id\":1,"
                             "\"cat\":\"net\",\"name\":\"get\"}",
                             i == 0 ? "" : ",", i, i < 3000 ? 'b' : 'e');
    }
    buffer_append_char(&json, ']');
    patience.size = json.size;
    imported = imported_from(json.data, json.size, &options);
    cr_assert(eq(int, imported.error.code, ERROR_CANCELLED));
    imported_release(&imported);

    patience.left = 3;
    options.keeps_when_stopped = true;
    imported = imported_from(json.data, json.size, &options);
    cr_assert(ne(ptr, imported.model, NULL), "%s", imported.error.message);
    imported_release(&imported);
    buffer_release(&json);
}
