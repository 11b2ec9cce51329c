// SPDX-License-Identifier: Apache-2.0
/*
 * e2e/tui/sample_traces.h - the traces of the golden screens, made in code
 * with fixed times:
 *
 *     app        one process that looks like a server: a main thread with
 *                nested calls, two pool threads, instants and counters
 *     processes  three processes, one killed in the middle of its calls, one
 *                that lost calls
 *     deep       a recursion 400 levels deep beside a busy and an idle thread
 *     odd        names with controls, wide and combining characters; very
 *                long names; values that are no numbers
 *     many       forty threads
 *     log        what was printed and logged, and a pause of the recording
 *     pool       threads with the long names that libraries give
 *     objects    the lives of objects, one with a hostile name and id
 *     async      calls that lasted beside those of a thread
 *     flows      arrows between the calls of threads and of processes
 *     args       calls with arguments, some hostile; instants of each scope on
 *                two threads; a counter with two keys
 *     source     a program whose text is in the trace
 *     hostile-source  a text of controls, broken UTF-8 and slips
 *     empty      a process that called nothing
 */
#ifndef E2E_TUI_SAMPLE_TRACES_H
#define E2E_TUI_SAMPLE_TRACES_H

/* Write the trace of that name into a folder and return its path, which the
 * caller frees; NULL when there is none of that name. */
char *sample_trace_write(const char *name, const char *folder);

#endif
