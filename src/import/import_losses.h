// SPDX-License-Identifier: Apache-2.0
/*
 * import/import_losses.h - what of a foreign trace cannot be shown, and why.
 *
 * Nothing is left out in silence: each event that is not used is counted by
 * reason, and each reason becomes a line of text in the end.
 */
#ifndef IMPORT_IMPORT_LOSSES_H
#define IMPORT_IMPORT_LOSSES_H

#include <stdint.h>

/* X(name, text behind the number of events, the same for one) */
#define IMPORT_LOSS_TABLE(X)                                                   \
    X(NOT_OBJECT, "elements are no events", "element is no event")             \
    X(NO_PHASE, "events do not say what they are (\"ph\")",                    \
      "event does not say what it is (\"ph\")")                                \
    X(NO_TIME, "events have no usable time (\"ts\")",                          \
      "event has no usable time (\"ts\")")                                     \
    X(BAD_DURATION, "calls have no usable duration (\"dur\")",                 \
      "call has no usable duration (\"dur\")")                                 \
    X(NEGATIVE_DURATION, "calls have a negative duration",                     \
      "call has a negative duration")                                          \
    X(END_WITHOUT_BEGIN, "ends (\"E\") have no begin",                         \
      "end (\"E\") has no begin")                                              \
    X(ASYNC_END_WITHOUT_BEGIN,                                                 \
      "ends of asynchronous calls (\"e\", \"F\") have no begin",               \
      "end of an asynchronous call (\"e\", \"F\") has no begin")               \
    X(NO_STACK, "samples have no stack that is known (\"sf\", \"stack\")",     \
      "sample has no stack that is known (\"sf\", \"stack\")")                 \
    X(NO_VALUE, "counter values are no numbers", "counter value is no number") \
    X(TOO_MANY_PROCESSES, "events are of more processes than can be shown",    \
      "event is of more processes than can be shown")                          \
    X(TOO_MANY_THREADS, "events are of more threads than can be shown",        \
      "event is of more threads than can be shown")                            \
    X(TOO_MANY_LANES, "calls overlap more than 256 others of their thread",    \
      "call overlaps more than 256 others of its thread")

/* Of what is shown in part. */
#define IMPORT_CUT_TABLE(X)                                                 \
    X(NAME, "names are longer than 64 KiB and cut there",                   \
      "name is longer than 64 KiB and cut there")                           \
    X(ARGS, "calls and events have arguments longer than 1 MiB, cut there", \
      "call or event has arguments longer than 1 MiB, cut there")           \
    X(ARGS_DROPPED,                                                         \
      "calls are shown without their arguments, of which there "            \
      "are more than 32 GiB",                                               \
      "call is shown without its arguments, of which there are more than "  \
      "32 GiB")                                                             \
    X(OTHER_NAME, "ends have another name than the call that they end",     \
      "end has another name than the call that it ends")                    \
    X(SAMPLES,                                                              \
      "samples of stacks are shown as calls, each until the next sample",   \
      "sample of a stack is shown as calls, until the next sample")         \
    X(SOURCE, "source files are too large and cut",                         \
      "source file is too large and cut")

enum import_loss {
#define IMPORT_LOSS_MEMBER(name, many, one) IMPORT_LOSS_##name,
    IMPORT_LOSS_TABLE(IMPORT_LOSS_MEMBER)
#undef IMPORT_LOSS_MEMBER
        IMPORT_LOSS_COUNT
};

enum import_cut {
#define IMPORT_CUT_MEMBER(name, many, one) IMPORT_CUT_##name,
    IMPORT_CUT_TABLE(IMPORT_CUT_MEMBER)
#undef IMPORT_CUT_MEMBER
        IMPORT_CUT_COUNT
};

struct import_losses {
    uint64_t lost[IMPORT_LOSS_COUNT];
    uint64_t cut[IMPORT_CUT_COUNT];
    uint64_t unknown[256]; /* by the letter of a phase that is not shown */
};

#endif
