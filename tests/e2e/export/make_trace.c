// SPDX-License-Identifier: Apache-2.0
/*
 * Make a random trace and print what is in it, one line an event:
 *
 *     call PID TID START END IS_UNFINISHED DEPTH NAME
 *     instant PID TID TIME NUMBER
 *     counter PID TID TIME NUMBER VALUE
 *
 * usage: make_trace FOLDER SEED CALLS   (writes FOLDER/trace.vzt)
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "support/trace_random.h"

static void
print_calls(const struct trace_oracle *oracle)
{
    for (size_t i = 0; i < oracle->call_count; i++) {
        const struct oracle_call *call = &oracle->calls[i];
        const struct oracle_thread *thread = &oracle->threads[call->thread];
        const struct oracle_function *function =
            &oracle->functions[call->function];

        printf("call %" PRIu32 " %" PRIu64 " %" PRIu64 " %" PRIu64
               " %d %" PRIu32 " %s",
               thread->pid, thread->thread_id, call->start_ns, call->end_ns,
               call->is_unfinished, call->depth, function->name);
        if (function->file[0] != '\0') {
            printf(" (%s:%" PRIu32 ")", function->file, function->line);
        }
        printf("\n");
    }
}

static void
print_others(const struct trace_oracle *oracle)
{
    for (size_t i = 0; i < oracle->instant_count; i++) {
        const struct oracle_instant *instant = &oracle->instants[i];
        const struct oracle_thread *thread = &oracle->threads[instant->thread];

        printf("instant %" PRIu32 " %" PRIu64 " %" PRIu64 " %" PRIu32 "\n",
               thread->pid, thread->thread_id, instant->time_ns,
               instant->number);
    }
    for (size_t i = 0; i < oracle->counter_count; i++) {
        const struct oracle_counter *counter = &oracle->counters[i];
        const struct oracle_thread *thread = &oracle->threads[counter->thread];

        printf("counter %" PRIu32 " %" PRIu64 " %" PRIu64 " %" PRIu32
               " %.17g\n",
               thread->pid, thread->thread_id, counter->time_ns,
               counter->number, counter->value);
    }
}

int
main(int argc, char **argv)
{
    struct trace_random_options options = {
        .process_count = 2,
        .thread_count = 2,
        .function_count = 300,
        .depth_max = 30,
        .instant_permille = 2,
        .counter_permille = 2,
        .has_unfinished = true,
    };
    struct trace_oracle *oracle;

    if (argc != 4) {
        fprintf(stderr, "usage: %s FOLDER SEED CALLS\n", argv[0]);
        return 2;
    }
    options.seed = strtoull(argv[2], NULL, 10);
    options.calls_per_thread = strtoull(argv[3], NULL, 10) / 4;
    oracle = trace_random(argv[1], &options);
    print_calls(oracle);
    print_others(oracle);
    trace_oracle_free(oracle);
    return 0;
}
