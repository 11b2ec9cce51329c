// SPDX-License-Identifier: Apache-2.0
/* tui/compare_table.h - the viewer's comparison as a table over the view. */
#ifndef TUI_COMPARE_TABLE_H
#define TUI_COMPARE_TABLE_H

#include <stdbool.h>

struct error;
struct viewer;

/* Open the table of viewer->compare, which fills when that is made. */
bool compare_table_open(struct viewer *viewer, struct error *err);

#endif
