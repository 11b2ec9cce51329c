// SPDX-License-Identifier: Apache-2.0
/*
 * tui/overlay.h - a box over the view that takes all keys while it is open:
 * help, search, a prompt, a menu.
 */
#ifndef TUI_OVERLAY_H
#define TUI_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

struct cJSON;
struct error;
struct mouse_event;
struct screen;

struct overlay_class {
    /* Do what a key does. *is_done closes the overlay. Keys with a character
     * are typed text where there is a field. */
    bool (*key)(void *overlay, unsigned key, bool *is_done, struct error *err);
    /* NULL = pasted text is ignored. */
    bool (*paste)(void *overlay, const char *text, size_t size,
                  struct error *err);
    /* NULL = the mouse closes it when it is pressed outside. */
    bool (*mouse)(void *overlay, const struct mouse_event *event, bool *is_done,
                  struct error *err);
    /* Over what the view has drawn; any size of screen. */
    bool (*draw)(void *overlay, struct screen *screen, struct error *err);
    void (*close)(void *overlay);
};

#endif
