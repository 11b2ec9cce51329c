// SPDX-License-Identifier: Apache-2.0
/*
 * report/trace_report.h - where the time of a trace went, as a document: one
 * sentence that says what is slow, functions, the slowest calls, threads, what
 * is missing.
 */
#ifndef REPORT_TRACE_REPORT_H
#define REPORT_TRACE_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/progress.h"

struct error;
struct report_document;
struct scope_profile;
struct trace_model;

enum report_sort { REPORT_SORT_SELF, REPORT_SORT_TOTAL, REPORT_SORT_CALLS };

enum { REPORT_LIMIT = 15, REPORT_LIMIT_MAX = 10000 };

struct trace_report_options {
    size_t limit; /* rows of each table; 1 to REPORT_LIMIT_MAX */
    enum report_sort sort;
    const char *scope; /* the query that made the model, for the facts; NULL =
                          none did */
    bool is_ascii;     /* no µ in the headline */
    struct progress progress;
};

/*
 * Make the document of a whole model; a part of a trace is a model of its own,
 * see export/trace_cut.h. profile has the functions of all of it. Texts of the
 * model are used, which has to outlive the document. On failure *document is
 * released.
 */
bool trace_report_make(struct report_document *document,
                       const struct trace_model *model,
                       const struct scope_profile *profile,
                       const struct trace_report_options *options,
                       struct error *err);

#endif
