// SPDX-License-Identifier: Apache-2.0
/*
 * export/html_flame.h - the flame graph of a report page: how many of the
 * smallest paths are left out, and how long all others are at least (ns), the
 * number of nodes, then a column each of
 *
 *     function      0 = all calls below the level at which the tree was cut,
 *                   1 = unknown, index + 2; of the first node, everything, 0
 *     children      how many; in breadth-first order they follow the children
 *                   of the node before
 *     total, self   ns
 *     calls
 */
#ifndef EXPORT_HTML_FLAME_H
#define EXPORT_HTML_FLAME_H

#include <stdbool.h>

struct error;
struct html_sink;

enum { HTML_FLAME_NODES_MAX = 20 * 1000 };

/* Write the tree of what lies between the first interval's begin and the last
 * one's end, which without intervals is everything. */
bool html_flame_write(struct html_sink *sink, struct error *err);

#endif
