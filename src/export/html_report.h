// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_report.h - a trace as one web page that needs nothing else: a
 * timeline, a flame graph and a table of functions.
 *
 * The page is the template of html/ with the trace in the middle of it, as
 * text that means nothing to HTML (base/deflate_text.h). Inflated, that is
 *
 *     summary          JSON, see html_summary.h
 *     calls            see html_slices.h
 *     instants, counters   see html_points.h
 *     flame graph      see html_flame.h
 *     source           see html_source.h
 *     arrows           see html_flows.h
 *
 * A page that shows too many calls is no use: of a large trace the timeline
 * has the longest, and says so. All other numbers are of all calls.
 */
#ifndef EXPORT_HTML_REPORT_H
#define EXPORT_HTML_REPORT_H

#include "export/exporter.h"

/* What a page has room for, so that it stays below 12 MB. */
enum {
    HTML_SLICES_MAX = 1000 * 1000,       /* calls on the timeline */
    HTML_ALL_ARGS_MAX = 8 * 1000 * 1000, /* bytes of their arguments */
};

extern const struct exporter html_exporter;

#endif
