// SPDX-License-Identifier: Apache-2.0
/*
 * tracer/python/call_filter.h - what filters say to a call, event by event.
 *
 * A function without an id is not recorded: a file filter rejected it, or it
 * is the recorder's own or ignored. One with FUNCTION_HIDES hides all that is
 * called until it returns; within it calls are counted, so that its return is
 * known. C functions are as their caller is: with one that has no id they are
 * left out, and there is nothing to count for them where calls are hidden.
 *
 * The depth counts all open calls, recorded or not. It is only needed under a
 * limit; then a return at depth 0 belongs to a call from before recording
 * began. Without a limit a function that has no id and hides nothing has no
 * effect whatsoever ("inert"): nobody needs to hear of it, nor of the calls of
 * C functions in any function without an id. What is inert is never counted,
 * heard or not, so that entries and exits agree.
 *
 * Functions and callers are given by their facts, see function_table.h. A
 * function may get FUNCTION_HIDES while it runs. It keeps its id then, and
 * its open call returns like any other.
 */
#ifndef TRACER_PYTHON_CALL_FILTER_H
#define TRACER_PYTHON_CALL_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/python/recording.h"

static inline bool
call_filter_has_limit(void)
{
    return recording.options.depth_limit != UINT32_MAX;
}

/* Whether entries and exits of a Python function have no effect. */
static inline bool
call_filter_is_inert(uint64_t function)
{
    return (function & FUNCTION_IS_OWN)
           || (function_id(function) == 0 && !(function & FUNCTION_HIDES)
               && !call_filter_has_limit());
}

/* Whether the C functions that a Python function calls have no effect. */
static inline bool
call_filter_is_inert_caller(uint64_t caller)
{
    return (caller & FUNCTION_IS_OWN)
           || (function_id(caller) == 0 && !call_filter_has_limit());
}

/* One more call is open. Whether its depth is recorded. */
static inline bool
call_filter_descend(struct thread_log *log)
{
    return !call_filter_has_limit()
           || ++log->depth <= recording.options.depth_limit;
}

static inline bool
call_filter_ascend(struct thread_log *log)
{
    return !call_filter_has_limit()
           || (log->depth > 0 && log->depth-- <= recording.options.depth_limit);
}

/* A Python function is entered (called, resumed, thrown into). Whether that is
 * to be recorded. */
static inline bool
call_filter_enter(struct thread_log *log, uint64_t function)
{
    bool is_shallow;

    if (call_filter_is_inert(function)) {
        return false;
    }
    if (log->hidden_count > 0) {
        log->hidden_count++;
        return false;
    }
    is_shallow = call_filter_descend(log);
    if (function & FUNCTION_HIDES) {
        log->hidden_count = 1;
        return false;
    }
    return is_shallow && function_id(function) != 0;
}

/* A Python function is left (returns, yields, raises). */
static inline bool
call_filter_leave(struct thread_log *log, uint64_t function)
{
    if (call_filter_is_inert(function)) {
        return false;
    }
    if (log->hidden_count > 0) {
        if (--log->hidden_count == 0) {
            (void)call_filter_ascend(log);
        }
        return false;
    }
    return call_filter_ascend(log) && function_id(function) != 0;
}

/* A C function is called by a Python function. Neither is the recorder's own,
 * and the caller is not inert for it. */
static inline bool
call_filter_enter_c(struct thread_log *log, uint64_t caller)
{
    return log->hidden_count == 0 && call_filter_descend(log)
           && function_id(caller) != 0;
}

static inline bool
call_filter_leave_c(struct thread_log *log, uint64_t caller)
{
    return log->hidden_count == 0 && call_filter_ascend(log)
           && function_id(caller) != 0;
}

/*
 * No events were heard for a while, in which the number of open Python
 * functions changed by so many. The C function that began it has returned.
 */
static inline void
call_filter_catch_up(struct thread_log *log, int64_t change)
{
    int64_t hidden_count = log->hidden_count;
    int64_t depth = log->depth;

    if (hidden_count == 0) {
        depth += change - (recording.options.has_c_functions ? 1 : 0);
    } else if (hidden_count + change > 0) {
        hidden_count += change;
    } else {
        depth += hidden_count + change - 1;
        hidden_count = 0;
    }
    log->hidden_count = (uint32_t)hidden_count;
    log->depth = depth > 0 ? (uint32_t)depth : 0;
}

#endif
