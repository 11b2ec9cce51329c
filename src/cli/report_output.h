// SPDX-License-Identifier: Apache-2.0
/*
 * cli/report_output.h - what the commands that print tables have in common:
 * their options, the conditions of --fail_if, and printing.
 */
#ifndef CLI_REPORT_OUTPUT_H
#define CLI_REPORT_OUTPUT_H

#include <stdbool.h>

#include "report/trace_report.h"

struct buffer;
struct condition;
struct console;
struct error;
struct options;
struct report_document;

struct trace_report_options
report_output_options(const struct options *options);

/* See that all conditions can be understood, before any work is done. */
bool report_output_check(const struct options *options, struct error *err);

/* Print the document in the form that the options say. */
bool report_output_print(const struct options *options,
                         const struct report_document *document,
                         struct error *err);

/* Say on the console of each condition that holds what was measured;
 * *has_failed when one does. One that is about no function is said, too. */
bool report_output_judge(const struct options *options,
                         bool (*holds)(const void *context,
                                       const struct condition *condition,
                                       struct buffer *words,
                                       bool *is_about_any),
                         const void *context, const struct console *console,
                         bool *has_failed, struct error *err);

#endif
