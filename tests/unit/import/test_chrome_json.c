// SPDX-License-Identifier: Apache-2.0
/* What each kind of event becomes, and documents of every shape. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imported.h"
#include "model/trace_model.h"

#define CALL(ts, dur, name)                                        \
    "{\"pid\":1,\"tid\":2,\"ts\":" ts ",\"ph\":\"X\",\"dur\":" dur \
    ",\"name\":\"" name "\",\"cat\":\"FEE\"}"
#define MAIN "process 1 pid 1\nthread 2 thread 2\n"

Test(chrome_json, reads_calls_listed_by_end_or_by_start)
{
    const char *expected = MAIN "0 0+7250 <module> (/w/a.py:1)\n"
                                "1 1150+2500 f (/w/a.py:3)\n"
                                "1 4000+1 builtins.len\n";

    expect_import("[" CALL("501.25", "2.5", "f (/w/a.py:3)") "," CALL(
                      "504.1", "0.001",
                      "builtins.len") "," CALL("500.1", "7.25",
                                               "<module> (/w/a.py:1)") "]",
                  expected);
    expect_import(
        "[" CALL("500.1", "7.25", "<module> (/w/a.py:1)") "," CALL(
            "501.25", "2.5", "f (/w/a.py:3)") "," CALL("504.1", "0.001",
                                                       "builtins.len") "]",
        expected);
}

Test(chrome_json, reads_documents_of_every_shape)
{
    static const char *const shapes[][2] = {
        {"[", "]"},
        {" \n[ ", " ,\n] "},
        {"{\"traceEvents\":[", "]}"},
        {"{\"a\":[1,{\"b\":\"]\"}],\"traceEvents\":[", "],\"c\":null}"},
        {"{\"viztracer_metadata\":{\"version\":\"1.1.1\"},\"file_info\":"
         "{\"functions\":{},\"files\":{}},\"traceEvents\" : [ ",
         " ] }"},
        {"\xEF\xBB\xBF[", "]"},
        {"{\"traceEvents\":[", "],\"displayTimeUnit\":\"ns\"}\n"},
    };

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        char json[1024];
        struct imported imported;

        (void)snprintf(json, sizeof json, "%s%s%s", shapes[i][0],
                       CALL("1", "2", "f"), shapes[i][1]);
        imported = imported_from_text(json);
        cr_assert(imported.model != NULL, "%s", imported.error.message);
        cr_assert(eq(u64, trace_model_summary(imported.model).call_count, 1));
        cr_assert(eq(sz, imported.trace.note_count, 0));
        imported_release(&imported);
    }
}

Test(chrome_json, keeps_nanoseconds_of_times_that_no_double_holds)
{
    expect_import("[" CALL("1700000000000000.123", "0.001",
                           "a") "," CALL("1700000000000000.125", "1e-2",
                                         "b") "," CALL("1700000000000001.125",
                                                       "0.14076922", "c") "]",
                  MAIN "0 0+1 a\n0 2+10 b\n0 1002+141 c\n");
}

Test(chrome_json, reads_begins_and_ends)
{
    expect_import("[{\"ph\":\"B\",\"ts\":1,\"pid\":1,\"tid\":2,\"name\":\"f\"},"
                  "{\"ph\":\"B\",\"ts\":2,\"pid\":1,\"tid\":2,\"name\":\"g\","
                  "\"args\":{\"x\":1}},"
                  "{\"ph\":\"E\",\"ts\":3,\"pid\":1,\"tid\":2},"
                  "{\"ph\":\"E\",\"ts\":5,\"pid\":1,\"tid\":2},"
                  "{\"ph\":\"B\",\"ts\":6,\"pid\":1,\"tid\":2,"
                  "\"name\":\"open\"}]",
                  MAIN "0 0+4000 f\n1 1000+1000 g {\"x\":1}\n0 5000+? open\n");
}

Test(chrome_json, puts_begins_and_ends_in_order_of_time)
{
    expect_import("[{\"ph\":\"E\",\"ts\":5,\"pid\":1,\"tid\":2},"
                  "{\"ph\":\"B\",\"ts\":1,\"pid\":1,\"tid\":2,\"name\":\"f\"},"
                  "{\"ph\":\"E\",\"ts\":3,\"pid\":1,\"tid\":2},"
                  "{\"ph\":\"B\",\"ts\":2,\"pid\":1,\"tid\":2,\"name\":\"g\"}]",
                  MAIN "0 0+4000 f\n1 1000+1000 g\n");
}

Test(chrome_json, puts_what_does_not_nest_into_lanes)
{
    expect_import("[" CALL("0", "10", "a") "," CALL("5", "10", "b") "," CALL(
                      "6", "2", "c") "," CALL("12", "20", "d") "]",
                  MAIN "0 0+10000 a\n1 6000+2000 c\n0 12000+20000 d\n"
                       "lane 2 thread 2, lane 2\n0 5000+10000 b\n");
}

Test(chrome_json, takes_what_sticks_out_by_rounding_as_nested)
{
    /* g begins a nanosecond before f ends, and ends one behind its caller; two
     * calls that end together take a nanosecond each, see vzt(5) */
    expect_import(
        "[" CALL("0.000", "0.100", "main") "," CALL(
            "0.010", "0.041", "f") "," CALL("0.050", "0.051", "g") "]",
        MAIN "0 0+101 main\n1 10+40 f\n1 51+49 g\n");
}

Test(chrome_json, reads_instants_counters_and_objects)
{
    expect_import(
        "[" CALL(
            "1", "9",
            "f") ","
                 "{\"ph\":\"i\",\"ts\":2,\"pid\":1,\"tid\":2,\"name\":\"x\","
                 "\"s\":\"p\","
                 "\"cat\":\"INSTANT\",\"args\":null},"
                 "{\"ph\":\"I\",\"ts\":3,\"pid\":1,\"tid\":0,\"dur\":0.0,"
                 "\"name\":\"y\","
                 "\"s\":\"g\",\"args\":{\"a\":[1]}},"
                 "{\"ph\":\"C\",\"ts\":4,\"pid\":1,\"tid\":2,\"name\":\"c\","
                 "\"args\":{\"a\":1,\"b\":-2.5e1,\"n\":NaN}},"
                 "{\"ph\":\"O\",\"ts\":5,\"pid\":1,\"tid\":2,\"name\":\"o\","
                 "\"id\":\"77\",\"args\":{\"snapshot\":{\"k\":2}}},"
                 "{\"ph\":\"N\",\"ts\":6,\"pid\":1,\"tid\":2,\"name\":\"o\","
                 "\"id\":\"\\u0030x4d\"},"
                 "{\"ph\":\"D\",\"ts\":7,\"pid\":1,\"tid\":0,\"name\":\"\\n "
                 "o\","
                 "\"id\":77}]",
        MAIN "0 0+9000 f\n"
             "instant 1000 p x null\n"
             "instant 2000 g y {\"a\":[1]}\n"
             "object 4000 O 77 o {\"snapshot\":{\"k\":2}}\n"
             "object 5000 N 0x4d o null\n"
             "object 6000 D 77 \n o null\n"
             "counter c a 3000=1\n"
             "counter c b 3000=-25\n"
             "counter c n 3000=nan\n");
}

Test(chrome_json, takes_counters_whose_numbers_are_texts)
{
    struct imported imported = imported_from_text(
        "[" CALL("1", "9", "f") ","
                                "{\"ph\":\"C\",\"ts\":2,\"pid\":1,\"tid\":2,"
                                "\"name\":\"c\",\"args\":{\"a\":\"2.50\","
                                "\"b\":\"two\",\"d\":\"\",\"e\":\"-3\"}}]");
    char *text = imported_text(&imported);

    cr_assert(eq(str, text,
                 MAIN "0 0+9000 f\n"
                      "counter c a 1000=2.5\ncounter c e 1000=-3\n"));
    cr_assert(has_note(&imported, "2 counter values are no numbers"));
    free(text);
    imported_release(&imported);
}

Test(chrome_json, reads_names_and_order_of_processes_and_threads)
{
    expect_import(
        "[{\"ph\":\"M\",\"pid\":1,\"tid\":3,\"name\":\"thread_name\","
        "\"args\":{\"name\":\"worker\"}},"
        "{\"ph\":\"X\",\"ts\":1,\"dur\":1,\"pid\":1,\"tid\":3,\"name\":\"w\"},"
        "{\"ph\":\"X\",\"ts\":2,\"dur\":1,\"pid\":1,\"tid\":1,\"name\":\"m\"},"
        "{\"ph\":\"X\",\"ts\":0,\"dur\":1,\"pid\":\"GPU 0\","
        "\"tid\":\"stream 7\",\"name\":\"k\"},"
        "{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"process_name\","
        "\"args\":{\"name\":\"Main\\u00e9\"}},"
        "{\"ph\":\"M\",\"pid\":1,\"tid\":1,\"name\":\"process_sort_index\","
        "\"args\":{\"sort_index\":1}}]",
        "process 4294967294 GPU 0\nthread 4503599627370498 stream 7\n"
        "0 0+1000 k\n"
        "process 1 Main\xC3\xA9\nthread 1 thread 1\n0 2000+1000 m\n"
        "thread 3 worker\n0 1000+1000 w\n");
}

Test(chrome_json, keeps_arguments_as_they_are)
{
    expect_import("[{\"ph\":\"X\",\"ts\":1,\"dur\":1,\"pid\":1,\"tid\":2,"
                  "\"args\": { \"a\" : [ 1, {\"b\":\"\\\"]}\"} ] } ,"
                  "\"name\":\"f\"}]",
                  MAIN "0 0+1000 f { \"a\" : [ 1, {\"b\":\"\\\"]}\"} ] }\n");
}

Test(chrome_json, reads_times_before_zero)
{
    expect_import("[" CALL("-5.5", "1", "a") "," CALL("2", "1", "b") "]",
                  MAIN "0 0+1000 a\n0 7500+1000 b\n");
}

Test(chrome_json, keeps_sources_and_the_wall_clock)
{
    struct imported imported = imported_from_text(
        "{\"file_info\":{\"files\":{\"/w/\\u00e9.py\":[\"a = 1\\n\",1]},"
        "\"functions\":{\"f\":[\"/w/a.py\",1]}},"
        "\"viztracer_metadata\":{\"overflow\":true,"
        "\"baseTimeNanoseconds\":1700000000000000000},"
        "\"traceEvents\":[" CALL("5", "1", "f") "]}");
    struct model_source source;

    cr_assert(imported.model != NULL, "%s", imported.error.message);
    cr_assert(eq(sz, trace_model_source_count(imported.model), 1));
    source = trace_model_source(imported.model, 0);
    cr_assert(eq(str, (char *)source.path, "/w/\xC3\xA9.py"));
    cr_assert(eq(str, (char *)source.text, "a = 1\n"));
    cr_assert(source.is_whole);
    cr_assert(eq(u64, trace_model_summary(imported.model).start_realtime_ns,
                 UINT64_C(1700000000000005000)));
    cr_assert(
        eq(u64, trace_model_summary(imported.model).start_monotonic_ns, 5000));
    cr_assert(has_note(&imported, "buffer was full"));
    imported_release(&imported);
}

static uint64_t
section_id_of(const char *json)
{
    struct imported imported = imported_from_text(json);
    uint64_t id = trace_model_process(imported.model, 0)->section_id;

    imported_release(&imported);
    return id;
}

Test(chrome_json, the_same_trace_is_known_again)
{
    const char *json = "[{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":1,"
                       "\"dur\":5,\"name\":\"f\"}]";
    const char *other = "[{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":2,"
                        "\"dur\":5,\"name\":\"f\"}]";

    cr_expect(eq(u64, section_id_of(json), section_id_of(json)));
    cr_expect(ne(u64, section_id_of(json), section_id_of(other)));
}

Test(chrome_json, counts_what_it_cannot_use_by_reason)
{
    struct imported imported = imported_from_text(
        "[" CALL("5", "1", "f") ",7,\"x\"," CALL("5", "-1", "f") "," CALL(
            "\"x\"", "1",
            "f") "," CALL("1e99", "1",
                          "f") "," CALL("1", "NaN",
                                        "f") ",{\"ts\":1},{\"ph\":\"v\",\"ts\":"
                                             "1},"
                                             "{\"ph\":\"E\",\"ts\":1}]");

    cr_assert(eq(u64, trace_model_summary(imported.model).call_count, 1));
    cr_assert(has_note(&imported, ": 2 elements are no events"));
    cr_assert(has_note(&imported, ": 1 call has a negative duration"));
    cr_assert(has_note(&imported, ": 2 events have no usable time"));
    cr_assert(has_note(&imported, ": 1 call has no usable duration"));
    cr_assert(has_note(&imported, ": 1 event does not say what it is"));
    cr_assert(has_note(&imported, ": 1 end (\"E\") has no begin"));
    cr_assert(has_note(
        &imported, ": 1 event is of a kind that is not shown (\"ph\": \"v\", "
                   "memory of a process)"));
    cr_assert(eq(sz, imported.trace.note_count, 7));
    imported_release(&imported);
}

Test(chrome_json, says_why_a_file_is_no_trace)
{
    static const char *const cases[][2] = {
        {"", "is empty"},
        {"[", "has no whole event: it ends at byte 1"},
        {"[]", "has no events"},
        {"[{\"ph\":\"M\",\"name\":\"of no use\"}]", "has no events"},
        {"{}", "it has no \"traceEvents\""},
        {"{\"a\":1}", "it has no \"traceEvents\""},
        {"{\"traceEvents\":{}}",
         "at byte 15, in line 1 it is no JSON, '[' is missing"},
        {"[{\"ph\":\"X\",\"dur\":1,\"name\":\"f\"}]", "has no usable time"},
        {"[{]", "at byte 2, in line 1 it is no JSON, a string is missing"},
        {"hello", "at byte 0, in line 1 it is no JSON, '{' is missing"},
        {"\x1f\x8b", "its compressed data are cut off at byte 2"},
        {"\x1f\x8bxxxxxxxxx", "its compressed data are damaged at byte"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct imported imported = imported_from_text(cases[i][0]);

        cr_assert(imported.model == NULL, "%s", cases[i][0]);
        cr_assert(strstr(imported.error.message, cases[i][1]) != NULL, "%s: %s",
                  cases[i][0], imported.error.message);
    }
}

Test(chrome_json, goes_on_behind_what_is_no_json)
{
    struct imported imported =
        imported_from_text("{\"traceEvents\":[" CALL("1", "1", "a") ",\n" CALL(
            "3", "1", "\"b\"") ",\n" CALL("5", "1", "c") "]}");
    char *text = imported_text(&imported);

    cr_assert(eq(str, text, MAIN "0 0+1000 a\n0 4000+1000 c\n"));
    cr_assert(has_note(&imported, "where ',' or '}' is missing"));
    free(text);
    imported_release(&imported);
}
