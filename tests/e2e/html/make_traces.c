// SPDX-License-Identifier: Apache-2.0
/*
 * Write a trace for a page.
 *
 *     make_traces hostile FOLDER   makes FOLDER/trace.vzt: names that would
 *                                  like to be markup
 *     make_traces empty FOLDER     a process without an event
 *     make_traces large FOLDER     1,200,000 calls of 8 threads, of which the
 *                                  timeline has room for some
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/random.h"
#include "support/trace_builder.h"

#define MARKUP "</script><img src=x onerror=\"alert(1)\">"

static void
write_hostile(struct trace_builder *builder)
{
    uint32_t thread;
    uint32_t function;

    trace_builder_process(builder, "process" MARKUP, 200, 100);
    thread = trace_builder_thread(builder, "thread" MARKUP);
    function =
        trace_builder_function(builder, "function" MARKUP, "file" MARKUP, 7);
    trace_builder_source(builder, "file" MARKUP,
                         "1\n2\n3\n4\n5\n6\n7" MARKUP "\n8");
    trace_builder_call(builder, thread, function, 1000);
    trace_builder_instant(builder, thread, "instant" MARKUP,
                          "{\"key"
                          "</script><b>\": \"<img src=x>\"}",
                          2000);
    trace_builder_instant(builder, thread, "not JSON", MARKUP, 3000);
    trace_builder_object(builder, thread, VZT_OBJECT_SNAPSHOT, "id" MARKUP,
                         "object" MARKUP, MARKUP, 3500);
    trace_builder_counter(builder, thread, "counter" MARKUP, "key" MARKUP, 5,
                          4000);
    trace_builder_counter(builder, thread, "counter" MARKUP, "key" MARKUP, -1,
                          5000);
    trace_builder_return(builder, thread, function, 9000);
}

enum { LARGE_THREADS = 8, LARGE_CALLS = 150 * 1000, LARGE_DEPTH = 12 };

static void
write_large_thread(struct trace_builder *builder, const uint32_t *functions,
                   uint32_t thread, uint64_t seed)
{
    struct random random = {.state = seed};
    uint32_t stack[LARGE_DEPTH];
    uint64_t time_ns = 1000;
    unsigned depth = 0;
    unsigned calls = 0;

    while (calls < LARGE_CALLS || depth > 0) {
        bool is_call =
            calls < LARGE_CALLS
            && (depth == 0
                || (depth < LARGE_DEPTH && random_below(&random, 2) == 0));

        time_ns += 100 + random_below(&random, 4000);
        if (is_call) {
            stack[depth] = functions[random_below(&random, 40)];
            trace_builder_call(builder, thread, stack[depth], time_ns);
            depth++;
            calls++;
        } else {
            depth--;
            trace_builder_return(builder, thread, stack[depth], time_ns);
        }
    }
}

static void
write_large(struct trace_builder *builder)
{
    uint32_t functions[40];
    char name[32];

    for (unsigned i = 0; i < 40; i++) {
        (void)snprintf(name, sizeof name, "function_%u", i);
        functions[i] =
            trace_builder_function(builder, name, "/work/app.py", i + 1);
    }
    for (unsigned i = 0; i < LARGE_THREADS; i++) {
        uint32_t thread;

        (void)snprintf(name, sizeof name, "worker %u", i);
        thread = trace_builder_thread(builder, name);
        write_large_thread(builder, functions, thread, i + 1);
    }
}

int
main(int argc, char **argv)
{
    struct trace_builder *builder;

    if (argc != 3) {
        (void)fprintf(stderr, "usage: make_traces NAME FOLDER\n");
        return 2;
    }
    builder = trace_builder_new(argv[2]);
    if (strcmp(argv[1], "hostile") == 0) {
        write_hostile(builder);
    } else if (strcmp(argv[1], "large") == 0) {
        write_large(builder);
    }
    free(trace_builder_finish(builder));
    return 0;
}
