// SPDX-License-Identifier: Apache-2.0
/* tui/slice_flags.h - what is particular about a slice, in words. */
#ifndef TUI_SLICE_FLAGS_H
#define TUI_SLICE_FLAGS_H

#include <stdint.h>

/* The words for the most important flag (enum slice_flag), which is taken out
 * of *flags; NULL when there is none that has words. */
const char *slice_flags_take(uint32_t *flags);

#endif
