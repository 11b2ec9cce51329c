// SPDX-License-Identifier: Apache-2.0
/* Flow events: arrows between calls. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "imported.h"
#include "model/flow_query.h"
#include "model/trace_model.h"

#define CALL(pid, tid, ts, dur, name)                                          \
    "{\"ph\":\"X\",\"pid\":" pid ",\"tid\":" tid ",\"ts\":" ts ",\"dur\":" dur \
    ",\"name\":\"" name "\"}"
#define FLOW(ph, pid, tid, ts, id, more)                            \
    "{\"ph\":\"" ph "\",\"pid\":" pid ",\"tid\":" tid ",\"ts\":" ts \
    ",\"cat\":\"c\",\"name\":\"n\"," id more "}"
#define ENCLOSING ",\"bp\":\"e\""

Test(flows, a_plain_id_goes_from_process_to_process)
{
    expect_import("[" CALL("1", "1", "0", "10", "launch") "," FLOW(
                      "s", "1", "1", "5", "\"id\":7",
                      "") "," CALL("2", "7", "20", "10",
                                   "kernel") "," FLOW("f", "2", "7", "20",
                                                      "\"id\":\"0x7\"",
                                                      ENCLOSING) "]",
                  "process 1 pid 1\nthread 1 thread 1\n0 0+10000 launch\n"
                  "> n to thread 7 20001 0\n"
                  "process 2 pid 2\nthread 7 thread 7\n0 20000+10000 kernel\n");
}

Test(flows, a_local_id_stays_in_its_process)
{
    struct imported imported =
        imported_from_text("[" CALL("1", "1", "0", "10", "a") "," FLOW(
            "s", "1", "1", "5", "\"id2\":{\"local\":7}",
            "") "," CALL("2", "7", "20", "10",
                         "b") "," FLOW("f", "2", "7", "21",
                                       "\"id2\":{\"local\":7}", ENCLOSING) "]");
    struct flow_counts counts = trace_model_flow_counts(imported.model);

    cr_assert(eq(sz, counts.arrows, 0));
    cr_assert(eq(sz, counts.starts, 1));
    cr_assert(eq(sz, counts.ends_alone, 1));
    imported_release(&imported);
}

/* "x" and "yz" are not "xy" and "z". */
Test(flows, a_scope_and_a_name_are_two_things)
{
    struct imported imported = imported_from_text(
        "[" CALL("1", "1", "0", "10",
                 "a") ","
                      "{\"ph\":\"s\",\"pid\":1,\"tid\":1,\"ts\":5,\"id\":7,"
                      "\"scope\":\"x\",\"name\":\"yz\"},"
                      "{\"ph\":\"f\",\"pid\":1,\"tid\":1,\"ts\":6,\"id\":7,"
                      "\"scope\":\"xy\",\"name\":\"z\",\"bp\":\"e\"}]");

    cr_assert(eq(sz, trace_model_flow_counts(imported.model).arrows, 0));
    imported_release(&imported);
}

Test(flows, an_end_is_of_the_next_call_unless_it_says_enclosing)
{
    expect_import("[" CALL("1", "1", "0", "10", "a") "," FLOW(
                      "s", "1", "1", "5", "\"id\":1",
                      "") "," CALL("1", "2", "30", "10",
                                   "b") "," CALL("1", "2", "45", "10",
                                                 "c") "," FLOW("f", "1", "2",
                                                               "35", "\"id\":1",
                                                               "") "]",
                  "process 1 pid 1\nthread 1 thread 1\n0 0+10000 a\n"
                  "> n to thread 2 45000 0\n"
                  "thread 2 thread 2\n0 30000+10000 b\n0 45000+10000 c\n");
}

static const char *const steps =
    "["
    "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":10,\"name\":\"a\"},"
    "{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":20,\"dur\":10,\"name\":\"b\"},"
    "{\"ph\":\"X\",\"pid\":1,\"tid\":3,\"ts\":40,\"dur\":10,\"name\":\"c\"},"
    "{\"ph\":\"s\",\"pid\":1,\"tid\":1,\"ts\":10,\"id\":1,\"name\":\"n\"},"
    "{\"ph\":\"t\",\"pid\":1,\"tid\":2,\"ts\":25,\"id\":1,\"name\":\"n\"},"
    "{\"ph\":\"f\",\"pid\":1,\"tid\":3,\"ts\":45,\"id\":1,\"name\":\"n\","
    "\"bp\":\"e\"}]";

Test(flows, a_step_goes_on_from_the_call_it_reaches)
{
    expect_import(steps, "process 1 pid 1\nthread 1 thread 1\n0 0+10001 a\n"
                         "> n to thread 2 25000 0\n"
                         "thread 2 thread 2\n0 20000+10000 b\n"
                         "> n to thread 3 45000 0\n"
                         "thread 3 thread 3\n0 40000+10000 c\n");
}

static const char *const overlapping =
    "["
    "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":30,\"name\":\"a\"},"
    "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":20,\"dur\":30,\"name\":\"b\"},"
    "{\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":60,\"dur\":10,\"name\":\"c\"},"
    "{\"ph\":\"s\",\"pid\":1,\"tid\":1,\"ts\":25,\"id\":1,\"name\":\"n\"},"
    "{\"ph\":\"f\",\"pid\":1,\"tid\":2,\"ts\":65,\"id\":1,\"name\":\"n\","
    "\"bp\":\"e\"}]";

/* Calls that overlap stand in lanes. */
Test(flows, an_arrow_is_of_the_call_that_began_last)
{
    expect_import(overlapping,
                  "process 1 pid 1\nthread 1 thread 1\n0 0+30000 a\n"
                  "lane 1 thread 1, lane 2\n0 20000+30000 b\n"
                  "> n to thread 2 65000 0\n"
                  "thread 2 thread 2\n0 60000+10000 c\n");
}
