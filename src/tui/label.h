// SPDX-License-Identifier: Apache-2.0
/*
 * tui/label.h - the name of a function in the cells there are.
 *
 * Names shorten by meaning, not by cutting their tail: "pkg.Cart.total
 * (/w/shop.py:14)", "pkg.Cart.total (shop.py:14)", "pkg.Cart.total",
 * "Cart.total", "total", "tota…" (from 6 cells on), "tot" (3 to 5), nothing.
 */
#ifndef TUI_LABEL_H
#define TUI_LABEL_H

#include <stddef.h>

struct model_function;
struct theme;

enum { LABEL_SIZE = 2048 }; /* enough for a label that fills a row */

/* Columns that a printable UTF-8 text takes. */
unsigned label_width(const char *text);

/*
 * The longest form of a function's name that fits into cells, sanitised. An
 * unknown function (NULL) is "?". Returns text, which has LABEL_SIZE bytes.
 */
const char *label_fit(char text[LABEL_SIZE], const struct theme *theme,
                      const struct model_function *function, unsigned cells);

/* Shorten any text to cells, with an ellipsis when it is cut from 6 cells on.
 * text has LABEL_SIZE bytes. */
const char *label_cut(char text[LABEL_SIZE], const struct theme *theme,
                      const char *from, unsigned cells);

/*
 * Shorten a name of which the end tells it from its neighbours, as threads
 * have: "ThreadPo…-0_0", "Thread-1 (_h…", "Thread-1". What stands in
 * parentheses at the end goes first, then the middle. text has LABEL_SIZE
 * bytes.
 */
const char *label_cut_middle(char text[LABEL_SIZE], const struct theme *theme,
                             const char *from, unsigned cells);

/* The part of a path behind its last slash. */
const char *label_base_name(const char *path);

#endif
