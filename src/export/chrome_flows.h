// SPDX-License-Identifier: Apache-2.0
/*
 * export/chrome_flows.h - arrows between calls as flow events of the Chrome
 * trace event format.
 *
 * Each arrow is a flow of its own, a start ("s") and an end ("f") that binds to
 * the call around it; so one with many ends is drawn whole by readers to whom
 * a flow is one line. Left out are starts without an end, ends without a start,
 * and arrows of asynchronous calls, to which the format has no way to lead.
 */
#ifndef EXPORT_CHROME_FLOWS_H
#define EXPORT_CHROME_FLOWS_H

#include <stdbool.h>

struct chrome_sink;
struct error;

bool chrome_flows_write(struct chrome_sink *sink, struct error *err);

#endif
