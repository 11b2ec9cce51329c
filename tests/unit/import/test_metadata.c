// SPDX-License-Identifier: Apache-2.0
/* What metadata says of processes and threads, and ids that are texts. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "imported.h"
#include "model/trace_model.h"

#define CALL(pid, tid, ts)                                                   \
    "{\"ph\":\"X\",\"pid\":" pid ",\"tid\":" tid ",\"ts\":" ts ",\"dur\":1," \
    "\"name\":\"f\"}"
#define SAYS(pid, tid, name, args)                                         \
    "{\"ph\":\"M\",\"pid\":" pid ",\"tid\":" tid ",\"name\":\"" name "\"," \
    "\"args\":{" args "}}"

#define INDEX(n)   "\"sort_index\":" n
#define NAME(text) "\"name\":\"" text "\""
#define LABELS     "\"labels\":\"GPU 0,fast\""

Test(metadata, processes_have_an_order_and_labels)
{
    static const char *const json =
        "[{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":1},"
        "{\"ph\":\"X\",\"pid\":2,\"tid\":2,\"ts\":5,\"dur\":1},"
        "{\"ph\":\"M\",\"pid\":1,\"name\":\"process_sort_index\","
        "\"args\":{\"sort_index\":7}},"
        "{\"ph\":\"M\",\"pid\":2,\"name\":\"process_sort_index\","
        "\"args\":{\"sort_index\":-7}},"
        "{\"ph\":\"M\",\"pid\":2,\"name\":\"process_name\","
        "\"args\":{\"name\":\"python\"}},"
        "{\"ph\":\"M\",\"pid\":2,\"name\":\"process_labels\","
        "\"args\":{\"labels\":\"GPU 0,fast\"}}]";
    struct imported imported = imported_from_text(json);
    const struct model_process *first;

    cr_assert(imported.model != NULL);
    first = trace_model_process(imported.model, 0);
    cr_assert(eq(u32, first->pid, 2));
    cr_assert(eq(str, (char *)first->name, "python (GPU 0,fast)"));
    cr_assert(first->has_pid);
    imported_release(&imported);
}

Test(metadata, threads_have_an_order)
{
    static const char *const json =
        "[" CALL("1", "1", "0") "," CALL("1", "2", "1") "," SAYS(
            "1", "1", "thread_sort_index",
            INDEX("2")) "," SAYS("1", "2", "thread_sort_index",
                                 INDEX("1")) "," SAYS("1", "2", "thread_name",
                                                      NAME("w\\u0041")) "]";

    expect_import(json, "process 1 pid 1\nthread 2 wA\n0 1000+1000 f\n"
                        "thread 1 thread 1\n0 0+1000 f\n");
}

Test(metadata, ids_that_are_texts_are_names)
{
    struct imported imported =
        imported_from_text("[" CALL("\"Spans\"", "\"stream 7\"", "0") "]");
    const struct model_process *process;
    const struct model_track *track;

    cr_assert(imported.model != NULL);
    process = trace_model_process(imported.model, 0);
    track = trace_model_track(imported.model, 0);
    cr_assert(not(process->has_pid));
    cr_assert(eq(str, (char *)process->name, "Spans"));
    cr_assert(not(track->has_thread_id));
    cr_assert(eq(str, (char *)track->name, "stream 7"));
    imported_release(&imported);
}

Test(metadata, times_of_another_clock_are_no_date)
{
    static const struct {
        const char *time;
        bool is_date;
    } cases[] = {{"47831322153", false}, {"1795406757644643", true}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char json[256];
        struct imported imported;

        (void)snprintf(json, sizeof json,
                       "[{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":%s,"
                       "\"dur\":1,\"name\":\"f\"}]",
                       cases[i].time);
        imported = imported_from_text(json);
        cr_assert(eq(int, trace_model_summary(imported.model).has_wall_clock,
                     cases[i].is_date));
        imported_release(&imported);
    }
}

Test(metadata, clang_says_when_it_began)
{
    struct imported imported = imported_from_text(
        "{\"traceEvents\":[{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":5,"
        "\"dur\":1,\"name\":\"f\"}],\"beginningOfTime\":1795406340470452}");
    struct trace_summary summary = trace_model_summary(imported.model);

    cr_assert(summary.has_wall_clock);
    cr_assert(
        eq(u64, summary.start_realtime_ns, UINT64_C(1795406340470457000)));
    imported_release(&imported);
}
