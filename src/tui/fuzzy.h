// SPDX-License-Identifier: Apache-2.0
/*
 * tui/fuzzy.h - whether the letters of a pattern occur in a text, in that
 * order, and how well.
 */
#ifndef TUI_FUZZY_H
#define TUI_FUZZY_H

#include <stdbool.h>

/*
 * Blanks in the pattern and the case of ASCII letters do not count. The better
 * the match, the higher *score: letters at the start of words and letters in a
 * row are best, gaps are worst. An empty pattern matches everything with 0.
 */
bool fuzzy_match(const char *pattern, const char *text, int *score);

#endif
