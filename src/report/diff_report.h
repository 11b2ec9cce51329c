// SPDX-License-Identifier: Apache-2.0
/*
 * report/diff_report.h - what changed from one trace to another, as a document:
 * one sentence, both sides, and the functions that changed most.
 */
#ifndef REPORT_DIFF_REPORT_H
#define REPORT_DIFF_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/trace_report.h"

struct error;
struct profile_diff;
struct report_document;

/*
 * Make the document of a diff, whose models and profiles outlive it; rows are
 * sorted by how much what options->sort says has changed, the most first. On
 * failure *document is released.
 */
bool diff_report_make(struct report_document *document,
                      struct profile_diff *diff,
                      const struct trace_report_options *options,
                      struct error *err);

#endif
