// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_flows.h - the arrows between calls of a report page.
 *
 *     arrows     how many there are, number written, then each: its name (a
 *                text), the place it leaves and the one it reaches
 *     place      track, ns, depth of its call + 1 (0 = no call is there)
 */
#ifndef EXPORT_HTML_FLOWS_H
#define EXPORT_HTML_FLOWS_H

#include <stdbool.h>

struct error;
struct html_sink;

enum { HTML_FLOWS_MAX = 50 * 1000 };

/* Write those of which the sink wants both places; of more than HTML_FLOWS_MAX
 * every second, third and so on. */
bool html_flows_write(struct html_sink *sink, struct error *err);

#endif
