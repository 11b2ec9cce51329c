// SPDX-License-Identifier: Apache-2.0
/* cli/live_view.h - recordings in the live viewer. */
#ifndef CLI_LIVE_VIEW_H
#define CLI_LIVE_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/live.h"

struct console;
struct error;
struct options;

enum { LIVE_VIEW_TITLE_SIZE = 256 };

/* What path_count paths, of which one is path, are called on the screen.
 * Returns title. */
const char *live_view_title(char *title, size_t size, const char *path,
                            size_t path_count);

/* Whether the environment is content with colours (NO_COLOR, CLICOLOR), and
 * whether only ASCII can be shown. */
bool live_view_allows_colour(void);
bool live_view_is_light(void); /* COLORFGBG says of the terminal */
bool live_view_needs_ascii(const struct options *options);

/* Show recordings in the terminal until the user quits, see live_run. What
 * could not be kept of the view is said on the console. */
bool live_view_run(const struct options *options, char *const *paths,
                   size_t path_count, const char *title,
                   const struct console *console, enum live_end *end,
                   int *signal, struct error *err);

#endif
