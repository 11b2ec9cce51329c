// SPDX-License-Identifier: Apache-2.0
/* Samples of stacks become calls that last until the next sample. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "imported.h"
#include "model/trace_model.h"

static const char *const frames =
    "\"stackFrames\":{\"1\":{\"name\":\"main\",\"category\":\"a.out\"},"
    "\"2\":{\"name\":\"f\",\"parent\":1},\"3\":{\"name\":\"g\",\"parent\":\"2\""
    "},\"4\":{\"name\":\"h\",\"parent\":\"1\"},"
    "\"9\":{\"name\":\"loop\",\"parent\":\"9\"}}";

static void
expect(const char *events, const char *samples, const char *expected)
{
    for (size_t i = 0; i < 3; i++) {
        char json[2048];
        int size;

        if (i == 0) {
            size = snprintf(json, sizeof json,
                            "{\"traceEvents\":[%s],%s,\"samples\":[%s]}",
                            events, frames, samples);
        } else if (i == 1) {
            size = snprintf(json, sizeof json,
                            "{\"traceEvents\":[%s],\"samples\":[%s],%s}",
                            events, samples, frames);
        } else {
            size = snprintf(json, sizeof json,
                            "{%s,\"samples\":[%s],\"traceEvents\":[%s]}",
                            frames, samples, events);
        }
        cr_assert(lt(int, size, (int)sizeof json));
        expect_import(json, expected);
    }
}

Test(samples, what_follows_each_other_with_one_stack_is_one_call)
{
    expect("{\"ph\":\"X\",\"pid\":1,\"tid\":7,\"ts\":0,\"dur\":100,"
           "\"name\":\"x\"}",
           "{\"tid\":7,\"ts\":10,\"name\":\"cycles\",\"sf\":3,\"weight\":1},"
           "{\"tid\":7,\"ts\":20,\"name\":\"cycles\",\"sf\":\"2\"},"
           "{\"tid\":\"7\",\"ts\":\"40\",\"name\":\"cycles\",\"sf\":4}",
           "process 1 pid 1\nthread 7 thread 7\n0 0+100000 x\n"
           "samples 16777218 thread 7, cycles\n"
           "0 10000+50001 main\n1 10001+29999 f\n2 10002+9998 g\n"
           "1 40001+19999 h\n");
}

/* As long as a sample may name them. */
Test(samples, ids_of_frames_may_be_long)
{
    char id[101];
    char json[1024];

    memset(id, 'x', sizeof id - 1);
    id[sizeof id - 1] = '\0';
    (void)snprintf(json, sizeof json,
                   "{\"traceEvents\":[{\"ph\":\"P\",\"pid\":1,\"tid\":1,"
                   "\"ts\":0,\"name\":\"a\",\"sf\":\"%s\"},{\"ph\":\"P\","
                   "\"pid\":1,\"tid\":1,\"ts\":1,\"name\":\"a\","
                   "\"sf\":\"%s\"}],\"stackFrames\":{\"%s\":"
                   "{\"name\":\"main\"}}}",
                   id, id, id);
    expect_import(json, "process 1 pid 1\nsamples 16777217 thread 1, a\n"
                        "0 0+2000 main\n");
}

Test(samples, of_processes_and_names_are_kept_apart)
{
    expect("{\"ph\":\"P\",\"pid\":1,\"tid\":1,\"ts\":1,\"name\":\"a\","
           "\"sf\":1},{\"ph\":\"P\",\"pid\":2,\"tid\":1,\"ts\":2,"
           "\"name\":\"a\",\"sf\":1},{\"ph\":\"P\",\"pid\":1,\"tid\":1,"
           "\"ts\":3,\"name\":\"b\",\"sf\":1},{\"ph\":\"P\",\"pid\":1,"
           "\"tid\":1,\"ts\":4,\"name\":\"a\",\"sf\":1}",
           "",
           "process 1 pid 1\nsamples 16777217 thread 1, a\n0 0+6000 main\n"
           "samples 16777218 thread 1, b\n0 2000+1 main\n"
           "process 2 pid 2\nsamples 16777217 thread 1, a\n0 1000+1 main\n");
}

Test(samples, a_stack_may_be_a_list_of_names)
{
    expect("{\"ph\":\"P\",\"pid\":1,\"tid\":1,\"ts\":1,\"name\":\"a\","
           "\"stack\":[\"inner\",\"outer\"]},"
           "{\"ph\":\"P\",\"pid\":1,\"tid\":1,\"ts\":2,\"name\":\"a\","
           "\"stack\":[\"other\",\"outer\"]}",
           "",
           "process 1 pid 1\nsamples 16777217 thread 1, a\n0 0+2001 outer\n"
           "1 1+999 inner\n1 1001+999 other\n");
}

Test(samples, without_a_stack_are_counted)
{
    struct imported imported = imported_from_text(
        "{\"traceEvents\":[{\"ph\":\"P\",\"pid\":1,\"tid\":1,\"ts\":1,"
        "\"name\":\"a\"},{\"ph\":\"P\",\"pid\":1,\"tid\":1,\"ts\":1,"
        "\"name\":\"a\",\"sf\":5},{\"ph\":\"P\",\"pid\":1,\"tid\":1,\"ts\":1,"
        "\"name\":\"a\",\"stack\":[]},{\"ph\":\"X\",\"pid\":1,\"tid\":1,"
        "\"ts\":1,\"dur\":1,\"name\":\"x\"}],\"samples\":[1]}");

    cr_assert(has_note(&imported, ": 3 samples have no stack that is known"));
    cr_assert(has_note(&imported, ": 1 element is no event"));
    imported_release(&imported);
}

Test(samples, calls_have_their_stacks_among_their_arguments)
{
    expect("{\"ph\":\"X\",\"pid\":1,\"tid\":7,\"ts\":0,\"dur\":1,"
           "\"name\":\"x\",\"sf\":3,\"esf\":\"1\",\"args\":{\"a\":1}},"
           "{\"ph\":\"B\",\"pid\":1,\"tid\":7,\"ts\":2,\"name\":\"b\","
           "\"stack\":[\"p\",\"q\"]},{\"ph\":\"E\",\"pid\":1,\"tid\":7,"
           "\"ts\":3,\"sf\":\"4\",\"args\":[2]},{\"ph\":\"X\",\"pid\":1,"
           "\"tid\":7,\"ts\":4,\"dur\":1,\"name\":\"y\",\"sf\":77}",
           "",
           "process 1 pid 1\nthread 7 thread 7\n"
           "0 0+1000 x {\"a\":1,\"stack\":[\"g\",\"f\",\"main\"],"
           "\"end stack\":[\"main\"]}\n"
           "0 2000+1000 b {\"args\":[2],\"stack\":[\"p\",\"q\"],"
           "\"end stack\":[\"h\",\"main\"]}\n0 4000+1000 y\n");
}

Test(samples, a_circle_of_frames_has_an_end)
{
    struct imported imported = imported_from_text(
        "{\"traceEvents\":[{\"ph\":\"P\",\"pid\":1,\"tid\":1,\"ts\":1,"
        "\"name\":\"a\",\"sf\":\"9\"}],\"stackFrames\":{\"9\":{\"name\":\"l\","
        "\"parent\":\"8\"},\"8\":{\"name\":\"m\",\"parent\":\"9\"}}}");

    cr_assert(imported.model != NULL);
    cr_assert(eq(u64, trace_model_summary(imported.model).call_count, 2));
    imported_release(&imported);
}
